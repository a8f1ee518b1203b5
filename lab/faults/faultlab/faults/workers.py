"""Workers, queues and timeouts: why five requests are enough to stop everybody."""

from __future__ import annotations

import re
import time
from pathlib import Path

from ..client import Together, request, until
from ..load import wrk
from ..original import ENTRYPOINT, original
from ..registry import Fault
from ..repaired import HANG, repaired, settings, sleep_path
from ..sandbox import Pod
from .supervision import GUNICORN


class CheckSeesNothing(Fault):
    number = 34
    title = "The health check opens a TCP connection and no more"
    where = "haproxy.cfg:33"
    stage = "runtime"
    symptom = "Five stuck workers: nobody is served, the server counts as UP"
    fix = "HTTP check of /readyz every second, two failures: out of rotation"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            stuck = Together([lambda: request(pod, "/sleep/25.0", timeout=40) for _ in range(5)])
            time.sleep(0.5)
            bystander = request(pod, "/healthz", timeout=40)
            down = container.log().count("is DOWN")
            stuck.answers()
        assert bystander.seconds > 20 and down == 0, (bystander, down)
        return f"five requests of 25 s: /healthz waits {self.figure('seconds', bystander.seconds, '.1f')} s, DOWN events: {self.figure('down', down)}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            capacity = settings()["workers"] * settings()["threads"]
            before = service.edge.log().count("is DOWN")
            # Twice as many as there are threads: two workers do not share connections evenly.
            Together([lambda: request(pod, HANG, port=service.app_port, timeout=90) for _ in range(2 * capacity)])
            seconds = until(lambda: service.edge.log().count("is DOWN") > before, timeout=30, what="DOWN event")
            line = service.edge.log_line("is DOWN")
            answer = request(pod, port=service.port, timeout=10)
            back = seconds + until(lambda: request(pod, port=service.port, timeout=2).status == 200, timeout=70, what="service is back")
        assert answer.status == 503 and answer.seconds < settings()["request"], answer
        return (
            f"all {capacity} threads hang: DOWN after {self.figure('seconds', seconds, '.1f')} s, then {answer}; "
            f"gunicorn replaces its workers, and it serves again {self.figure('back', back, '.0f')} s after: `{line}`"
        )


#: requests/s that five workers can answer at 50 ms each, and some for the stopwatch.
MOST_OF_FIVE = 105


class FiveRequestsAtATime(Fault):
    number = 35
    title = "Five sync workers: five requests at a time"
    where = "docker-entrypoint.sh:4"
    stage = "runtime"
    symptom = "95 requests/s at 50 ms of I/O, however many clients: unstable as soon as something is slow"
    fix = "gthread: workers × threads at a time"
    alone = True

    def original(self) -> str:
        with Pod() as pod:
            original(pod)
            rate = wrk(pod, "http://127.0.0.1/sleep/0.05", connections=50, seconds=4)
        assert rate.per_second < MOST_OF_FIVE, rate
        return f"{self.figure('per_second', rate.per_second, '.0f')} requests/s, p99 {self.figure('p99', rate.p99, '.0f')} ms (50 clients)"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            rate = wrk(pod, f"http://127.0.0.1:{service.port}{sleep_path(0.05)}", connections=50, seconds=4)
        assert rate.per_second > MOST_OF_FIVE and not rate.failed, f"{rate.per_second:.0f} requests/s, {rate.failed} failed"
        return f"{self.figure('per_second', rate.per_second, '.0f')} requests/s, p99 {self.figure('p99', rate.p99, '.0f')} ms (50 clients)"


def backlog(pod: Pod, port: int) -> int:
    """Connections that wait in the kernel for accept()."""
    for line in pod.run("ss", "-ltnH", f"sport = :{port}").stdout.splitlines():
        return int(line.split()[1])
    return 0


