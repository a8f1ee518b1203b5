"""What a fault is: its number and words, how to see it on the original, how to see its absence on the repaired service."""

from __future__ import annotations

import importlib
import pkgutil
from typing import ClassVar

STAGES = ("build", "start", "configuration", "runtime", "evidence", "operations")


class Fault:
    """Subclass it in faultlab/faults/ and it is part of the table.

    `original` and `repaired` return one sentence of evidence with what was seen, and raise AssertionError when the fault
    (or its absence) was not seen. A number in the sentence goes through `figure`, which keeps it for the documents.
    """

    number: ClassVar[int]
    title: ClassVar[str]
    where: ClassVar[str]  # file:line of the original
    stage: ClassVar[str]
    symptom: ClassVar[str]
    fix: ClassVar[str]
    alone: ClassVar[bool] = False  # measures time under load: nothing else of the lab may run meanwhile

    def __init__(self) -> None:
        self.figures: dict[str, str] = {}
        self.side = ""

    def figure(self, name: str, value: float | int | str, form: str = "") -> str:
        text = format(value, form)
        self.figures[f"fault-{self.number}.{self.side}.{name}"] = text
        return text

    def original(self) -> str:
        raise NotImplementedError

    def repaired(self) -> str:
        raise NotImplementedError


def all_faults() -> list[type[Fault]]:
    from . import faults

    for module in pkgutil.iter_modules(faults.__path__):
        importlib.import_module(f"{faults.__name__}.{module.name}")
    found = sorted(Fault.__subclasses__(), key=lambda fault: fault.number)
    numbers = [fault.number for fault in found]
    assert len(set(numbers)) == len(numbers), f"a fault number is taken twice: {numbers}"
    return found
