"""Shows on the lab that faults of hello-api raise the alerts they should, that these arrive, and that nothing else does."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cluster

import page
from faults import FAULTS, Fault, fragile_rule
from place import HERE, Place, settle
from watch import LOOK, RECEIVER, RECEIVER_HOST, RECEIVER_PORT, Spell, Watch, get

#: Every `for`, window and interval of the committed rules and routing, divided by this.
FACTOR = 20
#: Seconds between two scrapes and two evaluations: five in the shortest window, 5 min.
INTERVAL = 3
#: Seconds within which an alert must fire and arrive, and within which it must be over: generous, for a machine that does more.
FIRES, RESOLVES = 180, 240
#: Periods of the watchdog after which whoever waits for it raises the alarm.
SILENT_PERIODS = 5
#: Kinds that a run makes in the namespace monitoring, labelled as its own.
MADE = "prometheuses,alertmanagers,prometheusrules,servicemonitors,secrets"
#: Where an alert of a severity must arrive.
ROUTES = {"critical": "pager", "warning": "tickets"}


Check = tuple[bool, str]


@dataclass(frozen=True)
class Row:
    """One alert that a fault must raise. Seconds since the fault began; `resolved` since it ended."""

    fault: str
    says: str
    alert: str
    severity: str
    receiver: str
    pending: float | None = None
    firing: float | None = None
    received: float | None = None
    resolved: float | None = None
    committed: float | None = None
    at_least: bool = False
    problem: str = ""


def line(row: Row) -> str:
    times = " ".join(f"{page.cell(one):>8}" for one in (row.pending, row.firing, row.received, row.resolved))
    committed = page.cell(row.committed, "≥" if row.at_least else "")
    mark = "FAIL" if row.problem else "ok  "
    return f"{mark} {row.fault:<16} {row.alert:<32} {times} {committed:>10}  {row.problem or row.receiver}"


async def until(condition: Callable[[], Any], limit: float) -> Any:
    """The first true answer, or the last false one."""
    end = time.monotonic() + limit
    while not (found := condition()) and time.monotonic() < end:
        await asyncio.sleep(LOOK / 2)
    return found


def row_of(fault: Fault, alert: str, known: dict[str, Any]) -> dict[str, Any]:
    severity = known["severity"]
    return {"fault": fault.name, "says": fault.says, "alert": alert, "severity": severity, "receiver": ROUTES[severity]}


async def suffer(fault: Fault, place: Place, watch: Watch, alerts: dict[str, Any]) -> list[Row]:
    """The fault, until all its alerts have arrived; then its end, until all are over. One row an alert."""
    began = time.time()
    seen: dict[str, Spell] = {}
    first: dict[str, dict[str, Any]] = {}
    problems: dict[str, str] = {}
    async with fault.inject(place):
        for name in fault.raises:
            left = FIRES - (time.time() - began)
            spell = await until(partial(watch.fired, name, fault.concerns, began), left)
            if spell is None:
                problems[name] = f"has not fired after {FIRES} s\n" + await watch.explain(
                    alerts[name]["expr"], alerts[name]["metrics"], place.namespace if not fault.of else ""
                )
                continue
            seen[name] = spell
            if message := await until(partial(watch.arrived, spell, "firing", began), FIRES / 2):
                first[name] = message
            else:
                problems[name] = f"has fired and reached no receiver after {FIRES / 2:.0f} s more"
    ended = time.time()
    rows = []
    for name in fault.raises:
        known = alerts[name]
        row = row_of(fault, name, known)
        if spell := seen.get(name):
            longer = known["for"] * (1 - 1 / FACTOR)
            firing = spell.firing - began
            row |= {"pending": spell.pending - began, "firing": firing, "committed": firing + longer, "at_least": known["window"]}
        if message := first.get(name):
            row |= {"received": message["at"] - began}
            if message["receiver"] != ROUTES[known["severity"]]:
                problems[name] = f"is {known['severity']} and went to {message['receiver']}"
            over = await until(partial(watch.arrived, spell, "resolved", began), RESOLVES - (time.time() - ended))
            if over:
                row |= {"resolved": max(0.0, over["at"] - ended)}
            elif name not in problems:
                told = "is over, and nobody was told" if spell.gone else "is not over"
                problems[name] = f"{told} {RESOLVES} s after the fault\n" + await watch.explain(
                    known["expr"], known["metrics"], place.namespace if not fault.of else ""
                )
        rows.append(Row(**row, problem=problems.get(name, "")))
        print(line(rows[-1]), flush=True)
    return rows


def surprises(watch: Watch, faults: list[Fault], also: set[str]) -> list[str]:
    """What fired, or arrived, and that no fault accounts for."""
    found = set()
    told = [one["labels"] for one in watch.received] + [one.labels for one in watch.spells if one.firing]
    for labels in told:
        name = labels["alertname"]
        if name in also or any(name in (*fault.raises, *fault.follows) and fault.concerns(labels) for fault in faults):
            continue
        found.add(f"{name} {json.dumps({k: v for k, v in labels.items() if k not in ('alertname', 'component', 'kind', 'team')})}")
    return sorted(found)


def consequences(watch: Watch, faults: list[Fault]) -> list[str]:
    """What followed from a fault, with its reason."""
    return [
        f"     {fault.name:<16} {name} followed: {reason}"
        for fault in faults
        for name, reason in fault.follows.items()
        if watch.fired(name, fault.concerns, 0)
    ]


def render() -> dict[str, Any]:
    command = ["node", "-r", "./bin/register.js", "lab/alerts/render.ts", str(FACTOR)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=cluster.PROJECT)
    return dict(json.loads(done.stdout))


def known_to(alerts: dict[str, Any], faults: list[Fault]) -> None:
    """The table names only what the catalogue has."""
    named = {name for fault in faults for name in (*fault.raises, *fault.follows)}
    if unknown := named - set(alerts):
        raise SystemExit(f"lab/alerts/faults.py names {', '.join(sorted(unknown))}, which modules/monitoring does not have")


@asynccontextmanager
async def receiver() -> AsyncIterator[None]:
    """Our webhook, as a process inside the lab: Alertmanager cannot get out."""
    program = [str(HERE / "receiver.py"), RECEIVER_HOST, str(RECEIVER_PORT)]
    command = [str(cluster.PROJECT / "lab" / "lab"), "exec", "python3", *program]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        await asyncio.to_thread(process.wait)


def vanished(name: str) -> None:
    """Waits until the pods of a Prometheus and an Alertmanager of this name are gone."""
    pods = [f"prometheus-{name}-0", f"alertmanager-{name}-0"]
    end = time.monotonic() + 120
    while left := cluster.kubectl("-n", "monitoring", "get", "pods", *pods, "--ignore-not-found", "-o", "name").split():
        if time.monotonic() > end:
            raise RuntimeError(f"{', '.join(left)} in monitoring: still there after 120 s")
        time.sleep(0.5)


def clear() -> None:
    """Takes away what a run made, this one or one that broke off, without the grace that a service is given."""
    left = json.loads(cluster.kubectl("get", "namespaces", "-l", "lab=alerts", "-o", "json"))["items"]
    for name in [one["metadata"]["name"] for one in left]:
        cluster.kubectl("-n", name, "delete", "deployments,pods", "--all", "--grace-period=0", "--force", "--wait=false")
    cluster.kubectl("delete", "namespaces", "-l", "lab=alerts", "--ignore-not-found", "--timeout=120s")
    cluster.kubectl("-n", "monitoring", "delete", MADE, "-l", "lab=alerts", "--ignore-not-found")
    cluster.kubectl(
        "-n", "monitoring", "wait", "--for=delete", "pod/prometheus-alerts-0", "pod/alertmanager-alerts-0", "--timeout=90s"
    )


def monitoring(plan: dict[str, Any], places: dict[str, Place]) -> None:
    """Rules, routing, and a Prometheus and an Alertmanager that have them from their first moment."""

    def kube(*arguments: str, stdin: str | None = None) -> str:
        return cluster.kubectl("-n", "monitoring", *arguments, stdin=stdin)

    text = (HERE / "stack.yaml").read_text().replace("SECONDS", str(INTERVAL))
    for kind in ("prometheus", "alertmanager"):
        one = json.loads(kube("get", f"{kind}/lab", "-o", "json"))["spec"]
        text = text.replace(f"{kind.upper()}_IMAGE", one["image"]).replace(f"{kind.upper()}_VERSION", one["version"])
    secrets = {
        "alertmanager-cimiento": {"alertmanager.yaml": plan["routing"]},
        "receivers": {name: f"{RECEIVER}/{name}" for name in ("pager", "tickets", "dead-man")},
    }
    objects = [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": k}, "stringData": v} for k, v in secrets.items()]
    for one in (everything := objects + plan["rules"]):
        one["metadata"].setdefault("labels", {})["lab"] = "alerts"
    kube("apply", "--server-side", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": everything}))
    for fault in FAULTS:
        if fault.of and fault.namespace in places:
            places[fault.namespace].kubectl("apply", "-f", "-", stdin=fragile_rule(fault.namespace))
    # The lab's own stand aside; their pods must be gone, or the new Prometheus would send to the old Alertmanager.
    kube("delete", "prometheus/lab", "alertmanager/lab", "--ignore-not-found")
    for monitor in json.loads(kube("get", "servicemonitors", "-A", "-o", "json"))["items"]:
        patch = [
            {"op": "add", "path": f"/spec/endpoints/{index}/{key}", "value": f"{INTERVAL}s"}
            for index in range(len(monitor["spec"]["endpoints"]))
            for key in ("interval", "scrapeTimeout")
        ]
        metadata = monitor["metadata"]
        kube("-n", metadata["namespace"], "patch", "servicemonitor", metadata["name"], "--type=json", "-p", json.dumps(patch))
    vanished("lab")
    kube("apply", "-f", "-", stdin=text)


async def ready(places: dict[str, Place]) -> str:
    """Prometheus' address, when it has scraped every pod of every place and knows the Alertmanager."""
    pods = {pod.name for place in places.values() for pod in place.pods()}
    why = ""

    def look() -> str:
        nonlocal why
        try:
            address = cluster.kubectl("-n", "monitoring", "get", "pod", "prometheus-alerts-0", "-o", "jsonpath={.status.podIP}")
            url = f"http://{address}:9090"
            up = get(f"{url}/api/v1/query?query=up")["data"]["result"]
            seen = {one["metric"].get("pod") for one in up if one["value"][1] == "1"}
            why = f"not scraped: {', '.join(sorted(pods - seen))}"
            known = get(f"{url}/api/v1/alertmanagers")["data"]["activeAlertmanagers"]
            rules = sum(len(group["rules"]) for group in get(f"{url}/api/v1/rules")["data"]["groups"])
            if pods <= seen:
                why = f"{len(known)} Alertmanagers, {rules} rules"
            return url if pods <= seen and known and rules else ""
        except (OSError, RuntimeError, ValueError) as error:
            why = why or str(error)
            return ""

    end = time.monotonic() + 180
    while not (url := await asyncio.to_thread(look)):
        if time.monotonic() > end:
            raise RuntimeError(f"Prometheus is not ready after 180 s: {why}")
        await asyncio.sleep(1)
    return url


