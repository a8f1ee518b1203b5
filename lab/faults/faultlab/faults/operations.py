"""Before and around the running container: slow starts, checks in CI, configuration."""

from __future__ import annotations

import re
import shutil
import subprocess
import time

from ..client import Together, request, until
from ..original import CONFIG, DOCKERFILE, ENTRYPOINT, original
from ..registry import Fault
from ..repaired import repaired, workflows
from ..sandbox import Pod
from .configuration import edge_check, haproxy_check


def listens(pod: Pod, port: int) -> bool:
    return bool(pod.run("ss", "-ltnH", f"sport = :{port}").stdout.strip())


class SleepIsNotReady(Fault):
    number = 22
    title = "`sleep 3` stands in for readiness"
    where = "docker-entrypoint.sh:5"
    stage = "start"
    symptom = "An import that takes longer: the first clients wait or get 503"
    fix = "Startup and readiness probes: no request before the first 200 of /readyz"

    def original(self) -> str:
        with Pod() as pod:
            original(pod, env={"SLOW_IMPORT": "8"}, ready=False)
            until(lambda: listens(pod, 80), what="haproxy listens")
            answer = request(pod, timeout=20)
        assert answer.status == 503 or answer.seconds > 2, answer
        seconds = self.figure("seconds", answer.seconds, ".1f")
        return f"import of 8 s: the first request, sent when haproxy listens: {answer.status} after {seconds} s"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, before_import="import time; time.sleep(8); print('imported')", ready=False)
            statuses = []
            begin = time.monotonic()
            while time.monotonic() - begin < 90:
                ready = request(pod, service.ready_path, port=service.port, timeout=2).status
                statuses.append(ready)
                if ready == 200:
                    break
                time.sleep(0.2)
            seconds = time.monotonic() - begin
            imported = "imported" in service.app.log()
            first = Together([lambda: request(pod, port=service.port) for _ in range(20)]).answers()
        failed = sum(answer.status != 200 for answer in first)
        assert statuses[-1] == 200 and imported and not failed, (
            f"ready after {seconds:.1f} s, {'' if imported else 'before the import was over, '}then {failed} of {len(first)} requests failed"
        )
        return f"import of 8 s: /readyz fails for {self.figure('seconds', seconds, '.1f')} s, so no traffic; the first {len(first)} requests after it: all 200"


class NoChecksInCi(Fault):
    number = 49
    title = "Nothing checks these files before production"
    where = "—"
    stage = "operations"
    symptom = "All of the above arrives there"
    fix = "`haproxy -c -dW`, linters and this table in CI"

    def original(self) -> str:
        assert shutil.which("shellcheck"), "shellcheck is not installed"
        said = subprocess.run(["shellcheck", "-f", "gcc", "-"], input=ENTRYPOINT, capture_output=True, text=True, check=False)
        findings = said.stdout.strip().splitlines()
        code, _ = haproxy_check(CONFIG.replace("\nmaxconn 8192\n", "") + "maxconn 8192\n", "-dW")
        assert code != 0
        first = findings[0] if findings else "nothing"
        return f"shellcheck finds {self.figure('shellcheck', len(findings))} (`{first}`); `haproxy -c -dW` with the stray line in the backend: exit {self.figure('haproxy', code)}"

    def repaired(self) -> str:
        code, said = edge_check("-dW")
        assert code == 0, said
        named = workflows("haproxy", "lab/faults")
        return f"`haproxy -c -dW`: exit {self.figure('haproxy', code)}" + (f"; run by {', '.join(named)}" if named else "")


class OneImagePerEnvironment(Fault):
    number = 50
    title = "Configuration is baked in, nothing comes from the environment"
    where = "Dockerfile, haproxy.cfg"
    stage = "operations"
    symptom = "One image per environment, secrets in layers"
    fix = "Settings by environment, from a ConfigMap"

    def original(self) -> str:
        variables = re.findall(r"\$\{?\w+|^ENV |^ARG ", DOCKERFILE + ENTRYPOINT + CONFIG, re.M)
        assert not variables
        return f"{self.figure('variables', len(variables))} environment variables in three files"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, workers=1)
            count = len(service.all_workers())
            assert count == 1, f"workers set to 1: {count} workers"
        return f"the same files, workers set to 1 by the environment: {self.figure('workers', count)} worker"
