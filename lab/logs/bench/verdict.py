"""A container's lines on its node against its entries in Loki: what is missing, invented, there twice or out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nodes import Log


@dataclass(frozen=True)
class Verdict:
    log: Log
    missing: Counter[str]
    invented: Counter[str]
    #: Entries that are there more than once.
    twice: int
    #: Lines that a rotation cut, and that are two entries.
    halved: int
    ordered: bool

    @property
    def lost(self) -> int:
        return self.missing.total()

    def __str__(self) -> str:
        examples = [*(f"missing {one[:120]!r}" for one in self.missing), *(f"invented {one[:120]!r}" for one in self.invented)]
        order = "" if self.ordered else ", out of order"
        return f"{self.log}: {self.log.count} lines, {self.lost} lost, {self.twice} twice{order}; {'; '.join(examples[:4])}"


def verdict(log: Log, entries: Iterable[dict[str, Any]]) -> Verdict:
    missing: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    twice, halved, ordered = 0, 0, True
    by_stream: dict[str, list[dict[str, Any]]] = {stream: [] for stream in log.streams}
    for one in entries:
        by_stream.setdefault(one["metadata"].get("log_iostream", ""), []).append(one)
    for stream, found in by_stream.items():
        unique = {(one["time"], one["line"]): None for one in sorted(found, key=lambda one: one["time"])}
        twice += len(found) - len(unique)
        # Tracebacks are entries of several lines.
        got = [line for _, text in unique for line in text.split("\n")]
        want = log.lines(stream)
        known = set(want)
        for cut in log.cut.get(stream, []):
            known |= {cut.begun, cut.rest}
            if got.count(cut.rest) <= want.count(cut.rest):
                continue
            got.remove(cut.rest)
            # It waits for 5 s in memory, and is gone with a collector that is killed: the line counts as missing.
            if cut.begun in got:
                got.remove(cut.begun)
                want.remove(cut.whole)
                halved += 1
        if got == want:
            continue
        missing += (less := Counter(want) - Counter(got))
        more = Counter(got) - Counter(want)
        invented += (strange := Counter({line: count for line, count in more.items() if line not in known}))
        twice += more.total() - strange.total()
        there = [line for line in want if not take(less, line)]
        ordered &= got == there or bool(more)
    return Verdict(log, missing, invented, twice, halved, ordered)


def take(left: Counter[str], line: str) -> bool:
    """Whether it was left; it is one less then."""
    if left[line] <= 0:
        return False
    left[line] -= 1
    return True
