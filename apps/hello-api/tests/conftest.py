"""The real thing for the tests that need it: gunicorn behind haproxy on loopback ports that nobody else uses."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

SERVICE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SERVICE))


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@dataclass
class Served:
    """A running service, and what it wrote."""

    environment: dict[str, str]
    directory: Path
    gunicorn: subprocess.Popen[bytes] = field(init=False)
    haproxy: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        config = subprocess.run(
            [sys.executable, "-m", "hello_api.settings", "haproxy"],
            cwd=SERVICE,
            env=self.environment,
            capture_output=True,
            check=True,
        ).stdout
        (self.directory / "haproxy.cfg").write_text(self.configured(config.decode()))
        self.start_gunicorn()
        self.haproxy = self._start("haproxy", ["haproxy", "-W", "-db", "-f", str(self.directory / "haproxy.cfg")])

    def configured(self, config: str) -> str:
        """What haproxy gets of what was rendered for it."""
        return config

    def start_gunicorn(self) -> None:
        self.gunicorn = self._start("gunicorn", [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"])

    def restart_gunicorn_into_a_pipe(self) -> subprocess.Popen[bytes]:
        """As a container's runtime has it: what gunicorn writes is in `stdout`, and waits until it is read."""
        self.gunicorn.terminate()
        self.gunicorn.wait(30)
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
        environment = {**self.environment, "PYTHONUNBUFFERED": "1"}
        self.gunicorn = subprocess.Popen(
            command, cwd=SERVICE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        return self.gunicorn

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        output = (self.directory / f"{name}.log").open("ab")
        return subprocess.Popen(command, cwd=SERVICE, env=self.environment, stdout=output, stderr=output, start_new_session=True)

    def port(self, name: str) -> int:
        return int(self.environment[f"HELLO_{name.upper()}_PORT"])

    def host(self, name: str) -> str:
        """Where a port is asked: haproxy has only one host to listen on."""
        return self.environment["HELLO_EDGE_HOST"] if name.startswith("edge") else "127.0.0.1"

    def get(self, path: str, port: str = "edge", data: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        """(status, body, headers) whatever the status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://{self.host(port)}:{self.port(port)}{path}", data=data, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.headers.items()}
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), {k.lower(): v for k, v in error.headers.items()}

    def lines(self, name: str) -> list[str]:
        return (self.directory / f"{name}.log").read_text(errors="strict").splitlines()

    def requests(self, name: str) -> list[dict[str, Any]]:
        """The JSON lines of a log; haproxy's own events are text."""
        return [json.loads(line) for line in self.lines(name) if line.startswith("{")]

    def logged(self, request_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """haproxy's and the application's line of a request, once both are there: they are written after the answer."""

        def of(name: str) -> list[dict[str, Any]]:
            return [line for line in self.requests(name) if line.get("request_id") == request_id]

        self.until(lambda: bool(of("haproxy") and of("gunicorn")), f"{request_id} is in both logs")
        (edge,), (app,) = of("haproxy"), of("gunicorn")
        return edge, app

    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.gunicorn.pid}/task/{self.gunicorn.pid}/children").read_text().split()]

    def until(self, condition: Callable[[], bool], what: str, timeout: float = 30) -> None:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        log = "\n".join(self.lines("gunicorn")[-10:] + self.lines("haproxy")[-10:])
        pytest.fail(f"{what}: not so after {timeout} s\n{log}")

    def ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def end(self) -> None:
        for process, number in ((self.gunicorn, signal.SIGKILL), (self.haproxy, signal.SIGKILL)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            process.wait()
        shutil.rmtree(self.environment["HELLO_RUN_DIR"], ignore_errors=True)


def samples(served: Served, port: str = "app_metrics") -> dict[str, float]:
    """Every sample, by its name and labels as Prometheus writes them."""
    text = served.get("/metrics", port)[1]
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts services; `start(workers=1)` is `HELLO_WORKERS=1`."""
    started: list[Served] = []

    def one(**given: object) -> Served:
        names = ("EDGE_PORT", "APP_PORT", "EDGE_METRICS_PORT", "APP_METRICS_PORT")
        environment = {**os.environ, **{f"HELLO_{n}": str(p) for n, p in zip(names, free_ports(4), strict=True)}}
        environment |= {"HELLO_EDGE_HOST": "127.0.0.1", "HELLO_APP_METRICS_HOST": "127.0.0.1", "HELLO_FAULTS": "1"}
        environment |= {"HELLO_RUN_DIR": tempfile.mkdtemp(prefix="hello-test.", dir="/dev/shm")}
        environment |= {f"HELLO_{name.upper()}": str(value) for name, value in given.items()}
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        served = Served(environment, tmp_path_factory.mktemp("served"))
        started.append(served)
        served.until(served.ready, "the service is ready")
        return served

    yield one
    for served in started:
        served.end()


@pytest.fixture(scope="session")
def served(start: Callable[..., Served]) -> Served:
    """One service for every test that leaves it as it was."""
    return start()
