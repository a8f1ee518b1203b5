"""The application by itself: endpoints, one line a request, labels that no client can make."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from hello_api import logs, metrics, observe, state
from hello_api.app import create_app
from hello_api.logs import JsonFormatter
from hello_api.settings import Settings
from hello_api.state import Lifecycle

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.text: list[str] = []

    def emit_lines(self, lines: list[str]) -> None:
        assert all(line.endswith("\n") for line in lines), "a line is written whole"
        self.text += [line.removesuffix("\n") for line in lines]

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))

    @property
    def parsed(self) -> list[dict[str, Any]]:
        assert all("\n" not in line for line in self.text)
        return [json.loads(line) for line in self.text]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Events as logging formats them, and the lines that go to stdout without it."""
    handler, logger = Lines(), logging.getLogger("hello_api.request")
    monkeypatch.setattr(logs, "emit", handler.emit_lines)
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(run_dir=str(tmp_path), faults=True)


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def test_endpoints(client: FlaskClient) -> None:
    assert client.get("/").json == {"message": "hello, world"}
    assert client.get("/version").json == {"version": "1.0.0", "revision": "unknown"}
    assert client.get("/livez").status_code == 200
    assert client.get("/api/v1/echo?a=1&a=2&b=").json == {
        "method": "GET",
        "scheme": "http",
        "args": {"a": ["1", "2"], "b": [""]},
        "body": None,
    }
    assert client.post("/api/v1/echo", data=b"\xff\x00").json["body"] == "\ufffd\x00"  # type: ignore[index]


def test_errors_are_json_too(client: FlaskClient) -> None:
    assert (client.get("/nowhere").status_code, client.get("/nowhere").json) == (404, {"error": "not found"})
    assert client.delete("/").status_code == 405
    assert client.post("/api/v1/echo", data=b"x" * 1_048_577).status_code == 413
    assert client.get("/fault/errors/100").json == {"error": "internal server error"}


@pytest.mark.parametrize(
    ("path", "allowed"), [("/", {"GET", "HEAD", "OPTIONS"}), ("/api/v1/echo", {"GET", "HEAD", "OPTIONS", "POST"})]
)
def test_what_is_not_allowed_is_told_what_is(client: FlaskClient, path: str, allowed: set[str]) -> None:
    answer = client.delete(path)
    assert (answer.status_code, answer.json) == (405, {"error": "method not allowed"})
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/", "/version", "/api/v1/echo?a=%C3%A9", "/livez", "/readyz", "/nowhere"])
def test_head_is_get_without_its_body(client: FlaskClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, list(head.headers), head.data) == (get.status_code, list(get.headers), b"")


def test_faults_are_not_there_unless_asked_for(tmp_path: Path) -> None:
    plain = create_app(Settings(run_dir=str(tmp_path))).test_client()
    for path in ("latency/1", "errors/100", "hang", "leak/1", "crash"):
        assert plain.get(f"/fault/{path}").status_code == 404


def test_faults(client: FlaskClient) -> None:
    assert client.get("/fault/latency/1").json == {"slept_ms": 1}
    assert client.get("/fault/errors/0").status_code == 200
    assert client.get("/fault/leak/1").json == {"held_mib": 1}


def test_readiness_fails_first_and_liveness_does_not(client: FlaskClient, settings: Settings) -> None:
    assert client.get("/readyz").status_code == 200
    Lifecycle(settings.run_dir).drain()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["X-Draining"]) == (503, "1")
    assert client.get("/livez").status_code == 200
    assert client.get("/").status_code == 200


def test_a_worker_whose_threads_are_stuck_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "stuck", lambda: True)
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (503, {"status": "stuck"})
    assert client.get("/livez").status_code == 200


def test_a_line_a_request_joined_by_its_ids(client: FlaskClient, lines: Lines) -> None:
    client.get("/api/v1/echo", headers={"X-Request-ID": "abc-1", "traceparent": TRACE, "X-Forwarded-For": "203.0.113.9"})
    (line,) = lines.parsed
    assert line["message"] == "request"
    wanted = {
        "method": "GET",
        "route": "/api/v1/echo",
        "status": 200,
        "request_id": "abc-1",
        "traceparent": TRACE,
        "client": "203.0.113.9",
    }
    assert {name: line[name] for name in wanted} == wanted
    assert line["duration_ms"] >= 0


@pytest.mark.parametrize("hostile", ['"}{', "a b", "x" * 65, "é"])
def test_ids_that_are_none_are_not_logged(client: FlaskClient, lines: Lines, hostile: str) -> None:
    client.get("/", headers={"X-Request-ID": hostile, "traceparent": hostile})
    (line,) = lines.parsed
    assert (line["request_id"], line["traceparent"]) == (None, None)


@pytest.mark.parametrize(("path", "now"), [("/", False), ("/nowhere", False), ("/fault/errors/100", True)])
def test_what_failed_does_not_wait_for_others(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, now: bool) -> None:
    """It may be the last that this process says."""
    put: list[tuple[str, bool]] = []
    monkeypatch.setattr(observe.answers, "put", lambda answered, now: put.append((answered.status, now)))
    status = client.get(path).status_code
    assert put == [(str(status), now)]


