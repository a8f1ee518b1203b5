"""What happens to the service while it is under load. Each scenario is the event alone; `prove` adds load and judgement."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import cluster
from cluster import DEPLOYMENT, SETTINGS, kill, kube, pods, processes

Event = Callable[[], Awaitable[str]]


async def settled(count: int = 3) -> None:
    await asyncio.to_thread(cluster.settle, count)


async def rolling_update() -> str:
    await kube("rollout", "restart", DEPLOYMENT)
    await kube("rollout", "status", DEPLOYMENT, "--timeout=180s")
    await settled()
    return "3 pods replaced"


async def workers_killed(times: int = 20) -> str:
    killed = 0
    for _ in range(times):
        pod = random.choice(await asyncio.to_thread(pods))
        _master, *workers = await asyncio.to_thread(processes, "gunicorn", pod.name)
        if workers:
            kill(random.choice(workers), signal.SIGKILL)
            killed += 1
        await asyncio.sleep(1)
    return f"{killed} workers killed, one a second"


async def masters_killed() -> str:
    for pod in await asyncio.to_thread(pods):
        kill(processes("gunicorn", pod.name)[0], signal.SIGKILL)
        await restarted(pod.name, "app", pod.restarts.get("app", 0))
    return "gunicorn's master killed in each pod"


async def haproxy_reloaded() -> str:
    for pod in await asyncio.to_thread(pods):
        master, *workers = processes("haproxy", pod.name)
        kill(master, signal.SIGUSR2)
        await until(lambda: not set(workers) & set(processes("haproxy", pod.name)), f"the old haproxy of {pod.name} is gone")
        await until(lambda: pod.address in cluster.ready_addresses(), f"{pod.name} is ready")
    return "haproxy reloaded in each pod (SIGUSR2)"


async def until(condition: Callable[[], bool], what: str, timeout: float = 120) -> None:
    end = time.monotonic() + timeout
    while not await asyncio.to_thread(condition):
        if time.monotonic() > end:
            raise RuntimeError(f"not within {timeout:.0f} s: {what}")
        await asyncio.sleep(0.5)


async def haproxy_restarted() -> str:
    for pod in await asyncio.to_thread(pods):
        kill(processes("haproxy", pod.name)[0], signal.SIGUSR1)
        await restarted(pod.name, "haproxy", pod.restarts.get("haproxy", 0))
    return "haproxy's container stopped (SIGUSR1) and started again in each pod"


async def restarted(name: str, container: str, before: int, timeout: float = 120) -> None:
    """Waits until a pod's container has been restarted, the pod is ready, and every node knows it."""

    def anew() -> bool:
        now = {pod.name: pod for pod in pods()}.get(name)
        return bool(now and now.ready and now.restarts.get(container, 0) > before)

    await until(anew, f"{container} of {name} is restarted", timeout)
    await asyncio.sleep(SETTINGS.endpoint_lag)


async def node_drained() -> str:
    node = (await asyncio.to_thread(pods))[0].node
    try:
        await kube("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=150s")
        await kube("rollout", "status", DEPLOYMENT, "--timeout=120s")
        await settled()
    finally:
        await kube("uncordon", node)
    return f"{node} drained"


async def scaled() -> str:
    for count in (1, 3):
        await kube("scale", DEPLOYMENT, f"--replicas={count}")
        await settled(count)
        await asyncio.sleep(3)
    return "3 → 1 → 3"


@dataclass
class Wedge:
    """A pod whose every thread hangs: when it left the Service and when it was back, against what the settings promise."""

    left: float = 0
    back: float = 0

    async def __call__(self) -> str:
        pod = (await asyncio.to_thread(pods))[0]
        began = time.monotonic()
        hanging = [asyncio.create_task(hang(pod.address)) for _ in range(2 * SETTINGS.capacity)]
        self.left = await self._until(pod.address, False) - began
        self.back = await self._until(pod.address, True) - began
        for task in hanging:
            task.cancel()
        out = f"out after {self.left:.0f} s (bound {SETTINGS.wedge_noticed:.0f})"
        words = f"{out}, back after {self.back:.0f} s (bound {SETTINGS.wedge_healed:.0f})"
        if self.left > SETTINGS.wedge_noticed or self.back > SETTINGS.wedge_healed:
            raise RuntimeError(words)
        return words

    @staticmethod
    async def _until(address: str, wanted: bool) -> float:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if (address in await asyncio.to_thread(cluster.ready_addresses)) is wanted:
                return time.monotonic()
            await asyncio.sleep(0.3)
        raise RuntimeError(f"{address} is {'not ' if wanted else ''}in the Service after 120 s")


async def hang(address: str) -> None:
    """One request that never ends, straight to the pod, and marked as passed on so that no neighbour takes it."""
    try:
        reader, writer = await asyncio.open_connection(address, SETTINGS.edge_port)
        writer.write(b"GET /fault/hang HTTP/1.1\r\nHost: hello-api\r\nX-Edge-Hop: wedge\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
    except OSError:
        pass
