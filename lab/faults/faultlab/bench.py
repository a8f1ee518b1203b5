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
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .client import request
from .documents import about_this_run, save
from .faults.clients import slow_posts
from .load import Rate, wrk
from .original import original
from .repaired import ECHO, QUIET, SLEEP, repaired, settings
from .sandbox import Container, Pod, descendants

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Subject:
    """A running service under test."""

    name: str
    pod: Pod
    port: int
    containers: tuple[Container, ...]
    trivial: str
    sleep: str  # format string, seconds
    post: str
    rates: dict[str, list[Rate]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)  # CPU ms per request

    def pids(self) -> list[int]:
        return [pid for box in self.containers if box.pid1 for pid in (box.pid1, *descendants(box.pid1))]

    def cpu_seconds(self) -> float:
        total = 0.0
        for pid in self.pids():
            try:
                words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += (int(words[11]) + int(words[12])) / TICKS
        return total

    def memory_mib(self) -> float:
        """Proportional set size of all processes, MiB."""
        total = 0
        for pid in self.pids():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def measure(self, case: str, path: str, connections: int, seconds: int) -> Rate:
        before = self.cpu_seconds()
        rate = wrk(self.pod, f"http://127.0.0.1:{self.port}{path}", connections=connections, seconds=seconds)
        spent = self.cpu_seconds() - before
        self.rates.setdefault(case, []).append(rate)
        self.cpu.setdefault(case, []).append(1000 * spent / max(1.0, rate.per_second * seconds))
        return rate


def spread(values: list[float], form: str) -> str:
    """median (least–greatest)"""
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def ratios(ours: list[Rate], theirs: list[Rate]) -> list[float]:
    return [a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True)]


