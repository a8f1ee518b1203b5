"""An idle connection outlives the load balancer's idle time, in the running haproxy and not only on paper."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from conftest import Served


def test_an_idle_connection_is_kept_for_longer_than_the_load_balancer_keeps_it(start: Callable[..., Served]) -> None:
    served = start(load_balancer_idle=3, edge_keepalive=5, client=4, request=2, queue=1, connect=1, check_timeout=1)
    with socket.create_connection(("127.0.0.1", served.port("edge"))) as client:
        for _ in range(2):
            client.sendall(b"GET /version HTTP/1.1\r\nHost: hello\r\n\r\n")
            assert client.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(3)
