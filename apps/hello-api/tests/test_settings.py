"""The invariants between settings: every one of them notices when it is broken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import pytest
from conftest import SERVICE
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hello_api.edge import haproxy_cfg
from hello_api.settings import Settings, SettingsError, for_kubernetes, from_environment, main

BROKEN = [
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
    ({"app_keepalive": 5.5}, "whole seconds"),
    ({"heartbeat": 15.4}, "whole seconds"),
    ({"graceful": 15.4}, "whole seconds"),
    ({"trusted_proxies": "0.0.0.0/0"}, "none wider than /8"),
    ({"trusted_proxies": "::/0"}, "none wider than /8"),
    ({"trusted_proxies": "10.0.0.1/8"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8 balancer"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8\n    http-request allow"}, "trusted_proxies"),
    ({"trusted_proxies": "10.0.0.0/8,10.1.0.0/16"}, "trusted_proxies"),
    # To haproxy a mask of which 8 bits are 0: nearly everybody.
    ({"trusted_proxies": "10.0.0.0/0.255.255.255"}, "trusted_proxies"),
    # All of IPv4, as IPv6 says it; haproxy looks IPv4 up there, too.
    ({"trusted_proxies": "::ffff:0:0/96"}, "trusted_proxies"),
    ({"trusted_proxies": "::/16"}, "trusted_proxies"),
    ({"trusted_proxies": "fe80::1%eth0"}, "trusted_proxies"),
    ({"trusted_proxies": " ".join(f"10.0.{n}.0/24" for n in range(51))}, "up to 50 address blocks"),
]

#: Wrong whatever the other settings are.
NONSENSE = [
    *[(name, value) for name in ("workers", "threads", "spare_threads", "check_fall", "check_rise") for value in ("0", "-1")],
    ("workers", "2.0"),
    ("workers", "1_0"),
    ("workers", " 2"),
    ("workers", "\u0662"),
    ("workers", "9" * 30),
    ("workers", ""),
    ("liveness_failures", "0"),
    # haproxy takes 0 for "for ever", and what is below a millisecond for 0.
    *[(name, value) for name in ("connect", "queue", "slow_header", "check_timeout", "check_interval") for value in ("0", "-1")],
    ("slow_header", "0.0001"),
    ("request", "nan"),
    ("client", "inf"),
    ("client", "1e300"),
    ("client", "9999999"),
    ("request", "15s"),
    ("pre_stop", "-1"),
    *[
        (name, value)
        for name in ("app_port", "edge_port", "edge_metrics_port", "app_metrics_port")
        for value in ("0", "65536", "-1")
    ],
    ("app_host", "0.0.0.0"),
    ("app_host", "192.168.1.1"),
    ("app_host", "127.0.0.2"),
    ("app_host", "::1"),
    ("app_host", ""),
    ("edge_host", ""),
    ("edge_host", "nobody.invalid"),
    ("edge_host", "*\n    bind 127.0.0.1"),
    ("edge_host", "127.0.0.1:1,127.0.0.2"),
    ("app_metrics_host", "::"),
    ("app_metrics_host", "anything"),
    ("neighbours", "a b"),
    ("neighbours", 'x" disabled'),
    ("neighbours", "\nfrontend evil"),
    ("max_body", "0"),
    ("max_body", "-1"),
    ("max_body", "9" * 21),
    ("log_level", "verbose"),
    ("log_level", "INFO"),
    ("log_level", ""),
    ("run_dir", ""),
    ("run_dir", "here"),
    ("faults", "yes"),
]


def test_the_defaults_and_the_pods_settings_fit() -> None:
    assert Settings().problems() == []
    assert for_kubernetes().problems() == []


@pytest.mark.parametrize(("change", "says"), BROKEN)
def test_a_setting_that_does_not_fit_is_refused_by_name(change: dict[str, float], says: str) -> None:
    problems = replace(Settings(), **change).problems()  # type: ignore[arg-type]
    assert any(says in one for one in problems), problems


def test_a_stuck_thread_is_seen_before_haproxy_gives_up_on_it() -> None:
    """Freed by haproxy's 504 it would look like health; and a request that may still be answered is not stuck for long."""
    assert 0.5 * Settings().request < Settings().stuck < Settings().request