def bystander(subject: Subject, slow: int, count: int = 20, timeout: float = 10) -> list[float]:
    """Seconds that a normal client waits while `slow` POST bodies never come. A request without answer counts as `timeout`."""
    sockets = slow_posts(subject.pod, subject.post, subject.port, slow)
    time.sleep(0.5)
    waited: list[float] = []
    begin = time.monotonic()
    while len(waited) < count and time.monotonic() - begin < 2 * timeout:
        answer = request(subject.pod, subject.trivial, port=subject.port, timeout=timeout)
        waited.append(answer.seconds if answer.status == 200 else timeout)
        time.sleep(0.05)
    for sock in sockets:
        sock.close()
    return waited


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/faults/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each case (default 5)")
    parser.add_argument("--seconds", type=int, default=5, help="seconds of load per measurement (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/service.{json,md} and the answers' figures")
    options = parser.parse_args()

    def say(words: str) -> None:
        if not options.json:
            print(words, flush=True)

    figures: dict[str, str] = {}
    tables: list[str] = []
    missed: list[str] = []
    capacity = settings()["workers"] * settings()["threads"]

    def target(name: str, held: bool, words: str) -> None:
        figures[f"bench.{name}.held"] = "held" if held else "missed"
        say(f"{'ok  ' if held else 'MISS'} {words}")
        tables.append(f"- {'held' if held else '**missed**'}: {words}")
        if not held:
            missed.append(name)

    with Pod() as pod_a, Pod() as pod_b, Pod() as pod_c:
        a = Subject("original", pod_a, 80, (original(pod_a),), "/", "/sleep/{}", "/echo")
        service = repaired(pod_b)
        b = Subject("repaired", pod_b, service.port, (service.app, service.edge), "/", SLEEP, ECHO)
        silent = repaired(pod_c, app_env=QUIET)
        c = Subject("silent", pod_c, silent.port, (silent.app, silent.edge), "/", SLEEP, ECHO)
        idle = {subject.name: subject.memory_mib() for subject in (a, b)}

        cases: list[tuple[str, Callable[[Subject], str], int]] = [
            ("trivial-50", lambda s: s.trivial, 50),
            ("trivial-200", lambda s: s.trivial, 200),
            ("io50-50", lambda s: s.sleep.format(0.05), 50),
            ("io50-200", lambda s: s.sleep.format(0.05), 200),
            ("io200-200", lambda s: s.sleep.format(0.2), 200),
        ]
        names = {"trivial": "trivial route", "io50": "50 ms of I/O", "io200": "200 ms of I/O"}
        for name, path, connections in cases:
            for _ in range(options.rounds):
                a.measure(name, path(a), connections, options.seconds)
                b.measure(name, path(b), connections, options.seconds)
            say(f"{name}: original {spread([r.per_second for r in a.rates[name]], '.0f')}, repaired {spread([r.per_second for r in b.rates[name]], '.0f')} requests/s, ratio {spread(ratios(b.rates[name], a.rates[name]), '.2f')}")
        loaded = {subject.name: subject.memory_mib() for subject in (a, b)}

        rows = ["| load | | requests/s | p50 ms | p99 ms | failed | CPU ms a request | ratio, requests/s |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
        for name, _, connections in cases:
            kind = names[name.split("-")[0]]
            ratio = ratios(b.rates[name], a.rates[name])
            figures[f"bench.{name}.ratio"] = f"{statistics.median(ratio):.1f}"
            for subject in (a, b):
                rates = subject.rates[name]
                middle = {
                    "per_second": statistics.median(r.per_second for r in rates),
                    "p50": statistics.median(r.p50 for r in rates),
                    "p99": statistics.median(r.p99 for r in rates),
                }
                for key, value in middle.items():
                    figures[f"bench.{name}.{subject.name}.{key}"] = f"{value:.0f}"
                cells = [
                    f"{kind}, {connections} connections" if subject is a else "",
                    subject.name,
                    spread([r.per_second for r in rates], ".0f"),
                    f"{middle['p50']:.1f}",
                    f"{middle['p99']:.1f}",
                    str(sum(r.failed for r in rates)),
                    f"{statistics.median(subject.cpu[name]):.2f}",
                    spread(ratio, ".2f") if subject is b else "",
                ]
                rows.append("| " + " | ".join(cells) + " |")

        # Cost of logs and metrics: with, without, with, without; CPU per request is steadier than throughput.
        for _ in range(2 * options.rounds):
            b.measure("cost", "/", 20, options.seconds)
            c.measure("cost", "/", 20, options.seconds)
            b.measure("cost-io", SLEEP.format(0.05), 50, options.seconds)
            c.measure("cost-io", SLEEP.format(0.05), 50, options.seconds)
        costs = {}
        for case in ("cost", "cost-io"):
            throughput = [100 * (1 - ratio) for ratio in ratios(b.rates[case], c.rates[case])]
            cpu = [100 * (with_ / without - 1) for with_, without in zip(b.cpu[case], c.cpu[case], strict=True)]
            costs[case] = (throughput, cpu)
            figures[f"bench.{case}.throughput_percent"] = f"{statistics.median(throughput):.1f}"
            figures[f"bench.{case}.cpu_percent"] = f"{statistics.median(cpu):.1f}"

        waits = {subject.name: {slow: bystander(subject, slow) for slow in (0, 10, 100)} for subject in (a, b)}

    slow_rows = ["| slow POSTs | original, worst wait s | repaired, worst wait s |", "| --- | --- | --- |"]
    for slow in (0, 10, 100):
        cells = [f"{max(waits[name][slow]):.3f}" for name in ("original", "repaired")]
        for name, text in zip(("original", "repaired"), cells, strict=True):
            figures[f"bench.slow-{slow}.{name}.worst"] = text
        slow_rows.append(f"| {slow} | {cells[0]} | {cells[1]} |")
    for name in ("original", "repaired"):
        figures[f"bench.memory.{name}.idle"] = f"{idle[name]:.0f}"
        figures[f"bench.memory.{name}.loaded"] = f"{loaded[name]:.0f}"

    nine = statistics.median(ratios(b.rates["io50-50"], a.rates["io50-50"]))
    target("nine", nine >= 9, f"at 50 ms of I/O and 50 connections {nine:.1f} times the original's requests/s (target 9)")
    efficiency = {}
    for name, latency, connections in (("io50-50", 0.05, 50), ("io200-200", 0.2, 200)):
        possible = min(capacity, connections) / latency
        efficiency[name] = 100 * statistics.median(r.per_second for r in b.rates[name]) / possible
        figures[f"bench.efficiency.{name}"] = f"{efficiency[name]:.0f}"
        target(
            f"efficiency-{name}",
            efficiency[name] >= 90,
            f"{efficiency[name]:.0f} % of min(workers × threads = {capacity}, {connections} connections) ÷ {latency * 1000:.0f} ms (target 90 %)",
        )
    for case, words in (("cost", "trivial route"), ("cost-io", "50 ms of I/O")):
        throughput, cpu = (statistics.median(values) for values in costs[case])
        target(
            case,
            throughput < 5,
            f"logs and metrics cost {throughput:.1f} % of the requests/s on the {words} (target under 5 %); CPU per request {cpu:+.1f} %",
        )
    worst = max(waits["repaired"][100])
    target("slow", worst < 0.5, f"a bystander beside 100 slow POSTs waits {worst:.3f} s at worst (the original beside 10: {max(waits['original'][10]):.1f} s, the limit of the test)")

    run = about_this_run()
    markdown = "\n".join(
        [
            "<!-- Generated by `lab/faults/bench --write`. Do not edit. -->",
            "",
            "# The service beside the original, measured in one run",
            "",
            f"Run of {run['date']}, {run['machine']}, load average {os.getloadavg()[0]:.1f} at its end; client, proxy and application share",
            f"the CPUs. {options.rounds} rounds of {options.seconds} s, each the original and then the repaired service; a cell is the median",
            "(least–greatest). Absolute figures depend on the machine and on its other work; the ratios are of neighbours in time.",
            "",
            "The original is [apps/original](../../apps/original/README.md), repaired only enough to start: haproxy is there, its error",
            "pages exist, `cll-dsb-auth` is 127.0.0.1, and the `&` of the last line is gone ([lab/faults](../../lab/faults/README.md)).",
            f"The repaired service has {settings()['workers']} workers of {settings()['threads']} threads, its logs and metrics on.",
            "",
            "## Targets",
            "",
            *tables,
            "",
            "## Throughput and latency",
            "",
            *rows,
            "",
            "## A bystander beside slow clients",
            "",
            "A normal client's GETs while other clients have sent the head of a POST and one byte of its body. 10 s is where the test",
            "gives up.",
            "",
            *slow_rows,
            "",
            "## Memory",
            "",
            "Proportional set size of all processes, MiB.",
            "",
            "| | idle | after the load |",
            "| --- | --- | --- |",
            *(f"| {name} | {idle[name]:.0f} | {loaded[name]:.0f} |" for name in ("original", "repaired")),
            "",
        ]
    )
    if options.json:
        print(json.dumps({"run": run, "figures": figures, "missed": missed}, indent=2))
    if options.write:
        save("service", {"run": run, "figures": figures, "missed": missed}, markdown)
    say(f"{sum(key.endswith('.held') for key in figures) - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
