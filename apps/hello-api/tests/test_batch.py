"""What is put aside is done: all of it, once, in order, soon, and at the latest when the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hello_api import logs
from hello_api.batch import BatchProcessor

SERVICE = Path(__file__).parent.parent


def test_done_at_once_until_it_is_started() -> None:
    done: list[list[int]] = []
    processor = BatchProcessor(done.append)
    processor.put(1)
    processor.put(2)
    assert done == [[1], [2]]


def test_many_threads_lose_and_repeat_nothing_and_keep_their_order() -> None:
    done: list[list[tuple[int, int]]] = []
    processor = BatchProcessor(done.append)
    processor.start()

    def work(me: int) -> None:
        for number in range(2000):
            processor.put((me, number), now=number % 500 == 0)

    threads = [threading.Thread(target=work, args=(me,)) for me in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    processor.flush()
    flat = [item for batch in done for item in batch]
    assert sorted(flat) == [(me, number) for me in range(8) for number in range(2000)]
    for me in range(8):
        assert [number for who, number in flat if who == me] == list(range(2000))


def test_nothing_waits_for_long() -> None:
    done = threading.Event()
    processor: BatchProcessor[int] = BatchProcessor(lambda _: done.set())
    processor.start()
    for _ in range(3):
        done.clear()
        processor.put(1)
        assert done.wait(5), "put, and never done"


def test_now_is_done_before_it_returns_and_what_came_before_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BatchProcessor, "PERIOD", 3600)
    done: list[int] = []
    processor = BatchProcessor(done.extend)
    processor.start()
    processor.put(1)
    assert done == []
    processor.put(2, now=True)
    assert done == [1, 2]


def test_goes_on_after_a_batch_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()

    def process(batch: list[str]) -> None:
        if batch == ["bad"]:
            raise OSError("no space left on device")
        done.set()

    processor = BatchProcessor(process)
    processor.start()
    processor.put("bad")
    while not caplog.messages:
        time.sleep(0.01)
    processor.put("good")
    assert done.wait(5)
    assert caplog.messages == ["a batch failed"]


def test_a_log_that_nobody_takes_holds_whoever_puts_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BatchProcessor, "LIMIT", 3)
    taken, held, done = threading.Event(), threading.Event(), []

    def process(batch: list[int]) -> None:
        held.set()
        taken.wait()
        done.extend(batch)

    processor = BatchProcessor(process)
    processor.start()
    processor.put(0)
    assert held.wait(5)

    reached = []

    def work() -> None:
        for number in range(1, 9):
            processor.put(number)
            reached.append(number)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    assert reached == [1, 2, 3], "memory would grow for as long as the log is stuck"
    taken.set()
    thread.join()
    processor.flush()
    assert done == list(range(9))


def test_a_process_that_ends_does_what_waits() -> None:
    code = (
        "from hello_api.batch import BatchProcessor as B\n"
        "B.PERIOD = 3600\n"
        "p = B(lambda batch: print(*batch, sep='\\n', flush=True))\n"
        "p.start(); p.put('one'); p.put('two')\n"
        "raise SystemExit(3)"
    )
    said = subprocess.run([sys.executable, "-B", "-c", code], cwd=SERVICE, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (3, "one\ntwo\n", "")


def test_a_batch_is_written_in_pieces_that_the_pipe_keeps_together(monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[bytes] = []

    def write(_: int, data: bytes) -> int:
        writes.append(data)
        return len(data)

    monkeypatch.setattr(os, "write", write)
    lines = [f"{number:03}".ljust(300, "x") + "\n" for number in range(50)] + ["y" * 5000 + "\n", "z\n"]
    logs.emit(lines)
    assert b"".join(writes).decode() == "".join(lines)
    assert all(data.endswith(b"\n") for data in writes)
    assert all(len(data) <= 4096 or data.count(b"\n") == 1 for data in writes), "PIPE_BUF"
    assert len(writes) == 4 + 1 + 1
    logs.emit([])
    assert len(writes) == 6, "nothing is no write"


def test_a_write_that_takes_a_part_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    written = bytearray()

    def write(_: int, data: bytes) -> int:
        written.extend(data[:7])
        return len(data[:7])

    monkeypatch.setattr(os, "write", write)
    logs.emit(["a line that is longer than seven\n"])
    assert written == b"a line that is longer than seven\n"
