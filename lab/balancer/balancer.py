"""`lab balancer`: stands in for an ALB with IP targets in front of a Service.

It does to its targets what an ALB does, and repairs nothing: connections are kept for `idle` seconds without a request and used
again, the one that was idle for longest first; targets come and go with a lag; a request that a target gave no answer to is a 502,
even if it was the connection that had been closed (an ALB sends nothing twice); no target is a 503, none that answers in time a 504.
HTTP/1.1 only, no TLS, no upgrade.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import re
import signal
import ssl
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from targets import Target, Targets

#: ALB's limit of a request's or answer's header lines, bytes.
HEAD_LIMIT = 64 * 1024
CONNECT_TIMEOUT = 5.0
#: Headers that are of one connection only (RFC 9110 7.6.1).
HOP_BY_HOP = ("connection", "keep-alive", "proxy-connection", "te", "upgrade")


class Refused(Exception):
    """The request ends here, with this status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Head:
    first: str
    fields: list[tuple[str, str]]

    @staticmethod
    async def read(reader: asyncio.StreamReader) -> Head | None:
        """Nothing when the other side closed before the first byte."""
        try:
            text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise Refused(400, "closed in the middle of its header") from None
            return None
        except asyncio.LimitOverrunError:
            raise Refused(400, "header of more than 64 KiB") from None
        first, *lines = text[:-4].split("\r\n")
        return Head(first, [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)])

    def get(self, name: str) -> str:
        return ", ".join(value for key, value in self.fields if key.lower() == name).lower()

    def with_fields(self, *more: tuple[str, str]) -> bytes:
        added = {name.lower() for name, _ in more}
        kept = [one for one in self.fields if one[0].lower() not in HOP_BY_HOP and one[0].lower() not in added]
        return "\r\n".join([self.first, *(f"{name}: {value}" for name, value in [*kept, *more]), "", ""]).encode("latin-1")

    @property
    def closes(self) -> bool:
        return "close" in self.get("connection") or ("HTTP/1.0" in self.first and "keep-alive" not in self.get("connection"))


@dataclass
class Kept:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    since: float


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@dataclass
class Balancer:
    targets: Targets
    idle: float
    answer_timeout: float
    #: Is told of every request that did not get its target's whole answer.
    say: Callable[[str], None] = say
    pools: dict[Target, deque[Kept]] = field(default_factory=dict)

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection: a request after the other."""
        peer = writer.get_extra_info("peername")[0]
        try:
            while request := await asyncio.wait_for(Head.read(reader), self.idle):
                try:
                    again = await self.exchange(request, reader, writer, peer)
                except Refused as refused:
                    self.say(f"{refused.status} {request.first}: {refused}")
                    writer.write(f"HTTP/1.1 {refused.status} lab\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                    again = False
                await writer.drain()
                if not again or request.closes:
                    break
        except (TimeoutError, OSError, Refused):
            pass
        finally:
            writer.close()

    async def exchange(self, request: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str) -> bool:
        """Sends a request on, and its answer back. Whether the client's connection can be used again."""
        if request.get("upgrade"):
            raise Refused(501, "no upgrade here")
        try:
            target = self.targets.pick()
        except IndexError:
            raise Refused(503, "no target") from None
        there = await self.connection(target)
        forwarded = ", ".join(filter(None, [request.get("x-forwarded-for"), peer]))
        begun = False
        try:
            there.writer.write(request.with_fields(("X-Forwarded-For", forwarded), ("X-Forwarded-Proto", "http")))
            await body(request, reader, there.writer, answers_to=None)
            while True:
                answer = await asyncio.wait_for(Head.read(there.reader), self.answer_timeout)
                if answer is None:
                    raise Refused(502, f"{target[0]} closed without an answer")
                begun = True
                status = int(answer.first.split()[1])
                if status >= 200:
                    writer.write(answer.with_fields(("Connection", "close" if request.closes else "keep-alive")))
                    break
                writer.write(answer.with_fields())  # 100 Continue, 103 Early Hints
            whole = await body(answer, there.reader, writer, answers_to=request)
        except TimeoutError:
            there.writer.close()
            raise Refused(504, f"{target[0]} did not answer within {self.answer_timeout:.0f} s") from None
        except (OSError, asyncio.IncompleteReadError, Refused) as error:
            there.writer.close()
            if begun:  # too late for a status: the client sees a connection that breaks off
                self.say(f"cut {request.first}: {target[0]}: {error}")
                return False
            raise error if isinstance(error, Refused) else Refused(502, f"{target[0]}: {error or type(error).__name__}") from None
        if answer.closes or not whole:
            there.writer.close()
        else:
            there.since = time.monotonic()
            self.pools.setdefault(target, deque()).append(there)
        return whole

    async def connection(self, target: Target) -> Kept:
        """The kept one that was idle for longest, so that a target's own idle time is tried as hard as it can be; or a new one."""
        pool = self.pools.get(target, deque())
        while pool:
            kept = pool.popleft()
            if not kept.reader.at_eof() and time.monotonic() - kept.since < self.idle:
                return kept
            kept.writer.close()
        try:
            opened = await asyncio.wait_for(asyncio.open_connection(*target, limit=HEAD_LIMIT), CONNECT_TIMEOUT)
        except TimeoutError:
            raise Refused(504, f"{target[0]}: no connection within {CONNECT_TIMEOUT:.0f} s") from None
        except OSError as error:
            raise Refused(502, f"{target[0]}: {error}") from None
        return Kept(*opened, since=time.monotonic())

    async def sweep(self, stop: asyncio.Event) -> None:
        """Closes what was idle for too long, and what leads to a target that is forgotten."""
        while not stop.is_set():
            for target, pool in self.pools.items():
                for kept in list(pool):
                    if not self.targets.keep(target) or time.monotonic() - kept.since >= self.idle:
                        pool.remove(kept)
                        kept.writer.close()
            await asyncio.sleep(0.5)


