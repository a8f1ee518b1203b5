"""gunicorn's threaded worker, with a heartbeat that tells the truth and a count of its busy threads.

The stock worker's heartbeat comes from its main loop, which goes on beating while every thread hangs. This one stays silent
when all threads have been at one request for longer than any request may take, so the master replaces the worker.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from . import metrics
from .settings import from_environment


class HonestWorker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = from_environment().request
        self._since: dict[int, float] = {}

    def init_process(self) -> None:
        metrics.THREADS_LIMIT.set(self.cfg.threads)
        super().init_process()

    def handle_request(self, req: Any, conn: Any) -> Any:
        me = threading.get_ident()
        self._since[me] = time.monotonic()
        metrics.THREADS_BUSY.inc()
        try:
            return super().handle_request(req, conn)
        finally:
            metrics.THREADS_BUSY.dec()
            self._since.pop(me, None)

    @property
    def wedged(self) -> bool:
        """Every thread has been busy with one request for longer than a request may take."""
        since = list(self._since.values())
        return len(since) >= self.cfg.threads and time.monotonic() - max(since) > self._deadline

    def notify(self) -> None:
        if not self.wedged:
            super().notify()
