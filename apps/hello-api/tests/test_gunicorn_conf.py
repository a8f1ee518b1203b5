"""gunicorn gets the settings' numbers, and none of its own that would break what they promise."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from conftest import SERVICE

from hello_api import observe

GIVEN = {"WORKERS": 3, "THREADS": 7, "SPARE_THREADS": 2, "APP_KEEPALIVE": 11, "HEARTBEAT": 17, "GRACEFUL": 19, "APP_PORT": 8123}


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in {**GIVEN, "RUN_DIR": tmp_path / "run"}.items():
        monkeypatch.setenv(f"HELLO_{name}", str(value))
    monkeypatch.setenv("HELLO_MASTER", "")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    environment = os.environ.copy()
    try:
        return runpy.run_path(str(SERVICE / "gunicorn.conf.py"))
    finally:
        os.environ.clear()
        os.environ.update(environment)


def test_the_numbers_are_the_settings(conf: dict[str, Any]) -> None:
    assert conf["bind"] == "127.0.0.1:8123"
    assert (conf["workers"], conf["threads"]) == (3, 9)
    assert (conf["keepalive"], conf["timeout"], conf["graceful_timeout"]) == (11, 17, 19)


def test_what_waits_waits_in_haproxy(conf: dict[str, Any]) -> None:
    """Connections that nobody has accepted are lost when the master stops: no more of them than haproxy sends at once, twice."""
    assert conf["backlog"] == 2 * 3 * 7


def test_a_worker_lives_until_it_is_told_to_end(conf: dict[str, Any]) -> None:
    assert conf["max_requests"] == 0, "each dead process leaves its metrics' files for ever"
    assert conf["worker_tmp_dir"] == "/dev/shm", "on a slow disk a worker is taken for dead (gunicorn#1863)"
    assert conf["preload_app"] is False


def test_nobody_but_haproxy_says_anything_of_a_client(conf: dict[str, Any]) -> None:
    assert conf["forwarded_allow_ips"] == "127.0.0.1"
    assert conf["forwarder_headers"] == "", "neither SCRIPT_NAME nor PATH_INFO is taken from a header"


def test_a_worker_puts_lines_and_counts_aside(conf: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr(observe.answers, "start", lambda: started.append(True))
    conf["post_worker_init"](None)
    assert started == [True]


def test_a_reload_leaves_the_workers_metrics_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HUP reads the file again in the same process; a restarted container is another one, and begins anew."""
    file = tmp_path / "run" / "metrics" / "counter_1.db"
    monkeypatch.setenv("HELLO_RUN_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(file.parent))
    for master, stays in ((str(os.getpid()), True), ("1", False)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        monkeypatch.setenv("HELLO_MASTER", master)
        runpy.run_path(str(SERVICE / "gunicorn.conf.py"))
        assert file.exists() is stays