async def without_alertmanager(watch: Watch, known: dict[str, Any]) -> list[Check]:
    """Nobody can be told that nobody can be told: Prometheus knows it, and the dead-man's switch hears nothing."""
    beats = watch.heartbeats()
    period = max([later - earlier for earlier, later in zip(beats[-10:], beats[-9:], strict=False)], default=INTERVAL)
    limit = SILENT_PERIODS * period
    patch = '{"spec":{"replicas":%d}}'
    began = time.time()
    await asyncio.to_thread(cluster.kubectl, "-n", "monitoring", "patch", "alertmanager/alerts", "--type=merge", "-p", patch % 0)
    silent = await until(lambda: time.time() - max(watch.heartbeats(), default=began) > limit, FIRES)
    alarm = time.time() - began
    spell = await until(lambda: watch.fired("PrometheusAlertsDropped", lambda _: True, began), FIRES)
    await asyncio.to_thread(cluster.kubectl, "-n", "monitoring", "patch", "alertmanager/alerts", "--type=merge", "-p", patch % 1)
    ended = time.time()
    again = await until(lambda: watch.heartbeats(ended), RESOLVES)
    gone = spell and await until(lambda: spell.gone, RESOLVES)
    missed = "" if spell else "\n" + await watch.explain(known["expr"], known["metrics"], "")
    said_so = f"after {spell.firing - began:.0f} s" if spell else f"not{missed}"
    back = f"after {again[0] - ended:.0f} s" if again else "not"
    over = f"after {spell.gone - ended:.0f} s" if gone else "not"
    return [
        (bool(silent), f"without Alertmanager the dead-man's switch heard nothing for {limit:.0f} s, {alarm:.0f} s after it went"),
        (bool(spell), f"without Alertmanager PrometheusAlertsDropped fires {said_so}"),
        (bool(again), f"with Alertmanager again the watchdog arrives {back}"),
        (bool(gone), f"with Alertmanager again PrometheusAlertsDropped is over {over}"),
    ]


