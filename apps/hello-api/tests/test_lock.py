"""The locked packages install on both architectures that publish.yml builds for: EKS nodes are Graviton, laptops are not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SERVICE


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_package_has_a_wheel_by_a_locked_hash(machine: str, tmp_path: Path) -> None:
    """For the Python of the image's base, with nothing to compile: the build stage has no compiler."""
    python = re.search(r"^ARG BUILDER=\S*/python:(\d+)\.(\d+)", (SERVICE / "Dockerfile").read_text(), re.MULTILINE)
    assert python
    tag = f"cp{python[1]}{python[2]}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "-r", "requirements.lock", "-d", str(tmp_path)]
    command += ["--python-version", f"{python[1]}.{python[2]}", "--implementation", "cp", "--abi", tag, "--abi", "none"]
    command += ["--platform", f"manylinux2014_{machine}"]
    done = subprocess.run(command, cwd=SERVICE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pinned = re.findall(r"^([\w-]+)==", (SERVICE / "requirements.lock").read_text(), re.MULTILINE)
    assert len(list(tmp_path.glob("*.whl"))) == len(pinned)
    assert list(tmp_path.glob(f"markupsafe-*{machine}*.whl")), "the one that is compiled"


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_renovate_understands_how_it_was_locked(file: str) -> None:
    """Its pip-compile manager reads the command, and leaves alone what it does not know (common.ts of 2026-08)."""
    command = (SERVICE / file).read_text().splitlines()[1].removeprefix("#").split()
    assert command[:3] == ["uv", "pip", "compile"]
    assert command[3:] == ["--universal", "--python-version=3.11", "--generate-hashes", f"--output-file={file}", f"{file[:-5]}.in"]
