"""What clients can do to the service: hold it by being slow, hide behind false headers, pay for new connections."""

from __future__ import annotations

import json
import time
from pathlib import Path

from ..client import request
from ..original import CONFIG, original
from ..registry import Fault
from ..repaired import ECHO, repaired
from ..sandbox import Pod


def slow_posts(pod: Pod, path: str, port: int, count: int) -> list:
    """Opens POSTs whose body never comes."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{".encode()
    sockets = []
    for _ in range(count):
        sock = pod.connect(port, 10)
        sock.sendall(head)
        sockets.append(sock)
    return sockets


class SlowClients(Fault):
    number = 37
    title = "No timeout for the request, the queue, keep-alive; bodies are not buffered"
    where = "haproxy.cfg:12-14"
    stage = "runtime"
    symptom = "Ten clients that send slowly hold every worker; everybody else waits"
    fix = "timeout http-request 5s, option http-buffer-request: a request reaches a worker when it is whole"

    def original(self) -> str:
        with Pod() as pod:
            original(pod)
            sockets = slow_posts(pod, "/echo", 80, 10)
            time.sleep(0.5)
            bystander = request(pod, timeout=9)
            for sock in sockets:
                sock.close()
        assert bystander.status != 200, bystander
        return f"ten slow POSTs: a bystander gets nothing in {self.figure('seconds', bystander.seconds, '.1f')} s ({bystander.error})"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            sockets = slow_posts(pod, ECHO, service.port, 100)
            time.sleep(0.5)
            bystander = request(pod, port=service.port, timeout=9)
            begin = time.monotonic()
            sockets[0].settimeout(10)
            reply = sockets[0].recv(4096).split(b"\r\n")[0].decode()
            seconds = time.monotonic() - begin + 0.5 + bystander.seconds
            for sock in sockets:
                sock.close()
        assert bystander.status == 200 and " 408" in reply, f"bystander: {bystander}; slow client: {reply}"
        return (
            f"a hundred slow POSTs: a bystander waits {self.figure('seconds', bystander.seconds, '.3f')} s; "
            f"the slow ones get `{reply}` after {self.figure('cut', seconds, '.1f')} s"
        )


def accepted_connections(pod: Pod) -> int:
    """TCP connections accepted in the Pod since it began (PassiveOpens)."""
    holder = pod.netns.removesuffix("/ns/net")
    names, values = [line.split() for line in Path(f"{holder}/net/snmp").read_text().splitlines() if line.startswith("Tcp:")]
    return int(values[names.index("PassiveOpens")])


def send_on_one_connection(pod: Pod, port: int, count: int) -> int:
    """Sends `count` GETs the way a keep-alive client does; how many connections it had to open."""
    import http.client

    opened = 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(count):
        if connection.sock is None:
            connection.sock = pod.connect(port, 10)
            opened += 1
        connection.request("GET", "/")
        reply = connection.getresponse()
        reply.read()
        if reply.will_close:
            connection.close()
    connection.close()
    return opened


class ConnectionPerRequest(Fault):
    number = 39
    title = "`option httpclose`: a TCP connection per request, on both sides"
    where = "haproxy.cfg:9"
    stage = "runtime"
    symptom = "A quarter to a third of the throughput is spent on opening connections"
    fix = "Keep-alive to clients, http-reuse to gunicorn"

    def original(self) -> str:
        assert "httpclose" in CONFIG
        with Pod() as pod:
            original(pod)
            before = accepted_connections(pod)
            client = send_on_one_connection(pod, 80, 50)
            total = accepted_connections(pod) - before
        assert client == 50 and total >= 95, (client, total)
        return f"50 requests of a keep-alive client: {self.figure('connections', total)} connections"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            request(pod, port=service.port)
            before, begin = accepted_connections(pod), time.monotonic()
            client = send_on_one_connection(pod, service.port, 50)
            total = accepted_connections(pod) - before
            checks = 1 + (time.monotonic() - begin) / service.values["check_interval"]
        assert client == 1 and total <= 12 + checks, f"{total} connections for 50 requests, {client} of them the client's"
        return f"50 requests: {self.figure('connections', total)} connections, the checks' own among them"


class SpoofedClient(Fault):
    number = 43
    title = "`option forwardfor` on top of whatever X-Forwarded-For the client sent"
    where = "haproxy.cfg:8"
    stage = "evidence"
    symptom = "The client's address in the application's eyes and logs is what the client says it is"
    fix = "X-Forwarded-For comes from the listed proxies only and is deleted otherwise; gunicorn trusts haproxy alone"

    def original(self) -> str:
        with Pod() as pod:
            original(pod)
            seen = request(pod, "/client", headers={"X-Forwarded-For": "6.6.6.6"}).json()
        first = seen["forwarded"].split(",")[0].strip()
        assert first == "6.6.6.6"
        return f"sent `X-Forwarded-For: 6.6.6.6`, the application sees `{self.figure('seen', seen['forwarded'])}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            pod.run("ip", "addr", "add", "198.51.100.7/32", "dev", "lo")
            request(pod, port=service.port, headers={"X-Forwarded-For": "6.6.6.6"}, host="198.51.100.7")
            line = json.loads(service.app.log_line('"message":"request"'))
            said = service.app.log() + service.edge.log()
        assert line["client"] == "198.51.100.7" and "6.6.6.6" not in said, f"the application sees the client as {line['client']}"
        return f"sent `X-Forwarded-For: 6.6.6.6` from 198.51.100.7, the application sees `{self.figure('seen', line['client'])}`"
