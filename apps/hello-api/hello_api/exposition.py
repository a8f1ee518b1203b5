"""/metrics, served by gunicorn's master on a port of its own: what the workers' files add up to, and what only the master knows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from . import REVISION, __version__, metrics
from .settings import Settings

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
        yield GaugeMetricFamily("gunicorn_backlog", "Connections that no worker has accepted", value=backlog(self._settings.app_port))


def backlog(port: int) -> int:
    """Length of the accept queue of our listening socket: its receive queue in /proc/net/tcp."""
    wanted = f":{port:04X}"
    total = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if columns[1].endswith(wanted) and columns[3] == _LISTEN:
            total += int(columns[4].partition(":")[2], 16)
    return total


def serve(arbiter: Any, settings: Settings) -> None:
    """Starts the server in a thread of the master. A port that is taken is said and ends the master."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(MasterCollector(arbiter, settings))
    try:
        start_http_server(settings.app_metrics_port, settings.app_metrics_host, registry)
    except OSError as error:
        raise SystemExit(f"metrics port {settings.app_metrics_port}: {error.strerror}") from error


def forget(worker: Any) -> None:
    """A worker is gone: its live gauges go with it, and one that was aborted is counted."""
    if getattr(worker, "aborted", False):
        metrics.WORKER_ABORTS.inc()
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]

