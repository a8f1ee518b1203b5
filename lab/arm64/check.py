"""Looks into hello-api's images for linux/arm64, beside those for amd64, and runs them under qemu. `run` has built and mounted them.

Everything here happens in namespaces of its own, on a loopback of its own: ports are the images' own, and mounts need no undoing.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SERVICE = HERE.parent.parent / "apps/hello-api"
ROOTS = Path(sys.argv[1])
APP, EDGE = "hello-api", "hello-api-haproxy"
DOCKERFILES = {APP: SERVICE / "Dockerfile", EDGE: SERVICE / "Dockerfile.haproxy"}
#: e_machine of an ELF file (elf.h).
AARCH64 = 183
#: Graviton2's core, the oldest that EKS has. A program that wants more than it knows ends here.
CORE = "neoverse-n1"
#: Requests under way when something is told to stop, and how long the service takes for each, ms.
UNDER_WAY, SLOW = 12, 3000
#: What a runtime sets when the image does not.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

results: list[bool] = []


def check(name: str, good: bool, figures: object = "") -> None:
    results.append(good)
    print(f"{'ok  ' if good else 'FAIL'} {name}{f': {figures}' if figures != '' else ''}", flush=True)


def until(condition: Callable[[], bool], timeout: float) -> bool:
    end = time.monotonic() + timeout
    while not (good := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return good


# --- the images as they lie there


@dataclass
class Image:
    name: str
    architecture: str

    @property
    def root(self) -> Path:
        return ROOTS / f"{self.name}-{self.architecture}"

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((ROOTS / f"{self.name}-{self.architecture}.json").read_text())["Docker"]
        return found

    @property
    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = self.manifest["config"]
        return config

    def files(self, under: str = "") -> dict[str, Path]:
        """Regular files, by their path in the image."""
        top = self.root / under
        found = (Path(folder) / name for folder, _, names in os.walk(top) for name in names)
        return {str(one.relative_to(top)): one for one in found if one.is_file() and not one.is_symlink()}


def machine(path: Path) -> int | None:
    """e_machine, or None for what is no ELF file."""
    head = path.open("rb").read(20)
    return int.from_bytes(head[18:20], "little") if head[:4] == b"\x7fELF" else None


def said(dockerfile: Path, word: str, value: str = ".*") -> str:
    """What the last instruction that begins so goes on with."""
    found: list[str] = re.findall(rf"^{word}({value})", dockerfile.read_text(), re.MULTILINE)
    return found[-1]


def metadata(image: Image, other: Image) -> None:
    dockerfile, config = DOCKERFILES[image.name], image.config
    built_for = [one.manifest["os"] + "/" + one.manifest["architecture"] for one in (image, other)]
    check(f"{image.name}: is an image for linux/arm64, and the other for linux/amd64", built_for == ["linux/arm64", "linux/amd64"])
    told = {"User": config["User"], "StopSignal": config["StopSignal"], "Entrypoint": config["Entrypoint"]}
    wanted = {
        "User": said(dockerfile, "USER "),
        "StopSignal": said(dockerfile, "STOPSIGNAL "),
        "Entrypoint": json.loads(said(dockerfile, "ENTRYPOINT ")),
    }
    check(f"{image.name}: user, stop signal and entrypoint are the Dockerfile's", told == wanted, told)
    labels = config["Labels"]
    check(
        f"{image.name}: carries its title, source, licence, version and revision",
        sum("opencontainers" in one for one in labels) >= 6,
        len(labels),
    )
    # Those two are of the build, not of what was built.
    different = sorted(key for key in {*config, *other.config} - {"Hostname", "Image"} if config.get(key) != other.config.get(key))
    check(f"{image.name}: its configuration is the amd64 image's", not different, different or "")


def contents(image: Image) -> None:
    machines = {path: found for path, one in image.files().items() if (found := machine(one)) is not None}
    foreign = sorted(path for path, one in machines.items() if one != AARCH64)
    check(f"{image.name}: every ELF file is for aarch64", bool(machines) and not foreign, foreign or f"{len(machines)} files")


def packages(image: Image, other: Image) -> None:
    ours, theirs = image.files("packages"), other.files("packages")
    machines = {path: found for path, one in ours.items() if (found := machine(one)) is not None}
    check(
        "/packages: what is compiled is for aarch64",
        set(machines.values()) == {AARCH64},
        f"{len(machines)} modules, {len(ours)} files",
    )

    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (SERVICE / "requirements.lock").read_text(), re.MULTILINE))
    installed = {}
    for path in ours:
        if named := re.fullmatch(r"([\w.]+)-([\w.]+)\.dist-info/METADATA", path):
            installed[named[1].replace("_", "-").lower()] = named[2]
    check("/packages: what the lock names, and nothing else", installed == locked, f"{len(installed)} packages")

    # A wheel's name is in its module's name and in two files about it.
    about = re.compile(r"\.dist-info/(RECORD|WHEEL)$")
    plain = {path for path in ours if path not in machines and not about.search(path)}
    others = {path for path, one in theirs.items() if machine(one) is None and not about.search(path)}
    different = {path for path in plain & others if ours[path].read_bytes() != theirs[path].read_bytes()}
    different |= plain ^ others
    check(
        "/packages: every other file is the amd64 image's, byte for byte",
        not different,
        sorted(different)[:5] or f"{len(plain)} files",
    )


def promises(app: Image, edge: Image) -> None:
    """What the Dockerfiles' first lines say is not in what runs. Debian's own shell and packages stand in for distroless' absence of them."""
    programs = {Path(path).name for path, one in app.files().items() if os.access(one, os.X_OK)}
    tools = sorted(one for one in programs if re.fullmatch(r"(.*-)?(gcc|g\+\+|cc|c\+\+|clang|ld|as|make|pip3?)(-?[\d.]+)?", one))
    check("hello-api: no compiler and no pip", not tools, tools or "")
    check("hello-api: nothing of pip's is left in /packages", not [one for one in app.files("packages") if one.startswith("pip")])
    library = re.compile(r"(usr/)?lib/.*\.so(\.[\d.]+)?")
    rest = sorted(path for path in edge.files() if not library.fullmatch(path))
    check(
        "hello-api-haproxy: haproxy, its configuration, libraries, and nothing else",
        rest == ["usr/local/etc/haproxy/haproxy.cfg", "usr/local/sbin/haproxy"],
        rest,
    )


