"""What Prometheus says of its alerts, and what reached the receiver: sampled while a run lasts, asked afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: Where our webhook listens, inside the lab: nothing in there can reach us, and all of it can be reached from here.
RECEIVER_HOST, RECEIVER_PORT = f"{os.environ.get('LAB_NET', '198.18')}.0.1", 9099
RECEIVER = f"http://{RECEIVER_HOST}:{RECEIVER_PORT}"

#: Seconds between two looks.
LOOK = 0.5

Labels = dict[str, str]


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - addresses of the lab
        return json.load(answer)


@dataclass
class Spell:
    """One alert from its first pending to its end. Times are the clock's, s; 0 is not yet."""

    labels: Labels
    pending: float
    firing: float = 0
    gone: float = 0

    @property
    def name(self) -> str:
        return self.labels["alertname"]


@dataclass
class Watch:
    prometheus: str
    spells: list[Spell] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    _open: dict[str, Spell] = field(default_factory=dict)

    async def look(self) -> None:
        """For ever; what does not answer is asked again."""
        while True:
            with contextlib.suppress(OSError, ValueError):
                self.note((await asyncio.to_thread(get, f"{self.prometheus}/api/v1/alerts"))["data"]["alerts"], time.time())
            with contextlib.suppress(OSError, ValueError):
                self.received = await asyncio.to_thread(get, f"{RECEIVER}/received")
            await asyncio.sleep(LOOK)

    def note(self, alerts: list[dict[str, Any]], now: float) -> None:
        seen = set()
        for one in alerts:
            key = json.dumps(one["labels"], sort_keys=True)
            seen.add(key)
            if key not in self._open:
                self._open[key] = Spell(one["labels"], datetime.fromisoformat(one["activeAt"]).timestamp())
                self.spells.append(self._open[key])
            if one["state"] == "firing" and not self._open[key].firing:
                self._open[key].firing = now
        for key in set(self._open) - seen:
            self._open.pop(key).gone = now

    def firing(self) -> Iterator[Spell]:
        """What fires now, but for the watchdog, which always does."""
        return (one for one in self._open.values() if one.firing and one.name != "Watchdog")

    def fired(self, name: str, concerns: Callable[[Labels], bool], since: float) -> Spell | None:
        for one in self.spells:
            if one.name == name and one.firing >= since and concerns(one.labels):
                return one
        return None

    def arrived(self, spell: Spell, status: str, since: float) -> dict[str, Any] | None:
        """The first notification about this alert that the receiver accepted; Prometheus adds its own labels on the way."""
        for one in self.received:
            good = one["status"] == status and one["answer"] == 200
            if good and one["at"] >= since and spell.labels.items() <= one["labels"].items():
                return one
        return None

    def heartbeats(self, since: float = 0) -> list[float]:
        """When the watchdog arrived at the dead-man's switch."""
        return [one["at"] for one in self.received if one["receiver"] == "dead-man" and one["at"] >= since]

    async def query(self, expression: str) -> list[dict[str, Any]]:
        url = f"{self.prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        return list((await asyncio.to_thread(get, url))["data"]["result"])

    async def explain(self, expression: str, metrics: list[str], namespace: str) -> str:
        """What the expression returns now, and what it is made of."""
        lines = [f"       {expression}", f"       returns {shown(await self.query(expression))}"]
        for metric in metrics:
            selector = f'{metric}{{namespace="{namespace}"}}' if namespace else metric
            lines.append(f"       {selector}: {shown(await self.query(selector))}")
        return "\n".join(lines)


def shown(result: list[dict[str, Any]]) -> str:
    """A result, in one line."""
    values = [
        f"{{{','.join(f'{k}={v}' for k, v in one['metric'].items() if k != '__name__')}}} {one['value'][1]}" for one in result[:4]
    ]
    return "; ".join(values) + (f" and {len(result) - 4} more" if len(result) > 4 else "") if values else "nothing"
