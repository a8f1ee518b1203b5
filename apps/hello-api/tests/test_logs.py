"""A line stays one line: it is never longer than what a pipe keeps together, whatever is in it."""

from __future__ import annotations

import json
import logging
import os
import re
import select
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from json.encoder import encode_basestring_ascii as escape

import pytest
from conftest import Served
from hypothesis import given
from hypothesis import strategies as st

from hello_api import observe
from hello_api.edge import LINE
from hello_api.logs import TEXT, JsonFormatter, short

HOSTILE = ["\x01", '"', "\\", "é", "\u2028", "💩", "a", "\\💩a"]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("length", [0, 1, 100, 170, 171, 1023, 1024, 1025, 9000])
def test_a_text_is_as_long_as_it_may_be(piece: str, length: int) -> None:
    text = piece * length
    cut = short(text)
    assert text.startswith(cut)
    assert len(escape(cut)) - 2 <= TEXT
    assert cut == text or len(cut) >= TEXT // 12, "no shorter than it must be"


@given(st.text(max_size=3000))
def test_any_text(text: str) -> None:
    assert len(escape(short(text))) - 2 <= TEXT


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_request_is_never_longer_than_a_pipe_keeps_together(piece: str) -> None:
    name, trace = "r" * 64, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    environ = {"REQUEST_METHOD": "M" * 20, "HTTP_X_FORWARDED_FOR": "2001:db8::" * 4}
    answered = observe.Answered(environ | {"HTTP_X_REQUEST_ID": name, "HTTP_TRACEPARENT": trace})
    answered.path = piece * 4094
    line = observe.line(observe.kind_of("other", "/fault/latency/<int:milliseconds>", "404"), answered)
    assert len(line) <= select.PIPE_BUF
    assert answered.path.startswith(json.loads(line)["path"])


@pytest.mark.parametrize("piece", HOSTILE)
def test_nor_is_an_event_with_its_stack(piece: str) -> None:
    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        raise RuntimeError(piece * 5000)

    try:
        deep(0)
    except RuntimeError:
        fields = {"request_id": "r" * 64, "route": "/fault/latency/<int:milliseconds>"}
        record = logging.LogRecord("hello_api.request", logging.ERROR, "f", 1, piece * 5000, None, sys.exc_info())
        record.fields = fields
    line = JsonFormatter().format(record) + "\n"
    assert len(line) <= select.PIPE_BUF
    entry = json.loads(line)
    assert entry["exception"]["type"] == "RuntimeError"
    assert (piece * 5000).startswith(entry["exception"]["message"])


def test_of_a_stack_that_is_too_long_the_end_is_kept() -> None:
    def deep(levels: int) -> None:
        if levels:
            exec(f"deep({levels - 1})", {"deep": deep})  # noqa: S102 - each level is two different frames
        else:
            raise RuntimeError("last words")

    with pytest.raises(RuntimeError) as caught:
        deep(60)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, (RuntimeError, caught.value, caught.tb))
    line = JsonFormatter().format(record) + "\n"
    assert select.PIPE_BUF - 1000 < len(line) <= select.PIPE_BUF, "an escape more is cut with what it stands for"
    stack = json.loads(line)["exception"]["stack"]
    assert stack.startswith("...")
    assert stack.endswith("RuntimeError: last words\n")


def test_the_edges_longest_line_is_one_that_a_pipe_keeps_together(served: Served) -> None:
    """haproxy waits for nobody at stdout; of a line that fits in part it wrote that part, and no line break."""
    request = b"GET /" + b'"' * 1023 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    request += b"User-Agent: " + b"\x01" * 300 + b"\r\ntraceparent: " + b"\x01" * 300 + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port("edge")), timeout=20) as client:
        client.sendall(request)
        name = re.search(rb"x-request-id: (\S+)", client.recv(65536))
    assert name
    served.until(lambda: any(name[1].decode() in line for line in served.lines("haproxy")), "it is logged")
    (line,) = [line for line in served.lines("haproxy") if name[1].decode() in line]
    assert json.loads(line)["user_agent"] == "\x01" * 128
    assert len(line) < LINE - 200, "numbers may have some digits more"
    assert LINE <= select.PIPE_BUF


def test_no_line_is_torn_when_the_logs_reader_is_late(start: Callable[..., Served]) -> None:
    """Two workers, one pipe, long paths: as much as the pipe holds is always waiting in it."""
    served = start()
    process = served.restart_gunicorn_into_a_pipe()
    read, late = bytearray(), threading.Event()

    def reader() -> None:
        assert process.stdout
        while data := os.read(process.stdout.fileno(), 3000):
            read.extend(data)
            late.wait(0.004)

    thread = threading.Thread(target=reader)
    thread.start()
    served.until(served.ready, "gunicorn is back")
    with ThreadPoolExecutor(16) as pool:
        paths = ["/" + "%01" * 1340, "/fault/errors/100"]
        names = [headers["x-request-id"] for _, _, headers in pool.map(lambda n: served.get(paths[n % 2]), range(300))]
    process.terminate()
    late.set()
    process.wait(30)
    thread.join()
    lines = [json.loads(line) for line in bytes(read).splitlines()]
    assert {line["request_id"] for line in lines if line["message"] == "request"} == set(names)
    assert sum("exception" in line for line in lines) == 150
    served.end()
