"""Work that need not be done before the answer is sent: put aside by the threads that answer, done by one thread for many requests
at once. The name and the idea are OpenTelemetry's batching processor's.

A line and four counters a request cost little, done one after another; done between two requests they find cold caches, and each
write wakes whoever reads the log (docs/hello-api.md#what-logs-and-metrics-cost).
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

LOGGER = logging.getLogger(__name__)

T = TypeVar("T")


class BatchProcessor(Generic[T]):
    """Until it is started, what is put is done at once."""

    #: How long something may wait, s: what a worker that is killed takes with it.
    PERIOD = 0.01
    #: So many may wait. Whoever comes then does the work itself: who is stuck at a log that nobody takes must feel it.
    LIMIT = 1000

    def __init__(self, process: Callable[[list[T]], None]) -> None:
        self._process = process
        self._waiting: deque[T] = deque()
        self._some = threading.Event()
        self._lock = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Begins to put aside. Called in the process that it is for: a thread does not survive a fork."""
        self._started = True
        atexit.register(self.flush)
        threading.Thread(target=self._run, name="batch", daemon=True).start()

    def put(self, item: T, *, now: bool = False) -> None:
        """`now`: done before this returns, and with it whatever came before it."""
        self._waiting.append(item)
        if now or not self._started or len(self._waiting) > self.LIMIT:
            self.flush()
        elif not self._some.is_set():
            self._some.set()

    def flush(self) -> None:
        """Does what waits. Under a lock: who comes second returns when the first is done, so nothing is half done at exit."""
        with self._lock:
            # Only here is anything taken out, so there are at least as many as there were.
            batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if batch:
                self._process(batch)

    def _run(self) -> None:
        while True:
            self._some.wait()
            # In this order: what is put after it is either seen below, or sets it again.
            self._some.clear()
            time.sleep(self.PERIOD)
            try:
                self.flush()
            except Exception:
                LOGGER.exception("a batch failed")
