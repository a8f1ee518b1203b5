"""compose.yaml: the pod's containers and its sandbox on one machine, with the pod's restrictions and the settings' times."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SERVICE

from hello_api.settings import Settings

COMPOSE: dict[str, Any] = yaml.safe_load((SERVICE / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
S = Settings()


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


@pytest.mark.parametrize("name", ["pod", "app", "haproxy"])
def test_restrictions_are_the_pods(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service, "the image's own, which is not root"


def test_who_is_started_again_finds_the_same_network() -> None:
    """That of a container is gone with it, and those that shared it stay in the dead one."""
    assert set(SERVICES) == {"pod", "app", "haproxy"}
    assert "network_mode" not in SERVICES["pod"]
    for name in ("app", "haproxy"):
        assert SERVICES[name]["network_mode"] == "service:pod"
        assert "ports" not in SERVICES[name]


def test_the_sandbox_waits_and_costs_next_to_nothing() -> None:
    sandbox = SERVICES["pod"]
    program, *arguments = sandbox["entrypoint"]
    waiting = subprocess.Popen([sys.executable if program == "python3" else program, *arguments])
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(1)
    memory = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{waiting.pid}/status").read_text(), re.MULTILINE)
    waiting.send_signal(signal.Signals[sandbox["stop_signal"]])
    assert waiting.wait(5) == -signal.SIGKILL
    assert memory
    assert int(memory[1]) < 0.75 * 1024 * int(sandbox["mem_limit"].removesuffix("m"))
    assert sandbox["image"] == SERVICES["app"]["image"], "no image more"


def test_haproxy_goes_first() -> None:
    assert "app" in SERVICES["haproxy"]["depends_on"], "compose stops it first: what it has in flight finds gunicorn"
    assert seconds(SERVICES["haproxy"]["stop_grace_period"]) > S.hard_stop
    assert seconds(SERVICES["app"]["stop_grace_period"]) > S.graceful


def test_ports_are_the_settings() -> None:
    published = {port.rpartition(":")[2]: port for port in SERVICES["pod"]["ports"]}
    assert set(published) == {str(S.edge_port), str(S.edge_metrics_port), str(S.app_metrics_port)}, (
        "gunicorn's own is not among them"
    )
    assert all(port.startswith("127.0.0.1:") for number, port in published.items() if number != str(S.edge_port)), (
        "metrics stay here"
    )


def test_what_must_be_written_is_in_memory() -> None:
    assert {entry.partition(":")[0] for entry in SERVICES["app"]["tmpfs"]} == {S.run_dir, "/tmp"}
    assert "tmpfs" not in SERVICES["haproxy"]
