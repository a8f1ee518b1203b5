"""Runs gitops/logs on the lab's cluster, where containerd and the kubelet write and rotate the files; see README.md."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import checks  # of lab/service, as `cluster`
import cluster
import hostile
import test_fuzz  # of apps/hello-api/tests
import visits
import writer
from cluster import PROJECT, SETTINGS, VISITOR, Pod, kubectl
from judge import LABELS, Entries, as_expected, becomes, check, dropped, metric, results, sent, taken, until
from meanwhile import meanwhile
from nodes import Files, Log
from verdict import Verdict, verdict

MANIFESTS = Path(__file__).resolve().parent.parent / "manifests"
#: What is deployed, where; the first is what is tried.
DEPLOYED = {
    PROJECT / "gitops/logs": "monitoring",
    MANIFESTS / "loki": "monitoring",
    MANIFESTS / "hello-api": "hello-api",
}
WRITERS = "lab-logs"
#: Folders on a node, under /var/lib: the collector's, and the stand-in's.
LEFT = ("log-collector", "lab-loki")
#: Within so many s everything arrives: the collector asks a Loki that was away every 30 s.
ARRIVES = 120


class Bench:
    """The cluster, its nodes' files, and what arrived."""

    def __init__(self, state: Path, nodes: list[str], files: Files) -> None:
        self.nodes = nodes
        self.files = files
        self.loki = Entries(state / nodes[0] / "lib" / "lab-loki" / "entries.jsonl")
        #: Nodes whose collector was ended: what it was sending may be there twice.
        self.ended: set[str] = set()
        #: Those where it was killed: of a program that is not the service one line may be gone, too.
        self.killed: set[str] = set()

    def collectors(self) -> dict[str, Pod]:
        """By node."""
        return {pod.node: pod for pod in cluster.pods("monitoring", "log-collector")}

    def expositions(self) -> dict[str, str]:
        """Of the collectors by node, asked from Prometheus' namespace."""
        return exposed({node: f"{pod.address}:8888" for node, pod in self.collectors().items()})

    def written(self, namespace: str, container: str) -> list[Log]:
        return [log for log in self.files.logs() if (log.namespace, log.container) == (namespace, container)]

    def verdicts(self, chosen: Callable[[Log], bool]) -> list[Verdict]:
        entries: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for one in self.loki.read():
            metadata = one["metadata"]
            of = (metadata.get("k8s_pod_uid", ""), one["labels"].get("k8s_container_name", ""))
            entries.setdefault((*of, metadata.get("k8s_container_restart_count", "")), []).append(one)
        # Its own lines about lines that it cannot send would be lines to send: they are nobody's.
        logs = [one for one in self.files.logs() if not one.pod.startswith("log-collector-") and chosen(one)]
        return [verdict(log, entries.get((log.uid, log.container, log.start), [])) for log in logs]

    def whole(self, name: str, chosen: Callable[[Log], bool], least: int = 1) -> None:
        """Checks that every line of these containers arrives, in order, once: but for what a kill may cost."""
        found: list[Verdict] = []

        def good() -> bool:
            found[:] = self.verdicts(chosen)
            return sum(one.log.count for one in found) >= least and all(map(self.allowed, found))

        def figures() -> str:
            wrong = [f"\n       {one}" for one in found if not self.allowed(one)]
            lines, lost, twice, halved = (
                sum(each)
                for each in (
                    [v.log.count for v in found],
                    [v.lost for v in found],
                    [v.twice for v in found],
                    [v.halved for v in found],
                )
            )
            figures = f"{lines} lines of {len(found)} containers, {lost} lost, {twice} twice, {halved} in two"
            return f"{figures}{''.join(wrong[:12])}"

        becomes(name, good, figures, timeout=ARRIVES, pause=1)

    def allowed(self, one: Verdict) -> bool:
        if not one.ordered or one.invented:
            return False
        if one.twice and one.log.node not in self.ended:
            return False
        if one.log.node not in self.killed:
            return not one.lost
        # A line that begins with a space belongs to the one before it, and goes with it. One that a rotation cut may have waited.
        cut = {line.whole for lines in one.log.cut.values() for line in lines}
        gone = [line for line in one.missing.elements() if not line[:1].isspace()]
        return len(gone) <= (one.log.namespace != "hello-api") + any(line in cut for line in gone)


