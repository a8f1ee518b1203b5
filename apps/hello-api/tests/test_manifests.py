"""The manifests' numbers are the settings' numbers, and their pods are restricted ones."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from conftest import SERVICE

from hello_api.edge import haproxy_cfg
from hello_api.settings import Settings, for_kubernetes

BASE = SERVICE / "deploy" / "base"
S = for_kubernetes()


def objects(kind: str) -> list[dict[str, Any]]:
    found = [one for path in sorted(BASE.glob("*.yaml")) for one in yaml.safe_load_all(path.read_text())]
    return [one for one in found if one["kind"] == kind]


DEPLOYMENT = objects("Deployment")[0]
POD = DEPLOYMENT["spec"]["template"]["spec"]
(APP,) = POD["containers"]
(EDGE,) = POD["initContainers"]


@pytest.mark.parametrize(("path", "settings"), [("haproxy.cfg", Settings()), ("deploy/base/haproxy.cfg", S)])
def test_the_committed_haproxy_configurations_are_not_stale(path: str, settings: Settings) -> None:
    assert (SERVICE / path).read_text() == haproxy_cfg(settings), "run apps/hello-api/render"


def test_the_way_out() -> None:
    assert POD["terminationGracePeriodSeconds"] == S.termination_grace
    assert APP["lifecycle"]["preStop"]["exec"]["command"] == ["python3", "-m", "hello_api.drain"]
    assert EDGE["restartPolicy"] == "Always", "a native sidecar, so that it outlives gunicorn"


def test_the_probes() -> None:
    ready = APP["readinessProbe"]
    assert (ready["httpGet"]["path"], ready["httpGet"]["port"]) == ("/readyz", S.edge_port), "as a client goes, through haproxy"
    assert (ready["periodSeconds"], ready["timeoutSeconds"], ready["failureThreshold"]) == (
        S.probe_period,
        S.probe_timeout,
        S.readiness_failures,
    )
    for container in (APP, EDGE):
        alive = container["livenessProbe"]
        assert (alive["periodSeconds"], alive["timeoutSeconds"], alive["failureThreshold"]) == (
            S.liveness_period,
            S.probe_timeout,
            S.liveness_failures,
        )
        assert alive["httpGet"]["path"] != ready["httpGet"]["path"], "one that is not ready is not restarted for it"
        start = container["startupProbe"]
        assert start["periodSeconds"] * start["failureThreshold"] > S.worker_start
    assert S.silence + S.liveness_period * S.liveness_failures > S.wedge_healed - S.endpoint_lag, (
        "the master heals before the kubelet restarts"
    )


def test_the_ports() -> None:
    ports = {port["name"]: port["containerPort"] for container in (APP, EDGE) for port in container["ports"]}
    assert ports == {"http": S.edge_port, "edge-metrics": S.edge_metrics_port, "app-metrics": S.app_metrics_port}
    (policy,) = objects("NetworkPolicy")
    allowed = {port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]}
    assert allowed == set(ports.values()), "gunicorn's own port is nobody's"
    assert not [port for container in (APP, EDGE) for port in container["ports"] if "hostPort" in port]


def test_who_may_reach_the_pods_and_whom_they_reach() -> None:
    (policy,) = objects("NetworkPolicy")
    assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
    anybody = {port["port"] for rule in policy["spec"]["ingress"] if "from" not in rule for port in rule["ports"]}
    assert anybody == {S.edge_port}
    (metrics,) = [rule for rule in policy["spec"]["ingress"] if "from" in rule]
    assert metrics["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
    anywhere = [rule for rule in policy["spec"]["egress"] if "to" not in rule]
    assert [port["port"] for rule in anywhere for port in rule["ports"]] == [53, 53], "names, and nothing else"
    (neighbours,) = [rule for rule in policy["spec"]["egress"] if "to" in rule]
    assert neighbours["to"] == [{"podSelector": policy["spec"]["podSelector"]}]
    assert [port["port"] for port in neighbours["ports"]] == [S.edge_port]


def test_prometheus_scrapes_ports_that_there_are() -> None:
    (monitor,) = objects("ServiceMonitor")
    selector = monitor["spec"]["selector"]["matchLabels"].items()
    component = "app.kubernetes.io/component"
    assert monitor["spec"]["selector"]["matchExpressions"] == [{"key": component, "operator": "DoesNotExist"}]
    (service,) = [
        one
        for one in objects("Service")
        if selector <= one["metadata"]["labels"].items() and component not in one["metadata"]["labels"]
    ]
    named = {port["name"]: port["port"] for port in service["spec"]["ports"]}
    scraped = [named[endpoint["port"]] for endpoint in monitor["spec"]["endpoints"]]
    assert scraped == [S.app_metrics_port, S.edge_metrics_port]


def test_what_must_be_written_is_in_memory_and_bounded() -> None:
    mounts = {mount["mountPath"]: mount["name"] for mount in APP["volumeMounts"]}
    volumes = {volume["name"]: volume.get("emptyDir", {}) for volume in POD["volumes"]}
    assert set(mounts) == {S.run_dir, "/dev/shm", "/tmp"}, "the root is read-only"
    for path in (S.run_dir, "/dev/shm"):
        assert volumes[mounts[path]]["medium"] == "Memory", "a heartbeat and a counter wait for no disk (gunicorn#1863)"
    assert all("sizeLimit" in volumes[name] for name in mounts.values())
    assert all(mount.get("readOnly") for mount in EDGE["volumeMounts"])


def test_cpu_and_memory_are_what_the_workers_need() -> None:
    limits = APP["resources"]["limits"]
    assert int(limits["cpu"]) >= S.workers
    assert "cpu" not in EDGE["resources"]["limits"], "a throttled proxy delays every request"
    for container in (APP, EDGE):
        assert container["resources"]["requests"].keys() >= {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]


def test_pods_are_restricted() -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a read-only root."""
    context = POD["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["runAsUser"] >= 10000
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert POD["automountServiceAccountToken"] is False
    (account,) = objects("ServiceAccount")
    assert account["automountServiceAccountToken"] is False
    assert POD["serviceAccountName"] == account["metadata"]["name"]
    assert POD["enableServiceLinks"] is False, "a Service called hello-app would set HELLO_APP_PORT, to an URL"
    assert not [name for name in ("hostNetwork", "hostPID", "hostIPC") if POD.get(name)]
    for container in (APP, EDGE):
        own = container["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}
    assert all(not volume.get("hostPath") for volume in POD["volumes"])


def test_a_rollout_never_has_less_than_it_had() -> None:
    assert DEPLOYMENT["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert DEPLOYMENT["spec"]["minReadySeconds"] >= S.endpoint_lag
    assert "replicas" not in DEPLOYMENT["spec"], "the autoscaler owns it"
    (autoscaler,) = objects("HorizontalPodAutoscaler")
    assert autoscaler["spec"]["minReplicas"] >= 3, "one a zone"
    (budget,) = objects("PodDisruptionBudget")
    assert budget["spec"]["maxUnavailable"] < autoscaler["spec"]["minReplicas"]
    assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow", "one that is broken anyway blocks no drain"
    (metric,) = autoscaler["spec"]["metrics"]
    cpu = metric["containerResource"]
    assert (cpu["container"], cpu["name"]) == (APP["name"], "cpu")
    room = cpu["target"]["averageUtilization"] / 100 * float(APP["resources"]["requests"]["cpu"].removesuffix("m")) / 1000
    assert room < S.workers, "more pods come before the workers' CPUs are full"
    assert cpu["target"]["averageUtilization"] <= 80
    zones = [constraint["topologyKey"] for constraint in POD["topologySpreadConstraints"]]
    assert zones == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]


def test_every_selector_finds_the_pods() -> None:
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"].items()
    assert DEPLOYMENT["spec"]["selector"]["matchLabels"].items() <= labels
    for service in objects("Service"):
        assert service["spec"]["selector"].items() <= labels
    assert objects("PodDisruptionBudget")[0]["spec"]["selector"]["matchLabels"].items() <= labels
    assert objects("NetworkPolicy")[0]["spec"]["podSelector"]["matchLabels"].items() <= labels
    for constraint in POD["topologySpreadConstraints"]:
        assert constraint["labelSelector"]["matchLabels"].items() <= labels


def test_the_neighbours_name_is_a_service_that_names_ready_pods_by_address() -> None:
    name = next(one["value"] for one in EDGE["env"] if one["name"] == "NEIGHBOURS").partition(".")[0]
    (service,) = [one for one in objects("Service") if one["metadata"]["name"] == name]
    assert service["spec"]["clusterIP"] == "None"
    assert not service["spec"].get("publishNotReadyAddresses")


def test_images_are_docker_hub_ones_with_a_version() -> None:
    for container in (APP, EDGE):
        assert container["image"].startswith("docker.io/")
        assert not container["image"].endswith(":latest")
