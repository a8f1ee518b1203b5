"""Who the processes are, and what they may touch."""

from __future__ import annotations

from ..client import request
from ..original import DOCKERFILE, original
from ..registry import Fault
from ..repaired import UID, manifests, repaired
from ..sandbox import Pod, status_of
from .supervision import GUNICORN


class RootForEverything(Fault):
    number = 11
    title = "No USER: root for both daemons"
    where = "Dockerfile"
    stage = "build"
    symptom = "A hole in the application is root in the container"
    fix = "Numeric non-root USER, runAsNonRoot"

    def original(self) -> str:
        assert "USER" not in DOCKERFILE
        with Pod() as pod:
            container = original(pod)
            uids = [status_of(container.processes(needle)[-1], "Uid") for needle in (GUNICORN, "haproxy -f")]
        assert uids == ["0", "0"]
        return f"uid of gunicorn {self.figure('gunicorn', uids[0])}, of haproxy {self.figure('haproxy', uids[1])}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            uids = [status_of(pid, "Uid") for pid in (service.app.pid1, service.edge.pid1) if pid]
            status = request(pod, port=service.port).status
        assert uids == [str(UID), str(UID)] and status == 200
        return f"both run as uid {UID}, and answer {self.figure('status', status)}"


class PrivilegedPort(Fault):
    number = 12
    title = "Port 80"
    where = "haproxy.cfg:27"
    stage = "configuration"
    symptom = "A non-root user cannot bind it (where net.ipv4.ip_unprivileged_port_start is 1024, the kernel's default)"
    fix = "8080 in the container, the Service maps 80"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, user=UID, ready=False)
            line = container.log_line("ermission denied", "bind")
        return f"as uid {UID}: `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            status = request(pod, port=service.port).status
            assert service.port > 1023 and status == 200
            return f"as uid {UID} on {service.port}: {self.figure('status', status)}"


class NoBounds(Fault):
    number = 46
    title = "No limits, writable root, every capability"
    where = "Dockerfile"
    stage = "operations"
    symptom = "A noisy neighbour, and a place for an intruder to stay"
    fix = "Restricted Pod Security: limits, read-only root, no capabilities; tmpfs where writing is needed"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            worker = container.processes(GUNICORN)[-1]
            capabilities = bin(int(status_of(worker, "CapEff"), 16)).count("1")
            wrote = container.exec("sh", "-c", "echo evil > /opt/api/app.py && echo yes").stdout.strip()
        assert wrote == "yes" and capabilities > 0
        return f"a worker may overwrite /opt/api/app.py: {self.figure('writes', wrote)}; it is root with no `USER`, no read-only root, no limit in any file"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            sets = [status_of(pid, "CapEff") for pid in (service.app.pid1, service.edge.pid1) if pid]
            tries = [box.exec("sh", "-c", "echo x > /canary").returncode for box in (service.app, service.edge)]
            status = request(pod, port=service.port).status
        assert all(int(caps, 16) == 0 for caps in sets) and all(tries) and status == 200, (sets, tries)
        bounded = [c["name"] for c in manifests().containers() if "limits" in c.get("resources", {})]
        return f"capabilities {sets[0]} and {sets[1]}; writing to / fails; answers {self.figure('status', status)}; limits on {', '.join(bounded)}"
