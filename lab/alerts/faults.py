"""The faults, what each must raise, and what else it may: the table that a run is judged by.

`raises` are names of modules/monitoring's catalogue; each must fire for this place, reach the receiver that its severity is routed
to, and resolve. `follows` may fire as well, each with its reason; anything else is a failure.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import urllib.request
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import cluster
import scenarios

from place import Place
from watch import RECEIVER, Labels

Injection = Callable[[Place], contextlib.AbstractAsyncContextManager[None]]

#: With a factor, what the fault needs of real time is longer than the shortened `for`; with the committed one it is not.
SHORTENED = "only in the shortened time: the fault is over long before the committed `for`"
#: The ticket beside the page on the same objective.
SLOW = {"FlaskLatencySlowBurn": "the same slow requests in its longer windows"}


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    inject: Injection
    raises: tuple[str, ...]
    follows: dict[str, str] = field(default_factory=dict)
    replicas: int = 1
    #: Labels of its alerts that are not about its own namespace, in part: `{"rule_group": "fragile"}`.
    of: Labels = field(default_factory=dict)
    #: It disturbs the others: it comes after them.
    alone: bool = False

    @property
    def namespace(self) -> str:
        return f"alerts-{self.name.replace(' ', '-')}"

    def concerns(self, labels: Labels) -> bool:
        """Whether an alert with these labels is about this fault's place."""
        if labels.get("namespace") == self.namespace:
            return True
        return bool(self.of) and all(value in labels.get(key, "") for key, value in self.of.items())


@contextlib.asynccontextmanager
async def repeated(step: Callable[[], None], every: float) -> AsyncIterator[None]:
    """A step again and again, as long as the fault lasts."""

    async def go() -> None:
        while True:
            await asyncio.to_thread(step)
            await asyncio.sleep(every)

    going = asyncio.create_task(go())
    try:
        yield
    finally:
        going.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await going


@contextlib.asynccontextmanager
async def workers_killed(place: Place) -> AsyncIterator[None]:
    """SIGKILL to the oldest worker of each pod in turn, which has requests in it."""
    names = [pod.name for pod in await asyncio.to_thread(place.pods)]
    turn = 0

    def step() -> None:
        nonlocal turn
        turn += 1
        _master, *workers = cluster.processes("gunicorn", names[turn % len(names)])
        if workers:
            cluster.kill(workers[0], signal.SIGKILL)

    async with place.asked("/fault/latency/150", connections=20, interval=0.4), repeated(step, every=1.5):
        yield


@contextlib.asynccontextmanager
async def service_killed(place: Place) -> AsyncIterator[None]:
    """SIGKILL to gunicorn's master whenever it is back: the kubelet waits longer and longer before it starts it again."""
    name = (await asyncio.to_thread(place.pods))[0].name

    def step() -> None:
        for master in cluster.processes("gunicorn", name)[:1]:
            cluster.kill(master, signal.SIGKILL)

    async with repeated(step, every=0.5):
        yield


@contextlib.asynccontextmanager
async def hung(place: Place) -> AsyncIterator[None]:
    """Requests that never end, to one pod: more than half of some worker's threads, fewer than all."""
    pod = (await asyncio.to_thread(place.pods))[0]
    count = cluster.SETTINGS.threads + 8
    hanging = [asyncio.create_task(scenarios.hang(pod.address)) for _ in range(count)]
    yield
    await asyncio.gather(*hanging)


@contextlib.asynccontextmanager
async def errors(place: Place) -> AsyncIterator[None]:
    async with place.asked("/fault/errors/40", connections=5, interval=0.5):
        yield


@contextlib.asynccontextmanager
async def slow(place: Place) -> AsyncIterator[None]:
    async with place.asked("/fault/latency/900", connections=10, interval=1):
        yield


