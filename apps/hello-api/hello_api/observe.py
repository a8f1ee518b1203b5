"""Watches every request: one log line and the RED metrics, by route template and never by path."""

from __future__ import annotations

import logging
import re
import time

from flask import Flask, Response, g, got_request_exception, request

from . import logs, metrics
from .state import Lifecycle

LOGGER = logging.getLogger("hello_api.request")

#: https://www.w3.org/TR/trace-context/#traceparent-header-field-values
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")

#: Probes and scrapes are counted but not logged: they would be most of the log and say nothing.
UNLOGGED = frozenset({"/livez", "/readyz"})


def observe(app: Flask, lifecycle: Lifecycle) -> None:
    """Adds the hooks to an application."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.route = request.url_rule.rule if request.url_rule else metrics.UNMATCHED
        metrics.IN_PROGRESS.inc()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        method = request.method if request.method in metrics.METHODS else "other"
        metrics.REQUESTS.labels(method, g.route, str(response.status_code)).inc()
        metrics.DURATION.labels(method, g.route).observe(seconds)
        if g.route not in UNLOGGED:
            write_line(response, seconds)
        if lifecycle.draining:
            response.headers["X-Draining"] = "1"
        return response

    @app.teardown_request
    def done(_error: BaseException | None) -> None:
        if "began" in g:
            metrics.IN_PROGRESS.dec()

    def unexpected(_sender: Flask, exception: BaseException, **_: object) -> None:
        metrics.EXCEPTIONS.labels(g.get("route", metrics.UNMATCHED)).inc()
        fields = {"request_id": request_id(), "traceparent": traceparent(), "route": g.get("route")}
        LOGGER.error("unhandled exception", exc_info=exception, extra={"fields": fields})

    # Flask would log the traceback itself, without the request's id.
    app.log_exception = lambda *_: None  # type: ignore[method-assign]
    got_request_exception.connect(unexpected, app, weak=False)


def write_line(response: Response, seconds: float) -> None:
    """The request's one line."""
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    metrics.LOG_LINES.labels(logging.getLevelName(level).lower()).inc()
    logs.event(
        LOGGER,
        level,
        "request",
        method=request.method,
        path=request.path,
        route=g.route,
        status=response.status_code,
        duration_ms=round(seconds * 1000, 3),
        bytes=response.content_length,
        client=request.headers.get("X-Forwarded-For", request.remote_addr),
        request_id=request_id(),
        traceparent=traceparent(),
    )


def request_id() -> str | None:
    """haproxy's id of this request; what does not look like one is no id."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.match(given) else None


def traceparent() -> str | None:
    """The W3C trace context, if it is one."""
    given = request.headers.get("traceparent", "")
    return given if TRACEPARENT.match(given) else None
