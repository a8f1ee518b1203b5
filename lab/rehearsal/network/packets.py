"""TCP as AWS's customers send it, from and to many network namespaces.

`packets.py listen` reads {"namespaces": [name, ...], "ports": [port, ...]} from standard input, answers on every port of each, says
"ready", and ends with its standard input. `packets.py call` reads {"calls": [[namespace, address, port, source port], ...],
"seconds": n} and prints [opened, ...], one for each call: whether the connection came about. All calls of one namespace run at once;
what has not answered when the time is up is closed.
"""

import ctypes
import itertools
import json
import os
import resource
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)

# Calls at once: as many as descriptors are granted, some kept for the rest, and no more than the machine answers in time.
GRANTED = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
AT_ONCE = min(GRANTED - 1_000, 30_000)


def enter(namespace: str) -> None:
    """Sockets that are made from now on belong to the namespace, wherever the process goes."""
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if LIBC.setns(handle, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    finally:
        os.close(handle)


def listen(namespaces: list[str], ports: list[int]) -> None:
    poll = select.epoll()
    sockets = {}
    for namespace in namespaces:
        enter(namespace)
        for port in ports:
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("0.0.0.0", port))
            server.listen(1024)
            poll.register(server, select.EPOLLIN)
            sockets[server.fileno()] = server
    poll.register(sys.stdin, select.EPOLLIN | select.EPOLLHUP)
    print("ready", flush=True)
    while True:
        for number, _ in poll.poll():
            if number not in sockets:
                return
            sockets[number].accept()[0].close()


def attempt(address: str, port: int, source: int) -> socket.socket:
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Closed at once: nothing of it is left to stand in the way of the next.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.bind(("0.0.0.0", source))
    client.connect_ex((address, port))
    return client


def call(calls: list[list], seconds: float) -> list[bool]:
    opened = [False] * len(calls)
    for first in range(0, len(calls), AT_ONCE):
        some = range(first, min(first + AT_ONCE, len(calls)))
        poll = select.epoll()
        waiting = {}
        for namespace, group in itertools.groupby(some, lambda at: calls[at][0]):
            enter(namespace)
            for at in group:
                client = attempt(*calls[at][1:])
                waiting[client.fileno()] = (client, at)
                poll.register(client, select.EPOLLOUT)
            collect(poll, waiting, opened, 0)
        until = time.monotonic() + seconds
        while waiting and (left := until - time.monotonic()) > 0:
            collect(poll, waiting, opened, left)
        poll.close()
        for client, _ in waiting.values():
            client.close()
    return opened


def collect(poll: select.epoll, waiting: dict, opened: list[bool], seconds: float) -> None:
    for number, _ in poll.poll(seconds, 4096):
        client, at = waiting.pop(number)
        poll.unregister(number)
        opened[at] = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        client.close()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (GRANTED, GRANTED))
    request = json.loads(sys.stdin.readline())
    if sys.argv[1] == "listen":
        listen(**request)
    else:
        json.dump(call(**request), sys.stdout)
