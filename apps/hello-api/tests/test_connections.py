"""Connections between haproxy and gunicorn, for real: used again while requests queue, and shared among the workers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

from conftest import Served, samples

Start = Callable[..., Served]


def test_haproxy_reuses_connections_to_gunicorn(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port("edge"))
    for _ in range(100):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
    reused = samples(served, "edge_metrics")['haproxy_backend_connection_reuses_total{proxy="app"}']
    assert reused >= 90


def test_haproxy_reuses_connections_for_clients_who_queue_as_well(start: Start) -> None:
    """As many clients as there may be, less a few for the probes: each keeps its connection and asks again and again."""
    served, clients, rounds = start(), 440, 3
    sockets = [socket.create_connection(("127.0.0.1", served.port("edge")), 30) for _ in range(clients)]

    def opened() -> float:
        return samples(served, "edge_metrics")['haproxy_backend_connection_attempts_total{proxy="app"}']

    def ask() -> None:
        for one in sockets:
            one.sendall(b"GET /fault/latency/20 HTTP/1.1\r\nHost: hello\r\n\r\n")
        for one in sockets:
            answer = http.client.HTTPResponse(one)
            answer.begin()
            assert answer.status == 200
            answer.read()

    # A client's first request goes over no connection that another one has used (`http-reuse safe`).
    ask()
    before = opened()
    for _ in range(rounds):
        ask()
    assert opened() - before <= 0.3 * rounds * clients
    for one in sockets:
        one.close()


class Uneven:
    """Clients that ask without a pause, and whose connections to gunicorn are all at one of two workers: the other slept when they
    were made, and is awake now."""

    def __init__(self, served: Served, count: int, path: str) -> None:
        self._served, self._path = served, path
        self._stop, self.waited = threading.Event(), deque[float]()
        self._slept = served.workers()[0]
        self._clients = [threading.Thread(target=self._client) for _ in range(count)]
        os.kill(self._slept, signal.SIGSTOP)
        try:
            for one in self._clients:
                one.start()
            time.sleep(2)
        finally:
            os.kill(self._slept, signal.SIGCONT)

    def _client(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._served.port("edge"))
        while not self._stop.is_set():
            began = time.monotonic()
            connection.request("GET", self._path)
            connection.getresponse().read()
            self.waited.append(time.monotonic() - began)

    def answered_by_who_slept(self) -> int:
        requests = [line for line in self._served.requests("gunicorn") if line["message"] == "request"]
        return sum(line["pid"] == self._slept for line in requests)

    def end(self) -> None:
        self._stop.set()
        for one in self._clients:
            one.join()


def test_no_request_waits_at_one_worker_while_another_has_threads(start: Start) -> None:
    latency = 0.2
    uneven = Uneven(start(threads=4), 8, f"/fault/latency/{latency * 1000:.0f}")
    assert max(uneven.waited) > 1.5 * latency, "one worker had threads for all of them"
    time.sleep(2)
    uneven.waited.clear()
    time.sleep(2)
    late = sum(one > 1.5 * latency for one in list(uneven.waited))
    uneven.end()
    assert late <= len(uneven.waited) // 10


def test_connections_do_not_stay_at_one_worker_for_ever(start: Start) -> None:
    """Few enough for its threads, but it is one process, and the other idles."""
    uneven = Uneven(start(), 20, "/")
    time.sleep(2)
    uneven.waited.clear()
    before = uneven.answered_by_who_slept()
    time.sleep(2)
    moved, asked = uneven.answered_by_who_slept() - before, len(uneven.waited)
    uneven.end()
    assert moved > asked // 5
