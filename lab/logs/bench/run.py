"""Runs the collector with the configuration that gitops deploys, on real and on hostile lines; see README.md."""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import hostile
import test_fuzz  # of apps/hello-api/tests: `run` has it on the path
import visits
from judge import as_expected, becomes, check, results, until
from meanwhile import meanwhile
from programs import MEMORY, STATE, WORK, Collector, HelloApi, Loki
from runtime import PODS, ContainerLog


def missing(log: ContainerLog, lines: list[str]) -> Counter[str]:
    return Counter(log.text()) - Counter(lines)


def numbered(log: ContainerLog) -> AbstractContextManager[None]:
    """A program that writes a numbered line every millisecond while something happens to the collector."""
    numbers = count(len(log.written))
    return meanwhile(lambda: log.line(f"line {next(numbers)} of {log.path.parent.parent.name.split('_')[1]}".encode()), pause=0.001)


def arrived(loki: Loki, log: ContainerLog, namespace: str, container: str) -> tuple[int, int]:
    """(lost, twice) once the last line is there and nothing more comes: what was read early may come late."""
    wanted = set(log.text())
    last = log.text()[-1]
    found: list[str] = []

    def settled() -> bool:
        before = len(found)
        found[:] = [line for line in loki.lines(namespace, container) if line in wanted]
        return last in found and (len(found) == before or not wanted - set(found))

    until(settled, f"the last line of {namespace}/{container} arrives", timeout=240, pause=1)
    return len(wanted - set(found)), len(found) - len(set(found))


def whole(name: str, loki: Loki, log: ContainerLog, namespace: str, container: str, bound: int = 0, also: bool = True) -> int:
    """Checks that every line arrives, but for `bound` of them; says how many were sent twice."""
    lost, twice = arrived(loki, log, namespace, container)
    check(name, lost <= bound and also, f"{len(log.written)} lines, {lost} lost, {twice} twice")
    return twice


# --- The service -----------------------------------------------------------------------------------------------------------------


def service(loki: Loki, collector: Collector) -> None:
    """Real requests, hostile ones among them, through the real haproxy and gunicorn."""
    api = HelloApi()
    visits.visit(
        lambda path, trace: api.get(path, traceparent=trace),
        lambda request: test_fuzz.send(api.port("edge"), request),
    )
    last = visits.TRACES[1].encode()
    until(lambda: any(last in line and b"/version" in line for line in api.logs["app"].written), "the last line")
    for name, log in api.logs.items():
        becomes(
            f"every line of {name} arrives once, as it was written",
            lambda log=log, name=name: Counter(log.text()) == Counter(loki.lines("hello-api", name)),
            lambda log=log: f"{len(log.written)} lines",
        )

    visits.found(loki.of("hello-api"), streams=2)
    events = {"Server app/bench is DOWN, reason: Layer7 timeout": "WARN", "backend bench has no server available!": "ERROR"}
    for event in events:
        api.logs["haproxy"].line(event.encode())
    until(lambda: set(events) <= set(loki.lines("hello-api", "haproxy")), "haproxy's own events arrive")
    said = {one["line"]: one["metadata"].get("severity_text") for one in loki.of("hello-api", "haproxy") if one["line"] in events}
    check("haproxy's own events are text, and have a level", said == events, f"{list(said.values())}")

    # The books: what the service says it wrote, what the collector took, sent, dropped.
    exceptions = sum('"exception":' in line for line in loki.lines("hello-api", "app"))
    requests = sum('"message":"request"' in line for line in loki.lines("hello-api", "app"))
    said = api.lines_written()
    check(
        "the service counts as many request lines as there are", said == requests, f"{said}, and {exceptions} lines of exceptions"
    )
    for name, log in api.logs.items():
        becomes(
            f"the collector counts as many lines of {name} as there are",
            lambda log=log, name=name: collector.taken(f"hello-api.{name}") == len(log.written),
            lambda name=name: f"{collector.taken(f'hello-api.{name}')}",
        )
    becomes("what it took it has sent", lambda: collector.sent() == len(loki.read()), lambda: f"{collector.sent()}")
    check("and dropped nothing", collector.dropped() == 0)
    check("it is root without a capability, and reads what the runtime writes for root", collector.capabilities() == 0)
    api.end()


