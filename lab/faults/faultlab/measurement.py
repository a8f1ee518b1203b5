"""One service under load: its rates, what it costs in CPU and memory, how it treats a bystander."""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .client import request
from .faults.clients import slow_posts
from .load import Rate, wrk
from .sandbox import Container, Pod, descendants

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Subject:
    """A running service under test."""

    name: str
    pod: Pod
    port: int
    nice: int
    containers: tuple[Container, ...]
    sleep: Callable[[float], str]  # the path that takes so many seconds
    post: str
    rates: dict[str, list[Rate]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)  # CPU ms per request
    idle: dict[str, list[float]] = field(default_factory=dict)  # % that nobody used meanwhile
    queued: dict[str, list[float]] = field(default_factory=dict)  # ms a request that its threads waited for a CPU

    def __post_init__(self) -> None:
        """Gives every session of the service the priority: the scheduler shares the CPU among sessions (sched_autogroup)."""
        for pid in self.pids():
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/autogroup").write_text(str(self.nice))

    def pids(self) -> list[int]:
        return [pid for box in self.containers if box.pid1 for pid in (box.pid1, *descendants(box.pid1))]

    def cpu_seconds(self) -> float:
        total = 0.0
        for pid in self.pids():
            try:
                words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += (int(words[11]) + int(words[12])) / TICKS
        return total

    def queued_seconds(self) -> float:
        """Time that its threads were ready to run and had no CPU (run-queue delay, second field of schedstat)."""
        total = 0
        for pid in self.pids():
            for task in Path(f"/proc/{pid}/task").glob("*"):
                try:
                    total += int((task / "schedstat").read_text().split()[1])
                except OSError:
                    continue
        return total / 1e9

    def memory_mib(self) -> float:
        """Proportional set size of all processes, MiB."""
        total = 0
        for pid in self.pids():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def measure(self, case: str, io: float, connections: int, seconds: int) -> Rate:
        """Loads `/`, or the route that takes `io` seconds."""
        path = self.sleep(io) if io else "/"
        # What the last load left in the queues is served first: a request of our own comes after it.
        request(self.pod, "/", port=self.port, timeout=120)
        before, queued, machine = self.cpu_seconds(), self.queued_seconds(), machine_ticks()
        rate = wrk(self.pod, f"http://127.0.0.1:{self.port}{path}", connections=connections, seconds=seconds, nice=self.nice)
        spent = self.cpu_seconds() - before
        idle, total = (after - start for after, start in zip(machine_ticks(), machine, strict=True))
        self.idle.setdefault(case, []).append(100 * idle / max(1, total))
        waited = 1000 * (self.queued_seconds() - queued) / max(1.0, rate.per_second * seconds)
        self.queued.setdefault(case, []).append(waited)
        self.rates.setdefault(case, []).append(rate)
        self.cpu.setdefault(case, []).append(1000 * spent / max(1.0, rate.per_second * seconds))
        return rate

    def middle(self, case: str) -> dict[str, float]:
        """Medians over the rounds: requests/s, ms, ms."""
        rates = self.rates[case]
        return {key: statistics.median(getattr(rate, key) for rate in rates) for key in ("per_second", "p50", "p99")}


def machine_ticks() -> tuple[int, int]:
    """(idle, all) CPU ticks of the machine since it began."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def spread(values: list[float], form: str) -> str:
    """median (least–greatest)"""
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def ratios(ours: Subject, theirs: Subject, case: str) -> list[float]:
    """requests/s of the one by those of the other, a round each."""
    pairs = zip(ours.rates[case], theirs.rates[case], strict=True)
    return [a.per_second / max(b.per_second, 0.1) for a, b in pairs]


def bystander(subject: Subject, slow: int, count: int = 20, timeout: float = 10) -> list[float]:
    """Seconds that a normal client waits while `slow` POST bodies never come. A request without answer counts as `timeout`."""
    sockets = slow_posts(subject.pod, subject.post, subject.port, slow)
    time.sleep(0.5)
    waited: list[float] = []
    begin = time.monotonic()
    while len(waited) < count and time.monotonic() - begin < 2 * timeout:
        answer = request(subject.pod, "/", port=subject.port, timeout=timeout)
        waited.append(answer.seconds if answer.status == 200 else timeout)
        time.sleep(0.05)
    for sock in sockets:
        sock.close()
    return waited
