"""What is held against what arrived: checks, the entries that the stand-in for Loki took, and the collector's own numbers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile

LABELS = {"k8s_namespace_name", "k8s_container_name", "service_name", "k8s_node_name"}
METADATA = {"k8s_pod_name", "k8s_pod_uid", "k8s_container_restart_count", "log_iostream", "request_id"}
METADATA |= {"severity_text", "severity_number", "trace_id", "span_id"}
LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", None}

results: list[bool] = []


def check(name: str, good: bool, figures: str = "") -> None:
    results.append(good)
    print(f"{'ok  ' if good else 'FAIL'} {name}{f': {figures}' if figures else ''}", flush=True)


def becomes(
    name: str, condition: Callable[[], bool], figures: Callable[[], str] = str, timeout: float = 60, pause: float = 0.2
) -> None:
    """A check of what is so once everything under way has arrived: haproxy may write an event of its own at any time."""
    end = time.monotonic() + timeout
    while not (good := condition()) and time.monotonic() < end:
        time.sleep(pause)
    check(name, good, figures())


def until(condition: Callable[[], bool], what: str, timeout: float = 90, pause: float = 0.1) -> None:
    """Waits; a busy machine is given time, and what takes too long is a failure with a name."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not so after {timeout:.0f} s")
        time.sleep(pause)


def metric(exposition: str, name: str, **labels: str) -> float:
    """The sum of its series that have these labels."""
    total = 0.0
    for line in exposition.splitlines():
        found = re.match(rf"{name}(?:_total)?(?:\{{(.*)\}})? (\S+)$", line)
        if found and all(f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()):
            total += float(found[2])
    return total


def taken(exposition: str, receiver: str) -> int:
    return int(metric(exposition, "otelcol_receiver_accepted_log_records", receiver=f"file_log/{receiver}"))


def sent(exposition: str) -> int:
    return int(metric(exposition, "otelcol_exporter_sent_log_records"))


def dropped(exposition: str) -> int:
    names = ("otelcol_exporter_send_failed_log_records", "otelcol_exporter_enqueue_failed_log_records")
    return int(sum(metric(exposition, name) for name in names))


def as_expected(case: hostile.Case, found: list[dict[str, Any]]) -> bool:
    """Whether these are the entries of a hostile line, with no label and no field but ours."""
    lines = tuple(one["line"] for one in found)
    level = {one["metadata"].get("severity_text", "-") for one in found}
    good = any(lines) if case.entries is None else lines == case.entries and level == {case.level}
    return good and all(set(one["labels"]) == LABELS and set(one["metadata"]) <= METADATA for one in found)


class Entries:
    """What the stand-in wrote into its file, in the order in which it took it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.entries: list[dict[str, Any]] = []
        self._at = 0

    def read(self) -> list[dict[str, Any]]:
        with self.file.open("rb") as file:
            file.seek(self._at)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._at += len(whole)
        self.entries += [json.loads(line) for line in whole.splitlines()]
        return self.entries

    def of(self, namespace: str, container: str | None = None) -> list[dict[str, Any]]:
        """Entries of a namespace, as `{k8s_namespace_name="…"}` would select them."""
        return [
            one
            for one in self.read()
            if one["labels"].get("k8s_namespace_name") == namespace and container in (None, one["labels"].get("k8s_container_name"))
        ]

    def lines(self, namespace: str, container: str | None = None) -> list[str]:
        return [one["line"] for one in self.of(namespace, container)]