# --- Lines of others -------------------------------------------------------------------------------------------------------------


def others(loki: Loki, collector: Collector) -> None:
    """Each hostile case in a container of its own, followed by a line that must be unharmed."""
    logs = []
    for number, case in enumerate(hostile.CASES):
        log = ContainerLog("shop", f"orders-{number}", "worker")
        for line in case.lines:
            log.line(line)
        log.line(b"the line after it")
        logs.append(log)
    pods = [f"orders-{number}" for number in range(len(hostile.CASES))]

    slow = ContainerLog("shop", "slow-0", "worker")
    broken = ContainerLog("shop", "broken-0", "worker")
    broken.bytes(b"not the runtime's format at all\n\x00\x00\x00\n")
    broken.raw(b"the first half, ", tag=b"P")
    broken.raw(b"the other", tag=b"F")
    broken.bytes(b"2026-11-26T12:00:00.0000")  # a crash in the middle of a stamp
    broken.bytes(b"\n")
    broken.line(b"whole again")
    # containerd writes each of a program's two streams by itself: a piece of one falls between two of the other's.
    both = ContainerLog("shop", "streams-0", "worker")
    both.raw(b"of stdout, ", tag=b"P")
    both.line(b"of stderr", "stderr")
    both.raw(b"and its end", tag=b"F")
    program = ContainerLog("shop", "python-0", "worker")
    program.run(sys.executable, "-c", "import json; print('before'); json.loads('{')")
    program.line(b"after")
    # The collector waits 5 s for the rest of a line, and then sends what it has.
    slow.raw(b"begun, ", tag=b"P")
    time.sleep(1)
    slow.line(b"and ended later")

    def entries(pod: str) -> list[dict[str, object]]:
        return [one for one in loki.of("shop") if one["metadata"]["k8s_pod_name"] == pod]

    until(lambda: all(any(one["line"] == "the line after it" for one in entries(pod)) for pod in pods), "hostile lines arrive")
    for case, pod in zip(hostile.CASES, pods, strict=True):
        found = [one for one in entries(pod) if one["line"] != "the line after it"]
        good = as_expected(case, found)
        check(case.name, good, "" if good else repr(found)[:600])
    names = {one["labels"]["service_name"] for pod in pods for one in entries(pod)}
    check("the pods of a workload are one service", names == {"orders"}, f"{names}")

    until(lambda: any(one["line"] == "whole again" for one in loki.of("shop")), "a file with rubbish in it is read on")
    check("what the runtime left in pieces is joined, and rubbish stops nothing", "the first half, the other" in loki.lines("shop"))
    until(lambda: "of stderr" in "".join(loki.lines("shop")), "a line of stderr arrives")
    streams = [(one["line"], one["metadata"]["log_iostream"]) for one in entries("streams-0")]
    check(
        "a line of one stream between two pieces of the other's is a line of its own",
        sorted(streams) == [("of stderr", "stderr"), ("of stdout, and its end", "stdout")],
        f"{streams}",
    )
    until(lambda: "begun, and ended later" in loki.lines("shop"), "a line in two writes arrives")
    check("a line that is written slowly is one line", "begun, " not in loki.lines("shop"))
    until(lambda: "after" in loki.lines("shop"), "a real traceback arrives")
    real = [line for line in loki.lines("shop") if "JSONDecodeError" in line]
    check("a real traceback of Python is one entry", len(real) == 1 and "Traceback" in real[0] and len(real[0].splitlines()) > 5)
    check("nothing of all this is dropped", collector.dropped() == 0)


# --- What happens to collectors --------------------------------------------------------------------------------------------------


def restarted(loki: Loki, collector: Collector) -> None:
    for number, name in ((signal.SIGTERM, "stopped"), (signal.SIGKILL, "killed")):
        # The service's container, and one whose lines may be the beginning of a traceback.
        service = ContainerLog("hello-api", f"{name}-0", "app")
        other = ContainerLog("restart", f"{name}-0", name)
        with numbered(service), numbered(other):
            for _ in range(3):
                time.sleep(0.7)
                collector.stop(number)
                time.sleep(0.3)
                collector.start()
        twice = whole(f"{name} and started three times, no line of the service is lost", loki, service, "hello-api", "app")
        check("and it goes on where it was: few are sent again", twice < len(service.written) / 2)
        bound = 0 if number == signal.SIGTERM else 3
        whole("and of others none but one a kill, that waited for its traceback", loki, other, "restart", name, bound)


