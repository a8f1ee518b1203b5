"""The invariants between settings: every one of them notices when it is broken."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hello_api.edge import haproxy_cfg
from hello_api.settings import Settings, SettingsError, for_kubernetes, from_environment, main

BROKEN = [
    ({"workers": 0}, "workers and threads"),
    ({"threads": 0}, "workers and threads"),
    ({"spare_threads": 0}, "spare_threads is at least 1"),
    ({"edge_maxconn": 463}, "2 * edge_maxconn + 100 <= descriptors"),
    ({"connect": 15}, "connect < request"),
    ({"queue": 15}, "queue < request"),
    ({"client": 14}, "request <= client"),
    ({"client": 60}, "load_balancer_idle < client"),
    ({"edge_keepalive": 60}, "load_balancer_idle < edge_keepalive"),
    ({"load_balancer_idle": 75}, "load_balancer_idle < edge_keepalive"),
    ({"app_keepalive": 5}, "pool_idle < app_keepalive"),
    ({"graceful": 14}, "request <= graceful"),
    ({"hard_stop": 20}, "graceful < hard_stop"),
    ({"pre_stop": 7}, "deregistration <= pre_stop"),
    ({"termination_grace": 54}, "termination_grace"),
    ({"heartbeat": 14}, "request <= heartbeat"),
    ({"silence": 15}, "heartbeat < silence"),
    ({"check_timeout": 16, "probe_timeout": 17}, "check_timeout <= request"),
    ({"probe_timeout": 2}, "check_timeout < probe_timeout"),
    ({"edge_maxconn": 64}, "workers * threads < edge_maxconn"),
    ({"threads": 500}, "workers * threads < edge_maxconn"),
    ({"app_port": 8080}, "every port"),
    ({"trusted_proxies": "0.0.0.0/0"}, "none wider than /8"),
    ({"trusted_proxies": "::/0"}, "none wider than /8"),
    ({"trusted_proxies": "10.0.0.1/8"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8 balancer"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8\n    http-request allow"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8,10.1.0.0/16"}, "trusted_proxies"),
]


def test_the_defaults_and_the_pods_settings_fit() -> None:
    assert Settings().problems() == []
    assert for_kubernetes().problems() == []


@pytest.mark.parametrize(("change", "says"), BROKEN)
def test_a_setting_that_does_not_fit_is_refused_by_name(change: dict[str, float], says: str) -> None:
    problems = replace(Settings(), **change).problems()  # type: ignore[arg-type]
    assert any(says in one for one in problems), problems


def test_every_rule_is_broken_by_some_case() -> None:
    broken = {rule for change, _ in BROKEN for holds, rule in replace(Settings(), **change).rules() if not holds}  # type: ignore[arg-type]
    assert broken == {rule for _, rule in Settings().rules()}


@given(
    st.dictionaries(
        st.sampled_from([f.name for f in fields(Settings) if f.type in ("int", "float")]), st.integers(0, 120), max_size=4
    )
)
@hypothesis_settings(max_examples=300, deadline=None)
def test_whatever_is_set_is_either_refused_or_a_whole_configuration(change: dict[str, int]) -> None:
    try:
        s = replace(Settings(), **change).checked()  # type: ignore[arg-type]
    except SettingsError:
        return
    text = haproxy_cfg(s)
    assert f"maxconn {s.workers * s.threads} " in text
    assert s.connect < s.request <= s.client
    assert s.pre_stop + s.graceful + s.edge_grace + s.hard_stop <= s.termination_grace


@pytest.mark.parametrize("settings", [Settings(), for_kubernetes()])
def test_one_thread_writes_the_log(settings: Settings) -> None:
    """haproxy drops the line of a thread that finds stdout taken by another."""
    (threads,) = re.findall(r"^    nbthread (\d+)$", haproxy_cfg(settings), re.MULTILINE)
    assert threads == "1"


def test_whoever_may_be_ourselves_is_checked_by_our_name() -> None:
    """A neighbour's name stands for this pod, too; one that is not checked would be asked in our own place, and is us."""
    backends = haproxy_cfg(for_kubernetes()).split("\nbackend ")[1:]
    found = [one for one in backends if "server-template" in one]
    assert len(found) == 2
    assert re.search("^    http-request return status 421 .* if by_ourselves checked$", haproxy_cfg(for_kubernetes()), re.MULTILINE)
    (misdirected,) = re.findall("^    acl checked path (.*)$", haproxy_cfg(for_kubernetes()), re.MULTILINE)
    for backend in found:
        # Answered 502, it was a 5xx each second: HaproxyErrorBudgetFastBurn fired in every namespace (lab/alerts/run, 2026-11-26).
        (checked,) = re.findall(r"http-check send meth GET uri (\S+)", backend)
        assert checked in misdirected.split()
        assert re.search(r"^    http-check send .* hdr X-Edge-Hop \"\$\{POD_NAME\}\"$", backend, re.MULTILINE)
        assert re.search(r"^    server-template .* check inter \d+ms fall 1 ", backend, re.MULTILINE)


def test_the_environment_overrides_and_is_refused_by_name() -> None:
    assert from_environment({"HELLO_THREADS": "8", "HELLO_FAULTS": "true"}).capacity == 16
    with pytest.raises(SettingsError, match=r"HELLO_THREADS='many' is no int"):
        from_environment({"HELLO_THREADS": "many"})
    with pytest.raises(SettingsError, match="load_balancer_idle < edge_keepalive"):
        from_environment({"HELLO_EDGE_KEEPALIVE": "10"})


def test_the_command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["haproxy"]) == 0
    assert "frontend edge" in capsys.readouterr().out
    assert main(["what"]) == 2
    monkeypatch.setenv("HELLO_QUEUE", "60")
    assert main(["check"]) == 2
    assert "queue < request" in capsys.readouterr().err


@pytest.mark.parametrize("told", [{}, {"TRUSTED_PROXIES": ""}, {"TRUSTED_PROXIES": "10.100.0.0/19 2001:db8::/32"}])
@pytest.mark.parametrize(
    "settings",
    [Settings(), for_kubernetes(), Settings(workers=1, threads=8, edge_maxconn=100), Settings(trusted_proxies="10.0.0.0/8")],
)
def test_haproxy_takes_what_is_rendered_without_a_warning(settings: Settings, told: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "haproxy.cfg"
    path.write_text(haproxy_cfg(settings))
    done = subprocess.run(
        ["haproxy", "-c", "-dW", "-f", path],
        env={"NEIGHBOURS": "a.b", "POD_NAME": "p", "PATH": "/usr/sbin:/usr/local/sbin", **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