def test_the_alerts_objective_is_a_bound_of_the_histogram() -> None:
    assert 0.5 in metrics.BUCKETS, "between two bounds Prometheus guesses"


def test_an_exception_is_one_line_with_its_stack(client: FlaskClient, lines: Lines) -> None:
    before = count("flask_exceptions_total", route="/fault/errors/<int:percent>")
    client.get("/fault/errors/100", headers={"X-Request-ID": "boom"})
    failure, request = lines.parsed
    assert failure["exception"]["type"] == "RuntimeError"
    assert "raise RuntimeError" in failure["exception"]["stack"]
    assert failure["request_id"] == request["request_id"] == "boom"
    assert (request["status"], request["level"]) == (500, "error")
    assert count("flask_exceptions_total", route="/fault/errors/<int:percent>") == before + 1


@pytest.mark.usefixtures("client")
def test_exceptions_are_counted_from_0() -> None:
    for route in ("/", "/api/v1/echo", "/fault/latency/<int:milliseconds>", "unmatched"):
        assert REGISTRY.get_sample_value("flask_exceptions_total", {"route": route}) is not None, route


def test_probes_are_counted_but_not_logged(client: FlaskClient, lines: Lines) -> None:
    client.get("/livez")
    client.get("/readyz")
    assert lines.text == []


def test_what_cannot_be_recorded_takes_nothing_else_with_it(
    client: FlaskClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new kind of request needs a file for its metrics, and there may be no space left; others wait in the same batch."""
    kind_of = observe.kind_of

    def full(method: str, route: str, status: str) -> observe.Kind:
        if status == "404":
            raise OSError(28, "No space left on device")
        return kind_of(method, route, status)

    monkeypatch.setattr(observe, "kind_of", full)
    given = []
    for name, status in (("first", "200"), ("second", "404"), ("third", "200")):
        given.append(observe.Answered({"REQUEST_METHOD": "GET", "HTTP_X_REQUEST_ID": name}))
        given[-1].status = status
    observe.record(given)
    assert [(line["message"], line["request_id"]) for line in lines.parsed] == [
        ("a request was not recorded", "second"),
        ("request", "first"),
        ("request", "third"),
    ]
    assert client.get("/nowhere").status_code == 404, "nor does the client see anything of it"


def test_labels_are_templates_and_known_methods(client: FlaskClient) -> None:
    for n in range(50):
        client.get(f"/fault/latency/{n % 3}")
        client.get(f"/nowhere/{n}")
        client.open("/", method=f"M{n}")
    series = [sample for metric in REGISTRY.collect() for sample in metric.samples if sample.name == "flask_http_requests_total"]
    routes = {sample.labels["route"] for sample in series}
    assert "/fault/latency/<int:milliseconds>" in routes
    assert not [route for route in routes if route.startswith("/nowhere") or route == "/fault/latency/1"]
    assert {sample.labels["method"] for sample in series} <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}
    assert (
        count("flask_http_requests_total", method="other", route="unmatched", status="405")
        + count("flask_http_requests_total", method="other", route="/", status="405")
        >= 50
    )


def test_who_is_in_the_application_is_known(settings: Settings) -> None:
    app, seen = create_app(settings), []

    @app.get("/look")
    def look() -> str:
        seen.append(set(state.in_progress))
        return ""

    client = app.test_client()
    for path in ("/look", "/fault/errors/100", "/nowhere"):
        client.get(path)
    assert seen == [{threading.get_ident()}]
    assert state.in_progress == set()


@given(
    st.tuples(*[st.text(st.characters(codec="latin-1"), min_size=1, max_size=40)] * 3),
    st.sampled_from(["abc-1", '"', "\u2028"]),
    st.sampled_from([TRACE, "\\", ""]),
    st.floats(0, 100),
)
@hypothesis_settings(deadline=None)
def test_the_line_is_what_the_encoder_would_write(hostile: tuple[str, str, str], name: str, trace: str, seconds: float) -> None:
    method, path, client = hostile
    environ = {"REQUEST_METHOD": method, "HTTP_X_FORWARDED_FOR": client, "HTTP_X_REQUEST_ID": name, "HTTP_TRACEPARENT": trace}
    answered = observe.Answered(environ)
    answered.status, answered.route, answered.path, answered.headers = "404", "/<a>", path, [("Content-Length", "7")]
    answered.seconds = seconds
    text = observe.line(observe.kind_of("other", "/<a>", "404"), answered)
    line = json.loads(text)
    assert text == logs.encode(line) + "\n"
    wanted = {
        **logs.entry(0, logging.INFO, "hello_api.request", "request", os.getpid()),
        "time_ms": line["time_ms"],
        "method": method,
        "path": path,
        "route": "/<a>",
        "status": 404,
        "duration_ms": round(seconds * 1000, 3),
        "bytes": 7,
        "client": client,
        "request_id": name if name == "abc-1" else None,
        "traceparent": trace if trace == TRACE else None,
    }
    assert list(line.items()) == list(wanted.items())
