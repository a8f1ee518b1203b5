"""Logs and figures: what an operator has in hand when it goes wrong."""

from __future__ import annotations

import json
import signal
import time

from ..client import raw, request, until
from ..original import DOCKERFILE, original
from ..registry import Fault
from ..repaired import BOOM, repaired, repaired_dockerfiles
from ..sandbox import Pod

# Headers and paths as an attacker sends them: quotes, backslashes, control characters, broken UTF-8.
HOSTILE = (
    b'GET /"},{"status":200 HTTP/1.1\r\nHost: a\r\nUser-Agent: x"y\\z\r\nConnection: close\r\n\r\n',
    b'GET /\\u0000%0a%22 HTTP/1.1\r\nHost: a\r\nUser-Agent: \xff\xfe"\\\r\nConnection: close\r\n\r\n',
    b'GET / HTTP/1.1\r\nHost: "\\\r\nReferer: \t"}\\\r\ntraceparent: "\\\xc3\r\nConnection: close\r\n\r\n',
    b"BREW /pot HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01 not HTTP\r\n\r\n",
)


def parsed(lines: list[str]) -> list[dict]:
    found = []
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


class BufferedOutput(Fault):
    number = 16
    title = "No PYTHONUNBUFFERED"
    where = "Dockerfile"
    stage = "evidence"
    symptom = "What a process printed before it died is lost"
    fix = "PYTHONUNBUFFERED=1, PYTHONDONTWRITEBYTECODE=1, and a logger that flushes"

    def original(self) -> str:
        assert "PYTHONUNBUFFERED" not in DOCKERFILE
        program = "import time; print('the last words'); time.sleep(60)"
        with Pod() as pod:
            container = original(pod, command=("python3", "-c", program), ready=False)
            time.sleep(1)
            container.send(signal.SIGKILL)
            container.wait()
            count = container.log().count("the last words")
        assert count == 0
        return f"printed, then killed: {self.figure('lines', count)} lines in the log"

    def repaired(self) -> str:
        files = [file.name for file in repaired_dockerfiles() if "python" in file.text and "PYTHONUNBUFFERED=1" in file.text]
        assert files
        with Pod() as pod:
            service = repaired(pod)
            request(pod, "/?last-words", port=service.port)
            time.sleep(0.1)  # ten times as long as a line may wait (hello_api/batch.py)
            service.app.send(signal.SIGKILL)
            service.app.wait()
            lines = [row for row in parsed(service.app.log().splitlines()) if "status" in row]
        assert lines
        return f"set in {', '.join(files)}; request, and 0.1 s later the master killed: {len(lines)} request line(s) in the log"


class LogsToNowhere(Fault):
    number = 21
    title = "`--daemon` sends stdout and stderr to /dev/null"
    where = "docker-entrypoint.sh:4"
    stage = "evidence"
    symptom = "500s without a cause: no traceback, no access line of the application, in any log"
    fix = "Foreground; one JSON line per request and per exception on stdout"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            answer = request(pod, "/boom")
            time.sleep(1)
            count = container.log().count("Traceback")
            descriptor = container.exec("readlink", f"/proc/{container.exec('pgrep', '-o', '-f', 'bin/gunicorn').stdout.strip()}/fd/2")
        assert answer.status == 500 and count == 0
        return (
            f"/boom: {self.figure('status', answer.status)}, tracebacks in the log: {self.figure('tracebacks', count)}; "
            f"stderr is `{descriptor.stdout.strip()}`"
        )

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            answer = request(pod, BOOM, port=service.port)
            line = service.app.log_line("Traceback")
            row = json.loads(line)
        assert answer.status == 500 and "Traceback" in json.dumps(row)
        return f"{self.figure('status', answer.status)}; one JSON line with the traceback, request_id `{row.get('request_id')}`"


class LinesNobodyCanParse(Fault):
    number = 44
    title = "Raw text log without ids"
    where = "haproxy.cfg:5, 7"
    stage = "evidence"
    symptom = "No field to alert on, no way to join proxy and application"
    fix = "JSON from both, joined by request_id and traceparent, valid under hostile input"

    def original(self) -> str:
        with Pod() as pod:
            container = original(pod)
            before = len(container.log().splitlines())
            for payload in HOSTILE:
                raw(pod, payload, timeout=2)
            time.sleep(0.5)
            lines = container.log().splitlines()[before:]
        assert lines and not parsed(lines)
        return f"{self.figure('lines', len(lines))} lines for hostile requests, {self.figure('parsed', len(parsed(lines)))} parse as JSON; `{lines[0]}`"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            before = len(service.edge.log().splitlines()), len(service.app.log().splitlines())
            for payload in HOSTILE:
                raw(pod, payload, port=service.port, timeout=8)
            request(pod, "/?joined", port=service.port)
            until(lambda: "joined" in service.app.log() or len(service.app.log().splitlines()) > before[1], what="app log")
            time.sleep(0.5)
            edge = service.edge.log().splitlines()[before[0] :]
            app = service.app.log().splitlines()[before[1] :]
        edge_rows, app_rows = parsed(edge), parsed(app)
        broken = [line for line in [*edge, *app] if not parsed([line])]
        assert not broken, f"{len(broken)} lines are no JSON, the first: `{broken[0]}`"
        joined = {row.get("request_id") for row in edge_rows} & {row["request_id"] for row in app_rows if row.get("request_id")}
        assert joined
        return (
            f"{self.figure('lines', len(edge) + len(app))} lines, {self.figure('parsed', len(edge_rows) + len(app_rows))} parse as JSON; "
            f"{self.figure('joined', len(joined))} request ids in both logs"
        )


class NoMetrics(Fault):
    number = 45
    title = "No metrics, neither of haproxy nor of the application"
    where = "haproxy.cfg"
    stage = "evidence"
    symptom = "Nothing to alert on"
    fix = "haproxy's own exporter and the application's RED metrics, each on a port of its own"

    def original(self) -> str:
        with Pod() as pod:
            original(pod)
            app = request(pod, "/metrics").status
            edge = request(pod, "/metrics", port=8405, timeout=2)
        assert app == 404 and edge.status == 0
        return f"/metrics: {self.figure('status', app)}; 8405: {edge.error}"

    def repaired(self) -> str:
        with Pod() as pod:
            service = repaired(pod)
            request(pod, port=service.port)
            app = request(pod, "/metrics", port=service.app_metrics_port)
            edge = request(pod, "/metrics", port=service.edge_metrics_port)
        assert app.status == 200 and edge.status == 200 and "haproxy_" in edge.body, (
            f"/metrics: application {app.status}, haproxy {edge.status}"
        )
        families = [sum(line.startswith("# TYPE") for line in answer.body.splitlines()) for answer in (app, edge)]
        return f"{self.figure('app', families[0])} metric families of the application, {self.figure('edge', families[1])} of haproxy"
