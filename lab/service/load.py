"""A load generator that hides nothing: it counts every request that got no good answer by kind.

It does what every HTTP client does and no more: a GET on a kept connection that is closed before the first byte of an answer is
sent once more on a new one (RFC 9110 9.2.2, RFC 9112 9.3.1; haproxy closes so on purpose), and is counted as resent. Closed loop:
each connection sends its next request a fixed time after the last one was due, and keeps its connection as a browser or a load
balancer does. The caller decides where a new connection goes.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

TIMEOUT = 30.0

#: (host, port) for a new connection, and whether a kept one may still be used.
Pick = Callable[[], tuple[str, int]]
Keep = Callable[[tuple[str, int]], bool]


@dataclass
class Outcome:
    """What a load run saw. Latencies in seconds, of good answers only."""

    failures: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    when: list[tuple[float, str]] = field(default_factory=list)
    connections: int = 0
    resent: int = 0
    #: Longest that a request was sent after it was due, s: the load generator's own lateness.
    late: float = 0

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    @property
    def requests(self) -> int:
        return len(self.latencies) + self.failed

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Failure(Exception):
    """A request without a good answer; its text is the kind."""


class Stale(Failure):
    """A kept connection was closed before the first byte of an answer."""


class Connection:
    """One connection at a time, kept as long as the server keeps it."""

    def __init__(self, pick: Pick, keep: Keep, outcome: Outcome) -> None:
        self._pick, self._keep, self._outcome = pick, keep, outcome
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._address = ("", 0)

    async def get(self, path: str) -> int:
        try:
            return await self.request("GET", path)
        except Stale:
            self._outcome.resent += 1
            return await self.request("GET", path)

    async def request(self, method: str, path: str, body: bytes = b"") -> int:
        kept = self._streams is not None
        if self._streams and not self._keep(self._address):
            self.close()
            kept = False
        if not self._streams:
            await self._connect()
        assert self._streams
        reader, writer = self._streams
        try:
            head = f"{method} {path} HTTP/1.1\r\nHost: hello-api\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            status, headers = await self._head(reader, kept)
            length = int(headers.get("content-length", "0"))
            try:
                await reader.readexactly(length)
            except asyncio.IncompleteReadError:
                raise Failure("truncated body") from None
        except (Failure, OSError) as error:
            self.close()
            raise error if isinstance(error, Failure) else Failure("connection reset") from None
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status

    async def _connect(self) -> None:
        self._address = self._pick()
        self._outcome.connections += 1
        try:
            self._streams = await asyncio.wait_for(asyncio.open_connection(*self._address), 5)
        except TimeoutError:
            raise Failure("connect timeout") from None
        except OSError:
            raise Failure("connection refused") from None

    @staticmethod
    async def _head(reader: asyncio.StreamReader, kept: bool) -> tuple[int, dict[str, str]]:
        try:
            first = await reader.readline()
        except ConnectionError:
            first = b""
        if not first:
            raise Stale("closed without an answer") if kept else Failure("closed without an answer")
        headers: dict[str, str] = {}
        while line := (await reader.readline()).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return int(first.split()[1]), headers

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


@dataclass(frozen=True)
class Shape:
    """`connections` clients, each with a request every `interval` seconds, one of `paths` in turn."""

    connections: int
    interval: float
    paths: tuple[str, ...] = ("/", "/api/v1/echo?q=a", "/fault/latency/20")


async def client(number: int, shape: Shape, pick: Pick, keep: Keep, outcome: Outcome, stop: asyncio.Event) -> None:
    connection = Connection(pick, keep, outcome)
    due = time.monotonic() + shape.interval * number / shape.connections
    turn = number
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), max(0.0, due - time.monotonic()))
            break
        except TimeoutError:
            pass
        began = time.monotonic()
        outcome.late = max(outcome.late, began - due)
        try:
            status = await asyncio.wait_for(connection.get(shape.paths[turn % len(shape.paths)]), TIMEOUT)
            if status != 200:
                raise Failure(f"status {status}")
            outcome.latencies.append(time.monotonic() - began)
        except (Failure, TimeoutError) as error:
            kind = str(error) or "no answer in time"
            outcome.failures[kind] += 1
            outcome.when.append((time.time(), kind))
            connection.close()
        turn += 1
        due = max(due + shape.interval, time.monotonic())
    connection.close()


async def load(shapes: list[tuple[Shape, Pick, Keep]], outcome: Outcome, stop: asyncio.Event) -> None:
    """Runs until `stop`; a request that has begun is waited for."""
    clients = [client(n, shape, pick, keep, outcome, stop) for shape, pick, keep in shapes for n in range(shape.connections)]
    await asyncio.gather(*clients)
