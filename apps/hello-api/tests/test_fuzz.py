"""10,000 hostile requests through haproxy and gunicorn: never a 5xx, never a broken log line, never a label that a client made."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from conftest import Served
from prometheus_client.parser import text_string_to_metric_families

from hello_api.edge import LINE

REQUESTS = 10_000
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))

METHODS = [
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"PATCH",
    b"TRACE",
    b"get",
    b"BREW",
    b"M" * 60,
    b'G"T',
    b"G\\T",
    b"PRI",
]
PATHS = [
    b"/",
    b"/api/v1/echo",
    b"/version",
    b"/livez",
    b"/readyz",
    b"/fault/latency/0",
    b"/fault/latency/1e9",
    b"/fault/errors/0",
    b"/nowhere",
]
NAMES = [
    b"User-Agent",
    b"traceparent",
    b"X-Request-ID",
    b"X-Forwarded-For",
    b"Forwarded",
    b"Cookie",
    b"Accept",
    b"Content-Type",
    b"Referer",
    b"X-Draining",
]
NAMES += [b"X-Forwarded-Proto", b"SCRIPT_NAME", b"Script-Name", b"PATH_INFO", b"Authorization", b"Range", b"Upgrade"]
PIECES = [
    b'"',
    b"\\",
    b"'",
    b"}{",
    b'","status":200,"x":"',
    b"\\u0000",
    b"\\",
    b"%00",
    b"%0a%0d",
    b"%22%5c",
    b"%ff%fe",
    b"%",
    b"%zz",
    b"\xff\xfe",
    b"\xc3\x28",
]
PIECES += [
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa9",
    b"\xe2\x80\xa8",
    b"\x7f",
    b"\x01",
    b"\t",
    b"\x1b[31m",
    b"${jndi:ldap://x}",
    b"{{7*7}}",
    b"../../etc/passwd",
]
PIECES += [
    b"%2e%2e%2f",
    b"//",
    b"?",
    b"#",
    b"&a=1&a=2",
    b"=",
    b";",
    b"<script>",
    b"\x00",
    b"\r\n",
    b"\n",
    b" ",
    b"A" * 300,
    b"\xc3\xa9" * 700,
    b'"' * 3000,
]
#: What the application's routes are; a label is one of these or "unmatched".
ROUTES = {"/", "/api/v1/echo", "/version", "/livez", "/readyz", "unmatched"}
FAULTS = {
    "/fault/latency/<int:milliseconds>",
    "/fault/errors/<int:percent>",
    "/fault/hang",
    "/fault/leak/<int:mebibytes>",
    "/fault/crash",
}
#: haproxy's own events, which are text.
EVENT = re.compile(r"(\[(NOTICE|WARNING|ALERT)\]|Server app/gunicorn is |backend app has no server|Proxy )")


def noise(chance: random.Random, limit: int) -> bytes:
    return b"".join(
        chance.choice(PIECES) if chance.random() < 0.8 else chance.randbytes(chance.randint(1, 12))
        for _ in range(chance.randint(0, limit))
    )


#: What no header may hold (RFC 9110, 5.5): in nine requests out of ten it is left out, so that they get past the parsers.
CONTROLS = bytes(code for code in range(32) if code != 9) + b"\x7f"


def one_line(raw: bytes) -> bytes:
    return raw.translate(None, CONTROLS)


def hostile(number: int) -> bytes:
    """A request by its number, the same in every run."""
    chance = random.Random(SEED + number)  # noqa: S311 - no secret is made of it
    broken = chance.random() < 0.1
    clean = (lambda raw: raw) if broken else one_line
    method = chance.choice(METHODS) if chance.random() < 0.3 else chance.choice(METHODS[:2])
    path = chance.choice(PATHS)
    if chance.random() < 0.6:
        path += clean(noise(chance, 3)).replace(b" ", b"" if not broken else b" ")
    if chance.random() < 0.3:
        path += b"?q=" + one_line(noise(chance, 3)).replace(b" ", b"+")
    headers = [b"Host: " + (one_line(noise(chance, 1)) if chance.random() < 0.1 else b"hello-api"), b"Connection: close"]
    headers += [chance.choice(NAMES) + b": " + clean(noise(chance, 3)) for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.05:
        headers.append(
            chance.choice([b"Expect: 100-continue", b"Expect: a miracle", b'X"Y: 1', b"X Y: 1", b": 1", b"H" * 300 + b": 1"])
        )
    body = b""
    if method == b"POST" or chance.random() < 0.1:
        body = noise(chance, 6)
        kind = chance.random()
        if kind < 0.7:
            headers.append(b"Content-Length: %d" % len(body))
        elif kind < 0.85:
            headers.append(b"Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        elif kind < 0.9:
            headers += [b"Transfer-Encoding: chunked", b"Content-Length: 4"]
        elif kind < 0.95:
            headers += [b"Content-Length: " + chance.choice([b"-1", b"1e3", b"9" * 30, b"4, 4", b"+4", b""])]
        else:
            headers.append(b"Content-Length: %d" % (len(body) + 10))  # and then the client goes away
    chance.shuffle(headers)
    return method + b" " + path + b" HTTP/1.1\r\n" + b"\r\n".join(headers) + b"\r\n\r\n" + body


def send(port: int, request: bytes, host: str = "127.0.0.1") -> str:
    """The answer's status; `none` when the connection ended without one."""
    with socket.create_connection((host, port), timeout=20) as client:
        try:
            client.sendall(request)
            client.shutdown(socket.SHUT_WR)
            answer = b""
            while len(answer) < 12 and (more := client.recv(4096)):
                answer += more
            while client.recv(65536):
                pass
        except OSError as error:
            # What is reset between two calls is not connected for the second, which is no ConnectionError.
            if isinstance(error, ConnectionError) or error.errno == errno.ENOTCONN:
                return "none"
            raise
    return answer[9:12].decode("latin-1") or "none"