@contextlib.asynccontextmanager
async def queue(place: Place) -> AsyncIterator[None]:
    """Twice as many clients as threads, straight to the pod: half of them always wait in haproxy."""
    pod = (await asyncio.to_thread(place.pods))[0]
    async with place.asked("/fault/latency/1500", 2 * cluster.SETTINGS.capacity, 0, to=pod.address):
        yield


@contextlib.asynccontextmanager
async def bad_release(place: Place) -> AsyncIterator[None]:
    """A release whose settings do not fit each other: it says so and ends, again and again. The old pod serves on."""
    await place.kube("set", "env", cluster.DEPLOYMENT, "-c", "app", "HELLO_WORKERS=0")
    try:
        yield
    finally:
        await place.kube("rollout", "undo", cluster.DEPLOYMENT)


@contextlib.asynccontextmanager
async def scrape_blocked(place: Place) -> AsyncIterator[None]:
    """The port of gunicorn's metrics drops what Prometheus sends, as a wrong network policy does; haproxy's own answers."""
    pod = (await asyncio.to_thread(place.pods))[0]
    prometheus = await asyncio.to_thread(
        cluster.kubectl, "-n", "monitoring", "get", "pod", "prometheus-alerts-0", "-o", "jsonpath={.status.podIP}"
    )
    inside = ["nsenter", "--net", "--target", str(cluster.processes("gunicorn", pod.name)[0]), "iptables", "--wait"]
    port = str(cluster.SETTINGS.app_metrics_port)
    rule = ["INPUT", "--source", prometheus, "--protocol", "tcp", "--dport", port, "--jump", "DROP"]
    await asyncio.to_thread(subprocess.run, [*inside, "--append", *rule], check=True)
    try:
        yield
    finally:
        await asyncio.to_thread(subprocess.run, [*inside, "--delete", *rule], check=True)


@contextlib.asynccontextmanager
async def log_flood(place: Place) -> AsyncIterator[None]:
    """Lines faster than anybody reads them: containerd's shim, which reads the pod's output, stands still for a few seconds."""
    pod = (await asyncio.to_thread(place.pods))[0]
    reader = parent(cluster.processes("haproxy", pod.name)[0], "containerd-shim")
    cluster.kill(reader, signal.SIGSTOP)
    try:
        await asyncio.gather(*(malformed(pod.address) for _ in range(600)))
        await asyncio.sleep(1)
    finally:
        cluster.kill(reader, signal.SIGCONT)
    yield


def parent(pid: int, program: str) -> int:
    """The nearest ancestor that is this program."""
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if Path(f"/proc/{pid}/comm").read_text().startswith(program):
            return pid
    raise RuntimeError(f"no {program} above it")


async def malformed(address: str) -> None:
    """What haproxy answers itself, with 400 and a line: no error of the service."""
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection(address, cluster.SETTINGS.edge_port)
        writer.write(b"\r \r\n\r\n")
        await asyncio.wait_for(reader.read(), 10)
        writer.close()


@contextlib.asynccontextmanager
async def scaled_out(place: Place) -> AsyncIterator[None]:
    """A rule that was right for one replica, and a second one: many-to-many."""
    await place.kube("scale", cluster.DEPLOYMENT, "--replicas=2")
    try:
        yield
    finally:
        await place.kube("scale", cluster.DEPLOYMENT, "--replicas=1")


@contextlib.asynccontextmanager
async def receiver_fails(place: Place) -> AsyncIterator[None]:
    """The receiver of tickets answers 500, and there is a ticket: too few exceptions for a page."""
    await asyncio.to_thread(put, f"{RECEIVER}/tickets/500")
    try:
        async with place.asked("/fault/errors/100", connections=1, interval=0.5):
            await asyncio.sleep(2.5)
        yield
    finally:
        await asyncio.to_thread(put, f"{RECEIVER}/tickets/200")


def put(url: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=10).close()  # noqa: S310 - our own receiver


#: A rule of somebody who had one replica when he wrote it.
FRAGILE = "fragile"


