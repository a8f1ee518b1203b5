"""docker-entrypoint.sh: what a shell script as PID 1 hides."""

from __future__ import annotations

from ..client import request, until, until_status
from ..original import ENTRYPOINT, FOREGROUND, original
from ..registry import Fault
from ..repaired import BROKEN_CONFIG, repaired, repaired_dockerfiles
from ..sandbox import Pod


class ModeOfTheScript(Fault):
    number = 10
    title = "The script is added with whatever mode and line ends the checkout has"
    where = "Dockerfile:9"
    stage = "build"
    symptom = "The container ends at once with 126 (mode 644) or 127 (CRLF)"
    fix = "No script at all: ENTRYPOINT in exec form names the program"

    def original(self) -> str:
        with Pod() as pod:
            code, _ = original(pod, entrypoint=(ENTRYPOINT, 0o644), ready=False).wait()
        with Pod() as pod:
            crlf, _ = original(pod, entrypoint=ENTRYPOINT.replace("\n", "\r\n"), ready=False).wait()
        assert (code, crlf) == (126, 127), (code, crlf)
        return f"mode 644: exit {self.figure('mode', code)}; CRLF: exit {self.figure('crlf', crlf)}"

    def repaired(self) -> str:
        entries = [line for file in repaired_dockerfiles() for line in file.entrypoints()]
        assert entries and all(line.startswith("[") and ".sh" not in line for line in entries), entries
        return f"{len(entries)} images, exec form, no script: `{'`, `'.join(entries)}`"


class EchoWithoutSpace(Fault):
    number = 17
    title = '`echo"Starting…"` without a space is a command that does not exist'
    where = "docker-entrypoint.sh:3, 7"
    stage = "start"
    symptom = "`not found` twice in the log, no start message"
    fix = "No script; start is a JSON event of each program"

    def original(self) -> str:
        with Pod() as pod:
            line = original(pod).log_line("not found")
        assert "echoStarting" in line
        return f"`{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            assert "not found" not in service.app.log() + service.edge.log()
            return f"`{service.start_event()}`"


class ScriptGoesOnAfterErrors(Fault):
    number = 18
    title = "No `set -eu`: every failure is passed over"
    where = "docker-entrypoint.sh:1"
    stage = "start"
    symptom = "Script ends with 0 although its commands failed"
    fix = "No script: the program's own exit code is the container's"

    def original(self) -> str:
        with Pod() as pod:  # neither gunicorn nor haproxy on this PATH
            container = original(pod, entrypoint=ENTRYPOINT, path="/usr/bin:/bin", ready=False)
            code, _ = container.wait()
            failed = container.log().count("not found")
        assert code == 0 and failed >= 3, (code, container.log())
        return f"{self.figure('failed', failed)} commands not found, exit {self.figure('exit', code)}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, app_env={"PATH": "/nowhere"}, edge=False, ready=False)
            code, _ = service.app.wait()
        assert code == 127, code
        return f"program missing: exit {self.figure('exit', code)}"


class DaemonHidesBrokenImport(Fault):
    number = 19
    title = "`gunicorn --daemon` returns 0 although the application cannot be imported"
    where = "docker-entrypoint.sh:4"
    stage = "start"
    symptom = "The container is up and answers 503 for ever; the log does not say why"
    fix = "gunicorn in the foreground: exit code not 0 and the traceback, visible as CrashLoopBackOff"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, env={"BROKEN_IMPORT": "1"}, ready=False)
            until_status(pod, 503)
            assert container.running and "cannot be imported" not in container.log()
            line = container.log_line("NOSRV") if "NOSRV" in container.log() else container.log_line(" 503 ")
        return f"PID 1 alive, no traceback; `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, before_import="raise ImportError('the application cannot be imported')", edge=False, ready=False)
            code, _ = service.app.wait()
            assert "failed to boot" in service.app.log() and "ImportError" in service.app.log(), (
                f"exit {code} and no word of why: `{service.app.log()[-300:]}`"
            )
        assert code in (1, 3), code  # 3; 1 when two workers fail at the same moment
        return f"exit {self.figure('exit', code)}; `Worker failed to boot` and the exception in the log"


class HaproxyInBackground(Fault):
    number = 23
    title = "`haproxy … &` is the last line: PID 1 ends"
    where = "docker-entrypoint.sh:8"
    stage = "start"
    symptom = "The container stops with 0 after three seconds (CrashLoopBackOff, reason Completed)"
    fix = "haproxy is PID 1 of its own container, in the foreground"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, entrypoint=ENTRYPOINT, ready=False)
            code, seconds = container.wait()
            until(lambda: request(pod, timeout=1).status == 0, what="nothing answers")
        assert code == 0 and 3 <= seconds < 30, (code, seconds)
        return f"exit {self.figure('exit', code)} after {self.figure('seconds', seconds, '.2f')} s; then nothing listens"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            programs = service.programs()
            assert service.app.running and service.edge.running
        return f"PID 1 of the two containers: `{programs[0]}`, `{programs[1]}`; both still run"


class ExitCodeAlwaysZero(Fault):
    number = 24
    title = "A configuration error leaves by exit code 0"
    where = "docker-entrypoint.sh:8"
    stage = "start"
    symptom = "An error looks like success to whoever started the container"
    fix = "haproxy is PID 1: its exit code is the container's"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod, entrypoint=ENTRYPOINT, config=BROKEN_CONFIG, ready=False)
            code, _ = container.wait()
            line = container.log_line("ALERT") if "ALERT" in container.log() else "(haproxy had no time to say a word)"
        assert code == 0, code
        return f"exit {self.figure('exit', code)}; `{line}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod, edge_config_text=BROKEN_CONFIG, app=False, ready=False)
            code, _ = service.edge.wait()
        assert code == 1, code
        return f"exit {self.figure('exit', code)}"


assert FOREGROUND != ENTRYPOINT