def rotated(loki: Loki, collector: Collector) -> None:
    log = ContainerLog("rotation", "many-0", "c")
    with numbered(log):
        for _ in range(8):
            time.sleep(0.4)
            log.rotate()
    twice = whole("rotated eight times, no line is lost", loki, log, "rotation", "c")
    check("and none is read again when the kubelet has compressed it", twice == 0, f"{twice} twice")

    log = ContainerLog("rotation", "down-0", "d")
    with numbered(log):
        time.sleep(1)
        collector.stop()
        # Of five files the first has been read in part, the others not at all, and three are compressed.
        for _ in range(4):
            time.sleep(0.5)
            log.rotate()
        time.sleep(0.5)
        collector.start()
    packed = len(list(log.folder.glob("*.gz")))
    whole("rotated four times while the collector is away, no line is lost", loki, log, "rotation", "d", also=packed == 3)

    log = ContainerLog("rotation", "cut-0", "e")
    want: Counter[str] = Counter()
    # Within a line, and before its line break.
    for number, rest in enumerate(("and its other half", "", "", "and its other half")):
        lines = [f"line {number} before", f"line {number} after"]
        parts = (f"line {number}, begun, ", rest)
        want.update((*lines, *parts))
        log.line(lines[0].encode())
        time.sleep(0.5)
        log.rotate(cut=(parts[0].encode(), parts[1].encode()))
        log.line(lines[1].encode())
        time.sleep(0.5)
    # An empty one goes with the line before it, as in a traceback.
    becomes(
        "a line that a rotation cuts is there in its two parts, and harms no other",
        lambda: want == Counter(part for line in loki.lines("rotation", "e") for part in line.split("\n")),
        lambda: f"{loki.lines('rotation', 'e')}",
    )


def without_loki(loki: Loki, collector: Collector) -> None:
    log = ContainerLog("outage", "refused-0", "c")
    with numbered(log):
        time.sleep(0.5)
        loki.stop()
        time.sleep(3)
        collector.stop()
        collector.start()
        time.sleep(2)
    queued = collector.metric("otelcol_exporter_queue_size")
    loki.start()
    whole("Loki away for 5 s, the collector restarted meanwhile: no line is lost", loki, log, "outage", "c", also=queued > 0)

    log = ContainerLog("outage", "busy-0", "d")
    with numbered(log):
        time.sleep(0.5)
        loki.answer(503)
        time.sleep(3)
        loki.answer(0)
    whole("Loki answers 503 for a while: no line is lost", loki, log, "outage", "d")
    check("and none counts as dropped", collector.dropped() == 0)


def late(loki: Loki, collector: Collector) -> None:
    """A node whose lines are two hours old, beside one whose are new: the same container in both."""
    new, old = ContainerLog("late", "web-6d8f9c7b5d-x2x4z", "c"), ContainerLog("late", "web-6d8f9c7b5d-9jk2v", "c")
    new.line(b"new")
    until(lambda: "new" in loki.lines("late"), "a new line arrives")
    collector.stop()
    collector.node = "node-2"
    collector.start()
    for number in range(100):
        old.line(f"old {number}".encode(), ago=7200 - number)
    whole("a node that was away for two hours: no line is refused", loki, old, "late", "c", also=collector.dropped() == 0)
    collector.stop()
    collector.node = "node-1"
    collector.start()


def flooded(loki: Loki, collector: Collector) -> None:
    """More than the queue holds while Loki is away: what does not fit waits in the files, and the memory is that of its limit."""
    loki.answer(503)
    log = ContainerLog("flood", "loop-0", "c")
    text = b"x" * 300
    for number in range(60_000):
        log.line(b"%06d %s" % (number, text))
    until(lambda: collector.metric("otelcol_exporter_queue_size") > 45_000, "the queue fills", timeout=240)
    time.sleep(3)
    queued, rss = collector.metric("otelcol_exporter_queue_size"), collector.metric("otelcol_process_memory_rss") / 2**20
    check("full, the queue makes the collector wait", queued <= 50_000, f"{queued:.0f} lines in it")
    loki.answer(0)
    whole("60,000 lines, of which the queue holds 50,000: no line is lost", loki, log, "flood", "c", also=collector.dropped() == 0)
    rss = max(rss, collector.metric("otelcol_process_memory_rss") / 2**20)
    check("within the memory of its container", rss < MEMORY, f"{rss:.0f} of {MEMORY} MiB")


