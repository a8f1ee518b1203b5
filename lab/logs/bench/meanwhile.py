"""Something that is done again and again in the background while something else happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def meanwhile(step: Callable[[], object], pause: float) -> Iterator[None]:
    """Does it every `pause` s, and is over when the block is."""
    stop = threading.Event()

    def again() -> None:
        while not stop.wait(pause):
            step()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
