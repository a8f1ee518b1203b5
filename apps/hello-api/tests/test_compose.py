"""compose.yaml: the pod's two containers on one machine, with the pod's restrictions and the settings' times."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", ["app", "haproxy"])
def test_restrictions_are_the_pods(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service, "the image's own, which is not root"


def test_haproxy_shares_gunicorns_network_and_goes_first() -> None:
    assert SERVICES["haproxy"]["network_mode"] == "service:app"
    assert SERVICES["haproxy"]["depends_on"] == ["app"], "compose stops it first: what it has in flight finds gunicorn"
    assert seconds(SERVICES["haproxy"]["stop_grace_period"]) > S.hard_stop
    assert seconds(SERVICES["app"]["stop_grace_period"]) > S.graceful


def test_ports_are_the_settings() -> None:
    published = {port.rpartition(":")[2]: port for port in SERVICES["app"]["ports"]}
    assert set(published) == {str(S.edge_port), str(S.edge_metrics_port), str(S.app_metrics_port)}, (
        "gunicorn's own is not among them"
    )
    assert all(port.startswith("127.0.0.1:") for number, port in published.items() if number != str(S.edge_port)), (
        "metrics stay here"
    )


def test_what_must_be_written_is_in_memory() -> None:
    assert {entry.partition(":")[0] for entry in SERVICES["app"]["tmpfs"]} == {S.run_dir, "/tmp"}
    assert "tmpfs" not in SERVICES["haproxy"]
