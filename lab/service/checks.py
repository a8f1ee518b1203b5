"""What the running pods are, seen from the cluster and from the kernel: not what their manifests say they should be."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cluster
from cluster import SERVICE, SETTINGS, VISITOR, Pod, kubectl, pods, processes

Check = Callable[[], str]
CHECKS: list[Check] = []
#: One of them is where Prometheus runs, the other is nobody's.
VISITED = ("monitoring", "strangers")


def check(function: Check) -> Check:
    """Registers it. It returns what it saw; AssertionError and RuntimeError say what is wrong."""
    CHECKS.append(function)
    return function


def running() -> Iterator[tuple[Pod, str, Path]]:
    """Every process of every container, as its directory in /proc."""
    for pod in pods():
        for program in ("gunicorn", "haproxy"):
            found = processes(program, pod.name)
            assert found, f"{pod.name}: no {program}"
            for pid in found:
                yield pod, program, Path(f"/proc/{pid}")


def status(process: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+):\s*(.*)$", (process / "status").read_text(), re.MULTILINE))


@check
def unprivileged_processes() -> str:
    count = 0
    for pod, program, process in running():
        said = status(process)
        where = f"{pod.name} {program}"
        assert said["Uid"].split() == ["10001"] * 4, f"{where}: uid {said['Uid']}"
        assert {said[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}, f"{where}: capabilities"
        assert said["NoNewPrivs"] == "1", f"{where}: may gain privileges"
        assert said["Seccomp"] == "2", f"{where}: no seccomp filter"
        count += 1
    return f"{count} processes: uid 10001, no capability in any set, no new privileges, seccomp filter"


@check
def read_only_root() -> str:
    found = {path for _, _, process in running() for path in writable(process)}
    wanted = {SETTINGS.run_dir, "/dev/shm", "/tmp", "/dev/termination-log"}
    assert found <= wanted, f"writable too: {sorted(found - wanted)}"
    return f"/ is read-only; writable: {', '.join(sorted(found))}"


def writable(process: Path) -> set[str]:
    """Mounts that a process may write to, but for what the kernel and the kubelet give every container."""
    mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
    kernel = ("/proc", "/sys", "/dev", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
    return {m[4] for m in mounts if "rw" in m[5].split(",") and (m[4] == "/dev/shm" or not m[4].startswith(kernel))}


@check
def no_token() -> str:
    for pod, program, process in running():
        assert not (process / "root/var/run/secrets/kubernetes.io").exists(), f"{pod.name} {program} holds a token"
    account = kubectl("get", cluster.DEPLOYMENT, "-o", "jsonpath={.spec.template.spec.serviceAccountName}")
    answer = kubectl("auth", "can-i", "--list", f"--as=system:serviceaccount:{cluster.NAMESPACE}:{account}")
    allowed = [line for line in answer.splitlines()[1:] if re.match(r"(pods|secrets|configmaps|\*)", line)]
    assert not allowed, f"the ServiceAccount may {allowed}"
    return "no token in any container; the ServiceAccount may read neither pods nor secrets"


@check
def gunicorn_is_reached_by_haproxy_alone() -> str:
    for pod in pods():
        for port, open_ in ((SETTINGS.edge_port, True), (SETTINGS.app_port, False)):
            with socket.socket() as probe:
                probe.settimeout(3)
                assert (probe.connect_ex((pod.address, port)) == 0) is open_, f"{pod.name}:{port}"
    return f"port {SETTINGS.app_port} refuses from outside every pod, {SETTINGS.edge_port} does not"


@check
def network_policy() -> str:
    """The object against what listens; `who_reaches_whom` tries it."""
    (policy,) = json.loads(kubectl("get", "networkpolicies", "-o", "json"))["items"]
    spec = policy["spec"]
    assert sorted(spec["policyTypes"]) == ["Egress", "Ingress"]
    chosen = json.loads(
        kubectl("get", "pods", "-l", ",".join(f"{k}={v}" for k, v in spec["podSelector"]["matchLabels"].items()), "-o", "json")
    )
    assert {item["metadata"]["name"] for item in chosen["items"]} >= {pod.name for pod in pods()}, "it selects our pods"
    allowed = {port["port"] for rule in spec["ingress"] for port in rule["ports"]}
    listening = set()
    for _, _, process in running():
        for line in (process / "net/tcp").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and not columns[1].startswith("0100007F"):
                listening.add(int(columns[1].split(":")[1], 16))
    assert allowed == listening, f"allowed {sorted(allowed)}, but {sorted(listening)} listen"
    return f"ingress to {sorted(allowed)}, which is what listens; egress to DNS and neighbours"


@check
def who_reaches_whom() -> str:
    """Connections tried from inside pods, against what the NetworkPolicy says."""
    ours, neighbour, *_ = pods()
    metrics = (SETTINGS.edge_metrics_port, SETTINGS.app_metrics_port)
    for namespace, allowed in (("monitoring", True), ("strangers", False)):
        assert cluster.reaches(namespace, VISITOR, ours.address, SETTINGS.edge_port), (
            f"{namespace} is kept from port {SETTINGS.edge_port}"
        )
        for port in metrics:
            assert cluster.reaches(namespace, VISITOR, ours.address, port) is allowed, (
                f"port {port} {'is closed to' if allowed else 'lets in'} {namespace}"
            )
    stranger = json.loads(kubectl("get", "pod", "-n", "strangers", VISITOR, "-o", "json"))["status"]["podIP"]
    assert cluster.reaches("monitoring", VISITOR, stranger, cluster.VISITOR_PORT), "the stranger does not listen"
    replicas = f"hello-api-replicas.{cluster.NAMESPACE}.svc.cluster.local"
    named = cluster.in_python(
        cluster.NAMESPACE, ours.name, f"import socket; print(*{{a[4][0] for a in socket.getaddrinfo({replicas!r}, 80)}})"
    )
    assert set(named.split()) == {pod.address for pod in pods()}, f"DNS names {named}"
    assert cluster.reaches(cluster.NAMESPACE, ours.name, neighbour.address, SETTINGS.edge_port), "a neighbour is out of reach"
    service = kubectl("get", "service", "-n", "default", "kubernetes", "-o", "jsonpath={.spec.clusterIP}")
    for host, port in ((neighbour.address, SETTINGS.app_metrics_port), (stranger, cluster.VISITOR_PORT), (service, 443)):
        assert not cluster.reaches(cluster.NAMESPACE, ours.name, host, port), f"{ours.name} reaches {host}:{port}"
    return "in: requests from everywhere, metrics from monitoring alone; out: DNS and neighbours alone"


@check
def pod_security_refuses() -> str:
    """The namespace enforces `restricted`: our pods are let in, a pod that wants more is not."""
    pod: dict[str, Any] = {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "greedy"},
        "spec": {"hostNetwork": True, "containers": [{"name": "a", "image": "a", "securityContext": {"privileged": True}}]},
    }  # fmt: skip
    try:
        kubectl("apply", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    except RuntimeError as refused:
        words = str(refused)
        assert "violates PodSecurity" in words, words
        return "a privileged pod on the host's network is refused"
    raise AssertionError("a privileged pod was let in")


@check
def spread_and_budget() -> str:
    nodes = {pod.node for pod in pods()}
    assert len(nodes) == len(pods()) == 3, f"3 pods on {sorted(nodes)}"
    (budget,) = json.loads(kubectl("get", "poddisruptionbudgets", "-o", "json"))["items"]
    assert budget["status"]["disruptionsAllowed"] == 1, budget["status"]
    return f"one pod in each of {len(nodes)} zones; one may be disrupted at a time"


@check
def configuration_by_hash() -> str:
    (deployment,) = json.loads(kubectl("get", "deployments", "-l", "app.kubernetes.io/name=hello-api", "-o", "json"))["items"]
    names = [one["configMap"]["name"] for one in deployment["spec"]["template"]["spec"]["volumes"] if "configMap" in one]
    assert names and all(re.fullmatch(r"[a-z-]+-[a-z0-9]{10}", name) for name in names), names
    for name in names:
        text = json.loads(kubectl("get", "configmap", name, "-o", "json"))["data"]["haproxy.cfg"]
        assert text == (SERVICE / "deploy/base/haproxy.cfg").read_text(), f"{name} is not the committed haproxy.cfg"
    return ", ".join(names)


@check
def metrics_of_every_pod() -> str:
    for pod in pods():
        text = scraped(pod.address, SETTINGS.app_metrics_port)
        assert f"gunicorn_workers {float(SETTINGS.workers)}" in text, f"{pod.name}: workers"
        assert f"gunicorn_threads_limit {float(SETTINGS.workers * SETTINGS.app_threads)}" in text, f"{pod.name}: threads"
        assert "haproxy_backend_active_servers" in scraped(pod.address, SETTINGS.edge_metrics_port)
    return f"{SETTINGS.workers} workers, {SETTINGS.workers * SETTINGS.app_threads} threads in each pod, and haproxy's own"


def scraped(host: str, port: int) -> str:
    """As Prometheus asks: from its namespace."""
    program = f"import urllib.request as u; print(u.urlopen('http://{host}:{port}/metrics', timeout=10).read().decode())"
    return cluster.in_python("monitoring", VISITOR, program)


@check
def log_lines() -> str:
    """Every line of every container is JSON, or one of haproxy's events; a request is in both logs by its id."""
    with urllib.request.urlopen("http://{}:{}/version".format(*cluster.service_address()), timeout=10) as answer:
        name = answer.headers["X-Request-ID"]
    seen: dict[str, int] = {}
    found = set()
    for pod in pods():
        for container in ("app", "haproxy"):
            for line in kubectl("logs", pod.name, "-c", container, "--tail=2000").splitlines():
                if not line.startswith("{"):
                    assert container == "haproxy", f"{pod.name}: {line}"
                    continue
                entry = json.loads(line)
                seen[container] = seen.get(container, 0) + 1
                if entry.get("request_id") == name:
                    found.add(entry["component"])
    assert found == {"haproxy", "hello-api"}, f"request {name} is in the logs of {found}"
    return f"{seen['haproxy']} + {seen['app']} lines parsed; {name} is in both logs"


