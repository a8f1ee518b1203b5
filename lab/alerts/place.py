"""hello-api in a namespace of its own: every rule of the service is by namespace, so a fault there is in no other's alerts."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import cluster
import load

HERE = Path(__file__).resolve().parent

#: What every place is asked all the time, requests/s: a share of errors needs requests that go well.
BASE = load.Shape(connections=5, interval=0.5, paths=("/", "/api/v1/echo?q=a"))


@dataclass
class Place:
    namespace: str
    replicas: int = 1
    outcome: load.Outcome = field(default_factory=load.Outcome)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _loads: list[asyncio.Task[None]] = field(default_factory=list)

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        return cluster.kubectl("-n", self.namespace, *arguments, stdin=stdin)

    async def kube(self, *arguments: str) -> str:
        return await asyncio.to_thread(self.kubectl, *arguments)

    def deploy(self, base: str) -> None:
        """The base in this namespace, with its own number of replicas."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "base.yaml").write_text(base)
            Path(folder, "kustomization.yaml").write_text(
                f"namespace: {self.namespace}\nresources: [base.yaml]\nreplicas: [{{ name: hello-api, count: {self.replicas} }}]\n"
            )
            self.kubectl("apply", "-f", "-", stdin=cluster.kustomize(Path(folder)))

    def pods(self) -> list[cluster.Pod]:
        return sorted(cluster.pods(self.namespace), key=lambda pod: pod.name)

    def settled(self) -> bool:
        found = self.pods()
        return len(found) == self.replicas and all(pod.ready for pod in found)

    async def begin(self) -> None:
        """The everyday requests, by the Service."""
        self._address = await self.kube("get", "service", "hello-api", "-o", "jsonpath={.spec.clusterIP}")
        self._loads.append(self._run(BASE, (self._address, 80), self._stop))

    async def end(self) -> None:
        self._stop.set()
        await asyncio.gather(*self._loads)

    @contextlib.asynccontextmanager
    async def asked(self, path: str, connections: int, interval: float, to: str = "") -> AsyncIterator[None]:
        """So many clients more, to the Service, or to a pod by its address."""
        stop = asyncio.Event()
        address = (to, cluster.SETTINGS.edge_port) if to else (self._address, 80)
        running = self._run(load.Shape(connections, interval, (path,)), address, stop)
        try:
            yield
        finally:
            stop.set()
            self._loads.append(running)

    def _run(self, shape: load.Shape, address: tuple[str, int], stop: asyncio.Event) -> asyncio.Task[None]:
        return asyncio.create_task(load.load([(shape, lambda: address, lambda _: True)], self.outcome, stop))


async def settle(places: list[Place], limit: float) -> None:
    """Waits until every place has all its pods, ready."""
    end = time.monotonic() + limit
    while late := [place.namespace for place in places if not await asyncio.to_thread(place.settled)]:
        if time.monotonic() > end:
            raise RuntimeError(f"no ready pods after {limit:.0f} s in {', '.join(late)}: lab/lab kubectl get pods -A")
        await asyncio.sleep(1)
