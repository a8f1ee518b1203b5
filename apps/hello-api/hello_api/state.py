"""What all workers of the service must agree on, kept where all of them see it: files in a directory in memory. And what the
application and its worker must agree on, within a process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

#: Whether this worker's threads are stuck; the worker puts its own answer here when it starts.
stuck: Callable[[], bool] = lambda: False  # noqa: E731 - a worker replaces it


#: Threads of this process that are in the application, by their ident. To put one in or take one out is atomic.
in_progress: set[int] = set()


class Lifecycle:
    """Whether the service is on its way out. The mark is a file, so every worker sees it at once, whoever set it."""

    def __init__(self, run_dir: str) -> None:
        self._mark = Path(run_dir) / "draining"
        self._name = str(self._mark)

    @property
    def draining(self) -> bool:
        return os.path.exists(self._name)  # asked for each request, and half the price of Path's

    def drain(self) -> None:
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        self._mark.touch()

    def reset(self) -> None:
        self._mark.unlink(missing_ok=True)
