"""What the two images say of themselves: who runs, how it is stopped, and that no shell stands between."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from conftest import SERVICE

CONTEXT = yaml.safe_load((SERVICE / "deploy/base/deployment.yaml").read_text())["spec"]["template"]["spec"]["securityContext"]


def last_stage(file: str) -> dict[str, str]:
    """Instruction to arguments, of the stage that runs."""
    text = (SERVICE / file).read_text().replace("\\\n", " ")
    stage = re.split(r"(?m)^FROM ", text)[-1]
    return dict(line.split(" ", 1) for line in stage.splitlines()[1:] if re.match("[A-Z]+ ", line))


@pytest.mark.parametrize(("file", "signal"), [("Dockerfile", "SIGTERM"), ("Dockerfile.haproxy", "SIGUSR1")])
def test_the_stage_that_runs(file: str, signal: str) -> None:
    stage = last_stage(file)
    assert stage["USER"] == f"{CONTEXT['runAsUser']}:{CONTEXT['runAsGroup']}", "a number: the kubelet checks no name for root"
    assert stage["STOPSIGNAL"] == signal, "the one that finishes what is in flight"
    assert isinstance(json.loads(stage["ENTRYPOINT"]), list), "PID 1 is the program and gets the signal"
    assert "RUN" not in stage
