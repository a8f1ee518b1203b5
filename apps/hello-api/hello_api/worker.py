"""gunicorn's threaded worker, changed in three points, each of which costs requests in the stock one; in what it says of a request
that it cannot read; and in two that cost time: what is to be done now and then (heartbeat, gauges) is done four times a second,
and not with each connection that moves; and connections are given up, for other workers to take.

Heartbeat: the stock worker's comes from its main loop, which goes on beating while every thread hangs. This one falls silent
when half of its threads or more have been at one request for longer than any request may take: they never come back, haproxy goes
on sending as if they did, and only the master can replace the worker.

Accepting: the stock worker accepts connections that none of its threads can serve, while another worker idles. This one leaves
them on the listening socket, for whoever has a thread; so a worker that hangs takes no further request with it.

Giving up: the stock worker keeps what it has accepted, and haproxy, while it is busy, uses the same connections for ever: however
unevenly they came to lie, they stay. This one ends them with its answer when more are at work than it has threads, and now and then
in any case; the next is accepted by whoever is free (docs/hello-api.md#connections-to-gunicorn).

Writing: the stock worker sends head and body apart. Killed in between, it leaves half an answer, which no proxy can repeat.
"""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from . import logs, metrics, state
from .settings import from_environment


class OneWrite:
    """A socket that gathers what is written, up to `LIMIT` bytes, and sends it at once."""

    LIMIT = 65536

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._held = bytearray()

    def sendall(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > self.LIMIT:
            self.flush()

    def flush(self) -> None:
        if self._held:
            held, self._held = self._held, bytearray()
            self._sock.sendall(held)

    def __getattr__(self, name: str) -> Any:
        # Whatever else is done with the socket comes after what was written.
        self.flush()
        return getattr(self._sock, name)


def write_error(sock: Any, status: int, reason: str, _message: str) -> None:
    """In place of gunicorn's, which is a page: what its parser refuses is answered as the application answers."""
    body = logs.encode({"error": reason.lower()}) + "\n"
    head = [f"HTTP/1.1 {status} {reason}", "Connection: close", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    util.write_nonblock(sock, "\r\n".join([*head, "", body]).encode("ascii"))


class HonestWorker(ThreadWorker):  # type: ignore[misc]
    #: Between two heartbeats at least, s. An idle worker's main loop turns once a second.
    BEAT = 0.25
    #: Of the answers, those that end their connection, without need.
    RENEWED = 0.01

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        settings = from_environment()
        self._deadline = settings.request
        self._stuck = settings.stuck
        self._since: dict[int, float] = {}
        self._beat = 0.0
        super().__init__(*args, **kwargs)

    def init_process(self) -> None:
        metrics.THREADS_LIMIT.set(self.cfg.threads)
        # A spare thread may still answer the probe, and must not say that all is well.
        state.stuck = lambda: self.stuck_for(self._stuck)
        util.write_error = write_error
        super().init_process()

    @property
    def worker_connections(self) -> int:
        """Connections that this worker has use for: one at work a thread, and those that idle. The main loop accepts no more."""
        return int(self.cfg.threads + len(self.keepalived_conns) + len(self.pending_conns))

    @worker_connections.setter
    def worker_connections(self, _configured: int) -> None:
        """The stock worker sets it once, to a number that counts idle connections too."""

    def handle_request(self, req: Any, conn: Any) -> Any:
        me = threading.get_ident()
        self._since[me] = time.monotonic()
        if self.nr_conns > self.worker_connections or random.random() < self.RENEWED:  # noqa: S311 (no secret)
            req.force_close()
        sock = conn.sock
        conn.sock = out = OneWrite(sock)
        try:
            keep = super().handle_request(req, conn)
            out.flush()
            return keep
        finally:
            conn.sock = sock
            self._since.pop(me, None)

    def stuck_for(self, seconds: float) -> bool:
        """Half of the threads or more have been busy with one request for longer than this."""
        now = time.monotonic()
        stuck = sum(now - since > seconds for since in list(self._since.values()))
        return 2 * stuck >= int(self.cfg.threads)

    @property
    def wedged(self) -> bool:
        """What is stuck will not come back: no request may take so long."""
        return self.stuck_for(self._deadline)

    def notify(self) -> None:
        now = time.monotonic()
        if now - self._beat < self.BEAT:
            return
        self._beat = now
        metrics.THREADS_BUSY.set(len(self._since))
        metrics.IN_PROGRESS.set(len(state.in_progress))
        if not self.wedged:
            super().notify()
        elif self.keepalived_conns:
            # haproxy would send the next request on one of these; closed, it takes another worker.
            self.murder_keepalived(force=True)
