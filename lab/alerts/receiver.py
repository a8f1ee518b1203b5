"""The webhook that Alertmanager sends to: it remembers what arrives. Runs inside the lab; ends when its standard input does.

POST /NAME is Alertmanager's (NAME: pager, tickets, dead-man). GET /received tells all that came, with the time of its arrival.
PUT /NAME/STATUS makes a receiver answer so from then on.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RECEIVED: list[dict[str, Any]] = []
ANSWERS: dict[str, int] = {}


class Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        now, name = time.time(), self.path.strip("/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = ANSWERS.get(name, 200)
        for alert in body["alerts"]:
            RECEIVED.append({"at": now, "receiver": name, "answer": status, "status": alert["status"], "labels": alert["labels"]})
        self._answer(status)

    def do_PUT(self) -> None:
        name, status = self.path.strip("/").split("/")
        ANSWERS[name] = int(status)
        self._answer(200)

    def do_GET(self) -> None:
        self._answer(200, json.dumps(RECEIVED[:]).encode())

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """What arrives is told by /received."""


def until_closed() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=until_closed, daemon=True).start()
    ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Webhook).serve_forever()
