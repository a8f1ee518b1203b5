"""Runs the faults, a few at a time, each in sandboxes of its own."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from .registry import Fault


@dataclass
class Result:
    fault: type[Fault]
    seen: dict[str, str] = field(default_factory=dict)  # side -> evidence
    errors: dict[str, str] = field(default_factory=dict)  # side -> what was wrong
    figures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    before: str = ""  # what was wrong when it ran beside others; this result is of a second run, alone

    @property
    def passed(self) -> bool:
        return not self.errors


def examine(kind: type[Fault], sides: tuple[str, ...]) -> Result:
    result = Result(kind)
    begin = time.monotonic()
    for side in sides:
        fault = kind()
        fault.side = side
        try:
            result.seen[side] = getattr(fault, side)()
            result.figures |= fault.figures
        except Exception as error:  # a fault that cannot be examined is a failed fault, not the end of the run
            where = traceback.extract_tb(error.__traceback__)[-1]
            result.errors[side] = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
    result.seconds = time.monotonic() - begin
    return result


def examine_all(faults: list[type[Fault]], sides: tuple[str, ...], jobs: int, report: Callable[[Result], None]) -> list[Result]:
    """Faults that measure under load run one by one, after the others; so does, once more, what failed: several faults at a time on a
    busy machine can starve one another, and a fault that is really there shows itself twice."""
    results: list[Result] = []

    def judge(result: Result) -> None:
        if not result.passed:
            again = examine(result.fault, sides)
            again.before = "; ".join(f"{side}: {words}" for side, words in result.errors.items())
            result = again
        results.append(result)
        report(result)

    with ThreadPoolExecutor(jobs) as pool:
        pending = [pool.submit(examine, fault, sides) for fault in faults if not fault.alone]
        failed = []
        for done in as_completed(pending):
            result = done.result()
            if result.passed:
                judge(result)
            else:
                failed.append(result)
    for result in failed:
        judge(result)
    for fault in faults:
        if fault.alone:
            judge(examine(fault, sides))
    return sorted(results, key=lambda result: result.fault.number)
