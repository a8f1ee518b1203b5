"""TCP as AWS's customers send it: `packets.py listen PORT...` answers, `packets.py call` connects.

`call` reads one JSON object from standard input, {"targets": [[address, port], ...], "sources": [port, ...], "seconds": n}, and
prints [[address, port, opened], ...]: opened says whether the connection came about from every one of the source ports. All
attempts run at once; what has not answered when the time is up is closed.
"""

import json
import resource
import select
import socket
import sys
import time


def listen(ports: list[int]) -> None:
    poll = select.poll()
    sockets = {}
    for port in ports:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", port))
        server.listen(1024)
        poll.register(server, select.POLLIN)
        sockets[server.fileno()] = server
    print("ready", flush=True)
    while True:
        for number, _ in poll.poll():
            sockets[number].accept()[0].close()


def attempt(address: str, port: int, source: int) -> socket.socket:
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind(("0.0.0.0", source))
    client.connect_ex((address, port))
    return client


def call(targets: list[list], sources: list[int], seconds: float) -> list[list]:
    waiting = {}
    poll = select.poll()
    for address, port in targets:
        for source in sources:
            client = attempt(address, port, source)
            waiting[client.fileno()] = (client, address, port)
            poll.register(client, select.POLLOUT)
    opened = {(address, port): 0 for address, port in targets}
    until = time.monotonic() + seconds
    while waiting and (left := until - time.monotonic()) > 0:
        for number, _ in poll.poll(left * 1000):
            client, address, port = waiting.pop(number)
            poll.unregister(number)
            opened[address, port] += client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            client.close()
    return [[address, port, opened[address, port] == len(sources)] for address, port in targets]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    if sys.argv[1] == "listen":
        listen([int(port) for port in sys.argv[2:]])
    else:
        json.dump(call(**json.load(sys.stdin)), sys.stdout)
