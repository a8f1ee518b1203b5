"""Connections that a load balancer seldom uses: idle for almost as long as it keeps them, then used again. None may be closed."""

from __future__ import annotations

import http.client
import threading
import time

import cluster
from cluster import SETTINGS

CONNECTIONS = 60
#: Problems after which no more are looked for: each may take as long as a client waits.
ENOUGH = 3
PAUSE = SETTINGS.load_balancer_idle - 1


class Idle:
    """Opens its connections to every pod at once and uses them again after `PAUSE`, in a thread of its own, beside whatever else
    happens to workers meanwhile. A connection that is closed under it is a 502 of the load balancer's: it repeats nothing."""

    def __init__(self) -> None:
        self._problems: list[str] = []
        self._addresses = [pod.address for pod in cluster.pods()]
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        connections = []
        for number in range(CONNECTIONS):
            address = self._addresses[number % len(self._addresses)]
            connections.append(http.client.HTTPConnection(address, SETTINGS.edge_port, timeout=30))
            if len(self._problems) < ENOUGH:
                self._get(connections[-1])
        time.sleep(PAUSE)
        for connection in connections:
            if len(self._problems) < ENOUGH:
                self._get(connection)
            connection.close()

    def _get(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.request("GET", "/version")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200 or answer.will_close:
                self._problems.append("asked to close" if answer.status == 200 else f"status {answer.status}")
        except (OSError, http.client.HTTPException) as error:
            self._problems.append(type(error).__name__)
            connection.close()

    def result(self) -> tuple[bool, str]:
        """Waits for the end. Whether none was lost, and what was seen."""
        self._thread.join()
        seconds = time.monotonic() - self._began
        lost = ", ".join(sorted(set(self._problems)))
        words = f"{CONNECTIONS} connections idle for {PAUSE:.0f} s, used again: {len(self._problems)} lost{f' ({lost})' if lost else ''}"
        return not self._problems and seconds >= PAUSE, words
