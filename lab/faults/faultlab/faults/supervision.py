"""Two daemons under one PID 1: who notices a death, and who stops whom."""

from __future__ import annotations

import os
import signal
import time

from ..client import Together, request, until, until_status
from ..original import DOCKERFILE, original
from ..registry import Fault
from ..repaired import manifests, repaired, sleep_path
from ..sandbox import Container, Pod, descendants, status_of

GUNICORN = "bin/gunicorn"
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def master(container: Container) -> int:
    return container.processes(GUNICORN)[0]


class NobodyLooks(Fault):
    number = 13
    title = "No HEALTHCHECK, no probes"
    where = "Dockerfile"
    stage = "operations"
    symptom = "A dead service is never noticed, so never restarted"
    fix = "Startup, readiness and liveness probes over HTTP"

    def original(self) -> str:
        assert "HEALTHCHECK" not in DOCKERFILE
        with Pod() as pod:
            container = original(pod)
            os.kill(master(container), signal.SIGKILL)
            until_status(pod, 503)
            time.sleep(15)
            status = request(pod).status
            assert status == 503 and container.running
        return f"0 checks in the image; 15 s after the master's death still {self.figure('status', status)}, container up"

    def repaired(self) -> str:
        found = {one["name"]: [kind for kind in PROBES if kind in one] for one in manifests().containers()}
        assert set(PROBES) == {kind for kinds in found.values() for kind in kinds}, found
        assert all(found.values()), found
        return "; ".join(f"{name}: {', '.join(kinds)}" for name, kinds in found.items())


class SharedFate(Fault):
    number = 14
    title = "Two services in one container"
    where = "docker-entrypoint.sh"
    stage = "operations"
    symptom = "The proxy's end kills a healthy application; one exit code, one log, one limit for both"
    fix = "Two containers: each has its own PID 1, probes, limits and exit code"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            slow = Together([lambda: request(pod, "/sleep/3.0", port=9000, timeout=10)])
            time.sleep(0.5)
            os.kill(container.processes("haproxy -f")[0], signal.SIGKILL)
            container.wait()
            (answer,) = slow.answers()
        assert answer.status == 0
        return f"haproxy killed: the application's own request in flight ends with `{answer.error}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            slow = Together([lambda: request(pod, sleep_path(3.0), port=service.app_port, timeout=10)])
            time.sleep(0.5)
            service.edge.kill()
            (answer,) = slow.answers()
            assert answer.status == 200 and service.app.running, answer
        return f"haproxy killed: the application's request in flight ends with {self.figure('status', answer.status)}"


class NoInit(Fault):
    number = 15
    title = "A shell that waits is PID 1"
    where = "docker-entrypoint.sh"
    stage = "runtime"
    symptom = "The dead master's children hang on PID 1, which knows nothing of them and starts nothing anew"
    fix = "PID 1 is the program that owns the children: gunicorn, haproxy"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            os.kill(master(container), signal.SIGKILL)
            time.sleep(1)
            orphans = container.processes(GUNICORN)
            parents = {status_of(pid, "PPid") for pid in orphans}
            status = request(pod).status
            seconds = 1 + until(lambda: not container.processes(GUNICORN), timeout=40, what="the orphans end")
            time.sleep(2)
            anew = len(container.processes(GUNICORN))
            assert orphans and parents == {str(container.pid1)} and anew == 0, (orphans, parents, anew)
        return (
            f"master killed: {self.figure('orphans', len(orphans))} orphans under the shell still answer ({status}) for up to "
            f"{self.figure('seconds', seconds, '.0f')} s, then none; started anew: {anew}"
        )

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            workers = service.all_workers()
            os.kill(workers[0], signal.SIGKILL)
            seconds = until(lambda: len(service.workers()) == len(workers) and workers[0] not in service.workers())
            zombies = [pid for pid in descendants(service.app.pid1 or 0) if status_of(pid, "State") == "Z"]
        assert not zombies
        return f"worker killed: a new one after {self.figure('seconds', seconds, '.2f')} s, {len(zombies)} zombies"


class DaemonWithoutSupervision(Fault):
    number = 20
    title = "gunicorn is a daemon that nobody supervises"
    where = "docker-entrypoint.sh:4"
    stage = "runtime"
    symptom = "The reported one: the container runs, the service is dead; 503 until somebody looks"
    fix = "gunicorn is PID 1 of its container: its death ends the container, and the kubelet starts it again"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            os.kill(master(container), signal.SIGKILL)
            until_status(pod, 503)
            answer = request(pod)
            line = container.log_line("503")
            assert container.running
        return f"PID 1 alive, {self.figure('status', answer.status)}: `{self.figure('line', line)}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            begin = time.monotonic()
            service.app.send(signal.SIGKILL)
            code, _ = service.app.wait()
            seconds = time.monotonic() - begin
        assert code == 137, code
        return f"master killed: the container ends with {self.figure('exit', code)} within {self.figure('seconds', seconds, '.2f')} s"


class NoSignalReachesTheServers(Fault):
    number = 25
    title = "(haproxy in the foreground) sh does not forward SIGTERM"
    where = "docker-entrypoint.sh"
    stage = "operations"
    symptom = "Every stop takes the whole grace period and ends in SIGKILL; requests in flight are lost"
    fix = "The program is PID 1 and has the stop signal it understands (STOPSIGNAL)"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            slow = Together([lambda: request(pod, "/sleep/12.0", timeout=20)])
            time.sleep(0.5)
            code, seconds = container.stop(grace=10)
            (answer,) = slow.answers()
        assert code == 137 and seconds > 9 and answer.status == 0, (code, seconds, answer)
        return f"stop took {self.figure('seconds', seconds, '.1f')} s, exit {code}; request in flight: {answer.error}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            code, seconds = service.app.stop()
            edge_code, edge_seconds = service.edge.stop(service.stop_signal)
        assert code == 0 and edge_code == 0, (code, seconds, edge_code, edge_seconds)
        return (
            f"idle stop: gunicorn {self.figure('app_seconds', seconds, '.2f')} s, exit {code}; "
            f"haproxy {self.figure('edge_seconds', edge_seconds, '.2f')} s, exit {edge_code}"
        )
