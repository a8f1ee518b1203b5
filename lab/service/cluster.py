"""What the scenarios ask of the lab's cluster: kubectl, and the processes of its containers as the host sees them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
SERVICE = PROJECT / "apps" / "hello-api"
NAMESPACE = "hello"
DEPLOYMENT = "deployment/hello-api"

sys.path[:0] = [str(SERVICE), str(PROJECT / "lab" / "balancer")]
from hello_api.settings import for_kubernetes  # noqa: E402

SETTINGS = for_kubernetes()


@cache
def environment() -> dict[str, str]:
    """The lab's own, by which its programs are found and reach its cluster."""
    said = subprocess.run(
        ["bash", "-c", f'eval "$({PROJECT}/lab/lab env)" && env -0'], capture_output=True, text=True, check=True
    ).stdout
    return dict(pair.split("=", 1) for pair in said.split("\0") if pair)


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    """kubectl's output; its own words when it fails."""
    command = ["kubectl", "-n", NAMESPACE, *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=environment())
    if done.returncode:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


async def kube(*arguments: str) -> str:
    return await asyncio.to_thread(kubectl, *arguments)


def kustomize(folder: Path) -> str:
    """What a kustomization renders to."""
    command = ["kustomize", "build", "--load-restrictor", "LoadRestrictionsNone", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment()).stdout


def apply(overlay: str) -> None:
    """Applies an overlay, and waits until it is the only one that runs."""
    if (HERE / "overlays" / overlay / "make").exists():
        subprocess.run([HERE / "overlays" / overlay / "make"], check=True)
    manifests = kustomize(HERE / "overlays" / overlay)
    kubectl("apply", "-f", "-", stdin=manifests)
    kubectl("rollout", "status", DEPLOYMENT, "--timeout=180s")
    settle(3)


def fresh() -> None:
    """Every pod anew: what happened to the old ones, and the kubelet's back-off for their containers, is gone with them."""
    settle(3)
    kubectl("rollout", "restart", DEPLOYMENT)
    kubectl("rollout", "status", DEPLOYMENT, "--timeout=180s")
    settle(3)


def edge_complaints(since: float) -> list[str]:
    """What the haproxies say of requests that went wrong since a time, and of servers that went down; pods that are gone say nothing."""
    found = []
    for pod in pods():
        try:
            log = kubectl("logs", pod.name, "-c", "haproxy", f"--since={max(1, round(time.time() - since))}s")
        except RuntimeError:
            continue
        for text in log.splitlines():
            entry = json.loads(text) if text.startswith("{") else {}
            if entry.get("status", 0) >= 500:
                names = ("path", "status", "backend", "server", "term", "retries", "t_queue_ms", "t_connect_ms", "t_total_ms")
                at, said = entry["time_ms"] / 1000 - since, ", ".join(f"{one} {entry[one]}" for one in names)
                found.append(f"{at:.1f} s, {pod.name}: {said}")
            elif not entry and "DOWN" in text:
                found.append(f"{pod.name}: {text}")
    return found


def settle(count: int, timeout: float = 180) -> None:
    """Waits until exactly so many pods exist, all of them ready."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = pods()
        if len(found) == count and all(pod.ready for pod in found):
            return
        time.sleep(1)
    raise RuntimeError(f"not {count} ready pods after {timeout:.0f} s:\n{kubectl('get', 'pods', '-o', 'wide')}")


@dataclass(frozen=True)
class Pod:
    name: str
    address: str
    node: str
    ready: bool
    restarts: dict[str, int]


def pods(namespace: str = NAMESPACE, name: str = "hello-api") -> list[Pod]:
    found = json.loads(kubectl("-n", namespace, "get", "pods", "-l", f"app.kubernetes.io/name={name}", "-o", "json"))["items"]
    return [_pod(item) for item in found]


def _pod(item: dict[str, Any]) -> Pod:
    status = item["status"]
    containers = [*status.get("containerStatuses", []), *status.get("initContainerStatuses", [])]
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in status.get("conditions", []))
    restarts = {one["name"]: one["restartCount"] for one in containers}
    return Pod(item["metadata"]["name"], status.get("podIP", ""), item["spec"].get("nodeName", ""), ready, restarts)


def service_address() -> tuple[str, int]:
    return kubectl("get", "service", "hello-api", "-o", "jsonpath={.spec.clusterIP}"), 80


def ready_targets() -> set[tuple[str, int]]:
    """(address, port) of them."""
    return {(address, SETTINGS.edge_port) for address in ready_addresses()}


def ready_addresses() -> set[str]:
    """What a load balancer's controller reads: endpoints that are ready and not terminating."""
    slices = json.loads(kubectl("get", "endpointslices", "-l", "kubernetes.io/service-name=hello-api", "-o", "json"))["items"]
    return {
        endpoint["addresses"][0]
        for one in slices
        for endpoint in one["endpoints"] or []
        if endpoint["conditions"].get("ready") and not endpoint["conditions"].get("terminating")
    }


