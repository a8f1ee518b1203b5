"""Containers without Docker: one process tree in PID, mount and network namespaces of its own.

A `Pod` is a network namespace with a loopback and an eth0; a `Container` runs in one, as PID 1 of its own PID namespace, on
a throw-away overlay of the host's root. That is all of a container that the faults of the original depend on: PID 1 and its
signals, its exit code, its ports, its /etc/hosts, its limits, its user. What is missing: cgroups, seccomp, image layers.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CLONE_NEWNET = 0x40000000
ETH0 = "172.17.0.2"  # the address Docker gives the first container on its default bridge
_libc = ctypes.CDLL(None, use_errno=True)

# Runs as PID 1 of the new namespaces and ends by exec, so that the container's own command becomes PID 1.
_SETUP = r"""
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs "$BOX/mnt"
mkdir "$BOX/mnt/upper" "$BOX/mnt/work" "$BOX/mnt/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$BOX/mnt/upper,workdir=$BOX/mnt/work" "$BOX/mnt/root"
R=$BOX/mnt/root
mount -t proc proc "$R/proc"
mount --rbind /dev "$R/dev"
mount -t tmpfs tmpfs "$R/dev/shm"
mount -t tmpfs tmpfs "$R/run"
rm -rf "$R/etc/haproxy"
cp -a "$BOX/files/." "$R/"
for directory in $WRITABLE; do mkdir -p "$R$directory"; mount -t tmpfs -o mode=1777 tmpfs "$R$directory"; done
for directory in $ON_DISK; do mkdir -p -m 1777 "$BOX/disk$directory"; mount --bind "$BOX/disk$directory" "$R$directory"; done
[ -z "$READ_ONLY" ] || mount -o remount,bind,ro "$R" || mount -o remount,ro "$R"
ulimit -S -n "$SOFT_NOFILE"; ulimit -H -n "$HARD_NOFILE"
exec chroot "$R" env -i sh -c 'cd "$1"; shift; exec "$@"' sh "$WORKDIR" "$@"
"""

# The first child after `unshare --pid` is PID 1. (`unshare --fork` reports a PID 1 that was killed as exit code 1, not 137.)
_INIT = """
import ctypes, os, signal, sys
pid = os.fork()
if not pid:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: the container goes with the lab
    os.execvp(sys.argv[1], sys.argv[1:])
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(128 - code if code < 0 else code)
"""


def _children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    """Every live process below `pid`, host numbering."""
    found: list[int] = []
    for child in _children(pid):
        found += [child, *descendants(child)]
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def status_of(pid: int, name: str) -> str:
    """First word of a line of /proc/PID/status; empty when the process is gone."""
    try:
        found = re.search(rf"^{name}:\s+(\S+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return ""
    return found[1] if found else ""


class Pod:
    """A network namespace. Containers of one Pod share its loopback, as in Kubernetes."""

    def __init__(self) -> None:
        self.box = Path(tempfile.mkdtemp(prefix="faults-"))
        self.containers: list[Container] = []
        script = (
            "ip link set lo up && ip link add eth0 type veth peer name peer0 && "
            f"ip addr add {ETH0}/16 dev eth0 && ip link set eth0 up && ip link set peer0 up && "
            "echo ready && exec sleep infinity"
        )
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", script], stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout is not None
        if self._holder.stdout.readline().strip() != "ready":
            raise RuntimeError("no network namespace: the fault lab needs root on Linux")
        self.netns = f"/proc/{self._holder.pid}/ns/net"

    def __enter__(self) -> Pod:
        return self

    def __exit__(self, *_: object) -> None:
        for container in self.containers:
            container.kill()
        self._holder.kill()
        self._holder.wait()
        shutil.rmtree(self.box, ignore_errors=True)

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """Puts the calling thread into the Pod's network namespace: sockets made inside stay there."""
        with open(f"/proc/self/task/{threading.get_native_id()}/ns/net") as mine, open(self.netns) as theirs:
            if _libc.setns(theirs.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                _libc.setns(mine.fileno(), CLONE_NEWNET)

    def connect(self, port: int, timeout: float, host: str = "127.0.0.1") -> socket.socket:
        with self.network():
            sock = socket.socket()
        sock.settimeout(timeout)
        try:
            sock.connect((host, port))
        except OSError:
            sock.close()
            raise
        return sock

    def run(self, *command: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Runs a host program inside the Pod's network."""
        return subprocess.run(["nsenter", f"--net={self.netns}", *command], capture_output=True, text=True, timeout=timeout, check=False)

    def container(self, *command: str, **options: object) -> Container:
        container = Container(self, command, **options)  # type: ignore[arg-type]
        self.containers.append(container)
        return container


@dataclass
class Container:
    """`files` maps a path to its content, or to (content, mode). `user` is a numeric id; then no capability is left."""

    pod: Pod
    command: tuple[str, ...]
    files: Mapping[str, bytes | str | tuple[bytes | str, int]] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: int | None = None
    nofile: tuple[int, int] | None = None
    read_only: bool = False
    writable: tuple[str, ...] = ()  # tmpfs, as an emptyDir in memory
    on_disk: tuple[str, ...] = ()  # a directory of the host's disk, as an emptyDir

    def __post_init__(self) -> None:
        self.box = Path(tempfile.mkdtemp(prefix="container-", dir=self.pod.box))
        (self.box / "mnt").mkdir()
        for path, content in self.files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o644)
            target = self.box / "files" / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode() if isinstance(text, str) else text)
            target.chmod(mode)
        (self.box / "files" / self.workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
        self.log_path = self.box / "log"
        self.started = time.monotonic()
        inner = [*(f"{name}={value}" for name, value in {"PATH": os.environ["PATH"], **self.env}.items())]
        command = ["env", *inner, *self.command]
        if self.user is not None:
            identity = [f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--inh-caps=-all"]
            command = ["setpriv", *identity, "--bounding-set=-all", "--no-new-privs", *command]
        soft, hard = self.nofile or (1024, 20000)
        setup_env = {
            **os.environ,
            "BOX": str(self.box),
            "WORKDIR": self.workdir,
            "WRITABLE": " ".join(self.writable),
            "ON_DISK": " ".join(self.on_disk),
            "READ_ONLY": "1" if self.read_only else "",
            "SOFT_NOFILE": str(soft),
            "HARD_NOFILE": str(hard),
        }
        namespaces = ["nsenter", f"--net={self.pod.netns}", "unshare", "--pid", "--mount"]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(
                [*namespaces, "/usr/bin/python3", "-S", "-c", _INIT, "sh", "-c", _SETUP, "sh", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=setup_env,
                # A session of its own, so that the scheduler gives every container a share (autogroup), daemon or not.
                start_new_session=True,
            )

    @property
    def pid1(self) -> int | None:
        """Host number of the container's PID 1; None once the container has stopped."""
        return next(iter(_children(self._process.pid)), None) if self._process.poll() is None else None

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        """What `docker logs` would print: stdout and stderr of everything in the container."""
        return self.log_path.read_text(errors="replace")

    def log_line(self, *needles: str, timeout: float = 30) -> str:
        """The last log line that holds every needle; waits for it, AssertionError when it does not come."""
        deadline = time.monotonic() + timeout
        while True:
            for line in reversed(self.log().splitlines()):
                if all(needle in line for needle in needles):
                    return line.strip()
            if time.monotonic() > deadline:
                raise AssertionError(f"no log line with {needles} in:\n{self.log()[-2000:]}")
            time.sleep(0.05)

    def wait(self, timeout: float = 30) -> tuple[int, float]:
        """Exit code of PID 1 and seconds since the start."""
        code = self._process.wait(timeout)
        return (128 - code if code < 0 else code), time.monotonic() - self.started

    def send(self, number: signal.Signals) -> None:
        if self.pid1 is not None:
            os.kill(self.pid1, number)

    def stop(self, number: signal.Signals = signal.SIGTERM, grace: float = 10) -> tuple[int, float]:
        """`docker stop`: the signal to PID 1, SIGKILL after the grace. Exit code and seconds it took."""
        begin = time.monotonic()
        self.send(number)
        try:
            code, _ = self.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
            code = 137
        return code, time.monotonic() - begin

    def kill(self) -> None:
        if self.running:
            self.send(signal.SIGKILL)
            self._process.kill()
            self._process.wait()

    def processes(self, needle: str) -> list[int]:
        """Host PIDs of the container's processes whose command line holds `needle`, parents first."""
        pid1 = self.pid1
        everyone = [pid1, *descendants(pid1)] if pid1 else []
        return sorted(pid for pid in everyone if needle in command_line(pid))

    def exec(self, *command: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """`docker exec`."""
        enter = ["nsenter", f"--target={self.pid1}", "--pid", "--mount", "--net", "--root", "--wd=/"]
        return subprocess.run([*enter, *command], capture_output=True, text=True, timeout=timeout, check=False)