# --- Controls: lines are lost, and it is counted ---------------------------------------------------------------------------------


def controls(loki: Loki, collector: Collector, record: Path | None) -> None:
    loki.answer(400)
    log = ContainerLog("control", "refused-0", "c")
    for number in range(500):
        log.line(f"refused {number}".encode())
    until(lambda: collector.dropped() >= 500, "what Loki refuses is counted")
    check(
        "control: Loki refuses 500 lines for good, and 500 count as dropped", collector.dropped() == 500, f"{collector.dropped()}"
    )
    if record:
        (record / "log-collector-refused.prom").write_text(collector.exposition())
    loki.answer(0)

    api = HelloApi("hello-api-7d9c5b6f4d-9jk2v")
    for _ in range(20):
        api.get("/api/v1/echo")
    until(lambda: not missing(api.logs["app"], loki.lines("hello-api", "app")), "lines arrive again")
    said = api.lines_written()
    collector.stop()
    for _ in range(200):
        api.get("/api/v1/echo")
    until(
        lambda: sum(b'"message":"request"' in line for line in api.logs["app"].written) == api.lines_written(), "they are written"
    )
    api.logs["app"].rotate(lost=True)
    collector.start()
    for _ in range(20):
        api.get("/api/v1/echo")
    until(lambda: api.logs["app"].text()[-1] in loki.lines("hello-api", "app"), "the last line arrives")
    # The collector counts from 0 again since it was started.
    written, read = api.lines_written() - said, collector.taken("hello-api.app")
    lost = missing(api.logs["app"], loki.lines("hello-api", "app"))
    figures = f"{written} written, {read} taken, {sum(lost.values())} missing in Loki"
    check(
        "control: files that vanish unread are the difference of the two counters",
        written - read == 200 == sum(lost.values()),
        figures,
    )
    if record:
        (record / "log-collector-unread.prom").write_text(collector.exposition())
    api.end()


SCENARIOS: dict[str, Callable[..., None]] = {
    "service": service,
    "others": others,
    "restarted": restarted,
    "rotated": rotated,
    "without-loki": without_loki,
    "late": late,
    "flooded": flooded,
    "controls": controls,
}


def prepare() -> None:
    """We are alone in mount, network and PID namespaces: what is made here is gone with the process."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for folder in ("/var/log", "/var/lib"):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    for folder in (PODS, STATE, WORK):
        folder.mkdir(parents=True)
    hosts = WORK / "hosts"
    hosts.write_text("127.0.0.1 localhost loki.monitoring.svc\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/logs/run", description=__doc__)
    parser.add_argument("scenario", nargs="*", choices=[[], *SCENARIOS], help="all of them without one")
    parser.add_argument("--record", type=Path, help="writes what the collector exposes into this folder")
    arguments = parser.parse_args()
    record = arguments.record and arguments.record.resolve()
    prepare()
    loki, collector = Loki(), Collector()
    for name, scenario in SCENARIOS.items():
        if arguments.scenario and name not in arguments.scenario:
            continue
        began = time.monotonic()
        try:
            scenario(loki, collector, record) if scenario is controls else scenario(loki, collector)
        except Exception:
            check(f"{name} ran to its end", False, traceback.format_exc().strip())
        print(f"# {name}: {time.monotonic() - began:.0f} s", flush=True)
    collector.stop()
    complaints = [line for line in collector.log.read_text().splitlines() if '"level":"error"' in line or "panic" in line]
    print(f"# the collector wrote {len(complaints)} lines of errors", flush=True)
    if not all(results):
        shutil.copy(collector.log, "/tmp/logs-collector.log")  # noqa: S108 - for whoever looks at the failure
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


sys.exit(main())
