"""The service's Kubernetes manifests, as far as they can be judged without a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Manifests:
    objects: list[dict[str, Any]]

    @staticmethod
    def read(base: Path) -> Manifests:
        """Every object of a Kustomize base, unrendered: a base holds whole objects."""
        resources = yaml.safe_load((base / "kustomization.yaml").read_text())["resources"]
        objects = [one for name in resources for one in yaml.safe_load_all((base / name).read_text()) if one]
        return Manifests(objects)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.objects if one["kind"] == kind]

    def workload(self) -> dict[str, Any]:
        """The Deployment."""
        (one,) = self.of("Deployment")
        return one

    def pod(self) -> dict[str, Any]:
        return self.workload()["spec"]["template"]["spec"]

    def containers(self) -> list[dict[str, Any]]:
        """Containers that stay: the main ones and native sidecars."""
        sidecars = [one for one in self.pod().get("initContainers", []) if one.get("restartPolicy") == "Always"]
        return [*self.pod()["containers"], *sidecars]