async def run(faults: list[Fault]) -> tuple[list[Row], list[Check]]:
    plan = render()
    known_to(plan["alerts"], FAULTS)
    places = {fault.namespace: Place(fault.namespace, fault.replicas) for fault in faults}
    base = cluster.kustomize(HERE / "overlay")
    rows: list[Row] = []
    checks: list[Check] = []

    def check(passed: object, text: str) -> None:
        checks.append((bool(passed), text))
        print(f"{'ok  ' if passed else 'FAIL'} {text}", flush=True)

    async with AsyncExitStack() as stack:
        said("deploying hello-api into", str(len(places)), "namespaces")
        await asyncio.to_thread(clear)
        stack.push_async_callback(asyncio.to_thread, clear)
        for place in places.values():
            await asyncio.to_thread(place.deploy, base)
        await stack.enter_async_context(receiver())
        await settle(list(places.values()), 300)
        said("starting Prometheus and Alertmanager with the rules of gitops/monitoring")
        await asyncio.to_thread(monitoring, plan, places)
        started = time.time()
        watch = Watch(await ready(places))
        looking = asyncio.create_task(watch.look())
        stack.callback(looking.cancel)
        for place in places.values():
            await place.begin()
            stack.push_async_callback(place.end)

        beats = await until(watch.heartbeats, 60)
        arrived = f"{beats[0] - started:.0f} s after Alertmanager was asked for" if beats else "never"
        check(beats, f"Watchdog reached the dead-man's switch {arrived}")
        # What fired while things started is over before anything is judged, and stays over for as long as the longest scrape takes.
        quiet = await until(lambda: not list(watch.firing()) and time.time() - started > 20, 240)
        check(quiet, f"before a fault nothing but the watchdog fires{named(watch)}")
        watch.spells = [one for one in watch.spells if not one.gone]
        watch.received.clear()

        print(f"     {'fault':<16} {'alert':<32} {'pending':>8} {'firing':>8} {'received':>8} {'resolved':>8} {'committed':>10}")
        together = [fault for fault in faults if not fault.alone]
        for batch in [together, *([fault] for fault in faults if fault.alone)]:
            for found in await asyncio.gather(*(suffer(fault, places[fault.namespace], watch, plan["alerts"]) for fault in batch)):
                rows += found
        for text in consequences(watch, faults):
            print(text)
        if any(fault.alone for fault in faults):
            for passed, text in await without_alertmanager(watch, plan["alerts"]["PrometheusAlertsDropped"]):
                check(passed, text)
        over = await until(lambda: not list(watch.firing()), RESOLVES)
        check(over, f"at the end nothing but the watchdog fires{named(watch)}")
        wrong = surprises(watch, faults, {"Watchdog", "PrometheusAlertsDropped"})
        check(not wrong, "nothing fired that no fault accounts for" + "".join(f"\n       {one}" for one in wrong))
    return rows, checks


