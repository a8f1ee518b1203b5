"""Proves the service on the lab's cluster: a table of what happened to it, and how many requests were lost."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import checks
import cluster
import scenarios
from idle import Idle
from load import Outcome, Shape, load
from starvation import WAITED, Starvation
from targets import Targets  # lab/balancer; cluster puts it on the path

REQUESTS = 10_000
CLIENTS = Shape(connections=24, interval=0.05)
#: Connections of a load balancer that are seldom used: now and then one is, while its pod is on the way out.
SELDOM = Shape(connections=60, interval=10, paths=("/",))
#: Longest wait for enough requests after the event, s: twice what the load generator needs for all of them.
PATIENCE = 2 * REQUESTS * CLIENTS.interval / CLIENTS.connections
#: A scenario that the machine spoiled is repeated alone, on fresh pods, so often.
REPEATS = 2
#: Among the names of scenarios, what looks at the pods as they run: checks.py.
LOOK = "checks"


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str
    event: scenarios.Event
    overlay: str = "lab"
    behind_alb: bool = False
    #: A control: it must lose some, and is over when its event is.
    loses: bool = False
    #: Judged by its bounds: requests that hang with the pod are lost, and are shown.
    may_lose: bool = False
    #: Connections that idle as a load balancer's do are opened before it, and used again after `ends_idle`.
    begins_idle: bool = False
    ends_idle: bool = False


SCENARIOS = [
    Scenario("rolling-update", "every pod is replaced", scenarios.rolling_update),
    Scenario("worker-kill", "a gunicorn worker gets SIGKILL every second", scenarios.workers_killed, begins_idle=True),
    Scenario("master-kill", "gunicorn's master gets SIGKILL", scenarios.masters_killed, ends_idle=True),
    Scenario("haproxy-reload", "haproxy reads its configuration again", scenarios.haproxy_reloaded),
    Scenario("haproxy-restart", "haproxy's container is stopped and restarted", scenarios.haproxy_restarted),
    Scenario("node-drain", "a node is drained", scenarios.node_drained),
    Scenario("scale", "3 to 1 to 3 replicas", scenarios.scaled),
    Scenario("wedge", "every thread of a pod hangs", scenarios.Wedge(), may_lose=True),
    Scenario("alb-rolling-update", "every pod is replaced, behind a load balancer", scenarios.rolling_update, behind_alb=True),
]
CONTROLS = [
    Scenario(
        "control-rolling-update", "as above, without preStop, drain, retries", scenarios.rolling_update, "control", loses=True
    ),
    Scenario(
        "control-worker-kill",
        "as above, without preStop, drain, retries",
        partial(scenarios.workers_killed, 8),
        "control",
        loses=True,
    ),
    Scenario("control-master-kill", "as above, without preStop, drain, retries", scenarios.masters_killed, "control", loses=True),
]


async def prove(scenario: Scenario) -> dict[str, object]:
    """Load, the event, and load on until there were requests enough."""
    outcome, stop, starvation = Outcome(), asyncio.Event(), Starvation()
    address = cluster.service_address()
    balancer = Targets(cluster.SETTINGS.deregistration - 2)
    watching = [asyncio.create_task(starvation.watch(stop))]
    shapes = [(CLIENTS, lambda: address, lambda _: True)]
    if scenario.behind_alb:
        watching.append(asyncio.create_task(balancer.watch(cluster.ready_targets, stop)))
        await asyncio.sleep(2)
        shapes = [(shape, balancer.pick, balancer.keep) for shape in (CLIENTS, SELDOM)]
    running = asyncio.create_task(load(shapes, outcome, stop))
    began, wall = time.monotonic(), time.time()
    said = error = ""
    spoiled = []
    try:
        await asyncio.sleep(2)
        said = await scenario.event()
        end = time.monotonic() + PATIENCE
        while not scenario.loses and outcome.requests < REQUESTS and time.monotonic() < end:
            await asyncio.sleep(0.2)
        await asyncio.sleep(1)
    except RuntimeError as failure:
        error = str(failure)
    stop.set()
    await asyncio.gather(running, *watching)
    if not error and not scenario.loses and outcome.requests < REQUESTS:
        error = f"only {outcome.requests} of {REQUESTS} requests in {time.monotonic() - began:.0f} s"
        spoiled.append("the load generator had no time")
    if outcome.late > WAITED:
        spoiled.append(f"the load generator was {outcome.late:.1f} s late")
    if starved := starvation.words():
        spoiled.append(starved)
    # A load balancer sends nothing twice: to its clients a stale connection is a 502. And what clients had to repair, was lost by us.
    lost = outcome.failed + (outcome.resent if scenario.behind_alb or scenario.loses else 0)
    passed = not error and (scenario.may_lose or (lost > 0) == scenario.loses)
    return {
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
        "spoiled": "; ".join(spoiled),
        "evidence": [] if passed else evidence(outcome, wall),
    }


def evidence(outcome: Outcome, since: float) -> list[str]:
    """When requests were lost, and what haproxy says of them."""
    lines = [f"{one - since:.1f} s: {kind}" for one, kind in outcome.when[:5]]
    try:
        return lines + cluster.edge_complaints(since)[:12]
    except (RuntimeError, ValueError) as error:  # what cannot be read is no reason to end the run
        return [*lines, str(error)]


def repeated(scenario: Scenario) -> Iterator[dict[str, object]]:
    """The scenario, and once more for each time that it failed while the machine starved it."""
    for again in range(REPEATS + 1):
        if again:
            cluster.fresh()
        row = asyncio.run(prove(scenario))
        row["repeated"] = bool(again < REPEATS and not row["passed"] and row["spoiled"])
        yield row
        if not row["repeated"]:
            return


def line(row: dict[str, object]) -> str:
    kinds = ", ".join(f"{count} × {kind}" for kind, count in row["kinds"].items()) or "-"  # type: ignore[attr-defined]
    mark = "ok  " if row["passed"] else "----" if row["repeated"] else "FAIL"
    counts = f"{row['requests']:>8} {row['failed']:>6} {row['resent']:>6}"
    times = f"{row['p50_ms']:>7} {row['p99_ms']:>8} {row['max_ms']:>8} {row['seconds']:>6}"
    return f"{mark} {row['scenario']:<24}{counts} {times}  {kinds}; {row['said']}"


class Bench:
    """Runs scenarios one after the other, prints a line each as it ends, and keeps what was seen."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self.passed = 0
        self.failures: list[str] = []
        self._overlay = ""
        self._idle: Idle | None = None

    def look(self) -> None:
        """At the pods as they run."""
        if self._laid("lab", LOOK):
            for passed, words in checks.look():
                self.count(passed, words)

    def run(self, chosen: Iterable[Scenario]) -> None:
        for scenario in chosen:
            if not self._laid(scenario.overlay, scenario.name):
                continue
            if scenario.begins_idle:
                self._idle = Idle()
            for row in repeated(scenario):
                self.rows.append(row)
                self._print(row)
            self.count(bool(row["passed"]), line(row))
            if scenario.ends_idle and self._idle:
                kept, said = self._idle.result()
                print(f"{'ok  ' if kept else 'FAIL'} {'alb-idle':<24} {said}", flush=True)
                self.count(kept, f"alb-idle {said}")
                self._idle = None

    def _laid(self, overlay: str, name: str) -> bool:
        """Whether there are three ready pods of the overlay; without them what has this name has failed."""
        try:
            if overlay == self._overlay:
                cluster.settle(3)
            else:
                cluster.apply(overlay)
                self._overlay = overlay
            return True
        except RuntimeError as error:
            words = f"FAIL {name:<24} not begun: {error}"
            print(words, flush=True)
            self.count(False, words)
            return False

    def count(self, passed: bool, words: str) -> None:
        self.passed += passed
        if not passed:
            self.failures.append(words)

    @staticmethod
    def _print(row: dict[str, object]) -> None:
        print(line(row), flush=True)
        for one in row["evidence"]:  # type: ignore[attr-defined]
            print(f"       {one}")
        if row["repeated"]:
            print(f"     the machine spoiled it, and it is repeated alone: {row['spoiled']}", flush=True)


def main() -> int:
    everything = [*SCENARIOS, *CONTROLS]
    parser = argparse.ArgumentParser(prog="lab/service/run", description=__doc__)
    names = [*(one.name for one in everything), LOOK]
    parser.add_argument("scenario", nargs="*", help=f"some of: {', '.join(names)}; all without one")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    given = parser.parse_args()
    if unknown := set(given.scenario) - set(names):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    print(f"     {'scenario':<24}{'requests':>8} {'failed':>6} {'resent':>6} {'p50 ms':>7} {'p99 ms':>8} {'max ms':>8} {'s':>6}")
    bench = Bench()
    chosen = given.scenario or names
    bench.run(one for one in SCENARIOS if one.name in chosen)
    # Before the controls, which take away what is looked at.
    if LOOK in chosen:
        bench.look()
    bench.run(one for one in CONTROLS if one.name in chosen)
    if given.json:
        given.json.write_text(json.dumps(bench.rows, indent=2) + "\n")
    if bench.failures:
        print("What failed:")  # once more, since whoever reads a log reads its end
        for words in bench.failures:
            print(words)
    print(f"{bench.passed} passed, {len(bench.failures)} failed")
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())
