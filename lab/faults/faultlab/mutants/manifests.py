"""Faults put back into the Kubernetes manifests."""

from ..mutant import Edit, Impossible, Mutant

DEPLOYMENT = "deploy/base/deployment.yaml"
MANIFESTS = "static static/test_manifests.py::"

MUTANTS: list[Mutant | Impossible] = [
    Mutant(
        13,
        "no liveness and no readiness probe",
        MANIFESTS + "test_every_container_has_probes",
        (Edit(DEPLOYMENT, r"(liveness|readiness)Probe:", "x-removed:"),),
    ),
    Mutant(
        14,
        "one container for both programs",
        MANIFESTS + "test_two_programs_are_two_containers",
        (
            Edit(DEPLOYMENT, r"\*container", "{}"),
            Edit(DEPLOYMENT, r"^      initContainers:\n(?s:.*?)^      containers:\n", "      containers:\n"),
        ),
    ),
    Mutant(
        46,
        "a writable root file system",
        MANIFESTS + "test_root_file_system_is_read_only",
        (Edit(DEPLOYMENT, r"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),),
    ),
    Mutant(
        48,
        "one replica",
        MANIFESTS + "test_more_than_one_replica_and_a_budget",
        (Edit("deploy/base/horizontalpodautoscaler.yaml", r"minReplicas: \d+", "minReplicas: 1"),),
    ),
]
