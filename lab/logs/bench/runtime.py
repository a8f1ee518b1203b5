"""The container runtime's part: what a program writes, as containerd puts it into files and the kubelet rotates them."""

from __future__ import annotations

import gzip
import os
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import IO

PODS = Path("/var/log/pods")
#: containerd cuts what it reads into pieces of this size (internal/cri/io/logger.go, the default of max_container_log_line_size).
PIECE = 16 * 1024


class ContainerLog:
    """/var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log, and what was written into it."""

    def __init__(self, namespace: str, pod: str, container: str) -> None:
        self.folder = PODS / f"{namespace}_{pod}_{uuid.uuid5(uuid.NAMESPACE_DNS, pod)}" / container
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "0.log"
        self.written: list[bytes] = []
        self._lock = threading.Lock()
        self._rotations = 0
        self._file = self._open()

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def line(self, content: bytes, stream: str = "stdout", ago: int = 0) -> None:
        """One line of the program, in pieces if it is long; `ago` in s, when it was written."""
        pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)] or [b""]
        with self._lock:
            for number, piece in enumerate(pieces):
                self.raw(piece, stream, b"F" if number == len(pieces) - 1 else b"P", ago)
            self.written.append(content)

    def raw(self, piece: bytes, stream: str = "stdout", tag: bytes = b"F", ago: int = 0) -> None:
        now = time.time_ns() - ago * 10**9
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 10**9)) + f".{now % 10**9:09d}Z"
        os.write(self._file, b"%s %s %s %s\n" % (stamp.encode(), stream.encode(), tag, piece))

    def bytes(self, raw: bytes) -> None:
        """Into the file as it is, as after a crash of the runtime or a full disk."""
        with self._lock:
            os.write(self._file, raw)

    def text(self) -> list[str]:
        """What was written, as text: bytes that are no UTF-8 are replaced."""
        return [line.decode(errors="replace") for line in self.written]

    def rotate(self, lost: bool = False, cut: tuple[bytes, bytes] | None = None) -> None:
        """As the kubelet: what it renamed before is compressed, the file renamed, the runtime told to open anew. `lost`: gone before anybody read it. `cut`: a line of
        which the runtime has the first part by then; it ends the old file with that, and begins the new one with the other."""
        with self._lock:
            for before in self.folder.glob("0.log.20*[0-9]"):
                half = before.with_name(before.name + ".tmp")
                half.write_bytes(gzip.compress(before.read_bytes()))
                half.rename(before.with_name(before.name + ".gz"))
                before.unlink()
            self._rotations += 1
            old = self.folder / f"0.log.20261126-{self._rotations:06d}"
            self.path.rename(old)
            if cut:
                self.raw(cut[0], tag=b"P")
            os.close(self._file)
            self._file = self._open()
            if cut:
                self.raw(cut[1])
            if lost:
                old.unlink()

    def follow(self, pipe: IO[bytes]) -> None:
        """Writes what comes out of a program, until it ends."""

        def pump() -> None:
            for line in pipe:
                self.line(line.removesuffix(b"\n"))

        threading.Thread(target=pump, daemon=True).start()

    def run(self, *command: str, **environment: str) -> None:
        """A program from its first line to its last."""
        done = subprocess.run(
            command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        for line in done.stdout.splitlines():
            self.line(line)