def named(watch: Watch) -> str:
    """What fires now: nothing, or `: A, B`."""
    names = sorted({one.name for one in watch.firing()})
    return f": {', '.join(names)}" if names else ""


def said(*words: str) -> None:
    print("lab/alerts:", *words, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/alerts/run", description=__doc__)
    names = ", ".join(one.name for one in FAULTS)
    parser.add_argument("fault", nargs="*", help=f"some of: {names}; without one all of them, and Alertmanager is taken away")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--write", action="store_true", help="write docs/alerts-seen.md")
    given = parser.parse_args()
    if unknown := set(given.fault) - {one.name for one in FAULTS}:
        parser.error(f"no fault {', '.join(sorted(unknown))}; there are {names}")
    print(
        f"Every `for`, window and interval of gitops/monitoring is {FACTOR} times as short; scraped each {INTERVAL} s.\n"
        "Seconds since the fault began; resolved: since it ended; committed: firing with the committed `for` (≥: windows add)."
    )
    began = time.monotonic()
    chosen = [one for one in FAULTS if not given.fault or one.name in given.fault]
    rows, checks = asyncio.run(run(chosen))
    if given.json:
        given.json.write_text(json.dumps([vars(row) for row in rows], indent=2) + "\n")
    if given.write:
        page.write(rows, checks, FACTOR, INTERVAL)
    failed = sum(bool(row.problem) for row in rows) + sum(not passed for passed, _ in checks)
    said(f"{time.monotonic() - began:.0f} s")
    print(f"{len(rows) + len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(cluster.PROJECT)
    sys.exit(main())
