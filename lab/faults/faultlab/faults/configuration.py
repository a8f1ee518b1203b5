"""haproxy.cfg: what stops it from starting, and what it says without meaning it."""

from __future__ import annotations

import json
import time

from ..client import raw, request, until_status
from ..original import CONFIG, HOSTS, original
from ..registry import Fault
from ..repaired import edge_config, repaired, sleep_path
from ..sandbox import Pod

BACKSLASH = "\\"  # haproxy's json converter writes / as \\/
KERNEL_DEFAULT = (1024, 4096)  # soft and hard limit of open files when nobody sets one (include/uapi/linux/fs.h)


def brief(line: str) -> str:
    """The fields of a JSON log line that tell a request's end."""
    row = json.loads(line)
    return json.dumps({key: row[key] for key in ("path", "status", "t_total_ms", "term", "retries")})


def haproxy_check(config: str, *options: str) -> tuple[int, str]:
    """`haproxy -c` on a configuration, in a sandbox where the original's names and error pages exist."""
    with Pod() as pod:
        container = original(pod, config=config, ready=False, command=("haproxy", "-c", *options, "-f", "/etc/haproxy/haproxy.cfg"))
        code, _ = container.wait()
        return code, container.log().strip()


def edge_check(*options: str) -> tuple[int, str]:
    with Pod() as pod:
        service = repaired(pod, app=False, ready=False, edge_arguments=("-c", *options))
        code, _ = service.edge.wait()
        return code, service.edge.log().strip()


class ErrorPagesOfAnotherImage(Fault):
    number = 26
    title = "Error pages are named where only the Docker image `haproxy` has them"
    where = "haproxy.cfg:16-22"
    stage = "configuration"
    symptom = "haproxy does not start: Alpine's and Debian's packages have no such files"
    fix = "No error files"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, error_pages=False, ready=False)
            container.wait()
            alerts = [line for line in container.log().splitlines() if "ALERT" in line]
        assert len(alerts) >= 7, container.log()
        return f"{self.figure('alerts', len(alerts))} ALERT lines, the first: `{alerts[0]}`"

    def repaired(self) -> str:
        assert "/usr/local/etc" not in edge_config(), "an error file of the Docker image in the configuration"
        code, said = edge_check()
        assert code == 0, said
        return f"no errorfile path in the configuration; `haproxy -c`: exit {self.figure('exit', code)}"


class UnknownName(Fault):
    number = 27
    title = "`cll-dsb-auth` must resolve when haproxy starts"
    where = "haproxy.cfg:33"
    stage = "configuration"
    symptom = "haproxy does not start without that name in DNS or /etc/hosts"
    fix = "An address that needs no name (the Pod's own loopback or a socket)"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, address=None, ready=False)
            container.wait()
            line = container.log_line("could not resolve")
        return f"`{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            status = request(pod, port=service.port).status
        assert status == 200
        return f"/etc/hosts knows no name but localhost: starts and answers {self.figure('status', status)}"


class NameIsTheWrongAddress(Fault):
    number = 28
    title = "The name is the container's own eth0, gunicorn listens on 127.0.0.1"
    where = "haproxy.cfg:33, docker-entrypoint.sh:4"
    stage = "configuration"
    symptom = "503 for ever: connection refused"
    fix = "Both sides take the address from one place"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, address="172.17.0.2", ready=False)
            until_status(pod, 503)
            line = container.log_line("L4CON") if "L4CON" in container.log() else container.log_line("DOWN")
            status = request(pod).status
        assert status == 503
        return f"{self.figure('status', status)}; `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            status = request(pod, port=service.port).status
            address = service.backend_address()
        assert status == 200
        return f"{self.figure('status', status)}; haproxy connects to `{address}`, where gunicorn listens"


class NameIsAnotherContainer(Fault):
    number = 29
    title = "The name is another container's, and is looked up once in a life"
    where = "haproxy.cfg:33"
    stage = "configuration"
    symptom = "Traffic goes past the local gunicorn, and stays there after DNS has changed"
    fix = "No name"

    def original(self) -> str:
        with Pod() as pod:
            pod.run("ip", "addr", "add", "172.17.0.3/16", "dev", "eth0")
            command = ("gunicorn", "-b", "172.17.0.3:9000", "app:app")
            original(pod, command=command, env={"APP_NAME": "a stranger"}, ready=False)
            container = original(pod, address="172.17.0.3", ready=False)
            until_status(pod)
            first = request(pod).body.strip()
            with open(f"/proc/{container.pid1}/root/etc/hosts", "w") as hosts:
                hosts.write(HOSTS.format(address="127.0.0.1"))
            time.sleep(5)
            second = request(pod).body.strip()
        assert "stranger" in first and "stranger" in second, (first, second)
        return f"answer: `{first}`; 5 s after the name changed to 127.0.0.1: `{second}`"

    def repaired(self) -> str:
        with Pod() as pod:
            address = repaired(pod).backend_address()
        assert not any(c.isalpha() for c in address.replace("unix@", "").split("/")[0]), address
        return f"the server is `{address}`: nothing to look up"


