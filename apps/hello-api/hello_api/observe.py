"""Watches every request: one log line and the RED metrics, by route template and never by path.

Around the application, and not in Flask's hooks: those reach request and response through context proxies, logging makes a record
and walks the stack for each line, a labelled metric looks its child up. On a route that does nothing, that was a quarter of all
there was to do (docs/benchmarks/service.md). What is said and counted is the same, a hundredth of a second later.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from json.encoder import encode_basestring_ascii as escape
from typing import TYPE_CHECKING, Any

from flask import Flask, got_request_exception, request

from . import logs, metrics
from .batch import BatchProcessor
from .state import Lifecycle, in_progress

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOGGER = logging.getLogger("hello_api.request")

#: https://www.w3.org/TR/trace-context/#traceparent-header-field-values
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")

#: Probes are counted but not logged: they would be most of the log and say nothing. haproxy keeps silent about the same ones.
UNLOGGED = frozenset({"/livez", "/readyz"})
PROBING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, eq=False)
class Kind:
    """What requests of one kind have in common, made once: what they add to, and of their line what is the same in all."""

    add: Callable[[float], None]
    observe: Callable[[float], None]
    add_lines: Callable[[float], None]
    level: int
    head: str
    middle: str


@cache
def kind_of(method: str, route: str, status: str) -> Kind:
    """There are as many as there are routes, known methods and statuses: no client makes one."""
    level = logging.ERROR if status >= "500" else logging.INFO
    head = logs.entry(0, level, LOGGER.name, "request", os.getpid())
    del head["time_ms"]
    return Kind(
        metrics.REQUESTS.labels(method, route, status).inc,
        metrics.DURATION.labels(method, route).observe,
        metrics.LOG_LINES.labels(logging.getLevelName(level).lower()).inc,
        level,
        logs.encode(head)[1:-1],
        logs.encode({"route": route, "status": int(status)})[1:-1],
    )


class Answered:
    """A request and what became of it. As it is at first, when there is no answer: gunicorn makes one, with 500."""

    __slots__ = ("at", "client", "headers", "method", "path", "probe", "request_id", "route", "seconds", "status", "traceparent")

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.status = "500"
        self.route = metrics.UNMATCHED
        self.path = ""
        self.probe = False
        self.headers: list[tuple[str, str]] = []
        #: When, s since 1970, and how long it took, s.
        self.at = self.seconds = 0.0
        self.method: str = environ["REQUEST_METHOD"]
        self.client: str = environ.get("HTTP_X_FORWARDED_FOR") or environ.get("REMOTE_ADDR", "")
        self.request_id: str = environ.get("HTTP_X_REQUEST_ID", "")
        self.traceparent: str = environ.get("HTTP_TRACEPARENT", "")


def record(batch: list[Answered]) -> None:
    """Counts requests and writes their lines, whose number is what the collector's are held against."""
    lines: list[str] = []
    requests, logged = Counter[Kind](), Counter[Kind]()
    for one in batch:
        try:
            kind = kind_of(one.method if one.method in metrics.METHODS else "other", one.route, one.status)
            requests[kind] += 1
            kind.observe(one.seconds)
            if not one.probe and LOGGER.isEnabledFor(kind.level):
                lines.append(line(kind, one))
                logged[kind] += 1
        except Exception:
            # Its own loss (no space left for the metrics of a new kind), and not that of those that wait with it.
            LOGGER.exception("a request was not recorded", extra={"fields": {"request_id": request_id(one.request_id)}})
    for kind, number in requests.items():
        kind.add(number)
    for kind, number in logged.items():
        kind.add_lines(number)
    logs.emit(lines)


#: Every request answered by this process.
answers = BatchProcessor(record)


class Observed:
    """A WSGI application, watched."""

    def __init__(self, application: WSGIApplication, lifecycle: Lifecycle) -> None:
        self._application = application
        self._lifecycle = lifecycle

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        me = threading.get_ident()
        in_progress.add(me)
        answered = Answered(environ)

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            if self._lifecycle.draining:
                headers.append(("X-Draining", "1"))
            answered.status, answered.headers = status[:3], headers
            # Flask leaves it there while it answers; it knows the route.
            asked = environ.get("werkzeug.request")
            if asked is not None:
                answered.path = asked.path
                answered.route = asked.url_rule.rule if asked.url_rule else metrics.UNMATCHED
                answered.probe = answered.route in UNLOGGED and probes(answered, environ.get("RAW_URI", ""))
            return start_response(status, headers, *failure)

        try:
            body = self._application(environ, start)
        finally:
            in_progress.discard(me)
            answered.at, answered.seconds = time.time(), time.perf_counter() - began
            # What failed may be the last that this process says.
            answers.put(answered, now=answered.status >= "500")
        return body


def observe(app: Flask, lifecycle: Lifecycle) -> None:
    """Puts an application under watch."""
    app.wsgi_app = Observed(app.wsgi_app, lifecycle)  # type: ignore[method-assign]
    # From 0 on: a counter that begins with the first exceptions has, to Prometheus, never increased.
    for route in {rule.rule for rule in app.url_map.iter_rules()} | {metrics.UNMATCHED}:
        metrics.EXCEPTIONS.labels(route)

    def unexpected(_sender: Flask, exception: BaseException, **_: object) -> None:
        route = request.url_rule.rule if request.url_rule else metrics.UNMATCHED
        metrics.EXCEPTIONS.labels(route).inc()
        given = Answered(request.environ)
        fields = {"request_id": request_id(given.request_id), "traceparent": traceparent(given.traceparent), "route": route}
        LOGGER.error("unhandled exception", exc_info=exception, extra={"fields": fields})

    # Flask would log the traceback itself, without the request's id.
    app.log_exception = lambda *_: None  # type: ignore[method-assign]
    got_request_exception.connect(unexpected, app, weak=False)


def probes(answered: Answered, target: str) -> bool:
    """Whether haproxy, which decodes nothing, takes it for a probe, too: /readyz, or http://service/readyz, and not /%72eadyz."""
    path = target.partition("?")[0]
    return answered.method in PROBING and (path == answered.route or (path[:1] != "/" and path.endswith(answered.route)))


def line(kind: Kind, answered: Answered) -> str:
    """The request's one line, the same JSON as an event's. Put together here, since an encoder that has to look at each field is
    the dearest part of a request that does nothing; whatever a client has a say in goes through the encoder's own escape."""
    length = next((value for name, value in answered.headers if name == "Content-Length"), "null")
    name, trace = request_id(answered.request_id), traceparent(answered.traceparent)
    return (
        f'{{"time_ms":{round(answered.at * 1000)},{kind.head},'
        f'"method":{escape(answered.method)},"path":{escape(logs.short(answered.path))},{kind.middle},'
        f'"duration_ms":{round(answered.seconds * 1000, 3)},"bytes":{length},"client":{escape(answered.client)},'
        f'"request_id":{escape(name) if name else "null"},"traceparent":{escape(trace) if trace else "null"}}}\n'
    )


def request_id(given: str) -> str | None:
    """haproxy's id of this request; what does not look like one is no id."""
    return given if REQUEST_ID.match(given) else None


def traceparent(given: str) -> str | None:
    """The W3C trace context, if it is one."""
    return given if TRACEPARENT.match(given) else None
