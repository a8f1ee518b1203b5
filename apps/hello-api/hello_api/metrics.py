"""The service's Prometheus metrics. Under several workers they are files in PROMETHEUS_MULTIPROC_DIR, in memory, that the master
adds up when it is scraped: a few workers and no max_requests keep those files few (each dead process leaves its counters
for ever, by design)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

#: Seconds. 0.5 is the objective of the service's latency alert, and so must be a bound.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

REQUESTS = Counter("flask_http_requests_total", "Requests answered", ["method", "route", "status"])
DURATION = Histogram("flask_http_request_duration_seconds", "Time to answer", ["method", "route"], buckets=BUCKETS)
EXCEPTIONS = Counter("flask_exceptions_total", "Exceptions that no handler expected", ["route"])
IN_PROGRESS = Gauge("flask_http_requests_in_progress", "Requests being answered", multiprocess_mode="livesum")
THREADS_BUSY = Gauge("gunicorn_threads_busy", "Threads that answer a request", multiprocess_mode="livesum")
THREADS_LIMIT = Gauge("gunicorn_threads_limit", "Threads there are", multiprocess_mode="livesum")
WORKER_ABORTS = Counter("gunicorn_worker_abort", "Workers replaced because they gave no heartbeat")
LOG_LINES = Counter("flask_log_lines_total", "Lines of the request log", ["level"])

#: Methods that become a label; any other is "other": a client must not make series.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: What no route matched.
UNMATCHED = "unmatched"
