"""gunicorn behind haproxy, for real, on loopback: what dies, hangs or stops, and what a client sees of it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SERVICE, Served, samples

from hello_api.state import Lifecycle

Start = Callable[..., Served]


def total(served: Served, name: str, *labels: str) -> float:
    return sum(
        value for key, value in samples(served).items() if key.startswith(name + "{") and all(label in key for label in labels)
    )


def downs(served: Served) -> int:
    """How often haproxy has taken gunicorn for dead; at the start, too, when haproxy was the first to be there."""
    return sum("is DOWN" in line for line in served.lines("haproxy"))


def repeated(served: Served) -> bool:
    """Whether haproxy has sent any request again."""
    return any(line["retries"].lstrip("+") != "0" for line in served.requests("haproxy"))


class Hanging:
    """Requests that hang, each in a thread of its own; `answers` are their statuses, 0 for none."""

    def __init__(self, served: Served, count: int) -> None:
        self.answers: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._one, args=(served,), daemon=True) for _ in range(count)]
        for one in self._threads:
            one.start()

    def _one(self, served: Served) -> None:
        try:
            self.answers[served.get("/fault/hang", "app")[0]] += 1
        except OSError:
            self.answers[0] += 1


@pytest.fixture
def small(start: Start) -> Iterator[Served]:
    """Two workers of two threads and short times, so that what takes a minute takes seconds."""
    served = start(
        workers=2,
        threads=2,
        connect=1,
        queue=1,
        request=2,
        client=3,
        load_balancer_idle=2,
        edge_keepalive=3,
        heartbeat=2,
        silence=6,
        check_timeout=1,
        probe_timeout=2,
        graceful=4,
        hard_stop=6,
    )
    yield served
    served.end()


def test_ids_join_both_logs(served: Served) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    status, _, headers = served.get(
        "/api/v1/echo?a=b", traceparent=trace, X_Request_ID="mine", X_Forwarded_For="6.6.6.6", User_Agent='a"\\b'
    )
    assert status == 200
    name = headers["x-request-id"]
    assert name != "mine", "a client's id is not taken"
    edge, app = served.logged(name)
    assert (edge["status"], edge["path"], edge["traceparent"], edge["user_agent"]) == (200, "/api/v1/echo", trace, 'a"\\b')
    assert (app["status"], app["route"], app["traceparent"]) == (200, "/api/v1/echo", trace)
    assert app["client"] == edge["client"] == "127.0.0.1", "a client does not say where it comes from"


def test_a_body_too_large_is_refused_as_json(served: Served) -> None:
    """By the application when its length is beyond haproxy's buffer; either way it is 413 and JSON."""
    status, body, _ = served.get("/api/v1/echo", data=b"x" * 1_048_577)
    assert (status, body.strip()) == (413, '{"error":"request entity too large"}')


def test_what_is_no_http_gets_400_and_a_line(served: Served) -> None:
    """haproxy's parser answers before any rule, so its page is haproxy's own; the log line is ours all the same."""
    with socket.create_connection(("127.0.0.1", served.port("edge"))) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nbad header\r\n\r\n")
        assert b" 400 " in raw.recv(4096).split(b"\r\n")[0]
    served.until(
        lambda: any(line["term"].startswith("PR") and line["status"] == 400 for line in served.requests("haproxy")), "it is logged"
    )


def test_metrics_add_up_over_both_workers(served: Served) -> None:
    name = "flask_http_requests_total"
    before = total(served, name, 'route="/version"', 'status="200"')
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: served.get("/version"), range(300)))
    served.until(lambda: total(served, name, 'route="/version"', 'status="200"') >= before + 300, "all are counted", 5)
    assert total(served, name, 'route="/version"', 'status="200"') == before + 300
    now = samples(served)
    assert now["gunicorn_workers{}"] == now["gunicorn_workers_limit{}"] == 2
    assert now["gunicorn_threads_limit{}"] == 66
    served.until(lambda: samples(served)["flask_http_requests_in_progress{}"] == 0, "the gauge, written now and then, has seen it")
    assert 'hello_build_info{revision="unknown",version="1.0.0"}' in now


