"""Which pods a load balancer with IP targets sends to: it hears of one late, and forgets it later.

Registration and deregistration take `lag` seconds each: a target that is no longer ready still gets new requests for as long, and
one that has become ready gets none. (An ALB: its controller's reconciliation, then its own propagation; AWS documents no bound.)
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

#: (address, port) of a pod.
Target = tuple[str, int]


class Targets:
    def __init__(self, lag: float) -> None:
        self._lag = lag
        self._since: dict[Target, float] = {}
        self._gone: dict[Target, float] = {}
        self._turn = 0

    async def watch(self, ready: Callable[[], set[Target]], stop: asyncio.Event) -> None:
        """Asks for the targets that are ready, twice a second, until `stop`."""
        while not stop.is_set():
            self.note(await asyncio.to_thread(ready), time.monotonic())
            await asyncio.sleep(0.5)

    def note(self, ready: set[Target], now: float) -> None:
        for target in sorted(ready):
            # The first ones were there before the load balancer.
            self._since.setdefault(target, now if self._since else now - self._lag)
            self._gone.pop(target, None)
        for target in set(self._since) - ready:
            self._gone.setdefault(target, now)
            if now - self._gone[target] > self._lag:
                del self._since[target], self._gone[target]

    def registered(self, now: float) -> list[Target]:
        """Those that get new requests; all that are known when none has been known for long enough."""
        return [one for one, since in self._since.items() if now - since >= self._lag] or list(self._since)

    def pick(self) -> Target:
        """The next in turn. IndexError when there is none."""
        self._turn += 1
        found = self.registered(time.monotonic())
        if not found:
            raise IndexError("no target")
        return found[self._turn % len(found)]

    def keep(self, target: Target) -> bool:
        """Whether a connection to it may still be used."""
        return target in self._since
