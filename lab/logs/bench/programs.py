"""The collector, the stand-in for Loki, and hello-api, as processes of this bench."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import conftest  # of apps/hello-api/tests: `run` has it on the path
import judge
import runtime
from judge import until

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
BIN = Path(os.environ["LOGS_BIN"])
CONFIG = ROOT / "gitops/logs/collector.yaml"
VALUES = ROOT / "gitops/root/values/loki.yaml"
#: How its container is run: arguments, environment, memory in MiB.
DAEMONSET = (CONFIG.parent / "daemonset.yaml").read_text()
ARGUMENTS = re.findall(r"--[^,\]]+", re.search(r"args: \[(.*)\]", DAEMONSET)[0])
ENVIRONMENT = dict(re.findall(r"\{ name: ([A-Z_]+), value: (\w+) \}", DAEMONSET))
MEMORY = int(re.search(r"limits: \{ memory: (\d+)Mi", DAEMONSET)[1])
#: As its container is run: root, but for root's own files only.
WITHOUT_CAPABILITIES = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
STATE = Path("/var/lib/log-collector")
WORK = Path("/var/log/bench")


def fetch(url: str, method: str = "GET") -> str:
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as answer:
        return answer.read().decode()


class Loki(judge.Entries):
    """The stand-in, and the entries that it took."""

    def __init__(self) -> None:
        super().__init__(WORK / "entries.jsonl")
        self.start()

    def start(self) -> None:
        command = [BIN / "loki", "-values", VALUES, "-entries", self.file]
        self._process = subprocess.Popen(command, stderr=(WORK / "loki.log").open("ab"))
        until(self._ready, "the stand-in for Loki listens")

    def _ready(self) -> bool:
        try:
            return fetch("http://127.0.0.1:3100/ready") == ""
        except OSError:
            return False

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def answer(self, status: int) -> None:
        """0: as usual."""
        fetch(f"http://127.0.0.1:3100/answer/{status}", "PUT")


class Collector:
    """The real one, with the configuration that gitops deploys."""

    def __init__(self) -> None:
        self.log = WORK / "collector.log"
        self.node = "node-1"
        self.start()

    def start(self) -> None:
        # The DaemonSet's own arguments, where its ConfigMap is.
        args = [one.replace("/etc/log-collector", str(CONFIG.parent)) for one in ARGUMENTS]
        command = [*WITHOUT_CAPABILITIES, BIN / "collector", *args]
        self._process = subprocess.Popen(
            command, env={**os.environ, **ENVIRONMENT, "NODE_NAME": self.node}, stderr=self.log.open("ab")
        )
        until(self._healthy, "the collector is healthy")

    def _healthy(self) -> bool:
        if self._process.poll() is not None:
            raise AssertionError(f"the collector ended with {self._process.returncode}:\n{self.log.read_text()[-3000:]}")
        try:
            return "available" in fetch("http://127.0.0.1:13133/")
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        self._process.send_signal(number)
        self._process.wait(60)

    def capabilities(self) -> int:
        """Those in effect and those it could get, as bits."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return sum(int(bits, 16) for bits in re.findall(r"^Cap(?:Eff|Prm|Bnd):\s*(\w+)", status, re.MULTILINE))

    def exposition(self) -> str:
        return fetch("http://127.0.0.1:8888/metrics")

    def metric(self, name: str) -> float:
        return judge.metric(self.exposition(), name)

    def taken(self, receiver: str) -> int:
        return judge.taken(self.exposition(), receiver)

    def sent(self) -> int:
        return judge.sent(self.exposition())

    def dropped(self) -> int:
        return judge.dropped(self.exposition())


class HelloApi(conftest.Served):
    """The service of apps/hello-api, its containers' output where the runtime would put it."""

    def __init__(self, pod: str = "hello-api-7d9c5b6f4d-x2x4z") -> None:
        self.logs: dict[str, runtime.ContainerLog] = {}
        self._pod = pod
        ports = conftest.free_ports(4)
        names = ("EDGE_PORT", "APP_PORT", "EDGE_METRICS_PORT", "APP_METRICS_PORT")
        directory = WORK / pod
        (directory / "run").mkdir(parents=True)
        environment = {**os.environ, **{f"HELLO_{name}": str(port) for name, port in zip(names, ports, strict=True)}}
        environment |= {"HELLO_EDGE_HOST": "127.0.0.1", "HELLO_APP_METRICS_HOST": "127.0.0.1", "HELLO_FAULTS": "1"}
        environment |= {"HELLO_RUN_DIR": str(directory / "run"), "HELLO_SLOW_HEADER": "1"}
        super().__init__(environment, directory)
        until(self.ready, "hello-api is ready")

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        container = {"gunicorn": "app"}.get(name, name)
        self.logs[container] = runtime.ContainerLog("hello-api", self._pod, container)
        process = subprocess.Popen(
            command,
            cwd=conftest.SERVICE,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        self.logs[container].follow(process.stdout)
        return process

    def lines_written(self) -> int:
        """What the service says that it wrote: flask_log_lines_total."""
        text = self.get("/metrics", "app_metrics")[1]
        return int(sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("flask_log_lines_total{")))
