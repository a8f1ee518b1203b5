"""publish.yml, the manifests and platform.yaml mean the same images; digests are written where overlays read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SERVICE

PROJECT = SERVICE.parents[1]
WORKFLOW = PROJECT / ".github" / "workflows" / "publish.yml"
if not WORKFLOW.exists():
    pytest.skip(f"{WORKFLOW} is not there: this is a copy of the service without the project", allow_module_level=True)

PUBLISH: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
NAMES = {row["name"]: row["file"] for row in PUBLISH["jobs"]["image"]["strategy"]["matrix"]["include"]}
IMAGES = yaml.safe_load((PROJECT / "platform.yaml").read_text())["gitops"]["images"]
PUBLISHED = SERVICE / "deploy" / "published"


def in_manifests() -> set[str]:
    return set(re.findall(r"^\s+image: (\S+):[\d.]+$", (SERVICE / "deploy/base/deployment.yaml").read_text(), re.MULTILINE))


def test_what_is_built_is_what_runs() -> None:
    assert in_manifests() == {f"{IMAGES}/{name}" for name in NAMES}
    component = yaml.safe_load((PUBLISHED / "kustomization.yaml").read_text())
    assert {image["name"] for image in component["images"]} == in_manifests()
    assert all((SERVICE / file).exists() for file in NAMES.values())


def test_a_change_of_anything_in_an_image_publishes() -> None:
    paths = PUBLISH[True]["push"]["paths"]  # YAML 1.1 reads `on` as true
    inside = [line.removeprefix("!") for line in (SERVICE / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for pattern in [*inside, *NAMES.values()]:
        name = f"apps/hello-api/{pattern}"
        assert any(fnmatch(name, path) for path in paths), f"{name} starts no publish"


def test_nothing_but_main_is_published() -> None:
    """workflow_dispatch runs on any branch, and the digests are committed to main."""
    jobs = PUBLISH["jobs"]
    publishing = {name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()}
    assert publishing == {"image", "gitops"}
    assert jobs["image"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["gitops"]["needs"] == "image", "skipped with it"
    assert "if" not in jobs["gitops"]


def test_the_scanner_is_given_nothing() -> None:
    """It is others' code, which has been tampered with before (CVE-2026-33634)."""
    jobs = PUBLISH["jobs"]
    (name,) = [name for name, job in jobs.items() if "trivy" in str(job["steps"])]
    assert PUBLISH["permissions"] == {"contents": "read"}
    assert "permissions" not in jobs[name]
    assert "secrets." not in str(jobs[name])
    assert name in jobs["image"]["needs"]
    assert "cache" not in str(jobs["image"]), "what a scanner may write is not built from"
    assert {row["name"]: row["file"] for row in jobs[name]["strategy"]["matrix"]["include"]} == NAMES


def test_version_is_read_from_where_it_is() -> None:
    (script,) = [step["run"] for step in PUBLISH["jobs"]["image"]["steps"] if step.get("id") == "say"]
    expression = re.search(r"sed -n '([^']+)' (\S+)\)", script)
    assert expression
    found = subprocess.run(
        ["sed", "-n", expression[1], PROJECT / expression[2]], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", found)
    assert all(f":{found}\n" in (SERVICE / "deploy/base/deployment.yaml").read_text() for _ in NAMES)


KUSTOMIZE = shutil.which("kustomize", path=f"{os.environ['PATH']}:{os.environ.get('LAB_HOME', '/var/tmp/lab')}/bin")


@pytest.mark.skipif(not KUSTOMIZE, reason="kustomize is not installed; `lab/lab build` makes one")
def test_digests_get_into_the_pods(tmp_path: Path) -> None:
    """As the workflow does it, and under an account of somebody else's."""
    assert KUSTOMIZE
    environment = {**os.environ, "PATH": f"{Path(KUSTOMIZE).parent}:{os.environ['PATH']}"}
    shutil.copytree(SERVICE / "deploy", tmp_path / "deploy")
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/kustomization.yaml").write_text("resources: [../deploy/base]\ncomponents: [../deploy/published]\n")
    for digit in "ab":  # a second release replaces the first
        files = []
        for name in NAMES:
            files.append(tmp_path / name)
            files[-1].write_text(f"docker.io/somebody/{name}@sha256:{digit * 64}\n")
        subprocess.run([tmp_path / "deploy/published/set", *files], env=environment, check=True)
        built = subprocess.run(
            ["kustomize", "build", tmp_path / "overlay"], env=environment, capture_output=True, text=True, check=True
        ).stdout
        assert set(re.findall(r"image: (\S+)", built)) == {f"docker.io/somebody/{name}@sha256:{digit * 64}" for name in NAMES}


@pytest.mark.parametrize("content", ["docker.io/you/hello-api:1.0.0", "", "docker.io/you/other@sha256:" + "a" * 64])
def test_what_is_no_digest_is_refused(tmp_path: Path, content: str) -> None:
    shutil.copytree(PUBLISHED, tmp_path / "published")
    before = (tmp_path / "published/kustomization.yaml").read_text()
    (tmp_path / "hello-api").write_text(content)
    done = subprocess.run([tmp_path / "published/set", tmp_path / "hello-api"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "holds no hello-api@sha256" in done.stderr
    assert (tmp_path / "published/kustomization.yaml").read_text() == before
