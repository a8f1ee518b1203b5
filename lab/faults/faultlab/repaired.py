"""The repaired service of apps/hello-api in sandboxes: two containers of one Pod, as Kubernetes would run them.

Each is an unprivileged user on a read-only root, with memory-backed directories where it must write. What a container runs,
and the signal that stops it, are read from the service's own Dockerfiles; haproxy's configuration is rendered by the service.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .client import request, until
from .dockerfile import Dockerfile
from .manifests import Manifests
from .paths import PROJECT, SERVICE, programs
from .sandbox import Container, Pod, command_line

UID = 10001
BOOM, HANG, ECHO = "/fault/errors/100", "/fault/hang", "/api/v1/echo"
COMPONENTS = {"app": "Dockerfile", "haproxy": "Dockerfile.haproxy"}
BUILD_ONLY = ("build-base", "build-essential", "gcc", "python3-dev", "libffi-dev", "openssl-dev", "libssl-dev")
BROKEN_CONFIG = "global\n    maxcon 8192\n"
EDGE_CONFIG = "/usr/local/etc/haproxy/haproxy.cfg"

# The same service with calls to metrics that do nothing, and a log of warnings only: what observing costs.
SILENT_METRICS = '''"""Metrics that do nothing."""


class Nothing:
    def labels(self, *_):
        return self

    def inc(self, *_):
        pass

    dec = set = observe = inc


def __getattr__(name):
    return Nothing()


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
'''


def sleep_path(seconds: float) -> str:
    """A route that takes so long."""
    return f"/fault/latency/{round(seconds * 1000)}"


def dockerfile_of(component: str) -> Dockerfile:
    return Dockerfile.read(SERVICE / COMPONENTS[component])


def repaired_dockerfiles() -> list[Dockerfile]:
    return [dockerfile_of(component) for component in COMPONENTS]


def dockerignore() -> str:
    return (SERVICE / ".dockerignore").read_text()


def lock() -> tuple[int, int]:
    """(pinned packages, hashes) of the lock file that the image installs."""
    text = (SERVICE / "requirements.lock").read_text()
    return len(re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==", text, re.M)), text.count("--hash=sha256:")


def environment(**settings: object) -> dict[str, str]:
    """`workers=1` as HELLO_WORKERS=1."""
    return {f"HELLO_{name.upper()}": str(value) for name, value in settings.items()}


def settings(**given: object) -> dict[str, Any]:
    """The service's settings, and `server_maxconn` as haproxy has it."""
    code = (
        "import dataclasses, json; from hello_api.settings import from_environment as f; s = f();print(json.dumps(dataclasses.asdict(s)))"
    )
    values = json.loads(_python(code, environment(**given)))
    found = re.search(r"^\s+server .* maxconn (\d+)", edge_config(), re.M)
    return values | {"server_maxconn": int(found[1]) if found else 0}


def edge_config(**given: object) -> str:
    """haproxy.cfg as the service renders it."""
    return _python("from hello_api.settings import main; main(['haproxy'])", environment(**given))