class MoreConnectionsThanDescriptors(Fault):
    number = 30
    title = "`maxconn 8192` needs 16,402 file descriptors; nobody checks the limit"
    where = "haproxy.cfg:2"
    stage = "configuration"
    symptom = "`haproxy -c` says valid, the start complains or fails where the limit is lower; no limit at all: memory runs out"
    fix = "maxconn sized to what the back end can serve, fd-hard-limit set"

    def original(self) -> str:
        code, _ = haproxy_check(CONFIG)
        assert code == 0
        with Pod() as pod:
            container = original(pod, nofile=KERNEL_DEFAULT, ready=False)
            line = container.log_line("FD limit")
        return f"`haproxy -c`: exit {self.figure('check', code)}; start where the limit is the kernel's own, {KERNEL_DEFAULT[1]}: `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, nofile=KERNEL_DEFAULT)
            status = request(pod, port=service.port).status
            assert status == 200 and "FD limit" not in service.edge.log(), service.edge.log()
        return f"under the same limit: {self.figure('status', status)}, no complaint"


class StrayMaxconn(Fault):
    number = 31
    title = "A second `maxconn`, outside any visible section"
    where = "haproxy.cfg:24"
    stage = "configuration"
    symptom = "Where it lands decides: first in the file fatal, after `backend` ignored, after `defaults` a limit per front end"
    fix = "One maxconn in global, one per server; warnings are errors (`haproxy -c -dW`)"

    def original(self) -> str:
        stray = "\nmaxconn 8192\n"
        assert stray in CONFIG
        without = CONFIG.replace(stray, "")
        first, said_first = haproxy_check("maxconn 8192\n" + without)
        last, said_last = haproxy_check(without + "maxconn 8192\n")
        given, _ = haproxy_check(CONFIG)
        warning = next(line for line in said_last.splitlines() if "maxconn" in line)
        assert first == 1 and last == 0 and given == 0, (said_first, said_last)
        return f"first line: exit {first}; as given: exit {given}, silent; in the backend: exit {last}, `{warning}`"

    def repaired(self) -> str:
        code, said = edge_check("-dW")
        assert code == 0, said
        return f"`haproxy -c -dW` (a warning is an error): exit {self.figure('exit', code)}"


class AlwaysTrueAlmost(Fault):
    number = 32
    title = "`path_beg -i /` stands in for default_backend"
    where = "haproxy.cfg:29-30"
    stage = "configuration"
    symptom = "A condition that is always true, but for `OPTIONS *`: that finds no back end"
    fix = "default_backend"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            reply = raw(pod, b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").splitlines()[0]
            line = container.log_line("OPTIONS *")
        assert "503" in reply and "NOSRV" in line, (reply, line)
        return f"`{reply}`; `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            payload = b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            reply = raw(pod, payload, port=service.port).splitlines()[0]
        assert " 50" not in reply, reply
        return f"`{reply}`"


class VerifyWithoutTls(Fault):
    number = 33
    title = "`verify none` without `ssl`"
    where = "haproxy.cfg:33"
    stage = "configuration"
    symptom = "Silently ignored: it reads as TLS, and there is none"
    fix = "Removed; TLS ends at the load balancer, where it is meant to"

    def original(self) -> str:
        code, said = haproxy_check(CONFIG)
        assert code == 0 and "verify" not in said
        with Pod() as pod:
            original(pod)
            plain = raw(pod, b"GET / HTTP/1.0\r\n\r\n", port=9000).splitlines()[0]
        assert plain.startswith("HTTP/1")
        return f"`haproxy -c`: exit {code}, not a word; plain text on port 9000: `{plain}`"

    def repaired(self) -> str:
        assert " verify " not in edge_config(), "`verify` without `ssl` in the configuration"
        return "no `verify` in the configuration"


class TwoTimeouts(Fault):
    number = 36
    title = "gunicorn gives up after 30 s, haproxy waits 150 s"
    where = "haproxy.cfg:13-14, docker-entrypoint.sh:4"
    stage = "runtime"
    symptom = "The reported 500s: a request over 30 s kills its worker; gunicorn 26.2 answers 500, 20.1 drops it (502)"
    fix = "One ladder, tested: queue timeout < server timeout <= client timeout, heartbeat and grace; gthread does not kill a busy worker"

    def original(self) -> str:
        seen = []
        for venv, expected in (("original", 500), ("original-2021", 502)):
            with Pod() as pod:
                container = original(pod, gunicorn=venv)
                answer = request(pod, "/sleep/40.0", timeout=60)
                line = container.log_line("/sleep/40.0")
            assert answer.status == expected and 29 < answer.seconds < 39, answer
            name = "gunicorn 26.2.0" if venv == "original" else "gunicorn 20.1.0"
            self.figure(f"seconds_{expected}", answer.seconds, ".1f")
            seen.append(f"{name}: {answer}, `{self.figure(f'line_{expected}', line)}`")
        return "; ".join(seen)

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            before = service.workers()
            answer = request(pod, sleep_path(40.0), port=service.port, timeout=60)
            line = service.edge.log_line(f"latency{BACKSLASH}/40000")
            bystander = request(pod, port=service.port)
            assert service.workers() == before, "a worker died"
        assert answer.status == 504 and bystander.status == 200, answer
        assert answer.seconds <= service.values["client"], f"{answer}, and nobody waits longer than {service.values['client']} s"
        return f"{answer.status} after {self.figure('seconds', answer.seconds, '.1f')} s, no worker died: `{brief(line)}`"