@check
def manifests_conform() -> str:
    """kubeconform, strict, with the schemas of the API server that runs here."""
    manifests = subprocess.run(
        ["kustomize", "build", str(SERVICE / "deploy/base")], capture_output=True, text=True, check=True, env=cluster.environment()
    ).stdout
    with tempfile.TemporaryDirectory() as folder:
        for group in sorted(set(re.findall(r"^apiVersion: (\S+)$", manifests, re.MULTILINE))):
            write_schemas(group, Path(folder))
        location = folder + "/{{.Group}}-{{.ResourceAPIVersion}}-{{.ResourceKind}}.json"
        done = subprocess.run(
            ["kubeconform", "-strict", "-summary", "-output", "json", "-schema-location", location, "-"],
            input=manifests, capture_output=True, text=True, check=False, env=cluster.environment(),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        summary = json.loads(done.stdout)["summary"]
    assert summary["valid"] and not summary["skipped"], summary
    return f"kubeconform: {summary['valid']} objects valid, none skipped"


def write_schemas(group: str, folder: Path) -> None:
    """A JSON schema a kind of an API group, out of the API server's OpenAPI document; unknown fields are refused. kubeconform
    calls the core group by its version."""
    path = f"/openapi/v3/apis/{group}" if "/" in group else f"/openapi/v3/api/{group}"
    document = json.loads(kubectl("get", "--raw", path))["components"]
    strict(document)
    name, _, version = group.rpartition("/")
    for key, schema in document["schemas"].items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            if (kind["group"], kind["version"]) == (name, version):
                whole = {"$ref": f"#/components/schemas/{key}", "components": document}
                (folder / f"{name or version}-{version}-{kind['kind'].lower()}.json").write_text(json.dumps(whole))


def strict(node: Any) -> None:
    """In place. What Kubernetes calls an int-or-string is told by its format, and by an extension."""
    if isinstance(node, list):
        for one in node:
            strict(one)
    elif isinstance(node, dict):
        if node.get("format") == "int-or-string" or node.get("x-kubernetes-int-or-string"):
            for word in ("type", "format", "anyOf", "oneOf"):
                node.pop(word, None)
            node["type"] = ["integer", "string"]
        if "properties" in node and not node.get("x-kubernetes-preserve-unknown-fields"):
            node.setdefault("additionalProperties", False)
        for one in node.values():
            strict(one)


def look() -> Iterator[tuple[bool, str]]:
    """Prints a line a check; whether each passed, and the line."""
    cluster.enforce_policies()
    with cluster.visitors(*VISITED):
        for one in CHECKS:
            try:
                passed, said = True, one()
            except (AssertionError, RuntimeError, OSError, ValueError, subprocess.SubprocessError) as error:
                passed, said = False, str(error) or type(error).__name__
            words = f"{'ok  ' if passed else 'FAIL'} {one.__name__.replace('_', '-'):<38} {said}"
            print(words, flush=True)
            yield passed, words