def test_the_metrics_port_has_two_pages(served: Served) -> None:
    assert {path: served.get(path, "app_metrics")[0] for path in ("/metrics", "/metrics?name[]=x", "/livez", "/", "/metrics/")} == {
        "/metrics": 200,
        "/metrics?name[]=x": 200,
        "/livez": 200,
        "/": 404,
        "/metrics/": 404,
    }


def test_busy_threads_are_seen_while_they_are_busy(served: Served) -> None:
    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(served.get, "/fault/latency/8000") for _ in range(20)]
        served.until(lambda: samples(served)["gunicorn_threads_busy{}"] >= 20, "20 threads are busy", 8)
        assert all(one.result()[0] == 200 for one in slow)
    # An answer is read before its thread is counted as free, and a check of haproxy's takes one for a moment.
    served.until(lambda: samples(served)["gunicorn_threads_busy{}"] == 0, "no thread is busy any more")


def test_a_worker_that_dies_costs_no_get(start: Start) -> None:
    """SIGKILL into a worker while 12 clients ask; none of them sees more than a delay."""
    served, answers, stop = start(), Counter[str](), threading.Event()

    def client() -> None:
        while not stop.is_set():
            try:
                answers[str(served.get("/fault/latency/20")[0])] += 1
            except (OSError, http.client.HTTPException) as error:
                answers[repr(error)] += 1

    threads = [threading.Thread(target=client) for _ in range(12)]
    for one in threads:
        one.start()
    kills = 0
    while kills < 8 or (not repeated(served) and kills < 60):
        time.sleep(0.3)
        served.until(lambda: len(served.workers()) == 2, "two workers run")
        os.kill(served.workers()[-1], signal.SIGKILL)
        kills += 1
    stop.set()
    for one in threads:
        one.join()
    assert set(answers) == {"200"}, answers
    assert any(line["retries"] not in ("0", "+0") for line in served.requests("haproxy")), (
        "some request was really caught and repeated"
    )


def test_a_post_is_never_repeated(start: Start) -> None:
    """The worker dies after it has read a POST: the client is told (502), and the application has seen it once."""
    served = start(workers=1)
    status, body, headers = served.get("/fault/crash", data=b"order=1")
    assert (status, body.strip()) == (502, '{"error":"bad gateway"}')
    served.until(served.ready, "the worker is back")
    served.until(
        lambda: any(line["request_id"] == headers["x-request-id"] for line in served.requests("haproxy")), "haproxy has logged it"
    )
    (line,) = [line for line in served.requests("haproxy") if line["request_id"] == headers["x-request-id"]]
    assert (line["term"][:2], line["retries"].lstrip("+")) == ("SH", "0")
    assert sum("was sent SIGKILL" in one for one in served.lines("gunicorn")) == 1, "one worker died of it"


def test_a_wedged_service_is_seen_and_heals_itself(small: Served) -> None:
    """Every thread hangs: haproxy takes the server out, the master still answers, and replaces the workers within the bound."""
    began, before = time.monotonic(), downs(small)
    hanging = Hanging(small, 6)
    # Until the check has failed `fall` times: one more interval, since a check may just have passed.
    small.until(lambda: downs(small) > before, "haproxy sees it", 2 * (1 + 1) + 1 + 2)
    assert small.get("/")[0] == 503
    small.until(lambda: samples(small)["gunicorn_threads_busy{}"] == 6, "/metrics answers while all threads hang", 5)
    small.until(lambda: small.ready() and small.get("/")[0] == 200, "it serves again", 2 + 2 + 1 + 5 + 2 + 5)
    assert time.monotonic() - began > 3, "not before a request may take that long"
    small.until(lambda: total(small, "gunicorn_worker_abort_total") == 2, "both workers are counted")
    assert set(hanging.answers) <= {0}


