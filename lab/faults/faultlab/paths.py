"""Where things lie. Everything that is installed goes into CACHE; the project tree gets the generated documents only."""

from __future__ import annotations

import os
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
PROJECT = LAB.parents[1]
ORIGINAL = PROJECT / "apps" / "original"
SERVICE = Path(os.environ.get("FAULTS_SERVICE", PROJECT / "apps" / "hello-api"))  # a mutated copy, when told so
DOCS = PROJECT / "docs"
CACHE = Path(os.environ.get("FAULTS_CACHE", "/var/cache/cimiento-faults"))  # readable by uid 10001, unlike a home directory


def programs(venv: str) -> str:
    """PATH with the programs of one of the lab's virtual environments first."""
    return f"{CACHE / venv / 'bin'}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