def _python(code: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        ["python3", "-B", "-c", code],
        cwd=SERVICE,
        env={**os.environ, "PATH": programs("service"), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-600:]
    return done.stdout


@dataclass
class Service:
    """A running replica: a gunicorn container and a haproxy container in one Pod."""

    pod: Pod
    given: dict[str, object]
    values: dict[str, Any]
    containers: dict[str, Container] = field(default_factory=dict)
    ready_path: str = "/readyz"

    @property
    def app(self) -> Container:
        return self.containers["app"]

    @property
    def edge(self) -> Container:
        return self.containers["haproxy"]

    @property
    def port(self) -> int:
        return self.values["edge_port"]

    @property
    def app_port(self) -> int:
        return self.values["app_port"]

    @property
    def app_metrics_port(self) -> int:
        return self.values["app_metrics_port"]

    @property
    def edge_metrics_port(self) -> int:
        return self.values["edge_metrics_port"]

    @property
    def stop_signal(self) -> signal.Signals:
        return stop_signal("haproxy")

    def workers(self) -> list[int]:
        """Host PIDs of gunicorn's workers."""
        master = self.app.pid1
        return [pid for pid in self.app.processes("gunicorn") if pid != master]

    def all_workers(self) -> list[int]:
        """The same, once there are as many as gunicorn says it runs: it forks them one by one, and is ready with the first."""
        wanted = json.loads(self.start_event())["workers"]
        until(lambda: len(self.workers()) == wanted, what=f"{wanted} workers, as gunicorn's start event says")
        return self.workers()

    def edge_figure(self, metric: str) -> int:
        """A gauge of haproxy's back ends: the greatest of them."""
        said = request(self.pod, "/metrics", port=self.edge_metrics_port).body
        return max((int(value) for value in re.findall(rf"^{metric}\{{[^}}]*\}} (\d+)", said, re.M)), default=0)

    def programs(self) -> list[str]:
        """Command lines of the two PID 1."""
        return [command_line(box.pid1 or 0).replace(str(programs("service").split(":")[0]) + "/", "") for box in (self.app, self.edge)]

    def start_event(self) -> str:
        return self.app.log_line('"ready"')

    def backend_address(self) -> str:
        found = re.search(r"^\s+server \S+ (\S+)", edge_config(**self.given), re.M)
        assert found
        return found[1]

    def ready(self) -> bool:
        return request(self.pod, self.ready_path, port=self.port, timeout=2).status == 200

    def ended(self) -> bool:
        return not all(box.running for box in self.containers.values())

    def complaint(self) -> str:
        """The last line of either log that speaks of trouble."""
        lines = [line for box in self.containers.values() for line in box.log().splitlines()]
        bad = [line for line in lines if re.search(r"ALERT|Error|DOWN|rror:|denied", line)]
        return f"`{(bad or lines or ['not a word in the logs'])[-1]}`"

    def drain_and_stop(self) -> None:
        """What the kubelet does: preStop, then gunicorn's stop signal, then the sidecar's."""
        hooks = [one["lifecycle"]["preStop"] for one in manifests().containers() if "preStop" in one.get("lifecycle", {})]
        for hook in hooks:
            self.app.exec("env", *(f"{name}={value}" for name, value in self.app.env.items()), *hook["exec"]["command"], timeout=90)
        self.app.stop(stop_signal("app"), grace=30)
        self.edge.stop(self.stop_signal, grace=30)


def stop_signal(component: str) -> signal.Signals:
    said = [argument for name, argument in dockerfile_of(component).final_stage() if name == "STOPSIGNAL"]
    return signal.Signals[said[-1]] if said else signal.SIGTERM


def repaired(
    pod: Pod,
    *,
    app: bool = True,
    edge: bool = True,
    app_env: dict[str, str] | None = None,
    app_files: dict[str, str] | None = None,
    edge_config_text: str | None = None,
    edge_arguments: tuple[str, ...] = (),
    before_import: str = "",
    nofile: tuple[int, int] | None = None,
    ready: bool = True,
    **given: object,
) -> Service:
    """Starts it, with `given` settings (`workers=1`); with `ready`, returns when /readyz answers 200 through haproxy.

    `before_import` is put in front of the application's module: a slow or a broken import.
    """
    given = {"faults": True, **given}
    service = Service(pod, given, settings(**given))
    if app:
        files: dict[str, Any] = {
            f"/app/{path.relative_to(SERVICE)}": path.read_bytes()
            for path in [*SERVICE.glob("hello_api/**/*.py"), SERVICE / "gunicorn.conf.py"]
        }
        files["/app/hello_api/app.py"] = before_import.encode() + b"\n" + _future_first(files["/app/hello_api/app.py"], before_import)
        files |= {f"/app/{name}": text for name, text in (app_files or {}).items()}
        service.containers["app"] = pod.container(
            *entrypoint("app"),
            files={**files, "/etc/hosts": "127.0.0.1 localhost\n"},
            env={**image_environment("app"), "PATH": programs("service"), **environment(**given), **(app_env or {})},
            workdir="/app",
            user=UID,
            read_only=True,
            writable=(service.values["run_dir"],),
            on_disk=("/tmp",),
            nofile=nofile,
        )
    if edge:
        service.containers["haproxy"] = pod.container(
            *entrypoint("haproxy"),
            *edge_arguments,
            files={EDGE_CONFIG: edge_config_text or edge_config(**given), "/etc/hosts": "127.0.0.1 localhost\n"},
            env={"PATH": programs("service")},
            user=UID,
            read_only=True,
            nofile=nofile,
        )
    if ready:
        with contextlib.suppress(AssertionError):
            until(lambda: service.ready() or service.ended(), timeout=60)
        assert service.ready(), f"it does not get ready: {service.complaint()}"
    return service


def _future_first(source: bytes, before: str) -> bytes:
    return source.replace(b"from __future__ import annotations\n", b"") if before else source


def image_environment(component: str) -> dict[str, str]:
    """ENV of the final stage."""
    pairs: dict[str, str] = {}
    for name, argument in dockerfile_of(component).final_stage():
        if name == "ENV":
            pairs |= {key: value.strip('"') for key, value in re.findall(r'(\w+)=("[^"]*"|\S+)', argument)}
    return pairs


def entrypoint(component: str) -> list[str]:
    """ENTRYPOINT and CMD of the image; the program by name, so that the lab's own installation of it is found."""
    stage = dockerfile_of(component).final_stage()
    words: list[str] = []
    for wanted in ("ENTRYPOINT", "CMD"):
        for name, argument in stage:
            if name == wanted:
                words += json.loads(argument)
    return [Path(words[0]).name, *words[1:]]


def manifests() -> Manifests:
    return Manifests.read(SERVICE / "deploy" / "base")


def workflows(*needles: str) -> list[str]:
    """Names of the CI workflows that hold every needle."""
    found = sorted((PROJECT / ".github" / "workflows").glob("*.y*ml"))
    return [path.name for path in found if all(needle in path.read_text() for needle in needles)]


def restart(service: Service) -> Service:
    """The same replica again, after `drain_and_stop`."""
    return repaired(service.pod, **service.given)  # type: ignore[arg-type]


@dataclass
class Endpoints:
    """What kubelet and kube-proxy do for a Service: a new connection goes to a replica that was ready a moment ago, and one is
    not ready when its probe failed as often as the settings say."""

    pod: Pod
    ports: list[int]
    period: float = 1
    lag: float = 1

    def __post_init__(self) -> None:
        import threading

        self._ready = list(self.ports)
        self._failures = dict.fromkeys(self.ports, 0)
        self._probe = settings()
        self._turn = 0
        self._end = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._end.wait(self.period):
            for port in self.ports:
                answer = request(self.pod, "/readyz", port=port, timeout=self._probe["probe_timeout"])
                self._failures[port] = 0 if answer.status == 200 else self._failures[port] + 1
            found = [port for port in self.ports if self._failures[port] < self._probe["readiness_failures"]]
            time.sleep(self.lag)
            self._ready = found

    def next(self) -> int:
        self._turn += 1
        ready = self._ready or self.ports
        return ready[self._turn % len(ready)]

    def hold(self, port: int) -> None:
        """Waits until a replica gets connections."""
        until(lambda: port in self._ready, timeout=30, what=f"endpoint {port}")

    def close(self) -> None:
        self._end.set()