class InvisibleQueue(Fault):
    number = 38
    title = "No `maxconn` on the server line, no queue timeout"
    where = "haproxy.cfg:33"
    stage = "runtime"
    symptom = "Overload queues in the kernel, where haproxy neither sees nor limits it"
    fix = "server maxconn = workers × threads; the rest waits in haproxy, visible, 5 s at most, then 503"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            calls = Together([lambda: request(pod, "/sleep/4.0", timeout=60) for _ in range(30)])
            until(lambda: backlog(pod, 9000) >= 15, timeout=8, what="15 connections in gunicorn's backlog")
            waiting = backlog(pod, 9000)
            calls.answers()
            queues = {line.split()[-4] for line in container.log().splitlines() if "/sleep/4.0" in line}
        assert waiting >= 15 and queues == {"0/0"}, (waiting, queues)
        return f"30 requests: {self.figure('kernel', waiting)} wait in gunicorn's kernel backlog; haproxy's own queues in the log: `{queues.pop()}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            count = settings()["server_maxconn"] + 30
            calls = Together([lambda: request(pod, sleep_path(9.0), port=service.port, timeout=60) for _ in range(count)])
            queued, end = 0, time.monotonic() + settings()["queue"]
            while queued < 30 and time.monotonic() < end:
                queued = max(queued, service.edge_figure("haproxy_backend_current_queue"))
            answers = calls.answers()
            shed = [answer for answer in answers if answer.status == 503]
        slowest = max((answer.seconds for answer in shed), default=0.0)
        assert queued >= 20 and shed and slowest < settings()["request"], (
            f"{queued} in haproxy's queue, {len(shed)} shed after at most {slowest:.1f} s"
        )
        return (
            f"{count} requests: haproxy_backend_current_queue {self.figure('queued', queued)}, "
            f"{self.figure('shed', len(shed))} shed with 503 after at most {self.figure('shed_seconds', max(a.seconds for a in shed), '.1f')} s"
        )


class HeartbeatOnDisk(Fault):
    number = 42
    title = "The worker's heartbeat file lies in /tmp on the overlay"
    where = "docker-entrypoint.sh:4"
    stage = "runtime"
    symptom = "A slow disk blocks fchmod, and gunicorn kills healthy workers (gunicorn#1194, #1863); seen here: where the file is"
    fix = "--worker-tmp-dir /dev/shm"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            path, kind = heartbeat(container.processes(GUNICORN)[1])
        assert kind == "overlay", (path, kind)
        return f"`{path}` on {self.figure('filesystem', kind)}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            path, kind = heartbeat(service.workers()[0])
        assert kind == "tmpfs", f"heartbeat file {path} on {kind}"
        return f"`{path}` on {self.figure('filesystem', kind)}"


def heartbeat(pid: int) -> tuple[str, str]:
    """Path and file system of a gunicorn worker's heartbeat file."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if "wgunicorn-" in target:
            mount_id = re.search(r"mnt_id:\s+(\d+)", Path(f"/proc/{pid}/fdinfo/{link.name}").read_text())
            assert mount_id
            for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines():
                if line.split()[0] == mount_id[1]:
                    return target.removesuffix(" (deleted)").rpartition("/mnt/root")[2], line.split(" - ")[1].split()[0]
    raise AssertionError(f"no heartbeat file among the descriptors of {pid}")


class WorkersFromNowhere(Fault):
    number = 47
    title = "The number of workers is a constant"
    where = "docker-entrypoint.sh:4"
    stage = "operations"
    symptom = "Five processes whatever the CPU limit: throttled at half a core, idle memory on every machine"
    fix = "Workers from the CPU limit, one environment variable"

    def original(self) -> str:
        assert "-w 5" in ENTRYPOINT
        with Pod() as pod:
            container = original(pod)
            pids = container.processes(GUNICORN)
            mib = sum(private_mib(pid) for pid in pids)
        return f"{len(pids) - 1} workers, {self.figure('mib', mib, '.0f')} MiB private memory, whatever the limit"

    def repaired(self) -> str:
        seen = []
        for workers in (1, 2):
            with Pod() as pod:
                service = repaired(pod, workers=workers)
                count = len(service.all_workers())
                assert count == workers, f"set to {workers}: {count} workers"
                seen.append(f"set to {workers}: {count} workers, {settings()['threads']} threads each")
        return "; ".join(seen)


def private_mib(pid: int) -> float:
    """Memory that only this process has, MiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kib) for kib in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M)) / 1024
