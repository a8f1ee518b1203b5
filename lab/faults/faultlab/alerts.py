"""Whether an alert of the project's catalogue fires on what a service exposes: the rules of gitops/monitoring, evaluated by promtool.

A service is run under a condition for some seconds, and its two endpoints are scraped before and after. An alert looks back for minutes
or hours; so what counters grew by is repeated every minute, and gauges stay at what they were at the end: an hour and a half of what was
seen. An endpoint that does not answer a scrape is `up` 0. promtool is one of the lab's programs (`lab/lab build`).

`python -m faultlab.alerts NAME…`: for each name, whether it fires on the service of $FAULTS_SERVICE, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from .client import request, until
from .faults.clients import slow_posts
from .load import Clients
from .paths import PROJECT
from .repaired import ECHO, Service, repaired, sleep_path
from .sandbox import Pod

RULES = PROJECT / "gitops" / "monitoring"
MINUTES = 90
#: How a ServiceMonitor labels the two endpoints of a pod.
TARGET = 'namespace="hello",service="hello-api",job="hello-api",pod="api-1",endpoint="{}"'
LIMITS = (1024, 4096)  # soft and hard limit of open files where nobody sets one

Scrape = dict[str, str | None]


def scrape(service: Service) -> Scrape:
    """What each endpoint answers; None when it is not a scrape's answer."""
    ports = {"app-metrics": service.app_metrics_port, "edge-metrics": service.edge_metrics_port}
    answers = {name: request(service.pod, "/metrics", port=port, timeout=10) for name, port in ports.items()}
    return {name: answer.body if answer.status == 200 else None for name, answer in answers.items()}


def samples(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^([a-z]\S*(?:\{.*\})?) (\S+)$", text, re.M)}


def series(before: Scrape, after: Scrape) -> list[dict[str, str]]:
    found = []
    for endpoint, text in after.items():
        target = TARGET.format(endpoint)
        found.append({"series": f"up{{{target}}}", "values": f"{int(text is not None)}x{MINUTES}"})
        earlier = samples(before[endpoint] or "")
        for name, value in samples(text or "").items():
            metric, _, labels = name.partition("{")
            counts = metric.endswith(("_total", "_bucket", "_count", "_sum"))
            growth = value - earlier.get(name, 0) if counts else 0
            labelled = f"{metric}{{{','.join(filter(None, (labels.rstrip('}'), target)))}}}"
            if value == value and growth >= 0:  # neither NaN nor a process that began anew
                found.append({"series": labelled, "values": f"{value:f}+{growth:f}x{MINUTES}" if counts else f"{value:f}x{MINUTES}"})
    return found


def groups() -> list[dict[str, Any]]:
    files = sorted(RULES.glob("rules-*.yaml"))
    return [group for path in files for group in yaml.safe_load(path.read_text())["spec"]["groups"]]


def firing(alert: str, before: Scrape, after: Scrape) -> bool:
    """LookupError when the catalogue has no such alert, or promtool is not there or says something else than yes or no."""
    promtool = shutil.which("promtool", path=f"{os.environ['PATH']}:{os.environ.get('LAB_HOME', '/var/tmp/lab')}/bin")
    if not promtool:
        raise LookupError("promtool is not there: it is one of the lab's programs, run lab/lab build")
    chosen = [rule for group in groups() for rule in group["rules"] if rule.get("alert") == alert]
    if not chosen:
        raise LookupError(f"{RULES.relative_to(PROJECT)} has no alert {alert}")
    with tempfile.TemporaryDirectory(prefix="alert-") as box:
        (Path(box) / "rules.yaml").write_text(json.dumps({"groups": [{"name": "chosen", "rules": chosen}]}))
        expected = {"eval_time": f"{MINUTES}m", "alertname": alert, "exp_alerts": []}
        test = {"interval": "1m", "input_series": series(before, after), "alert_rule_test": [expected]}
        whole = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
        (Path(box) / "test.yaml").write_text(json.dumps(whole))
        done = subprocess.run([promtool, "test", "rules", "test.yaml"], cwd=box, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode and not re.search(r"got:\s*\[\s*0:", said):
        raise LookupError(f"promtool: {said.strip()[-600:]}")
    return done.returncode != 0


def starts(pod: Pod) -> tuple[Scrape, Scrape]:
    """It is started, and asked twenty times when it serves or has had time enough to."""
    service = repaired(pod, ready=False, nofile=LIMITS)
    with contextlib.suppress(AssertionError):
        until(lambda: service.ready() or not service.edge.running, timeout=40)
    before = scrape(service)
    for _ in range(20):
        request(pod, port=service.port, timeout=10)
    return before, scrape(service)


def workers_die(pod: Pod) -> tuple[Scrape, Scrape]:
    """Twenty clients ask, and after each 150 answers a worker is killed."""
    service = repaired(pod)
    service.all_workers()
    before = scrape(service)
    clients = Clients(pod, sleep_path(20 / 1000), port=service.port)
    for number in range(10):
        until(lambda so_many=150 * (number + 1): clients.total >= so_many, what="150 more answers")  # type: ignore[misc]
        os.kill(service.all_workers()[-1], signal.SIGKILL)
    clients.stop()
    return before, scrape(service)


def bodies_never_come(pod: Pod) -> tuple[Scrape, Scrape]:
    """A hundred clients send the head of a POST and one byte of its body."""
    service = repaired(pod)
    before = scrape(service)
    sockets = slow_posts(pod, ECHO, service.port, 100)
    after, end = scrape(service), time.monotonic() + service.values["request"] / 2
    # Until they hold all that they can hold, and shorter than anybody's patience with them.
    while busy(after) < service.values["workers"] * service.values["threads"] and time.monotonic() < end:
        after = max(after, scrape(service), key=busy)
    for sock in sockets:
        sock.close()
    return before, after


def busy(seen: Scrape) -> float:
    return samples(seen["app-metrics"] or "").get("gunicorn_threads_busy", 0)


CONDITIONS: dict[str, Callable[[Pod], tuple[Scrape, Scrape]]] = {
    "TargetScrapeFailing": starts,
    "HaproxyNoServer": starts,
    "HaproxyErrorBudgetSlowBurn": workers_die,
    "GunicornThreadsSaturated": bodies_never_come,
}


def main() -> int:
    said = {}
    for alert in sys.argv[1:]:
        with Pod() as pod:
            before, after = CONDITIONS[alert](pod)
        said[alert] = firing(alert, before, after)
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