def test_a_wedged_worker_takes_no_request_with_it(start: Start) -> None:
    """One worker's threads all hang; the other one goes on, and no client waits for the first."""
    served = start(workers=2, threads=2)
    Hanging(served, 3)
    served.until(lambda: samples(served)["gunicorn_threads_busy{}"] >= 3, "three threads hang")
    answers = [served.get("/")[0] for _ in range(50)]
    assert set(answers) == {200}
    served.end()


def test_a_service_under_full_load_is_not_taken_for_dead(start: Start) -> None:
    """All that haproxy lets through is busy, more waits in its queue: the probe still passes, what waits too long is shed."""
    served = start(workers=1, threads=2, queue=1)
    before = downs(served)
    with ThreadPoolExecutor(6) as pool:
        slow = [pool.submit(served.get, "/fault/latency/8000") for _ in range(6)]  # longer than it takes to fail two checks
        served.until(lambda: samples(served, "edge_metrics")['haproxy_backend_current_queue{proxy="app"}'] >= 1, "some wait", 3)
        assert served.get("/livez", "app")[0] == 200
        statuses = Counter(one.result()[0] for one in slow)
    assert statuses == {200: 2, 503: 4}
    assert downs(served) == before
    assert {
        line["term"][:2] for line in served.requests("haproxy") if line["status"] == 503 and line["path"].startswith("/fault")
    } == {"sQ"}
    served.end()


def test_of_a_request_that_timed_out_the_edge_tells_the_truth(small: Served) -> None:
    """The application's line comes when nobody waits for the answer any more, and does not know it."""
    status, _, headers = small.get("/fault/latency/3000")
    edge, app = small.logged(headers["x-request-id"])
    assert (status, edge["status"], edge["term"][:2], app["status"]) == (504, 504, "sH", 200)


def test_slow_bodies_hold_no_thread(start: Start) -> None:
    """Ten clients that send a byte of a body and wait, where two threads serve."""
    served = start(workers=1, threads=2)
    slow = [socket.create_connection(("127.0.0.1", served.port("edge"))) for _ in range(10)]
    for one in slow:
        one.sendall(b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")
    time.sleep(0.5)
    began = time.monotonic()
    assert served.get("/")[0] == 200
    assert time.monotonic() - began < 2
    for one in slow:
        one.close()
    served.end()


def test_readiness_fails_first_and_connections_are_sent_away(start: Start) -> None:
    served = start(pre_stop=8)
    connection = http.client.HTTPConnection("127.0.0.1", served.port("edge"))
    connection.request("GET", "/")
    first = connection.getresponse()
    first.read()
    assert not first.will_close
    Lifecycle(served.environment["HELLO_RUN_DIR"]).drain()  # as preStop does, before it waits
    assert served.get("/readyz")[0] == 503
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    assert (answer.status, answer.will_close) == (200, True), "answered, and asked to come back elsewhere"
    assert "X-Draining" not in answer.headers, "between the two of us"
    time.sleep(3.5)  # longer than it takes to fail two checks
    assert served.get("/")[0] == 200, "haproxy asks whether gunicorn lives, not whether it wants more"
    served.end()


def test_what_is_in_flight_is_finished(start: Start) -> None:
    """A pod's way out: gunicorn by SIGTERM, then haproxy by SIGUSR1, while a request is under way."""
    served = start()
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(served.get, "/fault/latency/2000")
        time.sleep(0.5)
        served.gunicorn.send_signal(signal.SIGTERM)
        served.haproxy.send_signal(signal.SIGUSR1)
        assert slow.result()[0] == 200
    assert served.gunicorn.wait(10) == 0
    assert served.haproxy.wait(10) == 0


def test_an_application_that_cannot_be_imported_ends_gunicorn(start: Start) -> None:
    """With an exit code, so that somebody notices; the original went on without it. gunicorn's is 3, or 1 when the second worker
    fails while it stops for the first (gunicorn 27.0.1 raises HaltServer again in stop())."""
    served = start()
    served.end()
    environment = served.environment | {"PYTHONPATH": str(served.directory)}
    (served.directory / "broken.py").write_text("raise RuntimeError('no database')\n")
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "broken:app"]
    done = subprocess.run(command, cwd=SERVICE, env=environment, capture_output=True, text=True, timeout=30, check=False)
    served.end()  # it has made its directory again
    assert done.returncode in (1, 3)
    assert "no database" in done.stdout


