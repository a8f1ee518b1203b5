"""gunicorn's configuration: every value comes from hello_api.settings, every choice has its reason here."""

import logging
import os
import shutil
import sys
from pathlib import Path

from hello_api import logs
from hello_api.settings import SettingsError, from_environment
from hello_api.state import Lifecycle

try:
    _settings = from_environment()
except SettingsError as error:
    print(f"settings: {error}", file=sys.stderr)
    raise SystemExit(2) from None
# SIGUSR2 starts a second master beside the first, which sets this. It would take the first one's metrics and port from it; a new
# version is a new pod.
if "GUNICORN_PID" in os.environ:
    raise SystemExit("SIGUSR2: there is one master; the one that runs goes on")
_multiproc = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", f"{_settings.run_dir}/metrics")
# A restarted container finds what its predecessor left in the pod's memory. Once a process: a reload (HUP) reads this file
# again, and the workers' files are in use then.
if os.environ.get("HELLO_MASTER") != str(os.getpid()):
    os.environ["HELLO_MASTER"] = str(os.getpid())
    shutil.rmtree(_multiproc, ignore_errors=True)
    Path(_multiproc).mkdir(parents=True)
    Lifecycle(_settings.run_dir).reset()

wsgi_app = "hello_api.app:create_app()"
bind = f"{_settings.app_host}:{_settings.app_port}"
# Requests wait for I/O, so threads; processes only for the CPUs there are.
worker_class = "hello_api.worker.HonestWorker"
workers = _settings.workers
threads = _settings.app_threads
worker_connections = _settings.worker_connections
# Small: haproxy holds the queue, and what waits here when the master stops is lost. Room for what every worker is given at once.
backlog = 2 * _settings.capacity
keepalive = round(_settings.app_keepalive)
timeout = round(_settings.heartbeat)
graceful_timeout = round(_settings.graceful)
# The heartbeat file in memory: on a slow disk a worker is taken for dead (gunicorn#1863).
worker_tmp_dir = "/dev/shm"
# No recycling: nothing leaks, and each dead worker leaves files in the metrics directory for ever.
max_requests = 0
# Each worker imports the application itself: one that cannot start ends the master with exit code 3, and no memory of the
# metrics' files is shared by accident.
preload_app = False
# Only haproxy, in the same pod, may say who the client is.
forwarded_allow_ips = "127.0.0.1"
# Nothing but the address: neither SCRIPT_NAME nor PATH_INFO is taken from a header.
forwarder_headers = ""
# HOME is read-only.
control_socket_disable = True
# Requests are logged by the application, with route and request id, and timed-out ones by haproxy.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hello_api.logs.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"level": _settings.log_level.upper(), "handlers": ["stdout"]},
    "loggers": {"gunicorn.error": {"level": _settings.log_level.upper(), "handlers": [], "propagate": True}},
}


def when_ready(server):
    """Metrics are served by the master, on a port of their own: they answer while every worker hangs."""
    from hello_api.exposition import serve

    serve(server, _settings)
    logs.event(logging.getLogger("gunicorn.error"), logging.INFO, "ready", workers=workers, threads=threads)


def post_worker_init(worker):
    """Called in a worker when it has its application: what is put aside needs a thread of this process."""
    from hello_api.observe import answers

    answers.start()


def child_exit(server, worker):
    """Called by the master when a worker is gone; `aborted` when it gave no heartbeat."""
    from hello_api.exposition import forget

    forget(worker)