def fragile_rule(namespace: str) -> str:
    side = f'{{namespace="{namespace}"}}'
    expr = f"gunicorn_threads_busy{side} / on (namespace) gunicorn_threads_limit{side} > 2"
    return json.dumps(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": FRAGILE, "namespace": namespace, "labels": {"app.kubernetes.io/part-of": "cimiento"}},
            "spec": {"groups": [{"name": FRAGILE, "rules": [{"alert": "Fragile", "expr": expr}]}]},
        }
    )


FAULTS = [
    Fault(
        "workers killed",
        "a worker gets SIGKILL every 1.5 s",
        workers_killed,
        ("HaproxyRetries",),
        replicas=2,
    ),
    Fault(
        "service killed",
        "gunicorn's master gets SIGKILL whenever it is back, in the only replica",
        service_killed,
        ("HaproxyNoServer",),
        {
            "HaproxyErrorBudgetFastBurn": "every request is answered 503; inhibited while HaproxyNoServer fires",
            "HaproxyErrorBudgetSlowBurn": "as the fast burn",
            "PodCrashLooping": "the kubelet backs off from it",
            "DeploymentReplicasMissing": SHORTENED,
            "TargetScrapeFailing": "gunicorn's master serves its metrics",
        },
    ),
    Fault(
        "hang",
        f"{cluster.SETTINGS.threads + 8} requests that never end, to one of two pods",
        hung,
        ("GunicornWorkerTimeouts",),
        {
            "HaproxyErrorBudgetFastBurn": "the requests that hang are answered 504 after 15 s",
            "HaproxyErrorBudgetSlowBurn": "as the fast burn",
            **SLOW,
            "GunicornThreadsSaturated": SHORTENED,
            "DeploymentReplicasMissing": SHORTENED,
        },
        replicas=2,
    ),
    Fault(
        "errors",
        "half of the requests go to a route that raises in 40 %",
        errors,
        ("HaproxyErrorBudgetFastBurn", "FlaskExceptions"),
        {"HaproxyErrorBudgetSlowBurn": "the same errors in its longer windows"},
    ),
    Fault("slow", "half of the requests take 0.9 s", slow, ("FlaskLatencySloBurn",), SLOW),
    Fault(
        "full queue",
        f"{2 * cluster.SETTINGS.capacity} clients of a route that takes 1.5 s, to a pod with {cluster.SETTINGS.capacity} threads",
        queue,
        ("HaproxyQueueing", "GunicornThreadsSaturated"),
        {
            "FlaskLatencySloBurn": "the route itself is slow",
            **SLOW,
            "HaproxyErrorBudgetFastBurn": "what waits longer than 5 s is shed",
            "HaproxyErrorBudgetSlowBurn": "as the fast burn",
            "DeploymentReplicasMissing": SHORTENED,
        },
    ),
    Fault(
        "crash loop",
        "a release that ends as it starts; the old pod serves on",
        bad_release,
        ("PodCrashLooping",),
        {"TargetScrapeFailing": "the new pod is no target until it is ready, or is one that refuses"},
    ),
    Fault(
        "scrape blocked",
        "gunicorn's metrics port drops what Prometheus sends",
        scrape_blocked,
        ("TargetScrapeFailing",),
    ),
    Fault(
        "log flood",
        "600 malformed requests while nobody reads the container's output",
        log_flood,
        ("HaproxyDroppingLogs",),
    ),
    Fault(
        "rule fails",
        "a rule meets a second replica: many-to-many matching",
        scaled_out,
        ("RuleEvaluationFailing",),
        of={"rule_group": FRAGILE},
    ),
    Fault(
        "receiver fails",
        "the receiver of tickets answers 500 while there is a ticket",
        receiver_fails,
        ("AlertmanagerNotificationsFailing",),
        {
            "FlaskExceptions": "the ticket",
            "HaproxyErrorBudgetFastBurn": SHORTENED,
            "HaproxyErrorBudgetSlowBurn": "the ticket's errors",
        },
        of={"namespace": "monitoring"},
        alone=True,
    ),
]