@pytest.mark.parametrize(("pause", "kept"), [(0.0, True), (1.0, True), (4.0, False)])
def test_the_keep_alive_ladder(small_ladder: Served, pause: float, kept: bool) -> None:
    """An idle client connection lives for `edge_keepalive`: longer than the load balancer keeps it, and no longer than said."""
    connection = http.client.HTTPConnection("127.0.0.1", small_ladder.port("edge"))
    connection.request("GET", "/")
    connection.getresponse().read()
    assert connection.sock
    time.sleep(pause)
    connection.sock.settimeout(0.2)
    try:
        closed = connection.sock.recv(1) == b""
    except TimeoutError:
        closed = False
    assert closed is not kept
    connection.close()


@pytest.fixture(scope="module")
def small_ladder(start: Start) -> Served:
    return start(load_balancer_idle=2, edge_keepalive=3, pool_idle=1, app_keepalive=2)


def test_gunicorn_keeps_its_connections_longer_than_haproxy(small_ladder: Served) -> None:
    """An idle connection to gunicorn that haproxy uses again must not be one that gunicorn is just closing."""
    connection = http.client.HTTPConnection("127.0.0.1", small_ladder.port("edge"))
    for pause in (0.0, 0.9, 1.0, 1.1, 1.9, 2.0, 2.1, 2.6):
        time.sleep(pause)
        connection.request("POST", "/api/v1/echo", b"x")
        answer = connection.getresponse()
        assert (answer.status, b'"x"' in answer.read()) == (200, True), f"after {pause} s"
    connection.close()


def test_who_is_told_to_stop_says_what_was_answered_before(start: Callable[..., Served]) -> None:
    stopped = start()
    with ThreadPoolExecutor(16) as pool:
        names = [headers["x-request-id"] for _, _, headers in pool.map(lambda _: stopped.get("/version"), range(200))]
    stopped.gunicorn.terminate()
    stopped.gunicorn.wait(30)
    said = {line.get("request_id") for line in stopped.requests("gunicorn")}
    assert [name for name in names if name not in said] == []


def test_a_second_master_takes_nothing_from_the_first(served: Served) -> None:
    """SIGUSR2 starts one beside the first: it emptied the directory of the metrics, which the workers went on writing to."""
    name = "flask_http_requests_total"
    served.get("/version")
    served.until(lambda: total(served, name, 'route="/version"') > 0, "it is counted", 5)
    before = total(served, name, 'route="/version"')
    served.gunicorn.send_signal(signal.SIGUSR2)
    served.until(lambda: any("SIGUSR2" in line for line in served.lines("gunicorn")), "the second master has spoken")
    time.sleep(1)
    assert served.gunicorn.poll() is None
    assert total(served, name, 'route="/version"') >= before


@pytest.mark.parametrize(
    ("method", "path", "logged"),
    [
        ("GET", "/readyz", False),
        ("HEAD", "/livez", False),
        ("GET", "/readyz?who=1", False),
        ("POST", "/readyz", True),
        ("OPTIONS", "/livez", True),
        ("GET", "/readyz/", True),
        ("GET", "/%72eadyz", True),
        ("GET", "//readyz", True),
        ("GET", "http://hello-api/readyz", False),
    ],
)
def test_both_logs_are_silent_about_the_same_probes(served: Served, method: str, path: str, logged: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port("edge"), timeout=20)
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    name = answer.headers["X-Request-ID"]
    if logged:
        served.logged(name)
        return
    served.logged(served.get("/version")[2]["x-request-id"])  # what comes later has come
    assert not [one for log in ("haproxy", "gunicorn") for one in served.requests(log) if one.get("request_id") == name]
