"""Failures under load: a dead worker, a stop, a rollout."""

from __future__ import annotations

import os
import signal
import time

from ..client import Together, request, until, until_status
from ..load import Clients
from ..original import CONFIG, original
from ..registry import Fault
from ..repaired import Endpoints, repaired, restart, sleep_path
from ..sandbox import Pod
from .supervision import GUNICORN


class DeadWorkerIsAnError(Fault):
    number = 40
    title = "No retries, no redispatch, no second server"
    where = "haproxy.cfg:33"
    stage = "runtime"
    symptom = "Every worker that dies is one or more 502"
    fix = "retry-on conn-failure empty-response for GET; POST is never repeated"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            clients = Clients(pod, "/sleep/0.02", port=80)
            for _ in range(8):
                time.sleep(1)
                os.kill(container.processes(GUNICORN)[-1], signal.SIGKILL)
            clients.stop()
        refused = clients.failed - clients.truncated
        assert refused > 0, clients.outcomes
        return f"a worker killed every second: {self.figure('failed', refused)} of {self.figure('total', clients.total)} requests failed"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            clients = Clients(pod, sleep_path(0.02), port=service.port)
            for _ in range(8):
                time.sleep(1)
                os.kill(service.all_workers()[-1], signal.SIGKILL)
            clients.stop()
        refused = clients.failed - clients.truncated
        assert refused == 0 and clients.truncated <= 8, f"{refused} failed, {clients.truncated} cut: {dict(clients.outcomes)}"
        return (
            f"a worker killed every second: {self.figure('failed', refused)} of {self.figure('total', clients.total)} requests failed; "
            f"{self.figure('truncated', clients.truncated)} were cut between head and body, where nobody can repeat them"
        )


class StopDropsRequests(Fault):
    number = 41
    title = "No graceful drain: haproxy is stopped by SIGTERM"
    where = "Dockerfile"
    stage = "operations"
    symptom = "Requests in flight end without an answer"
    fix = "STOPSIGNAL SIGUSR1 for haproxy; gunicorn finishes within its graceful timeout"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            slow = Together([lambda: request(pod, "/sleep/4.0", timeout=20)])
            time.sleep(1)
            os.kill(container.processes("haproxy -f")[-1], signal.SIGTERM)
            (answer,) = slow.answers()
        assert answer.status == 0, answer
        return f"haproxy gets SIGTERM, a request in flight: {self.figure('answer', answer.error)} after {answer.seconds:.1f} s"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            slow = Together([lambda: request(pod, sleep_path(4.0), port=service.port, timeout=20)])
            until(lambda: service.edge_figure("haproxy_backend_current_sessions") == 1, what="the request is in flight")
            service.edge.send(service.stop_signal)
            (answer,) = slow.answers()
            code, _ = service.edge.wait(30)
        assert answer.status == 200 and code == 0, f"{service.stop_signal.name}: request in flight {answer}, exit {code}"
        return f"haproxy gets {service.stop_signal.name}, a request in flight: {self.figure('status', answer.status)} after {answer.seconds:.1f} s, then exit {code}"


class EveryDeployIsAnOutage(Fault):
    number = 48
    title = "One container, nothing beside it"
    where = "Dockerfile"
    stage = "operations"
    symptom = "Every deploy is an outage"
    fix = "Replicas, maxUnavailable 0, a disruption budget; the old one drains while the new one serves"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            clients = Clients(pod, "/", port=80, count=4)
            time.sleep(1)
            begin = time.monotonic()
            container.stop(grace=10)
            original(pod, ready=False)
            until_status(pod)
            seconds = time.monotonic() - begin
            clients.stop()
        assert clients.failed > 0
        return f"stop and start: {self.figure('failed', clients.failed)} failed requests of 4 clients, out for {self.figure('seconds', seconds, '.1f')} s"

    def repaired(self) -> str:
        with Pod() as pod:
            replicas = [repaired(pod, **ports) for ports in REPLICAS]  # type: ignore[arg-type]
            endpoints = Endpoints(pod, [replica.port for replica in replicas])
            clients = Clients(pod, "/", port=endpoints.next, count=4)
            time.sleep(1)
            for index, replica in enumerate(replicas):
                replica.drain_and_stop()
                replicas[index] = restart(replica)
                endpoints.hold(replica.port)
            clients.stop()
            endpoints.close()
        assert clients.failed == 0 and clients.total > 100, clients.outcomes
        figures = f"{self.figure('failed', clients.failed)} failed of {self.figure('total', clients.total)}"
        return f"two replicas stopped and started, one after the other, as the kubelet does it: {figures}"


# A second replica in the same network needs ports of its own.
REPLICAS: tuple[dict[str, object], ...] = (
    {"run_dir": "/run/hello"},
    {"run_dir": "/run/hello", "edge_port": 8081, "app_port": 8001, "edge_metrics_port": 8406, "app_metrics_port": 9103},
)
assert "retries" not in CONFIG
