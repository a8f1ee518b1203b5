"""publish.yml, the manifests and platform.yaml mean the same images; digests are written where overlays read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
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
#: The account that the manifests name; Argo CD puts gitops.images of platform.yaml in its place (6-workload.yaml).
PLACEHOLDER = "docker.io/you"
PUBLISHED = SERVICE / "deploy" / "published"


def in_manifests() -> set[str]:
    return set(re.findall(r"^\s+image: (\S+):[\d.]+$", (SERVICE / "deploy/base/deployment.yaml").read_text(), re.MULTILINE))


def test_what_is_built_is_what_runs() -> None:
    assert in_manifests() == {f"{PLACEHOLDER}/{name}" for name in NAMES}
    assert f'"{PLACEHOLDER}/%s=%s/%s"' in (PROJECT / "gitops/root/templates/6-workload.yaml").read_text()
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
    assert "cache-from" not in str(jobs["image"]), "what a scanner may write is not built from"
    for step in jobs["image"]["steps"]:
        if "/setup-" in step.get("uses", ""):
            # Both have one, unless they are told not to: qemu's holds an image that is run as root.
            assert [value for key, value in step["with"].items() if key.startswith("cache-")] == [False], step
    assert {row["name"]: row["file"] for row in jobs[name]["strategy"]["matrix"]["include"]} == NAMES


def said(tmp_path: Path, platform: str, version: str = '__version__ = "1.0.0"\n') -> tuple[int, str, str]:
    """The step that says what is pushed, run as GitHub does, with a yq that knows this one question: exit code, outputs, log."""
    (script,) = [step["run"] for step in PUBLISH["jobs"]["image"]["steps"] if step.get("id") == "say"]
    yq = tmp_path / "yq"
    yq.write_text(
        f"#!{sys.executable}\nimport sys, yaml\n"
        "assert sys.argv[1:] == ['--exit-status', '.gitops.images // \"docker.io/you\"', 'platform.yaml'], sys.argv\n"
        "print((yaml.safe_load(open('platform.yaml')).get('gitops') or {}).get('images') or 'docker.io/you')\n"
    )
    yq.chmod(0o755)
    (tmp_path / "platform.yaml").write_text(platform)
    module = tmp_path / "apps/hello-api/hello_api/__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text(version)
    outputs = tmp_path / "outputs"
    outputs.touch()
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "NAME": "hello-api", "GITHUB_OUTPUT": str(outputs)}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, outputs.read_text(), done.stdout


@pytest.mark.parametrize(
    ("platform", "account"),
    [
        ("gitops: {images: docker.io/acme/apps}", "docker.io/acme/apps"),
        ("gitops: {}", "docker.io/you"),
        ("name: x", "docker.io/you"),
    ],
)
def test_images_are_pushed_where_the_platform_says(tmp_path: Path, platform: str, account: str) -> None:
    assert said(tmp_path, platform)[:2] == (0, f"image={account}/hello-api\nversion=1.0.0\n")


@pytest.mark.parametrize(
    ("platform", "version", "why"),
    [
        ("gitops: {images: ghcr.io/acme}", '__version__ = "1.0.0"\n', "gitops.images is ghcr.io/acme"),
        ("gitops: [", '__version__ = "1.0.0"\n', ""),
        ("name: x", "version = 1\n", "no version"),
    ],
)
def test_what_cannot_be_pushed_ends_before_it_is_built(tmp_path: Path, platform: str, version: str, why: str) -> None:
    code, outputs, log = said(tmp_path, platform, version)
    assert code != 0
    assert outputs == ""
    assert why in log


def test_version_is_the_manifests(tmp_path: Path) -> None:
    outputs = said(tmp_path, "name: x", (SERVICE / "hello_api/__init__.py").read_text())[1]
    found = outputs.splitlines()[1].removeprefix("version=")
    assert (SERVICE / "deploy/base/deployment.yaml").read_text().count(f":{found}\n") == len(NAMES)


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
