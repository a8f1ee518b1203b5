"""Proves the service on the lab's cluster: a table of what happened to it, and how many requests were lost."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import checks
import cluster
import scenarios
from load import Outcome, Shape, load
from targets import Targets

REQUESTS = 10_000
CLIENTS = Shape(connections=24, interval=0.05)
#: Connections of a load balancer that are seldom used: almost as long as its idle timeout.
IDLE = Shape(connections=60, interval=cluster.SETTINGS.load_balancer_idle - 1, paths=("/",))


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str
    event: scenarios.Event
    overlay: str = "lab"
    behind_alb: bool = False
    loses: bool = False
    #: Judged by its bounds: requests that hang with the pod are lost, and are shown.
    may_lose: bool = False


SCENARIOS = [
    Scenario("rolling-update", "every pod is replaced", scenarios.rolling_update),
    Scenario("worker-kill", "a gunicorn worker gets SIGKILL every second", scenarios.workers_killed),
    Scenario("master-kill", "gunicorn's master gets SIGKILL", scenarios.masters_killed),
    Scenario("haproxy-reload", "haproxy reads its configuration again", scenarios.haproxy_reloaded),
    Scenario("haproxy-restart", "haproxy's container is stopped and restarted", scenarios.haproxy_restarted),
    Scenario("node-drain", "a node is drained", scenarios.node_drained),
    Scenario("scale", "3 to 1 to 3 replicas", scenarios.scaled),
    Scenario("wedge", "every thread of a pod hangs", scenarios.Wedge(), may_lose=True),
    Scenario("alb-rolling-update", "every pod is replaced, behind a load balancer", scenarios.rolling_update, behind_alb=True),
    Scenario(
        "control-rolling-update", "as above, without preStop, drain, retries", scenarios.rolling_update, "control", loses=True
    ),
    Scenario("control-worker-kill", "as above, without preStop, drain, retries", scenarios.workers_killed, "control", loses=True),
    Scenario("control-master-kill", "as above, without preStop, drain, retries", scenarios.masters_killed, "control", loses=True),
]


async def prove(scenario: Scenario) -> tuple[bool, dict[str, object]]:
    """Load, the event, and load on until there were requests enough."""
    outcome, stop = Outcome(), asyncio.Event()
    address = cluster.service_address()
    balancer = Targets(cluster.SETTINGS.deregistration - 2)
    watching = asyncio.create_task(balancer.watch(cluster.ready_targets, stop)) if scenario.behind_alb else None
    shapes = [(CLIENTS, lambda: address, lambda _: True)]
    if watching:
        await asyncio.sleep(2)
        shapes = [(shape, balancer.pick, balancer.keep) for shape in (CLIENTS, IDLE)]
    running = asyncio.create_task(load(shapes, outcome, stop))
    began = time.monotonic()
    error = ""
    try:
        await asyncio.sleep(2)
        said = await scenario.event()
        while outcome.requests < REQUESTS or (watching and time.monotonic() - began < 2 * IDLE.interval + 5):
            await asyncio.sleep(0.2)
        await asyncio.sleep(1)
    except RuntimeError as failure:
        said, error = "", str(failure)
    stop.set()
    await running
    if watching:
        await watching
    # A load balancer sends nothing twice: to its clients a stale connection is a 502. And what clients had to repair, was lost by us.
    lost = outcome.failed + (outcome.resent if scenario.behind_alb or scenario.loses else 0)
    passed = not error and (scenario.may_lose or (lost > 0) == scenario.loses)
    return passed, {
        "scenario": scenario.name,
        "what": scenario.says,
        "said": said or error,
        "expected": "some lost" if scenario.loses else "within its bounds" if scenario.may_lose else "none lost",
        "requests": outcome.requests,
        "failed": outcome.failed,
        "resent": outcome.resent,
        "kinds": dict(outcome.failures),
        "seconds": round(time.monotonic() - began, 1),
        "p50_ms": round(outcome.percentile(0.5) * 1000, 1),
        "p99_ms": round(outcome.percentile(0.99) * 1000, 1),
        "max_ms": round(outcome.percentile(1) * 1000, 1),
        "passed": passed,
    }


def line(row: dict[str, object]) -> str:
    kinds = ", ".join(f"{count} × {kind}" for kind, count in row["kinds"].items()) or "-"  # type: ignore[union-attr]
    mark = "ok  " if row["passed"] else "FAIL"
    counts = f"{row['requests']:>8} {row['failed']:>6} {row['resent']:>6}"
    times = f"{row['p50_ms']:>7} {row['p99_ms']:>8} {row['max_ms']:>8} {row['seconds']:>6}"
    return f"{mark} {row['scenario']:<24}{counts} {times}  {kinds}; {row['said']}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/service/run", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"some of: {', '.join(one.name for one in SCENARIOS)}")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    given = parser.parse_args()
    unknown = set(given.scenario) - {one.name for one in SCENARIOS}
    if unknown:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(one.name for one in SCENARIOS)}")
    chosen = [one for one in SCENARIOS if not given.scenario or one.name in given.scenario]
    print(f"     {'scenario':<24}{'requests':>8} {'failed':>6} {'resent':>6} {'p50 ms':>7} {'p99 ms':>8} {'max ms':>8} {'s':>6}")
    rows: list[dict[str, object]] = []
    overlay = ""
    for scenario in chosen:
        if scenario.overlay != overlay:
            cluster.apply(scenario.overlay)
            overlay = scenario.overlay
        else:
            cluster.settle(3)
        _, row = asyncio.run(prove(scenario))
        rows.append(row)
        print(line(row), flush=True)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n")
    passed = sum(bool(row["passed"]) for row in rows)
    failed = len(rows) - passed
    if not given.scenario:
        cluster.apply("lab")
        seen, unseen = checks.look()
        passed, failed = passed + seen, failed + unseen
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