def exposed(addresses: dict[str, str]) -> dict[str, str]:
    """What is at /metrics there, asked from Prometheus' namespace."""
    asking = "{key: u.urlopen(f'http://{address}/metrics', timeout=10).read().decode() for key, address in addresses.items()}"
    program = f"import json, urllib.request as u; addresses = {addresses!r}; print(json.dumps({asking}))"
    return json.loads(cluster.in_python("monitoring", VISITOR, program))


def address_of(namespace: str, service: str) -> str:
    return kubectl("-n", namespace, "get", "service", service, "-o", "jsonpath={.spec.clusterIP}")


def ready(what: str, namespace: str) -> None:
    kubectl("-n", namespace, "rollout", "status", what, "--timeout=180s")


def apply(folder: Path, namespace: str) -> None:
    kubectl("-n", namespace, "apply", "-f", "-", stdin=cluster.kustomize(folder))


def get(path: str, trace: str) -> None:
    """A request to the service; whatever it answers."""
    request = urllib.request.Request(f"http://{service_host()}{path}", headers={"traceparent": trace})
    try:
        urllib.request.urlopen(request, timeout=20).read()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        pass


@cache
def service_host() -> str:
    return address_of("hello-api", "hello-api")


# --- What the collectors are -----------------------------------------------------------------------------------------------------


