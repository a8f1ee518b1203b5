"""Whether the machine decided, and not the service: who was ready to run and got no CPU.

Every promise of the service is made of times: a check answered within 2 s, a probe within 3 s, a worker that starts within 5 s. Where
a thread that must keep one gets no CPU for as long, what was lost says nothing about the service. The kernel counts it for every
thread: /proc/PID/task/TID/schedstat, second field, ns on the run queue (Documentation/scheduler/sched-stats.rst).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from pathlib import Path

from cluster import SETTINGS

#: By the name of their program: what answers, what checks, what spreads the word.
WATCHED = ("haproxy", "gunicorn", "kubelet", "kube-apiserver", "kube-proxy", "kube-controller-manager", "etcd", "containerd")

#: Who waits for a CPU for half of the time in which a check must be answered, cannot be counted on to answer it.
WINDOW = SETTINGS.check_timeout
WAITED = WINDOW / 2


class Starvation:
    """Watches until it is told to stop; `words` says who starved, and is empty when nobody did."""

    def __init__(self) -> None:
        self._worst: dict[str, float] = {}
        self._last: dict[tuple[int, int], int] = {}
        self._recent: dict[tuple[int, int], deque[float]] = {}

    async def watch(self, stop: asyncio.Event, interval: float = WINDOW / 4) -> None:
        while not stop.is_set():
            due = time.monotonic() + interval
            await asyncio.to_thread(self.look, round(WINDOW / interval))
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def look(self, samples: int) -> None:
        """One sample: what each thread has waited since the last one, and within the last `samples` of them."""
        for program, pid, thread, waited in waits():
            before = self._last.get((pid, thread))
            self._last[pid, thread] = waited
            if before is None:
                continue
            recent = self._recent.setdefault((pid, thread), deque(maxlen=samples))
            recent.append((waited - before) / 1e9)
            self._worst[program] = max(self._worst.get(program, 0), sum(recent))

    def words(self) -> str:
        starved = sorted(((seconds, program) for program, seconds in self._worst.items() if seconds >= WAITED), reverse=True)
        return ", ".join(f"{program} waited {min(seconds, WINDOW):.1f} of {WINDOW:.0f} s for a CPU" for seconds, program in starved)


def waits() -> list[tuple[str, int, int, int]]:
    """(program, process, thread, ns on the run queue since it began) of everything watched, and of this process."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        try:
            program = "the load generator" if pid == os.getpid() else program_of(entry)
            if program:
                for task in (entry / "task").iterdir():
                    found.append((program, pid, int(task.name), int((task / "schedstat").read_text().split()[1])))
        except (OSError, IndexError, ValueError):  # gone meanwhile
            continue
    return found


def program_of(process: Path) -> str:
    words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")[:4]
    names = {Path(word).name for word in words if not word.startswith("-")}
    return next((program for program in WATCHED if program in names), "")
