"""The load balancer's stand-in against pods that are servers on loopback. Last line: `N passed, N failed`."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import unittest
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from balancer import Balancer
from targets import Target, Targets

A, B = ("10.0.0.1", 80), ("10.0.0.2", 80)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class WhoIsSentTo(unittest.TestCase):
    def test_the_first_targets_are_there_at_once(self) -> None:
        targets = Targets(lag=6)
        targets.note({A}, 100)
        self.assertEqual(targets.registered(100), [A])

    def test_a_new_target_gets_nothing_before_the_lag(self) -> None:
        targets = Targets(lag=6)
        targets.note({A}, 100)
        targets.note({A, B}, 110)
        self.assertEqual(targets.registered(115.9), [A])
        self.assertEqual(targets.registered(116), [A, B])

    def test_one_that_is_gone_still_gets_requests_until_the_lag_has_passed(self) -> None:
        targets = Targets(lag=6)
        targets.note({A, B}, 100)
        targets.note({A}, 110)
        self.assertEqual(targets.registered(116), [A, B])
        targets.note({A}, 116.1)
        self.assertEqual(targets.registered(116.1), [A])
        self.assertFalse(targets.keep(B))

    def test_one_that_comes_back_within_the_lag_never_left(self) -> None:
        targets = Targets(lag=6)
        targets.note({A, B}, 100)
        targets.note({A}, 110)
        targets.note({A, B}, 113)
        targets.note({A, B}, 120)
        self.assertEqual(targets.registered(120), [A, B])


class Pod:
    """A server that answers its nth request by `answer(n, request)`, None closes; and counts connections and requests."""

    def __init__(self, answer: Callable[[int, bytes], bytes | None], then_close: bool = False) -> None:
        self._then_close = then_close
        self._answer = answer
        self.connections = 0
        self.requests: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                for line in request.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        request += await reader.readexactly(int(line.split(b":")[1]))
                self.requests.append(request)
                answer = self._answer(len(self.requests), request)
                if answer is None:
                    break
                writer.write(answer)
                if self._then_close:
                    break
        writer.close()


def ok(text: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)


@contextlib.asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[Target]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()


class Client:
    """One kept connection to the balancer."""

    def __init__(self, address: Target) -> None:
        self._address = address

    async def __aenter__(self) -> Client:
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and what follows the header: `Content-Length` bytes, or chunks to the last one."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split()[1])
        if b"chunked" in head:
            return status, await self._reader.readuntil(b"0\r\n\r\n")
        size = 0 if request.startswith(b"HEAD") else int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return status, await self._reader.readexactly(size)

    async def closed(self) -> bool:
        return await self._reader.read() == b""


GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


class WhatHappensToARequest(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.said: list[str] = []

    @contextlib.asynccontextmanager
    async def behind(self, pod: Pod, idle: float = 60, timeout: float = 60) -> AsyncIterator[tuple[Client, Balancer, Target]]:
        async with listening(pod) as target:
            balancer = Balancer(Targets(lag=6), idle, timeout, self.said.append)
            balancer.targets.note({target}, 0)
            async with listening(balancer.client) as address, Client(address) as client:
                yield client, balancer, target

    async def test_a_connection_to_a_target_is_used_again(self) -> None:
        pod = Pod(lambda n, _: ok(b"%d" % n))
        async with self.behind(pod) as (client, _, _):
            self.assertEqual([await client.send(GET) for _ in range(3)], [(200, b"1"), (200, b"2"), (200, b"3")])
        self.assertEqual(pod.connections, 1)

    async def test_the_one_that_was_idle_for_longest_comes_first(self) -> None:
        pod = Pod(lambda n, _: ok(b""))
        async with self.behind(pod) as (client, balancer, target):
            first, second = await balancer.connection(target), await balancer.connection(target)
            balancer.pools[target] = deque([first, second])
            self.assertIs(await balancer.connection(target), first)

    async def test_none_is_used_after_the_idle_time(self) -> None:
        pod = Pod(lambda n, _: ok(b""))
        async with self.behind(pod, idle=60) as (client, balancer, target):
            await client.send(GET)
            balancer.pools[target][0].since -= 61
            await client.send(GET)
        self.assertEqual(pod.connections, 2)

    async def test_a_request_that_meets_a_closing_connection_is_lost_and_not_sent_again(self) -> None:
        pod = Pod(lambda n, _: None if n == 2 else ok(b""))
        async with self.behind(pod) as (client, _, _):
            self.assertEqual((await client.send(GET))[0], 200)
            self.assertEqual((await client.send(GET))[0], 502)
        self.assertEqual(len(pod.requests), 2)
        self.assertEqual(self.said, ["502 GET / HTTP/1.1: 127.0.0.1 closed without an answer"])

    async def test_a_connection_that_was_seen_to_close_is_not_used(self) -> None:
        pod = Pod(lambda n, _: ok(b""))
        async with self.behind(pod) as (client, balancer, target):
            await client.send(GET)
            pod.writers[0].close()
            while not balancer.pools[target][0].reader.at_eof():
                await asyncio.sleep(0.01)
            self.assertEqual((await client.send(GET))[0], 200)
        self.assertEqual(pod.connections, 2)

    async def test_no_target_is_503_and_one_that_refuses_502(self) -> None:
        async with self.behind(Pod(lambda n, _: ok(b""))) as (client, balancer, _):
            balancer.targets = Targets(lag=6)
            self.assertEqual((await client.send(GET))[0], 503)
        async with listening(Pod(lambda n, _: None)) as gone:
            pass
        async with self.behind(Pod(lambda n, _: ok(b""))) as (client, balancer, _):
            balancer.targets = Targets(lag=6)
            balancer.targets.note({gone}, 0)
            self.assertEqual((await client.send(GET))[0], 502)

    async def test_no_answer_in_time_is_504(self) -> None:
        async with self.behind(Pod(lambda n, _: b""), timeout=0.1) as (client, _, _):
            self.assertEqual((await client.send(GET))[0], 504)

    async def test_bodies_by_length_in_chunks_and_none(self) -> None:
        chunks = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
        answers: dict[bytes, Callable[[bytes], bytes]] = {
            b"POST": lambda body: ok(body),
            b"GET": lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
            b"HEAD": lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
        }
        pod = Pod(lambda n, request: answers[request.split()[0]](request.split(b"\r\n\r\n", 1)[1]))
        async with self.behind(pod) as (client, _, _):
            large = b"x" * 200_000
            self.assertEqual(await client.send(b"POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + large), (200, large))
            self.assertEqual(await client.send(GET), (200, chunks))
            self.assertEqual(await client.send(b"HEAD / HTTP/1.1\r\n\r\n"), (200, b""))
            self.assertEqual((await client.send(GET))[0], 200)
        self.assertEqual(pod.connections, 1)

    async def test_an_answer_that_breaks_off_breaks_off_for_the_client_too(self) -> None:
        pod = Pod(lambda n, _: b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", then_close=True)
        async with self.behind(pod) as (client, _, _):
            with self.assertRaises((asyncio.IncompleteReadError, ConnectionError)):
                await client.send(GET)

    async def test_a_target_learns_who_asked(self) -> None:
        pod = Pod(lambda n, _: ok(b""))
        async with self.behind(pod) as (client, _, _):
            await client.send(b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: keep-alive\r\n\r\n")
        self.assertIn(b"X-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n", pod.requests[0])
        self.assertNotIn(b"connection", pod.requests[0].lower())

    async def test_a_client_that_says_close_is_closed(self) -> None:
        async with self.behind(Pod(lambda n, _: ok(b""))) as (client, _, _):
            self.assertEqual((await client.send(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))[0], 200)
            self.assertTrue(await client.closed())


def main() -> int:
    run = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    failed = len(run.failures) + len(run.errors)
    sys.stderr.flush()
    print(f"{run.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