def processes(program: str, pod: str) -> list[int]:
    """Host process ids of a program in the containers of a pod, oldest first: the container's PID 1 is the first.

    By when they started, not by number: numbers begin again at `pid_max`, which a busy machine reaches within the hour.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes().split(b"\0")
            started = int((entry / "stat").read_text().rpartition(")")[2].split()[19])
        except (OSError, ValueError, IndexError):
            continue
        words = command.split()
        # By the program's own name: a parent's command line may hold ours.
        if (
            program in command
            and words
            and Path(words[0]).name.startswith(("python3", "haproxy", "otelcol"))
            and f"HOSTNAME={pod}".encode() in environment
        ):
            found.append((started, int(entry.name)))
    return [pid for _, pid in sorted(found)]


def enforce_policies() -> None:
    """From here on NetworkPolicies are more than objects."""
    subprocess.run([str(PROJECT / "lab" / "lab"), "up", "--policies"], check=True)


VISITOR = "visitor"
#: Where a visitor listens, so that there is something to be kept from.
VISITOR_PORT = 8000


@contextlib.contextmanager
def visitors(*namespaces: str) -> Iterator[None]:
    """A pod of no importance in each of the namespaces, to ask others from and to be asked. It goes, and so do those namespaces that
    were not there before it."""
    made = [one for one in namespaces if not kubectl("get", "namespace", one, "--ignore-not-found", "-o", "name")]
    try:
        _visit(namespaces)
        yield
    finally:
        for namespace in namespaces:
            kubectl("delete", "-n", namespace, "pod", VISITOR, "--ignore-not-found")
        if made:
            kubectl("delete", "namespace", *made, "--ignore-not-found")


def _visit(namespaces: Iterable[str]) -> None:
    container = {
        "name": VISITOR, "image": "docker.io/you/hello-api:1.0.0", "command": ["python3", "-m", "http.server", str(VISITOR_PORT)],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "readinessProbe": {"tcpSocket": {"port": VISITOR_PORT}, "periodSeconds": 1},
    }  # fmt: skip
    spec = {
        "containers": [container], "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
    }  # fmt: skip
    for namespace in namespaces:
        for item in (
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": VISITOR, "namespace": namespace}, "spec": spec},
        ):
            kubectl("apply", "--server-side", "-n", namespace, "-f", "-", stdin=json.dumps(item))
    for namespace in namespaces:
        kubectl("wait", "-n", namespace, f"pod/{VISITOR}", "--for=condition=Ready", "--timeout=120s")


def in_python(namespace: str, pod: str, program: str) -> str:
    """What a Python program prints inside a pod."""
    return kubectl("exec", "-n", namespace, pod, "--", "python3", "-c", program)


def reaches(namespace: str, pod: str, host: str, port: int) -> bool:
    """Whether a connection from inside a pod is accepted within 3 s."""
    return in_python(namespace, pod, connecting(host, port)).strip() == "0"


def connecting(host: str, port: int) -> str:
    """A Python program that prints 0 if a connection is accepted within 3 s."""
    return f"import socket; s = socket.socket(); s.settimeout(3); print(s.connect_ex(({host!r}, {port})))"


def kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