# --- the images as they run


@dataclass
class Container:
    """One process tree in PID and mount namespaces, on the image's root, which is read-only; the volumes are the Deployment's."""

    image: Image
    volumes: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.place = ROOTS / f"{self.image.name}.running"
        self.output = ROOTS / f"{self.image.name}.log"
        root, place = self.image.root, self.place
        place.mkdir()
        for folder in ("proc", "dev", *self.volumes):
            (root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", root, place)
        run("mount", "-o", "remount,bind,ro,nosuid", place)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", place / "dev")
        for device in ("null", "zero", "random", "urandom"):
            (place / "dev" / device).touch()
            run("mount", "--bind", f"/dev/{device}", place / "dev" / device)
        for folder, size in self.volumes.items():
            (place / folder.lstrip("/")).mkdir(exist_ok=True)
            run("mount", "-t", "tmpfs", "-o", f"mode=1777,size={size}", "tmpfs", place / folder.lstrip("/"))
        self.start()

    def _environment(self) -> dict[str, str]:
        told = dict(one.split("=", 1) for one in self.image.config["Env"] or [])
        return {"PATH": PATH, **told, "QEMU_CPU": CORE, **self.environment}

    def start(self) -> None:
        config = self.image.config
        user, group = config["User"].split(":")
        inside = [
            "--pid",
            "--fork",
            "--kill-child",
            "--mount",
            "--mount-proc",
            f"--root={self.place}",
            f"--wd={config['WorkingDir'] or '/'}",
        ]
        command = ["/usr/bin/setpriv", "--no-new-privs", "/usr/bin/unshare", *inside, f"--setgid={group}", f"--setuid={user}"]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, *config["Entrypoint"]],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        """Of the image's entrypoint: the only child of `unshare`."""
        return int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text())

    def pids(self) -> list[int]:
        """Every process of the container."""
        found = [self.pid]
        for one in found:
            found += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        return found

    def command(self, *words: str) -> subprocess.Popen[str]:
        """What `kubectl exec` does."""
        user, group = self.image.config["User"].split(":")
        enter = [
            "/usr/bin/nsenter",
            f"--target={self.pid}",
            "--pid",
            "--mount",
            "--root",
            "--wd",
            f"--setgid={group}",
            f"--setuid={user}",
        ]
        return subprocess.Popen(
            [*enter, *words], env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def output_of(self, *words: str) -> str:
        return self.command(*words).communicate(timeout=60)[0].strip()

    def stop(self, timeout: float = 40) -> int | None:
        """Its own stop signal; the exit code, None when it had not ended by then."""
        os.kill(self.pid, signal.Signals[self.image.config["StopSignal"]])
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def log(self) -> list[str]:
        return self.output.read_text(errors="replace").splitlines()

    def lines(self) -> list[dict[str, Any]]:
        """Those of the log that are JSON; haproxy's own events are text."""
        return [json.loads(line) for line in self.log() if line.startswith("{")]


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


def ask(path: str, port: int = 8080, body: bytes | None = None) -> Answer:
    """Status 0: no answer, and the body says why."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    try:
        connection.request("GET" if body is None else "POST", path, body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()})
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, repr(error), {})
    finally:
        connection.close()


def sample(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples with these labels."""
    total = 0.0
    for line in text.splitlines():
        if re.match(rf"{name}[{{ ]", line) and all(f'{key}="{value}"' in line for key, value in labels.items()):
            total += float(line.rsplit(" ", 1)[1])
    return total


def processes(app: Container, edge: Container) -> None:
    """Who they are, and on what."""
    for container, least in ((app, 3), (edge, 2)):  # a master, and two workers or one
        name, user = container.image.name, container.image.config["User"].split(":")[0]
        states = [Path(f"/proc/{pid}/status").read_text() for pid in container.pids()]
        emulated = {os.path.basename(os.readlink(f"/proc/{pid}/exe")) for pid in container.pids()}
        check(
            f"{name}: qemu runs each of its processes",
            len(states) >= least and all("qemu-aarch64" in one for one in emulated),
            f"{len(states)}, {emulated}",
        )
        bare = all(
            re.search(rf"^Uid:\t{user}\t{user}\t{user}\t{user}$", one, re.MULTILINE)
            and re.search(r"^CapEff:\t0+$", one, re.MULTILINE)
            and re.search(r"^NoNewPrivs:\t1$", one, re.MULTILINE)
            for one in states
        )
        check(f"{name}: user {user}, no capability, none to be had", bare)


def interpreter(app: Container) -> None:
    asked = "import importlib.util as u, platform as p; print(p.machine(), p.python_version(), u.MAGIC_NUMBER.hex())"
    found, version, magic = (app.output_of("python3", "-c", asked).split() + 3 * ["unknown"])[:3]
    check("hello-api: its Python says aarch64", found == "aarch64", found)
    wanted = said(DOCKERFILES[APP], "ARG BUILDER=.*/python:", r"\d+\.\d+")
    check("hello-api: is the release that the Dockerfile's base names", version.startswith(wanted + "."), version)
    native = app.output_of("python3", "-c", "import markupsafe._speedups as it; print(it.__file__)").splitlines()[-1:]
    check("hello-api: and loads what is compiled", "/packages/" in str(native) and "aarch64" in str(native), *native)
    heads = {one.open("rb").read(8).hex() for path, one in app.image.files("packages").items() if path.endswith(".pyc")}
    # PEP 552: bit 0 says that the hash counts, bit 1 that it is looked at.
    check(
        "hello-api: every package's bytecode is this Python's, and is not compared with its source",
        heads == {magic + "01000000"},
        heads,
    )
    refused = app.output_of("python3", "-c", "open('/app/written', 'w')").splitlines()[-1:]
    check("hello-api: its root is read-only", "Read-only file system" in str(refused), *refused)


def answers(app: Container) -> None:
    hello = ask("/")
    check("/ greets", (hello.status, hello.json()) == (200, {"message": "hello, world"}), hello.body.strip())
    version = ask("/version")
    labelled = app.image.config["Labels"]["org.opencontainers.image.version"]
    check("/version is the image's label", (version.status, version.json()["version"]) == (200, labelled), version.body.strip())
    echo = ask("/api/v1/echo?a=1&a=%C3%B1&b=")
    check(
        "/api/v1/echo says what was asked",
        echo.status == 200 and echo.json()["args"] == {"a": ["1", "ñ"], "b": [""]},
        echo.body.strip(),
    )
    text = "año, 日本, \x00, 🦜; " * 20_000
    posted = ask("/api/v1/echo", body=text.encode())
    check(
        "/api/v1/echo says what was posted", posted.status == 200 and posted.json()["body"] == text, f"{len(text.encode())} bytes"
    )
    check("a body above the limit is refused at the edge", ask("/api/v1/echo", body=b"x" * 1_100_000).status == 413)
    check("/livez", ask("/livez").json() == {"status": "alive"})
    check("/readyz", ask("/readyz").json() == {"status": "ready"})
    check("/livez of gunicorn's master", ask("/livez", 9102).body == "alive")
    check("/healthz of haproxy", ask("/healthz", 8405).body == "ok")
    missing = ask("/nowhere")
    check("what is not there is 404, as JSON", missing.status == 404 and "error" in missing.json(), missing.body.strip())
    check("every answer carries its id", bool(re.fullmatch(r"[0-9a-f-]{36}", hello.headers.get("x-request-id", ""))))


def many(count: int = 300) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = [one.status for one in pool.map(ask, ["/"] * count)]
    check(f"{count} requests by eight clients, each answered", statuses == [200] * count, sorted(set(statuses)))


def measured(app: Container, edge: Container) -> None:
    """Metrics and lines agree with what was asked: two workers' files, added up by the master."""
    asked = sum(line.get("path") == "/" for line in edge.lines())
    counted = {"route": "/", "method": "GET", "status": "200"}
    good = until(lambda: sample(ask("/metrics", 9102).body, "flask_http_requests_total", **counted) == asked, 20)
    check("/metrics of gunicorn counts what haproxy's lines say", good and asked > 0, f"{asked} requests")
    text = ask("/metrics", 9102).body
    check("/metrics: two workers of two", sample(text, "gunicorn_workers") == sample(text, "gunicorn_workers_limit") == 2)
    text = ask("/metrics", 8405).body
    check("/metrics of haproxy: gunicorn is up", sample(text, "haproxy_server_status", server="gunicorn", state="UP") == 1)
    theirs, ours = ({line.get("request_id") for line in one.lines()} - {None} for one in (edge, app))
    check("every line of the service has its line at the edge", bool(ours) and ours <= theirs, f"{len(ours)} and {len(theirs)}")


def under_way(pool: ThreadPoolExecutor) -> list[Future[Answer]]:
    """Slow requests, once all of them have reached the service."""
    asked = [pool.submit(ask, f"/fault/latency/{SLOW}") for _ in range(UNDER_WAY)]
    arrived = until(
        lambda: sample(ask("/metrics", 8405).body, "haproxy_server_current_sessions", server="gunicorn") >= UNDER_WAY, SLOW / 1000
    )
    if not arrived:
        check("all requests are under way", False)
    return asked


def finished(asked: list[Future[Answer]]) -> str:
    """Empty when every one was answered."""
    answers = [one.result() for one in asked]
    return ", ".join(sorted({f"{one.status} {one.body.strip()[:80]}" for one in answers if one.status != 200}))


def one_after_the_other(ended: threading.Event) -> list[int]:
    statuses = []
    while not ended.wait(0.05):
        statuses.append(ask("/").status)
    return statuses


def stops_gently(name: str, container: Container, pool: ThreadPoolExecutor) -> None:
    asked = under_way(pool)
    code = container.stop()
    lost = finished(asked)
    check(
        f"{name}, told to stop with {UNDER_WAY} requests under way, answers each and ends",
        (code, lost) == (0, ""),
        lost or f"exit code {code}",
    )


def stops(app: Container, edge: Container) -> None:
    with ThreadPoolExecutor(2 * UNDER_WAY) as pool:
        stops_gently("haproxy", edge, pool)
        check("and its port is closed", ask("/").status == 0)
        edge.start()
        check("it starts again", until(lambda: ask("/readyz").status == 200, 30))

        # As a pod ends: the hook, then gunicorn, then haproxy.
        ended = threading.Event()
        meanwhile = pool.submit(one_after_the_other, ended)
        hook = app.command("python3", "-m", "hello_api.drain")
        drained = until(lambda: ask("/readyz").status == 503, 10)
        check("the preStop hook: /readyz says no", drained, ask("/readyz").body.strip())
        waited = hook.wait(60)
        ended.set()
        statuses = meanwhile.result()
        check(
            "while everything else is answered",
            waited == 0 and bool(statuses) and set(statuses) == {200},
            f"{len(statuses)} requests, {sorted(set(statuses))}",
        )
        stops_gently("gunicorn", app, pool)
        check("haproxy ends after it", edge.stop() == 0)
    complaint = re.compile(r"Traceback|qemu: |Illegal instruction|SIGKILL|exited with code [1-9]")
    complaints = [line for line in app.log() + edge.log() if complaint.search(line)]
    check("neither has complained", not complaints, complaints[-3:] or "")


def main() -> int:
    app, edge = (Image(name, "arm64") for name in (APP, EDGE))
    running: list[Container] = []
    try:
        for image in (app, edge):
            metadata(image, Image(image.name, "amd64"))
            contents(image)
        packages(app, Image(APP, "amd64"))
        promises(app, edge)

        started = time.monotonic()
        running.append(Container(edge, {}))
        running.append(Container(app, {"/run/hello": "32m", "/dev/shm": "1m", "/tmp": "16m"}, {"HELLO_FAULTS": "1"}))
        ready = until(lambda: ask("/readyz").status == 200, 120)
        check("gunicorn behind haproxy is ready", ready, f"{time.monotonic() - started:.1f} s, emulated")
        if ready:
            proxy, service = running
            processes(service, proxy)
            interpreter(service)
            answers(service)
            many()
            measured(service, proxy)
            stops(service, proxy)
    except Exception:  # a check that could not be made
        traceback.print_exc(file=sys.stdout)
        check("every check could be made", False)
    if not all(results):
        for container in running:
            print(f"--- {container.image.name}'s last lines", *container.log()[-15:], sep="\n")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
