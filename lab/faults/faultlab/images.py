"""Builds images with buildah, in a mount namespace and a store of its own, without a base image or network."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

_BUILD = r"""
set -eu
mount -t tmpfs tmpfs /var/lib
mkdir -p /var/lib/store /var/lib/run
B="buildah --root /var/lib/store --runroot /var/lib/run --storage-driver vfs"
$B build --quiet --isolation chroot --format docker -t probe "$1" >&2
id=$($B from probe)
tar -C "$($B mount "$id")" -cf - .
"""


class BuildFailed(Exception):
    """The last line that buildah said."""


def build(dockerfile: str, context: Mapping[str, str | bytes], dockerignore: str | None = None) -> list[str]:
    """The files of the image, as paths without a leading slash. BuildFailed when it cannot be built."""
    if not shutil.which("buildah"):
        raise AssertionError("buildah is not installed")
    with tempfile.TemporaryDirectory() as box:
        root = Path(box)
        (root / "Dockerfile").write_text(dockerfile)
        if dockerignore is not None:
            (root / ".dockerignore").write_text(dockerignore)
        for name, content in context.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _BUILD, "sh", box]
        built = subprocess.run(command, capture_output=True, check=False)
        if built.returncode:
            raise BuildFailed(built.stderr.decode().strip().splitlines()[-1])
        listed = subprocess.run(["tar", "-tf", "-"], input=built.stdout, capture_output=True, check=True)
    return [line.removeprefix("./").rstrip("/") for line in listed.stdout.decode().splitlines()]
