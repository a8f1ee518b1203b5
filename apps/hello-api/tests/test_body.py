"""A body is as long as it may be, however it is sent; one that is wrong is the client's fault, and costs nobody else a request."""

from __future__ import annotations

import io
import re
import socket

import pytest
from conftest import Served
from gunicorn.http.errors import InvalidChunkSize, InvalidHeaderName, LimitRequestHeaders, NoMoreData
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from hello_api.body import Body


@pytest.mark.parametrize("length", [0, 1, 9, 10])
@pytest.mark.parametrize("step", [-1, 1, 3, 100])
def test_what_is_short_enough_is_read_whole(length: int, step: int) -> None:
    body, read = Body(io.BytesIO(b"x" * length), 10), b""
    while more := body.read(step):
        read += more
    assert read == b"x" * length


@pytest.mark.parametrize("length", [11, 12, 10_000])
@pytest.mark.parametrize("step", [-1, 1, 3, 100])
def test_what_is_longer_is_refused_and_not_cut(length: int, step: int) -> None:
    body = Body(io.BytesIO(b"x" * length), 10)

    def read() -> None:
        while body.read(step):
            pass

    with pytest.raises(RequestEntityTooLarge):
        read()


@pytest.mark.parametrize(
    "error", [InvalidHeaderName("CONTENT-LENGTH"), LimitRequestHeaders("x"), InvalidChunkSize(b"z"), NoMoreData(), OSError()]
)
def test_what_gunicorn_cannot_read_is_a_bad_request(error: Exception) -> None:
    class Broken:
        def read(self, _: int) -> bytes:
            raise error

    with pytest.raises(BadRequest):
        Body(Broken(), 10).read()


CHUNKED = b"POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def answers(served: Served, *requests: bytes, port: str = "edge") -> list[tuple[int, bytes]]:
    """(status, body) of each answer on one connection."""
    with socket.create_connection(("127.0.0.1", served.port(port)), timeout=20) as client:
        client.sendall(b"".join(requests))
        raw = b""
        while more := client.recv(65536):
            raw += more
    return [
        (int(status), body)
        for status, body in re.findall(rb"HTTP/1.1 (\d+)[^\r]*\r\n(?:[^\r]+\r\n)+\r\n(.*?)(?=HTTP/1.1 |\Z)", raw, re.DOTALL)
    ]


@pytest.mark.parametrize("pieces", [1, 16, 17])
@pytest.mark.parametrize(("beyond", "status"), [(0, 200), (1, 413), (1_048_576, 413)])
def test_the_limit_holds_in_chunks_too(served: Served, pieces: int, beyond: int, status: int) -> None:
    """Flask's own took the first MiB for the whole, if a chunk ended there."""
    body = b"x" * (1_048_576 + beyond)
    size = 1_048_576 // pieces
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for at in range(0, len(body), size) if (part := body[at : at + size]))
    request = CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % b"/api/v1/echo"
    try:
        statuses = [status for status, _ in answers(served, request, chunks, b"0\r\n\r\n")]
    except ConnectionError:
        statuses = []
    # Who goes on sending when it is refused may be cut off before it has read so.
    assert statuses == [status] or (beyond > 1 and not statuses)


TRAILERS = [b"Content-Length: 9", b"Host: a", b"Transfer-Encoding: chunked", b"X: a\x01b", b"X: " + b"a" * 9000]


@pytest.mark.parametrize("trailer", TRAILERS, ids=lambda one: one[:12].decode("latin-1"))
@pytest.mark.parametrize(("path", "status"), [(b"/api/v1/echo", 400), (b"/nowhere", 404), (b"/", 405)])
def test_a_trailer_that_may_not_be_one_is_the_clients_fault(served: Served, trailer: bytes, path: bytes, status: int) -> None:
    """It was a 500, with a stack. Whether its body is read or not, the next request is answered as ever."""
    request = CHUNKED % path + b"3\r\nabc\r\n0\r\n" + trailer + b"\r\n\r\n"
    first, second = answers(served, request, LAST)
    assert first[0] == status
    assert first[1].startswith(b'{"error":')
    assert second == (200, b'{"revision":"unknown","version":"1.0.0"}\n')
    for _ in range(5):  # on the connections that haproxy has kept
        assert answers(served, LAST) == [second]


def test_a_trailer_that_may_be_one_is_read_and_dropped(served: Served) -> None:
    request = CHUNKED % b"/api/v1/echo" + b"3\r\nabc\r\n0\r\nX-Request-ID: mine\r\nX-Checksum: 1\r\n\r\n"
    first, second = answers(served, request, LAST)
    assert (first[0], b'"body":"abc"' in first[1], second[0]) == (200, True, 200)


REFUSED = [
    (b"GET", b"/" + b"a" * 5000, b"", 414, b'{"error":"uri too long"}\n'),
    (b"GET", b"/", b"X: " + b"a" * 9000 + b"\r\n", 431, b'{"error":"request header fields too large"}\n'),
    (b"GET", b"/", b"".join(b"X%d: 1\r\n" % n for n in range(97)), 431, b'{"error":"request header fields too large"}\n'),
    (b"get", b"/", b"", 400, b'{"error":"bad request"}\n'),
    (b"GET", b"/", b"X: a\x01b\r\n", 400, b'{"error":"bad request"}\n'),
    (b"GET", b"/", b"Expect: a miracle\r\n", 417, b'{"error":"expectation failed"}\n'),
]


@pytest.mark.parametrize(("method", "path", "headers", "status", "body"), REFUSED)
def test_what_gunicorns_parser_refuses_is_answered_as_json(
    served: Served, method: bytes, path: bytes, headers: bytes, status: int, body: bytes
) -> None:
    request = b"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n" % (method, path, headers)
    assert answers(served, request) == [(status, body)]


def test_faults_beyond_reason_are_no_faults_of_ours(served: Served) -> None:
    for path in ("latency/3600001", "latency/" + "9" * 3000, "leak/" + "9" * 30):
        assert served.get(f"/fault/{path}")[0] == 400, path
