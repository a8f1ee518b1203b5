"""Load: `wrk` for rates and percentiles, and closed-loop clients that count every failed request."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from .client import request
from .sandbox import Pod

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Rate:
    """requests/s, and latency percentiles in ms. `failed` counts answers that are not 2xx/3xx and socket errors."""

    per_second: float
    p50: float
    p99: float
    failed: int


# Gives the session that it starts in a priority of its own, then becomes the program.
_AT_PRIORITY = 'echo "$0" >/proc/self/autogroup 2>/dev/null || :; exec "$@"'


def wrk(pod: Pod, url: str, *, connections: int, seconds: int, nice: int = 0) -> Rate:
    program = shutil.which("wrk")
    assert program, "wrk is not installed"
    command = [program, "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", url]
    said = pod.run("setsid", "--wait", "sh", "-c", _AT_PRIORITY, str(nice), *command, timeout=seconds + 60).stdout

    def percentile(name: str) -> float:
        found = re.search(rf"^\s+{name}%\s+([\d.]+)(us|ms|s|m)\s*$", said, re.M)
        assert found, said
        return float(found[1]) * _UNITS[found[2]]

    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate, said
    errors = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    errors += sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    return Rate(float(rate[1]), percentile("50"), percentile("99"), errors)


class Clients:
    """`count` clients, each sends its next request when the last has ended. Every outcome is counted by status (0: no answer)."""

    def __init__(self, pod: Pod, path: str, *, port: int | Callable[[], int], count: int = 20, method: str = "GET") -> None:
        self.outcomes: Counter[int] = Counter()
        self.truncated = 0  # of those without an answer: the head had come, the body had not
        self.slowest = 0.0
        self._stop = threading.Event()
        self._lock = threading.Lock()

        def work() -> None:
            while not self._stop.is_set():
                target = port() if callable(port) else port
                answer = request(pod, path, port=target, method=method, timeout=30)
                with self._lock:
                    self.outcomes[answer.status] += 1
                    self.truncated += answer.error == "IncompleteRead"
                    self.slowest = max(self.slowest, answer.seconds)
                if not answer.status:
                    time.sleep(0.05)  # a refused connection costs nothing: without this it would be counted by the thousand

        self._threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> Counter[int]:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.outcomes

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def failed(self) -> int:
        return self.total - self.outcomes[200]