def pods(bench: Bench) -> None:
    """What runs, seen from the kernel."""
    found = bench.collectors()
    check("a collector is Ready on every node", sorted(found) == bench.nodes and all(one.ready for one in found.values()))
    states, mounts, tokens = set(), set(), []
    for pod in found.values():
        (pid,) = cluster.processes("otelcol", pod.name)
        process = Path(f"/proc/{pid}")
        said = checks.status(process)
        capabilities = {said[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
        states.add((said["Uid"].split()[1], *sorted(capabilities), said["NoNewPrivs"], said["Seccomp"]))
        mounts |= checks.writable(process)
        tokens += [pod.name for _ in [1] if (process / "root/var/run/secrets/kubernetes.io").exists()]
    check(
        "it is root without a capability, may gain none, behind a seccomp filter",
        states == {("0", "0" * 16, "1", "2")},
        f"{states}",
    )
    check("it may write to its own folder alone", mounts == {"/dev/shm", "/var/lib/log-collector"}, f"{sorted(mounts)}")
    check("it holds no token", not tokens)


def policies(bench: Bench) -> None:
    """Connections, tried."""
    collectors = bench.collectors()
    here = collectors[bench.nodes[1]]
    (pid,) = cluster.processes("otelcol", here.name)

    def ours(host: str, port: int) -> bool:
        command = ["nsenter", "-t", str(pid), "-n", sys.executable, "-c", cluster.connecting(host, port)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "0"

    def visitor(namespace: str) -> Callable[[str, int], bool]:
        return lambda host, port: cluster.reaches(namespace, VISITOR, host, port)

    loki, dns = address_of("monitoring", "loki"), address_of("kube-system", "kube-dns")
    service = cluster.pods("hello-api")[0]
    addresses = {one: kubectl("-n", one, "get", "pod", VISITOR, "-o", "jsonpath={.status.podIP}") for one in checks.VISITED}
    kubelet = kubectl("get", "node", bench.nodes[2], "-o", "jsonpath={.status.addresses[?(@.type=='InternalIP')].address}")
    monitoring, strangers = map(visitor, checks.VISITED)
    tries = [
        (ours, loki, 3100, True, "it reaches Loki"),
        (ours, dns, 53, True, "it reaches DNS"),
        (ours, address_of("default", "kubernetes"), 443, False, "not the API server"),
        (ours, kubelet, 10250, False, "not another node's kubelet"),
        (ours, service.address, SETTINGS.edge_port, False, "not the service"),
        (ours, addresses["strangers"], cluster.VISITOR_PORT, False, "no pod of another namespace"),
        (ours, addresses["monitoring"], cluster.VISITOR_PORT, False, "no other pod of its own"),
        (monitoring, here.address, 8888, True, "its numbers are for its namespace"),
        (monitoring, here.address, 13133, False, "and nothing else of it"),
        (strangers, here.address, 8888, False, "not for another"),
        (monitoring, loki, 3100, True, "Loki is for its namespace"),
        (strangers, loki, 3100, False, "and not for another"),
        # What is refused is there, for somebody else.
        (strangers, service.address, SETTINGS.edge_port, True, "the service answers others"),
        (strangers, addresses["monitoring"], cluster.VISITOR_PORT, True, "so does the other pod"),
    ]  # fmt: skip
    with ThreadPoolExecutor(len(tries)) as pool:
        said = list(pool.map(lambda one: one[0](one[1], one[2]), tries))
    for one, answer in zip(tries, said, strict=True):
        check(f"{one[4]}: {one[1]}:{one[2]}", answer is one[3])


# --- The service -----------------------------------------------------------------------------------------------------------------


def service(bench: Bench) -> None:
    """Requests, hostile ones among them, to three replicas on three nodes."""
    visits.visit(get, lambda request: test_fuzz.send(80, request, service_host()))
    for name in ("app", "haproxy"):
        bench.whole(
            f"every line of {name}'s containers arrives once, as it was written, in order",
            lambda log, name=name: (log.namespace, log.container) == ("hello-api", name),
            visits.REQUESTS // 10,
        )
    visits.found(bench.loki.of("hello-api"), streams=2 * len(bench.nodes))
    numbers = bench.expositions()
    check("the collector of every node sends", all(sent(numbers[node]) for node in bench.nodes))
    for name in ("app", "haproxy"):
        books(
            bench,
            f"the collectors count as many lines of {name}'s as the nodes have",
            lambda numbers, name=name: (
                sum(taken(one, f"hello-api.{name}") for one in numbers.values()),
                sum(log.count for log in bench.written("hello-api", name)),
            ),
        )
    addresses = {pod.name: f"{pod.address}:{SETTINGS.app_metrics_port}" for pod in cluster.pods("hello-api")}

    def said(_: dict[str, str]) -> tuple[int, int]:
        counted = sum(metric(one, "flask_log_lines") for one in exposed(addresses).values())
        return int(counted), sum('"message":"request"' in line for line in bench.loki.lines("hello-api", "app"))

    books(bench, "the service says it wrote as many request lines as Loki has", said)
    balanced(bench, bench.nodes)


def books(bench: Bench, name: str, both: Callable[[dict[str, str]], tuple[int, int]]) -> None:
    """Two numbers that become one once everything under way has arrived."""
    seen = (0, 0)

    def equal() -> bool:
        nonlocal seen
        seen = both(bench.expositions())
        return seen[0] == seen[1] > 0

    becomes(name, equal, lambda: "{} and {}".format(*seen), pause=1)


def balanced(bench: Bench, nodes: Iterable[str]) -> None:
    for node in nodes:

        def both(numbers: dict[str, str], node: str = node) -> tuple[int, int]:
            arrived = sum(one["labels"].get("k8s_node_name") == node for one in bench.loki.read())
            text = numbers[node]
            accepted = int(metric(text, "otelcol_receiver_accepted_log_records"))
            return sent(text), arrived if accepted == sent(text) else accepted

        books(bench, f"what {node}'s collector took it has sent, and Loki has it", both)


# --- Events ----------------------------------------------------------------------------------------------------------------------


def pod(mode: str, node: str) -> None:
    """One more writer, by the template of `steady`."""
    spec = json.loads(kubectl("-n", WRITERS, "get", "daemonset", "steady", "-o", "json"))["spec"]["template"]["spec"]
    spec["containers"][0]["command"][-1] = mode
    spec |= {"restartPolicy": "Never", "nodeSelector": {"kubernetes.io/hostname": node}}
    item = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": mode, "namespace": WRITERS}, "spec": spec}
    kubectl("-n", WRITERS, "apply", "-f", "-", stdin=json.dumps(item))


def phase(name: str, namespace: str = WRITERS) -> str:
    return kubectl("-n", namespace, "get", "pod", name, "-o", "jsonpath={.status.phase}")


def named(name: str) -> Callable[[Log], bool]:
    """The containers of a writer."""
    return lambda log: log.namespace == WRITERS and (log.pod == name or log.pod.startswith(f"{name}-"))


def events(bench: Bench) -> None:
    first, second, third = bench.nodes[:3]
    apply(MANIFESTS / "writers", WRITERS)
    for mode, node in (("rotated", second), ("hostile", first), ("streams", first), ("ends", first)):
        pod(mode, node)
    ready("daemonset/steady", WRITERS)
    until(lambda: phase("rotated") == "Running", "the writer of much runs")
    with meanwhile(lambda: get("/api/v1/echo?q=a", visits.TRACES[2]), pause=0.01):
        deleted(bench, third)
        killed(bench, second)
        without_loki(bench)
        # Of the service, one that a rollout would end; of the writers, all: each with its last words.
        gone = cluster.pods("hello-api")[0].name
        kubectl("-n", "hello-api", "delete", "pod", gone, "--timeout=120s")
        time.sleep(2)
    until(lambda: phase("rotated") == "Succeeded", "the writer of much ends", timeout=180, pause=1)
    kubectl("-n", WRITERS, "delete", "daemonset", "steady", "--cascade=foreground", "--timeout=120s")

    (log,) = [one for one in bench.files.logs() if named("rotated")(one)]
    check("the kubelet rotates a log", len(log.files) >= 3, f"{log.count} lines in {len(log.files)} files")
    cuts = sum(map(len, log.cut.values()))
    check("and cuts a line, which is a piece of it in each of two files", cuts > 0, f"{cuts} lines")
    bench.whole("every line of it arrives, those in two parts", named("rotated"), writer.ROTATED_LINES)
    bench.whole("every line of a writer on every node arrives, its last words too", named("steady"))
    words = [log for log in bench.files.logs() if named("steady")(log) and "last words" in log.streams["stdout"][-1]]
    check("and they had last words", len(words) == len(bench.nodes), f"{len(words)} writers")
    bench.whole("a pod that ends at once: every line arrives", named("ends"), 4999)
    last = [one["line"] for one in bench.loki.of(WRITERS) if one["metadata"].get("k8s_pod_name") == "ends"]
    check("the one without a line break too", "line 4999" in last)
    bench.whole("lines of both streams at once, the long ones in pieces: each is itself", named("streams"), 100)
    between = sum(log.between for log in bench.files.logs() if named("streams")(log))
    check("and containerd writes lines of one between pieces of the other's", between > 0, f"{between} lines")
    bench.whole("no line of the service is lost, with a pod that ends among them", lambda log: log.namespace == "hello-api")
    hostile_lines(bench)


def deleted(bench: Bench, node: str) -> None:
    old = bench.collectors()[node]
    bench.ended.add(node)
    kubectl("-n", "monitoring", "delete", "pod", old.name, "--timeout=60s")
    until(lambda: (new := bench.collectors().get(node)) is not None and new.name != old.name and new.ready, "a new collector")
    check("a collector that is deleted is replaced", True, node)


def killed(bench: Bench, node: str) -> None:
    old = bench.collectors()[node]
    (pid,) = cluster.processes("otelcol", old.name)
    bench.ended.add(node)
    bench.killed.add(node)
    cluster.kill(pid, signal.SIGKILL)

    def again() -> bool:
        new = bench.collectors()[node]
        return new.ready and new.restarts["collector"] == old.restarts["collector"] + 1

    until(again, "the collector runs again")
    check("a collector that is killed is started again", bench.collectors()[node].name == old.name, node)


def without_loki(bench: Bench) -> None:
    kubectl("-n", "monitoring", "scale", "deployment/loki", "--replicas=0")
    until(lambda: not cluster.pods("monitoring", "loki"), "Loki is gone")
    time.sleep(6)
    numbers = bench.expositions()
    waiting = {node: int(metric(text, "otelcol_exporter_queue_size")) for node, text in numbers.items()}
    fit = all(one.ready for one in bench.collectors().values())
    check("without Loki the collectors are Ready, and lines wait on every node", fit and all(waiting.values()), f"{waiting}")
    kubectl("-n", "monitoring", "scale", "deployment/loki", "--replicas=1")
    ready("deployment/loki", "monitoring")


def hostile_lines(bench: Bench) -> None:
    """Each followed by a line that must be unharmed."""

    def entries() -> list[dict[str, Any]]:
        found = [one for one in bench.loki.of(WRITERS) if one["metadata"].get("k8s_pod_name") == "hostile"]
        return sorted(found, key=lambda one: one["time"])

    until(lambda: bool(found := entries()) and found[-1]["line"] == f"{len(hostile.CASES) - 1} {writer.AFTER}", "hostile lines")
    left = entries()
    for number, case in enumerate(hostile.CASES):
        at = next((at for at, one in enumerate(left) if one["line"] == f"{number} {writer.AFTER}"), None)
        found, left = (left[:at], left[at + 1 :]) if at is not None else (left, left)
        good = at is not None and as_expected(case, found)
        check(f"through containerd: {case.name}", good, "" if good else repr(found)[:600])


# --- Everything ------------------------------------------------------------------------------------------------------------------


def everything(bench: Bench) -> None:
    bench.whole(
        "every line of every container of the cluster arrives",
        # But for lines that Loki cuts, which were looked at by themselves.
        lambda log: not named("hostile")(log),
    )
    labels = {name for one in bench.loki.read() for name in one["labels"]}
    check("with four labels", labels == LABELS, f"{sorted(labels)}")
    balanced(bench, [bench.nodes[0]])
    check("nothing is dropped", not any(dropped(text) for text in bench.expositions().values()))
    restarts = {node: one.restarts["collector"] for node, one in bench.collectors().items()}
    check(
        "no collector ended but the one that was killed",
        restarts == {node: int(node in bench.killed) for node in bench.nodes},
        f"{restarts}",
    )
    query = urllib.parse.quote('otelcol_exporter_sent_log_records and on (pod) up{namespace="monitoring"} == 1')
    url = f"http://prometheus-operated.monitoring:9090/api/v1/query?query={query}"
    program = f"import urllib.request as u; print(u.urlopen({url!r}, timeout=10).read().decode())"
    names = {one.name for one in bench.collectors().values()}
    seen: set[str] = set()

    def scraped() -> bool:
        answer = json.loads(cluster.in_python("monitoring", VISITOR, program))
        seen.clear()
        seen.update(one["metric"]["pod"] for one in answer["data"]["result"])
        return names <= seen

    becomes(
        "Prometheus has them by the PodMonitor, under the names that alerts use", scraped, lambda: f"{sorted(seen)}", ARRIVES, 1
    )


SCENARIOS = (pods, policies, service, events, everything)


def clear(state: Path, nodes: list[str]) -> None:
    """As if it had never run."""
    for folder, namespace in reversed(DEPLOYED.items()):
        command = ("-n", namespace, "delete", "--ignore-not-found", "--cascade=foreground", "--timeout=180s", "-f", "-")
        kubectl(*command, stdin=cluster.kustomize(folder))
    kubectl("delete", "namespace", WRITERS, "--ignore-not-found", "--timeout=180s")
    for node in nodes:
        for name in LEFT:
            shutil.rmtree(state / node / "lib" / name, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/logs/cluster", description=__doc__)
    parser.add_argument("--leave", action="store_true", help="take nothing away at the end: the lab goes with it")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    state = Path(cluster.environment()["KUBECONFIG"]).parent
    nodes = sorted(kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}").split())
    if len(nodes) < 3:
        sys.exit("lab/logs/cluster: each of three nodes has an event of its own, LAB_NODES must be 3 or more")
    began = time.monotonic()
    with ExitStack() as stack:
        clear(state, nodes)
        if not arguments.leave:
            stack.callback(clear, state, nodes)
        bench = Bench(state, nodes, stack.enter_context(Files(state, nodes)))
        for folder, namespace in DEPLOYED.items():
            apply(folder, namespace)
        stack.enter_context(cluster.visitors(*checks.VISITED))
        for what, namespace in (
            ("daemonset/log-collector", "monitoring"),
            ("deployment/loki", "monitoring"),
            ("deployment/hello-api", "hello-api"),
        ):
            ready(what, namespace)
        print(f"# deployed: {time.monotonic() - began:.0f} s", flush=True)
        for scenario in SCENARIOS:
            began = time.monotonic()
            try:
                scenario(bench)
            except Exception:
                check(f"{scenario.__name__} ran to its end", False, traceback.format_exc().strip())
            print(f"# {scenario.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
