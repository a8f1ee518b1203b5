"""Three replicas that stand in for one another, as in the cluster: a name for all of them, and gunicorn killed under load."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import struct
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Served, free_ports

ADDRESSES = ("127.0.0.21", "127.0.0.22", "127.0.0.23")
NAME = "replicas.test"


class Names:
    """A name server that knows one name: the replicas'. https://www.rfc-editor.org/rfc/rfc1035#section-4"""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(4096)
            end = query.index(b"\0", 12) + 5
            question = query[12:end]
            known = ADDRESSES if question[-4:-2] == b"\0\1" else ()  # type A
            answers = b"".join(struct.pack("!HHHIH4s", 0xC00C, 1, 1, 2, 4, socket.inet_aton(one)) for one in known)
            self._socket.sendto(query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(known), 0, 0) + question + answers, client)


@dataclass
class Replica(Served):
    names: int = 0

    def configured(self, config: str) -> str:
        return config.replace("parse-resolv-conf", f"nameserver test 127.0.0.1:{self.names}")

    def surrounded(self) -> bool:
        """Both neighbours would answer in gunicorn's place, and nobody else: the pod itself has their name, too."""
        text = self.get("/metrics", "edge_metrics")[1]
        (line,) = [one for one in text.splitlines() if one.startswith('haproxy_backend_backup_servers{proxy="app"}')]
        return int(line.split()[1]) == len(ADDRESSES) - 1

    def answered(self, code: str) -> int:
        """Answers of a class, as the alerts on availability count them."""
        text = self.get("/metrics", "edge_metrics")[1]
        name = f'haproxy_frontend_http_responses_total{{proxy="edge",code="{code}"}} '
        return next(int(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name))

    def lose_gunicorn(self) -> None:
        """SIGKILL to the master and its workers, as when a container's PID 1 dies; started again, as the kubelet does."""
        os.killpg(self.gunicorn.pid, signal.SIGKILL)
        self.gunicorn.wait()
        self.until(lambda: not self.ready(), "its pod is not ready")
        self.start_gunicorn()
        self.until(self.ready, "gunicorn is back")


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[list[Replica]]:
    names, (edge_port,) = Names(), free_ports(1)
    started: list[Replica] = []
    for address in ADDRESSES:
        app, edge_metrics, app_metrics = free_ports(3)
        given = {"edge_host": address, "edge_port": edge_port, "app_port": app, "neighbours": NAME, "faults": 1}
        given |= {"edge_metrics_port": edge_metrics, "app_metrics_port": app_metrics, "app_metrics_host": "127.0.0.1"}
        given |= {"run_dir": tempfile.mkdtemp(prefix="hello-test.", dir="/dev/shm")}
        environment = {**os.environ, **{f"HELLO_{name.upper()}": str(value) for name, value in given.items()}, "POD_NAME": address}
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        directory = tmp_path / address
        directory.mkdir()
        started.append(Replica(environment, directory, names.port))
    for one in started:
        one.until(one.ready, f"{one.host('edge')} is ready")
    yield started
    for one in started:
        one.end()


def test_checks_are_neither_errors_nor_lines(replicas: list[Replica]) -> None:
    """Each replica meets itself among its neighbours, in both backends, and refuses itself each second."""
    for one in replicas:
        one.until(one.surrounded, "the neighbours are known")
        refused, errors = one.answered("4xx"), one.answered("5xx")
        one.until(lambda one=one, refused=refused: one.answered("4xx") >= refused + 4, "it was refused by itself")  # type: ignore[misc]
        assert one.answered("5xx") == errors
        assert not [line for line in one.requests("haproxy") if line["path"] in ("/readyz", "/livez")]


def test_gunicorn_that_dies_costs_no_get(replicas: list[Replica]) -> None:
    for one in replicas:
        one.until(one.surrounded, "the neighbours are known")
    answers, stop = Counter[str](), threading.Event()

    def client(served: Served) -> None:
        while not stop.is_set():
            try:
                status, body, _ = served.get("/fault/latency/20")
                answers[str(status) if status == 200 else f"{status} {body.strip()}"] += 1
            except (OSError, http.client.HTTPException) as error:
                answers[repr(error)] += 1

    threads = [threading.Thread(target=client, args=(one,)) for one in replicas for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(6):
        enough = answers.total() + 50
        replicas[0].until(lambda enough=enough: answers.total() > enough, "requests are under way")  # type: ignore[misc]
        replicas[number % len(replicas)].lose_gunicorn()
        for one in replicas:
            one.until(one.surrounded, "everybody knows")
    stop.set()
    for thread in threads:
        thread.join()
    assert set(answers) == {"200"}, answers