async def body(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers_to: Head | None) -> bool:
    """Copies a body as its header frames it (RFC 9112 6). Whether its end was told by anything but the connection's."""
    bodyless = answers_to is not None and (answers_to.first.startswith("HEAD ") or head.first.split()[1] in ("204", "304"))
    if bodyless:
        await writer.drain()
        return True
    if "chunked" in head.get("transfer-encoding"):
        while True:
            line = await reader.readuntil(b"\r\n")
            writer.write(line)
            size = int(line.split(b";")[0], 16)
            if size == 0:
                while (line := await reader.readuntil(b"\r\n")) != b"\r\n":  # trailers
                    writer.write(line)
                writer.write(b"\r\n")
                await writer.drain()
                return True
            await copy(reader, writer, size + 2)
    if length := head.get("content-length"):
        await copy(reader, writer, int(length))
        return True
    if answers_to is None:
        await writer.drain()
        return True
    while piece := await reader.read(HEAD_LIMIT):
        writer.write(piece)
        await writer.drain()
    return False


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, size: int) -> None:
    while size:
        piece = await reader.read(min(size, HEAD_LIMIT))
        if not piece:
            raise asyncio.IncompleteReadError(b"", size)
        writer.write(piece)
        await writer.drain()
        size -= len(piece)


class Endpoints:
    """What a load balancer's controller reads from the API server: a Service's endpoints that are ready and not terminating."""

    def __init__(self, server: str, pki: Path, namespace: str, service: str, port: str) -> None:
        """`server` is the API server's ADDRESS:PORT; in `pki` are ca.crt, admin.crt and admin.key."""
        self._server, self._namespace, self._service, self._port = server, namespace, service, port
        self._tls = ssl.create_default_context(cafile=str(pki / "ca.crt"))
        self._tls.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        self._connection: http.client.HTTPSConnection | None = None
        self._last: set[Target] = set()

    def get(self, path: str) -> Any:
        self._connection = self._connection or http.client.HTTPSConnection(self._server, context=self._tls, timeout=5)
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text.decode(errors='replace')[:200]}")
        return json.loads(text)

    def port_name(self) -> str:
        """The name of the Service's port that was asked for; its first one's without."""
        ports = self.get(f"/api/v1/namespaces/{self._namespace}/services/{self._service}")["spec"]["ports"]
        for port in ports:
            if self._port in ("", port.get("name"), str(port["port"])):
                return str(port.get("name", ""))
        raise RuntimeError(f"Service {self._namespace}/{self._service} has no port {self._port}")

    def ready(self) -> set[Target]:
        """As long as the API server does not answer, what it said last."""
        try:
            name = self.port_name()
            path = f"/apis/discovery.k8s.io/v1/namespaces/{self._namespace}/endpointslices"
            slices = self.get(f"{path}?labelSelector=kubernetes.io/service-name={self._service}")["items"]
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            say(f"endpoints: {error}")
            return self._last
        self._last = {
            (endpoint["addresses"][0], port["port"])
            for one in slices
            for port in one["ports"] or []
            if port.get("name", "") == name
            for endpoint in one["endpoints"] or []
            if endpoint["conditions"].get("ready") and not endpoint["conditions"].get("terminating")
        }
        return self._last


async def serve(balancer: Balancer, endpoints: Endpoints, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    balancer.targets.note(await asyncio.to_thread(endpoints.ready), time.monotonic())
    server = await asyncio.start_server(balancer.client, host, port, limit=HEAD_LIMIT, backlog=1024)
    watching = asyncio.gather(balancer.targets.watch(endpoints.ready, stop), balancer.sweep(stop))
    print(f"http://{host}:{port}", flush=True)
    await stop.wait()
    server.close()
    with contextlib.suppress(asyncio.CancelledError):
        watching.cancel()
        await watching


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab balancer", description=__doc__)
    parser.add_argument("service", help="NAMESPACE/NAME")
    parser.add_argument("--port", default="", help="name or number of the Service's port (its first)")
    parser.add_argument("--lag", type=float, default=6, help="seconds until a pod that came or went is known (6)")
    parser.add_argument("--idle", type=float, default=60, help="seconds for which a connection without a request is kept (60)")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for which an answer is waited for (60)")
    parser.add_argument("--listen", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--server", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pki", required=True, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    named = re.fullmatch(r"([a-z0-9-]+)/([a-z0-9-]+)", given.service)
    if not named:
        parser.error(f"{given.service}: not NAMESPACE/NAME of a Service")
    endpoints = Endpoints(given.server, given.pki, named[1], named[2], given.port)
    try:
        endpoints.port_name()
    except (OSError, RuntimeError) as error:
        parser.error(str(error))
    host, _, port = given.listen.rpartition(":")
    balancer = Balancer(Targets(given.lag), given.idle, given.timeout)
    asyncio.run(serve(balancer, endpoints, host, int(port)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
