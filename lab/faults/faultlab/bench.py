"""`lab/faults/bench`: original and repaired service measured side by side, in one run, as ratios of neighbours.

The machine may be busy with other work, so absolute figures move from run to run. Every figure here is taken in rounds: the
original for some seconds, then at once the repaired service under the same load, and so on. A round gives one ratio; the
median over the rounds, with the least and the greatest, is what counts. Both services stay up all the time; the one that is
not loaded costs next to nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from dataclasses import dataclass, field

from .documents import about_this_run, save
from .measurement import Subject, bystander, ratios, spread
from .original import original
from .repaired import ECHO, SILENT_METRICS, repaired, settings, sleep_path
from .sandbox import Pod

LOADS = (  # name, words, seconds of I/O (0: the trivial route), connections
    ("trivial-50", "trivial route, 50 connections", 0, 50),
    ("trivial-200", "trivial route, 200 connections", 0, 200),
    ("io50-50", "50 ms of I/O, 50 connections", 0.05, 50),
    ("io50-200", "50 ms of I/O, 200 connections", 0.05, 200),
    ("io200-200", "200 ms of I/O, 200 connections", 0.2, 200),
)
COSTS = (("cost", "trivial route", 0, 20), ("cost-io", "50 ms of I/O", 0.05, 50))
TURNS = 20  # of a second each, a round, with logs and metrics and without
VERDICT = {True: "held", False: "**missed**", None: "not judged"}
SLOW = (0, 10, 100)
CPU_WAIT = 5  # % of a request's own time: whoever waits longer for a CPU is limited by the CPU, and not by workers × threads


@dataclass
class Findings:
    """What a run found. `targets`: name, held (None: not judged), words."""

    original: Subject
    repaired: Subject
    silent: Subject  # the repaired service with neither logs nor metrics
    idle_mib: dict[str, float] = field(default_factory=dict)
    loaded_mib: dict[str, float] = field(default_factory=dict)
    waits: dict[str, dict[int, list[float]]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    targets: list[tuple[str, bool | None, str]] = field(default_factory=list)

    @property
    def pair(self) -> tuple[Subject, Subject]:
        return self.original, self.repaired

    @property
    def missed(self) -> list[str]:
        return [name for name, held, _ in self.targets if held is False]


def measure(found: Findings, rounds: int, seconds: int) -> None:
    """Loads the services in turns: original, repaired, original, repaired …"""
    found.idle_mib = {subject.name: subject.memory_mib() for subject in found.pair}
    for name, words, io, connections in LOADS:
        for number in range(rounds):
            if sys.stderr.isatty():
                print(f"\r\033[K{words}, round {number + 1} of {rounds}", end="", file=sys.stderr)
            for subject in found.pair:
                subject.measure(name, io, connections, seconds)
    found.loaded_mib = {subject.name: subject.memory_mib() for subject in found.pair}
    # A few per cent are looked for, on a machine whose speed changes by more from one minute to the next: many short turns, so that
    # neighbours see the same machine, and each of the two first as often as the other, which what the one before left behind (pages
    # to be written, a clock that was turned down) would favour.
    for number in range(TURNS * rounds):
        for name, _, io, connections in COSTS:
            for subject in (found.repaired, found.silent)[:: 1 if number % 2 else -1]:
                subject.measure(name, io, connections, seconds=1)
    for subject in found.pair:
        found.waits[subject.name] = {slow: bystander(subject, slow) for slow in SLOW}
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)


def judge(found: Findings, capacity: int) -> None:
    """Figures for the answers, and the targets; `capacity` is workers × threads."""
    theirs, ours = found.pair
    figures = found.figures
    for name, *_ in LOADS:
        figures[f"bench.{name}.ratio"] = f"{statistics.median(ratios(ours, theirs, name)):.1f}"
        for subject in found.pair:
            for key, value in subject.middle(name).items():
                figures[f"bench.{name}.{subject.name}.{key}"] = f"{value:.0f}"
    for subject in found.pair:
        figures[f"bench.memory.{subject.name}.idle"] = f"{found.idle_mib[subject.name]:.0f}"
        figures[f"bench.memory.{subject.name}.loaded"] = f"{found.loaded_mib[subject.name]:.0f}"
        for slow in SLOW:
            figures[f"bench.slow-{slow}.{subject.name}.worst"] = f"{max(found.waits[subject.name][slow]):.3f}"

    nine = statistics.median(ratios(ours, theirs, "io50-50"))
    found.targets.append(("nine", nine >= 9, f"{nine:.1f} times the original's requests/s at 50 ms of I/O and 50 connections (target: 9)"))
    for name, words, io, connections in LOADS:
        if not io:
            continue
        possible = min(capacity, connections) / io
        reached = 100 * statistics.median(rate.per_second for rate in ours.rates[name]) / possible
        waited = statistics.median(ours.queued[name])
        figures[f"bench.efficiency.{name}"] = f"{reached:.0f}"
        sentence = f"{words}: {reached:.0f} % of min({capacity} threads, {connections} connections) ÷ {io * 1000:.0f} ms (target: 90 %)"
        if waited < CPU_WAIT / 100 * io * 1000:
            found.targets.append((f"efficiency-{name}", reached >= 90, sentence))
        else:
            why = f"the CPU was the limit, a request waited {waited:.1f} ms for one"
            found.targets.append((f"efficiency-{name}", None, f"{sentence}: {why}"))
    for name, words, *_ in COSTS:
        lost = statistics.median(100 * (1 - ratio) for ratio in ratios(ours, found.silent, name))
        spent = statistics.median(100 * (a / b - 1) for a, b in zip(ours.cpu[name], found.silent.cpu[name], strict=True))
        figures[f"bench.{name}.throughput_percent"] = f"{lost:.1f}"
        figures[f"bench.{name}.cpu_percent"] = f"{spent:.1f}"
        sentence = f"logs and metrics cost {lost:.1f} % of the requests/s on the {words} (target: under 5 %); {spent:+.1f} % CPU a request"
        found.targets.append((name, lost < 5, sentence))
    worst, theirs_worst = max(found.waits["repaired"][100]), max(found.waits["original"][10])
    sentence = f"beside 100 slow POSTs a bystander waits {worst:.3f} s at worst (target: 0.5 s); beside 10 of them at the original {theirs_worst:.1f} s"
    found.targets.append(("slow", worst < 0.5, sentence))
    for name, held, _ in found.targets:
        figures[f"bench.{name}.held"] = VERDICT[held]


def document(found: Findings, run: dict[str, str], rounds: int, seconds: int, nice: int) -> str:
    theirs, ours = found.pair
    lines = [
        "<!-- Generated by `lab/faults/bench --write`. Do not edit. -->",
        "",
        "# The service beside the original, measured in one run",
        "",
        f"Run of {run['date']}, {run['machine']}; client, proxy and application share the CPUs, with whatever else the machine did",
        f"(load average {os.getloadavg()[0]:.1f} at the end, niceness {nice} for both services and the client). {rounds} rounds of {seconds} s a load, in each the original, then the",
        "repaired service; a cell is the median (least–greatest). Absolute figures depend on the machine; ratios are of neighbours in time.",
        "",
        "The original is [apps/original](../../apps/original/README.md), repaired only enough to start: haproxy is there, its error",
        "pages exist, `cll-dsb-auth` is 127.0.0.1, and the `&` of the last line is gone ([lab/faults](../../lab/faults/README.md)).",
        f"The repaired service has {settings()['workers']} workers of {settings()['threads']} threads, its logs and metrics on.",
        "",
        "## Targets",
        "",
        *(f"- {VERDICT[held]}: {words}" for _, held, words in found.targets),
        "",
        "## Throughput and latency",
        "",
        "| load | service | requests/s | p50 ms | p99 ms | failed | CPU ms a request | waits for a CPU, ms | CPU idle % | ratio, requests/s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, words, *_ in LOADS:
        for subject in found.pair:
            middle = subject.middle(name)
            cells = [
                words,
                subject.name,
                spread([rate.per_second for rate in subject.rates[name]], ".0f"),
                f"{middle['p50']:.1f}",
                f"{middle['p99']:.1f}",
                str(sum(rate.failed for rate in subject.rates[name])),
                f"{statistics.median(subject.cpu[name]):.2f}",
                f"{statistics.median(subject.queued[name]):.1f}",
                f"{statistics.median(subject.idle[name]):.0f}",
                spread(ratios(ours, theirs, name), ".2f") if subject is ours else "",
            ]
            lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        "## Logs and metrics",
        "",
        f"With them and without, in {TURNS * rounds} turns of a second, each of the two as often first.",
        "",
    ]
    lines += ["| load | with, requests/s | without, requests/s | CPU ms with | CPU ms without |", "| --- | --- | --- | --- | --- |"]
    for name, words, _, connections in COSTS:
        both = (ours, found.silent)
        rates = [spread([rate.per_second for rate in subject.rates[name]], ".0f") for subject in both]
        spent = [f"{statistics.median(subject.cpu[name]):.3f}" for subject in both]
        lines.append(f"| {words}, {connections} connections | {' | '.join(rates + spent)} |")
    lines += ["", "## A bystander beside slow clients", ""]
    lines += [
        "A normal client's GETs while others have sent the head of a POST and one byte of its body. The test gives up after 10 s.",
        "",
    ]
    lines += ["| slow POSTs | original, worst wait s | repaired, worst wait s |", "| --- | --- | --- |"]
    lines += [f"| {slow} | {' | '.join(f'{max(found.waits[s.name][slow]):.3f}' for s in found.pair)} |" for slow in SLOW]
    lines += [
        "",
        "## Memory",
        "",
        "Proportional set size of all processes, MiB.",
        "",
        "| service | idle | after the load |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {s.name} | {found.idle_mib[s.name]:.0f} | {found.loaded_mib[s.name]:.0f} |" for s in found.pair]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/faults/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each load (default 5)")
    parser.add_argument(
        "--seconds", type=int, default=5, help="seconds of load a measurement (default 5); what logs cost is measured in turns of one"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/service.{json,md} and the answers' figures")
    parser.add_argument("--nice", type=int, default=0, help="priority of both services and of the client on a busy machine, -20 to 19")
    options = parser.parse_args()
    nice = options.nice
    with Pod() as first, Pod() as second, Pod() as third:
        given = Subject("original", first, 80, nice, (original(first),), lambda seconds: f"/sleep/{seconds}", "/echo")
        service, silent = repaired(second), repaired(third, log_level="warning", app_files={"hello_api/metrics.py": SILENT_METRICS})
        found = Findings(
            given,
            Subject("repaired", second, service.port, nice, (service.app, service.edge), sleep_path, ECHO),
            Subject("silent", third, silent.port, nice, (silent.app, silent.edge), sleep_path, ECHO),
        )
        measure(found, options.rounds, options.seconds)
    judge(found, settings()["workers"] * settings()["threads"])
    run = about_this_run()
    if options.write:
        data = {"run": run, "figures": found.figures, "missed": found.missed}
        save("service", data, document(found, run, options.rounds, options.seconds, nice))
    if options.json:
        print(json.dumps({"run": run, "figures": found.figures, "missed": found.missed}, indent=2))
    else:
        for _, held, words in found.targets:
            print(f"{VERDICT[held]}: {words}")
        print(f"{sum(held is True for _, held, _ in found.targets)} passed, {len(found.missed)} failed")
    return 1 if found.missed else 0


if __name__ == "__main__":
    sys.exit(main())
