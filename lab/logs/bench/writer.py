"""Programs that write lines, in the lab's pods: `writer.py steady|rotated|hostile|streams|ends`."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time

import hostile

#: What `steady` still has to say when it is told to end.
LAST_WORDS = 300
#: 2 MB a second for 40 s: the kubelet looks every 10 s for files of more than 10 MiB.
ROTATED_LINES, ROTATED_RATE, ROTATED_WIDTH = 20_000, 500, 4000
AFTER = "the line after it"


def steady() -> None:
    """A numbered line every 5 ms; told to end, many at once, and then the container is gone with its files."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    began, number = time.monotonic(), 0
    while not told.is_set():
        print(f"{socket.gethostname()} {number}", flush=True)
        number += 1
        time.sleep(max(0.0, began + number / 200 - time.monotonic()))
    for last in range(LAST_WORDS):
        print(f"{socket.gethostname()} {number + last}, of its last words", flush=True)


def rotated() -> None:
    """The end of a line comes with the next one, so that a rotation always cuts one: before its line break, or within."""
    began, rest = time.monotonic(), b""
    for number in range(ROTATED_LINES):
        os.write(1, rest + b"%06d " % number + b"x" * ROTATED_WIDTH)
        rest = b"y" * (100 * (number % 2)) + b"\n"
        time.sleep(max(0.0, began + number / ROTATED_RATE - time.monotonic()))
    os.write(1, rest)


def cases() -> None:
    """Every hostile line as it is, each followed by one that must be unharmed."""
    for number, case in enumerate(hostile.CASES):
        for line in case.lines:
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.write(f"{number} {AFTER}\n".encode())
        sys.stdout.buffer.flush()


def streams() -> None:
    """Long lines to stdout, which the runtime cuts into pieces, while short ones go to stderr."""
    done = threading.Event()

    def short() -> None:
        number = 0
        while not done.is_set():
            os.write(2, b"short %d\n" % number)
            number += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=short)
    thread.start()
    for number in range(50):
        # Slowly enough that lines of the other stream fall between the pieces.
        for _ in range(6):
            os.write(1, b"%d " % number + b"y" * 16_300)
            time.sleep(0.001)
        os.write(1, b"\n")
    done.set()
    thread.join()


def ends() -> None:
    """All at once, without a line break at its end."""
    sys.stdout.write("\n".join(f"line {number}" for number in range(5000)))
    sys.stdout.flush()


if __name__ == "__main__":
    {"steady": steady, "rotated": rotated, "hostile": cases, "streams": streams, "ends": ends}[sys.argv[1]]()