def test_every_rule_is_broken_by_some_case() -> None:
    broken = {rule for change, _ in BROKEN for holds, rule in replace(Settings(), **change).rules() if not holds}  # type: ignore[arg-type]
    assert broken == {rule for _, rule in Settings().rules()}


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_in_a_sentence_that_names_it(name: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"HELLO_{name.upper()}", value)
        assert main(["haproxy"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (sentence,) = said.err.splitlines()
    assert name in sentence.lower()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("HELLO_THREAD", "HELLO_THREAD is no setting; did you mean HELLO_THREADS?"),
        ("HELLO_TRUSTED_PROXY", "did you mean HELLO_TRUSTED_PROXIES?"),
        ("HELLO_QQQ", "HELLO_QQQ is no setting"),
    ],
)
def test_a_setting_that_is_misspelt_is_not_passed_over(name: str, says: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)):
        from_environment({name: "8"})


def test_what_others_call_alike_is_none_of_our_settings() -> None:
    others = ["HELLO_REVISION", "HELLO_VENV", "HELLO_MASTER", "HELLO_API_PORT", "HELLO_API_SERVICE_HOST", "HELLOS"]
    assert from_environment(dict.fromkeys(others, "x")) == Settings()


def test_gunicorn_does_not_start_on_settings_that_do_not_fit(tmp_path: Path) -> None:
    """The image's entrypoint has nobody before it who would ask."""
    environment = {**os.environ, "HELLO_QUEUE": "60", "HELLO_RUN_DIR": str(tmp_path / "run")}
    command = [sys.executable, "-B", "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    done = subprocess.run(command, cwd=SERVICE, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"settings: queue < request: .* \(not so with queue=60.0, request=15\)\n", done.stderr)
    assert list(tmp_path.iterdir()) == []


def haproxy_takes(config: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = directory / "haproxy.cfg"
    path.write_text(config)
    known = {"NEIGHBOURS": "a.b", "POD_NAME": "p", "PATH": "/usr/sbin:/usr/local/sbin", **environment}
    return subprocess.run(["haproxy", "-c", "-dW", "-f", path], env=known, capture_output=True, text=True, check=False)


SCRATCH = st.sampled_from(["10.0.0.0/8", "10.0.0.1", "2001:db8::/32 10.0.0.0/08", "::ffff:10.0.0.0/104"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **{f.name: st.integers(1, 120) for f in fields(Settings) if f.type in ("int", "float") and not f.name.endswith("port")},
            **{f.name: st.integers(-1, 70_000) for f in fields(Settings) if f.name.endswith("port")},
            "queue": st.floats(),
            "connect": st.floats(0.0001, 2),
            "edge_host": st.sampled_from(["*", "::1", "127.0.0.1", "::"]),
            "neighbours": st.sampled_from(["", "hello-api-replicas.default.svc.cluster.local", "a", "a."]),
            "trusted_proxies": SCRATCH,
            "log_level": st.sampled_from(["debug", "info", "warning", "error", "critical"]),
        },
    )
)
@hypothesis_settings(max_examples=400, deadline=None)
def test_haproxy_takes_whatever_is_not_refused(change: dict[str, object]) -> None:
    # What the ladder is made of stays, or next to nothing would fit.
    for name in ("request", "client", "heartbeat", "graceful", "hard_stop", "termination_grace", "edge_maxconn", "descriptors"):
        change.pop(name, None)
    try:
        s = replace(Settings(), **change).checked()  # type: ignore[arg-type]
    except SettingsError:
        return
    with tempfile.TemporaryDirectory() as directory:
        done = haproxy_takes(haproxy_cfg(s), Path(directory))
    assert done.returncode == 0, (change, done.stderr)


def test_haproxy_looks_for_gunicorn_where_it_is() -> None:
    assert f"server gunicorn {Settings().app_host}:{Settings().app_port} " in haproxy_cfg(Settings())


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
    done = haproxy_takes(haproxy_cfg(settings), tmp_path, **told)
    assert done.returncode == 0, done.stderr
