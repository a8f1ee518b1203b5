"""A worker's heartbeat stops exactly when half of its threads have been at one request for longer than any request may take."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from hello_api.exposition import beating
from hello_api.worker import HonestWorker, OneWrite


def worker(busy_for: list[float], threads: int = 4) -> HonestWorker:
    made = HonestWorker.__new__(HonestWorker)
    made.cfg = SimpleNamespace(threads=threads)
    made._deadline = 15
    now = time.monotonic()
    made._since = {n: now - seconds for n, seconds in enumerate(busy_for)}
    return made


@pytest.mark.parametrize(
    ("busy_for", "wedged"),
    [([], False), ([99], False), ([99, 14, 14, 14], False), ([14] * 4, False), ([16, 16], True), ([3600, 16, 1, 1], True)],
)
def test_wedged(busy_for: list[float], wedged: bool) -> None:
    assert worker(busy_for).wedged is wedged


def test_a_heartbeat_now_and_then_and_none_when_it_is_wedged(monkeypatch: pytest.MonkeyPatch) -> None:
    beats = []
    monkeypatch.setattr("gunicorn.workers.base.Worker.notify", lambda _self: beats.append(time.monotonic()))
    for busy_for, expected in (([], 1), ([16.0, 16.0], 0)):
        beats.clear()
        one = worker(busy_for)
        one._beat, one.keepalived_conns = 0.0, []
        one.notify()
        one.notify()
        assert len(beats) == expected
        one._beat -= HonestWorker.BEAT
        one.notify()
        assert len(beats) == 2 * expected


def arbiter(*ages: float) -> SimpleNamespace:
    now = time.monotonic()
    workers = {n: SimpleNamespace(tmp=SimpleNamespace(last_update=lambda age=age: now - age)) for n, age in enumerate(ages)}
    return SimpleNamespace(WORKERS=workers)


def test_the_master_is_alive_while_any_worker_beats() -> None:
    assert beating(arbiter(100, 1), 30)
    assert not beating(arbiter(100, 31), 30)
    assert not beating(arbiter(), 30), "no worker at all is not alive"


class Wire:
    """A socket that remembers what it was given, call by call."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(bytes(data))

    def shutdown(self) -> int:
        return len(self.sent)


def test_head_and_body_leave_together() -> None:
    wire = Wire()
    out = OneWrite(wire)
    out.sendall(b"head")
    out.sendall(b"body")
    assert wire.sent == [], "a worker that is killed now has sent nothing, and the request can be repeated"
    out.flush()
    out.flush()
    assert wire.sent == [b"headbody"]


def test_a_long_answer_is_not_gathered_without_end() -> None:
    wire = Wire()
    out = OneWrite(wire)
    for _ in range(10):
        out.sendall(b"x" * OneWrite.LIMIT)
    out.flush()
    assert max(map(len, wire.sent)) <= 2 * OneWrite.LIMIT
    assert b"".join(wire.sent) == b"x" * 10 * OneWrite.LIMIT


def test_whatever_else_is_done_with_the_socket_comes_after_what_was_written() -> None:
    wire = Wire()
    out = OneWrite(wire)
    out.sendall(b"head")
    assert out.shutdown() == 1