def test_ten_thousand_hostile_requests(start: Callable[..., Served]) -> None:
    served = start(slow_header=1)
    port = served.port("edge")
    with ThreadPoolExecutor(16) as pool:
        statuses = Counter(pool.map(lambda number: send(port, hostile(number)), range(REQUESTS)))
    print(statuses)
    assert not [status for status in statuses if status.startswith("5") or not (status == "none" or status.isdigit())], statuses
    assert statuses["200"] > REQUESTS / 10, f"some of it must get through to test anything: {statuses}"
    assert {"400", "404", "405"} <= statuses.keys(), statuses

    # haproxy's log: a JSON object a request, or an event of its own.
    edge = [line for line in served.lines("haproxy") if not EVENT.match(line)]
    unlogged = sum(
        b" /readyz" in hostile(number).split(b"\r\n")[0] for number in range(REQUESTS)
    )  # haproxy keeps silent about probes
    assert len(edge) >= REQUESTS - statuses["none"] - unlogged
    for line in edge:
        entry = json.loads(line)
        assert isinstance(entry["status"], int), line
        assert entry["component"] == "haproxy", line
        assert len(line) < LINE
    # The application's: nothing but JSON objects, and no exception among them.
    for line in served.lines("gunicorn"):
        entry = json.loads(line)
        assert "exception" not in entry, line
        assert entry["level"] in ("debug", "info", "warning"), line
        assert entry.get("traceparent") is None or re.fullmatch(r"[0-9a-f-]{55}", entry["traceparent"])

    # Metrics that parse, and no series that a client made.
    text = served.get("/metrics", "app_metrics")[1]
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert {sample.labels["route"] for sample in samples if "route" in sample.labels} <= ROUTES | FAULTS
    methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}
    assert {sample.labels["method"] for sample in samples if "method" in sample.labels} <= methods
    assert len(samples) < 2_000
    served.end()
