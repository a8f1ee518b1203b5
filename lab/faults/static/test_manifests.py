"""What can be judged by reading the service's Kubernetes manifests (the Kustomize base)."""

import os
import re
from pathlib import Path

import pytest

from faultlab.manifests import Manifests

SERVICE = Path(os.environ.get("FAULTS_SERVICE", Path(__file__).parents[3] / "apps" / "hello-api"))
BASE = SERVICE / "deploy" / "base"


@pytest.fixture
def manifests() -> Manifests:
    return Manifests.read(BASE)


def test_every_container_has_probes(manifests):
    kinds = {
        one["name"]: {kind for kind in ("startupProbe", "livenessProbe", "readinessProbe") if kind in one} for one in manifests.containers()
    }
    assert all(kinds.values()), kinds
    assert set.union(*kinds.values()) == {"startupProbe", "livenessProbe", "readinessProbe"}


def test_probes_speak_http(manifests):
    probes = [one[kind] for one in manifests.containers() for kind in one if kind.endswith("Probe")]
    assert [probe for probe in probes if "httpGet" not in probe] == []


def test_readiness_asks_through_haproxy(manifests):
    """A Pod is ready when a request gets through both of its programs."""
    readiness = [one["readinessProbe"]["httpGet"]["path"] for one in manifests.containers() if "readinessProbe" in one]
    assert "/readyz" in readiness


def test_two_programs_are_two_containers(manifests):
    names = [one["name"] for one in manifests.containers()]
    assert len(names) == 2
    images = {one["image"].split("@")[0].split(":")[0] for one in manifests.containers()}
    assert len(images) == 2


def test_no_shell_between_the_kubelet_and_the_program(manifests):
    shells = [one["name"] for one in manifests.containers() if re.search(r"\b(ba|da|a)?sh\b", " ".join(one.get("command", [])))]
    assert shells == []


def test_nobody_is_root(manifests):
    pod = manifests.pod().get("securityContext", {})
    for one in manifests.containers():
        context = pod | one.get("securityContext", {})
        assert context.get("runAsNonRoot") is True, one["name"]
        assert context.get("runAsUser", 0) > 0, one["name"]


def test_restricted_pod_security(manifests):
    pod = manifests.pod().get("securityContext", {})
    for one in manifests.containers():
        context = one.get("securityContext", {})
        assert context.get("allowPrivilegeEscalation") is False, one["name"]
        assert context.get("capabilities", {}).get("drop") == ["ALL"], one["name"]
        assert (pod | context).get("seccompProfile", {}).get("type") == "RuntimeDefault", one["name"]


def test_root_file_system_is_read_only(manifests):
    assert [one["name"] for one in manifests.containers() if not one.get("securityContext", {}).get("readOnlyRootFilesystem")] == []


def test_memory_is_limited_and_cpu_requested(manifests):
    for one in manifests.containers():
        resources = one.get("resources", {})
        assert "memory" in resources.get("limits", {}), one["name"]
        assert {"cpu", "memory"} <= set(resources.get("requests", {})), one["name"]


def test_heartbeat_is_in_memory(manifests):
    volumes = {one["name"]: one for one in manifests.pod().get("volumes", [])}
    mounts = {mount["mountPath"]: volumes[mount["name"]] for one in manifests.containers() for mount in one.get("volumeMounts", [])}
    assert (mounts["/dev/shm"].get("emptyDir") or {}).get("medium") == "Memory"


def test_more_than_one_replica_and_a_budget(manifests):
    scalers = manifests.of("HorizontalPodAutoscaler")
    least = scalers[0]["spec"]["minReplicas"] if scalers else manifests.workload()["spec"].get("replicas", 1)
    assert least >= 2
    (budget,) = manifests.of("PodDisruptionBudget")
    assert budget["spec"].get("minAvailable") or budget["spec"].get("maxUnavailable")


def test_rollout_takes_nobody_away_first(manifests):
    assert manifests.workload()["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_stop_waits_for_the_endpoints_to_go(manifests):
    hooks = [one["lifecycle"]["preStop"] for one in manifests.containers() if "preStop" in one.get("lifecycle", {})]
    assert hooks
    assert manifests.pod()["terminationGracePeriodSeconds"] >= 40


def test_configuration_comes_from_outside_the_image(manifests):
    assert any(one.get("envFrom") or one.get("env") for one in manifests.containers())


def test_somebody_scrapes_both_programs(manifests):
    monitors = [*manifests.of("ServiceMonitor"), *manifests.of("PodMonitor")]
    assert monitors
    endpoints = [one for monitor in monitors for one in monitor["spec"].get("endpoints", monitor["spec"].get("podMetricsEndpoints", []))]
    assert len({one.get("port") or one.get("targetPort") for one in endpoints}) >= 2
