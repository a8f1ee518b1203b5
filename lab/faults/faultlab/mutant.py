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


@dataclass(frozen=True)
class Impossible:
    number: int
    reason: str
