"""What a mutant is: edits on a copy of the service, and the one check that must see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """Replaces every match of the regular expression `find` in a file of apps/hello-api by `replace`, as it is written.

    `^` and `$` are ends of lines. `find` None: `replace` is the whole new file. LookupError when nothing matches.
    """

    path: str
    find: str | None
    replace: str

    def apply(self, root: Path) -> None:
        path = root / self.path
        if self.find is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.replace)
            return
        text = path.read_text()
        changed, count = re.subn(self.find, lambda _: self.replace, text, flags=re.M)
        if not count:
            raise LookupError(f"{self.path} holds no {self.find!r}: the mutant is out of date")
        path.write_text(changed)


@dataclass(frozen=True)
class Mutant:
    number: int
    change: str
    caught_by: str
    edits: tuple[Edit, ...]
    #: The alert that fires on it, and not on the service as it is, under the alert's condition (`alerts.py`).
    alert: str = ""
    #: Why no alert can tell, where none is named; what is caught before anything runs needs no reason.
    silent: str = ""

    def __post_init__(self) -> None:
        if bool(self.alert) + bool(self.silent) + self.caught_by.startswith("static ") != 1:
            raise ValueError(f"mutant {self.number} names an alert, or says why there is none")


@dataclass(frozen=True)
class Impossible:
    number: int
    reason: str
