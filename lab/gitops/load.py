"""Requests to the service until standard input ends: then what became of them, as one line of JSON. usage: load.py HOST PORT"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "service"))
from load import Outcome, Shape, load  # noqa: E402

#: 120 requests a second: enough to see a gap of 10 ms, little enough to leave the machine to the cluster.
CLIENTS = Shape(connections=12, interval=0.1, paths=("/", "/api/v1/echo?q=a"))


async def main(host: str, port: int) -> None:
    outcome, stop = Outcome(), asyncio.Event()
    running = asyncio.create_task(load([(CLIENTS, lambda: (host, port), lambda _: True)], outcome, stop))
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    await running
    print(json.dumps({"requests": outcome.requests, "failed": outcome.failed, "kinds": dict(outcome.failures)}))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
