"""Served by gunicorn's master on a port of its own, while every worker hangs too.

/metrics: what the workers' files add up to, and what only the master knows. /livez: whether any worker gives a heartbeat; it
does not depend on load, so the kubelet never restarts a service for being busy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from . import REVISION, __version__, metrics
from .settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: State of a listening socket in /proc/net/tcp (include/net/tcp_states.h).
_LISTEN = "0A"


class MasterCollector(Collector):
    """Workers, the kernel's queue in front of them, and the build."""

    def __init__(self, arbiter: Any, settings: Settings) -> None:
        self._arbiter = arbiter
        self._settings = settings

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("hello_build_info", "Version and revision; always 1", labels=["version", "revision"])
        build.add_metric([__version__, REVISION], 1)
        yield build
        yield GaugeMetricFamily("gunicorn_workers", "Worker processes that run", value=len(self._arbiter.WORKERS))
        yield GaugeMetricFamily("gunicorn_workers_limit", "Worker processes that should run", value=self._settings.workers)
        yield GaugeMetricFamily(
            "gunicorn_backlog", "Connections that no worker has accepted", value=backlog(self._settings.app_port)
        )


def backlog(port: int) -> int:
    """Length of the accept queue of our listening socket: its receive queue in /proc/net/tcp."""
    wanted = f":{port:04X}"
    total = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if columns[1].endswith(wanted) and columns[3] == _LISTEN:
            total += int(columns[4].partition(":")[2], 16)
    return total


def beating(arbiter: Any, silence: float) -> bool:
    """Whether any worker's last heartbeat is younger than `silence`; a worker's heartbeat file carries a monotonic time."""
    for worker in list(arbiter.WORKERS.values()):
        try:
            if time.monotonic() - worker.tmp.last_update() < silence:
                return True
        except (OSError, ValueError):  # gone since we listed it
            continue
    return False


class Server(ThreadingMixIn, WSGIServer):
    """A slow scraper must not keep the kubelet waiting."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes and probes are no news."""


def serve(arbiter: Any, settings: Settings) -> None:
    """Starts the server in a thread of the master. A port that is taken is said and ends the master."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(MasterCollector(arbiter, settings))
    exposition = make_wsgi_app(registry)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            answer: Iterable[bytes] = exposition(environ, start_response)
            return answer
        if environ["PATH_INFO"] != "/livez":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"not found"]
        alive = beating(arbiter, settings.silence)
        start_response("200 OK" if alive else "503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"alive" if alive else b"no worker gives a heartbeat"]

    try:
        server = make_server(settings.app_metrics_host, settings.app_metrics_port, application, Server, Quiet)
    except OSError as error:
        raise SystemExit(f"metrics port {settings.app_metrics_port}: {error.strerror}") from error
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def forget(worker: Any) -> None:
    """A worker is gone: its live gauges go with it, and one that was aborted is counted."""
    if getattr(worker, "aborted", False):
        metrics.WORKER_ABORTS.inc()
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
