"""What containerd and the kubelet write on the lab's nodes, each file by a second name: neither rotation nor the end of its pod
takes a line from here."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

#: Seconds between two looks. The kubelet looks every 10 s for what it is to rotate, and removes no file in its first second.
LOOK = 0.1


@dataclass(frozen=True)
class Cut:
    """A line in two files, as containerd leaves it that has half of a line when the kubelet rotates: `P` at one's end, `F` at the
    other's beginning. The rest is empty if the line break alone was missing, as with a program that writes it by itself."""

    whole: str
    begun: str
    rest: str


@dataclass(eq=False)
class Log:
    """What a container wrote since one of its starts."""

    node: str
    namespace: str
    pod: str
    uid: str
    container: str
    start: str
    files: list[Path] = field(default_factory=list)
    #: Whole lines of each of its streams.
    streams: dict[str, list[str]] = field(default_factory=dict)
    #: Lines that a rotation cut, by stream: the old file ends with what there was of it, the new one begins with the rest.
    cut: dict[str, list[Cut]] = field(default_factory=dict)
    #: Lines that stand between two pieces of the other stream's line.
    between: int = 0
    _pieces: dict[bytes, list[tuple[Path, bytes]]] = field(default_factory=dict)
    _at: dict[Path, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.pod}/{self.container}[{self.start}] on {self.node}"

    @property
    def count(self) -> int:
        return sum(map(len, self.streams.values()))

    def lines(self, stream: str) -> list[str]:
        """With a last one that no line break ended: containerd leaves it marked as a piece."""
        rest = text(self._pieces.get(stream.encode(), []))
        return [*self.streams.get(stream, []), *([rest] if rest else [])]

    def read(self) -> None:
        """On from where it was read to."""
        # The newest first: containerd ends the file before it once it is open.
        found = [(path, self._more(path)) for path in reversed(self.files)]
        for path, lines in reversed(found):
            for line in lines:
                _, stream, tag, piece = line.split(b" ", 3)
                self._take(path, stream, tag, piece)

    def _more(self, path: Path) -> list[bytes]:
        with path.open("rb") as file:
            file.seek(self._at.get(path, 0))
            more = file.read()
        whole = more[: more.rfind(b"\n") + 1]
        self._at[path] = self._at.get(path, 0) + len(whole)
        return whole.split(b"\n")[:-1]

    def _take(self, path: Path, stream: bytes, tag: bytes, piece: bytes) -> None:
        pieces = self._pieces.setdefault(stream, [])
        pieces.append((path, piece))
        self.between += any(begun for other, begun in self._pieces.items() if other != stream)
        if tag != b"F":
            return
        name, whole = stream.decode(), text(pieces)
        self.streams.setdefault(name, []).append(whole)
        begun = [one for one in pieces if one[0] != path]
        if begun:
            self.cut.setdefault(name, []).append(Cut(whole, text(begun), text(pieces[len(begun) :])))
        pieces.clear()


def text(pieces: list[tuple[Path, bytes]]) -> str:
    """Bytes that are no UTF-8 are replaced."""
    return b"".join(piece for _, piece in pieces).decode(errors="replace")


class Files:
    """The logs of all nodes, looked for until the end of the `with`."""

    def __init__(self, state: Path, nodes: list[str]) -> None:
        #: `/var/log` of each node, as it is seen from here.
        self._folders = {node: state / node / "log" for node in nodes}
        self._known: set[int] = set()
        self._logs: dict[tuple[str, ...], Log] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Files:
        for folder in self._folders.values():
            shutil.rmtree(folder / "kept", ignore_errors=True)
            (folder / "kept").mkdir()
        self._look()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        for folder in self._folders.values():
            shutil.rmtree(folder / "kept", ignore_errors=True)

    def logs(self) -> list[Log]:
        """All of them, read to their ends."""
        found = list(self._logs.values())
        for log in found:
            log.read()
        return found

    def _look_on(self) -> None:
        while not self._stop.wait(LOOK):
            self._look()

    def _look(self) -> None:
        for node, log in self._folders.items():
            for folder in (container for pod in inside(log / "pods") for container in inside(pod)):
                # What was rotated before what is written now; not what the kubelet makes of it.
                for path in sorted(inside(folder), key=lambda path: (path.name.endswith(".log"), path.name)):
                    if not path.name.endswith((".gz", ".tmp")):
                        self._keep(node, log / "kept", path)

    def _keep(self, node: str, kept: Path, path: Path) -> None:
        try:
            number = path.stat().st_ino
            if number in self._known:
                return
            second = kept / str(number)
            os.link(path, second)
        except FileNotFoundError:
            return
        if second.stat().st_ino != number:  # rotated in between: at the next look
            second.unlink()
            return
        self._known.add(number)
        of = (node, *path.parent.parent.name.split("_"), path.parent.name, path.name.split(".")[0])
        self._logs.setdefault(of, Log(*of)).files.append(second)


def inside(folder: Path) -> list[Path]:
    """What is in a folder; nothing once it is gone, as a pod's may be at any time."""
    try:
        return [folder / name for name in os.listdir(folder)]
    except FileNotFoundError:
        return []
