"""HTTP as a user's client speaks it, from inside a Pod's network."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .sandbox import Pod


@dataclass(frozen=True)
class Answer:
    """One request's end. `status` 0: no answer at all, `error` says why."""

    status: int
    seconds: float
    body: str = ""
    headers: Mapping[str, str] | None = None
    error: str = ""

    def json(self) -> dict:
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status or self.error} after {self.seconds:.2f} s"


def request(
    pod: Pod,
    path: str = "/",
    *,
    port: int = 80,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 60,
    host: str = "127.0.0.1",
) -> Answer:
    begin = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.sock = pod.connect(port, timeout, host)
        connection.request(method, path, body, dict(headers or {}))
        reply = connection.getresponse()
        text = reply.read().decode(errors="replace")
        return Answer(reply.status, time.monotonic() - begin, text, dict(reply.getheaders()))
    except (OSError, http.client.HTTPException) as error:
        reason = "empty reply" if isinstance(error, http.client.RemoteDisconnected) else type(error).__name__
        return Answer(0, time.monotonic() - begin, error=reason)
    finally:
        connection.close()


def raw(pod: Pod, payload: bytes, *, port: int = 80, timeout: float = 10) -> str:
    """Sends bytes as they are; the whole reply, up to the close or the timeout."""
    sock = pod.connect(port, timeout)
    reply = b""
    try:
        sock.sendall(payload)
        while chunk := sock.recv(65536):
            reply += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        sock.close()
    return reply.decode(errors="replace")


def until(condition: Callable[[], bool], timeout: float = 60, every: float = 0.05, what: str = "condition") -> float:
    """Seconds until `condition` held; AssertionError when it never did."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > timeout:
            raise AssertionError(f"{what}: not within {timeout} s")
        time.sleep(every)
    return time.monotonic() - begin


def until_status(pod: Pod, status: int = 200, path: str = "/", port: int = 80, timeout: float = 90) -> float:
    return until(lambda: request(pod, path, port=port, timeout=2).status == status, timeout, what=f"{path} answers {status}")


class Together:
    """Requests sent at the same time; `answers()` waits for all of them."""

    def __init__(self, calls: list[Callable[[], Answer]]) -> None:
        self._results: list[Answer | None] = [None] * len(calls)

        def work(index: int, call: Callable[[], Answer]) -> None:
            self._results[index] = call()

        self._threads = [threading.Thread(target=work, args=(i, c), daemon=True) for i, c in enumerate(calls)]
        for thread in self._threads:
            thread.start()

    def answers(self) -> list[Answer]:
        for thread in self._threads:
            thread.join()
        return [result for result in self._results if result is not None]
