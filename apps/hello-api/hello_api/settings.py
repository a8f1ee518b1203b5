"""The one home of every setting of the service, and of the invariants between them.

gunicorn.conf.py reads it, haproxy.cfg is rendered from it (`python -m hello_api.settings haproxy`), and a test holds the
Kubernetes manifests against it, so that nobody can change one side in silence. Times are in seconds.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches

from .values import PROXIES_AT_MOST, fits, narrow

#: The pod's environment says it to haproxy: as many words as there are blocks, none when nothing is said.
TOLD_PROXIES = '"${TRUSTED_PROXIES[*]}"'

#: `HELLO_<…>` that are no settings: the image's, the virtual environment's, the master's own mark, and what Kubernetes says of a
#: Service that is called hello-api (HELLO_API_PORT, …).
NO_SETTINGS = re.compile(r"HELLO_(REVISION|VENV|MASTER|API_.*)")


class SettingsError(ValueError):
    """Settings that do not fit each other; every sentence says which, and why."""


@dataclass(frozen=True)
class Settings:
    """Defaults are what runs on Kubernetes; `HELLO_<NAME>` in the environment overrides each."""

    # What serves: processes for the CPU limit, threads for requests that wait for I/O.
    workers: int = 2
    threads: int = 32
    #: Threads a worker has beyond what haproxy fills, so that a probe is answered under full load.
    spare_threads: int = 1

    # Addresses. gunicorn is on loopback: only the edge reaches it; the kubelet asks its master, on the metrics port.
    app_host: str = "127.0.0.1"
    app_port: int = 8000
    edge_host: str = "*"
    edge_port: int = 8080
    edge_metrics_port: int = 8405
    app_metrics_host: str = "0.0.0.0"
    app_metrics_port: int = 9102

    # The ladder of times, from the inside out.
    connect: float = 2
    queue: float = 5
    #: Longest that a request may take: haproxy answers 504 after it, and no later answer reaches anybody.
    request: float = 15
    #: Also bounds an idle connection, whatever edge_keepalive says: haproxy takes the smaller (measured: closed after 20 of 75 s).
    client: float = 75
    slow_header: float = 5
    #: Idle client connections. Longer than the load balancer's, else it sends into a connection that is just being closed.
    edge_keepalive: float = 75
    load_balancer_idle: float = 60
    #: Address blocks, separated by spaces, of the proxies in front of us: what they say of a client is believed. Empty: nobody is.
    trusted_proxies: str = ""
    #: Name under which the other replicas are found, for the seconds in which this one's gunicorn is away; empty: there are none.
    neighbours: str = ""
    #: haproxy keeps idle connections to gunicorn this long; gunicorn must keep them longer, for the same reason.
    pool_idle: float = 5
    app_keepalive: float = 15

    # Health as haproxy sees it, and as the kubelet does.
    check_interval: float = 1
    check_timeout: float = 2
    check_fall: int = 2
    check_rise: int = 1
    #: A worker half of whose threads have been busy for longer than `request` gives no heartbeat; gunicorn replaces it after this.
    heartbeat: float = 15

    # The way out: endpoints go first, then gunicorn finishes, then haproxy.
    deregistration: float = 8
    #: Until every node has heard that a pod is not ready, and until a worker has imported the application.
    endpoint_lag: float = 2
    worker_start: float = 5
    #: The master's /livez fails when no worker has given a heartbeat for so long; the master itself acts earlier.
    silence: float = 30
    pre_stop: float = 10
    graceful: float = 20
    hard_stop: float = 25
    #: From SIGUSR1 on haproxy says that it is not ready, and serves so much longer before it closes its port.
    edge_grace: float = 0
    termination_grace: float = 60

    # Probes of the kubelet; the manifests are held against them.
    probe_period: float = 1
    probe_timeout: float = 3
    readiness_failures: int = 2
    liveness_period: float = 5
    liveness_failures: int = 3

    # Limits.
    #: Connections. Twice as many descriptors fit into 1,024, the least soft limit that container runtimes give.
    edge_maxconn: int = 450
    descriptors: int = 1024
    max_body: int = 1_048_576
    faults: bool = False
    log_level: str = "info"
    run_dir: str = "/run/hello"

    @property
    def capacity(self) -> int:
        """Requests served at once; haproxy sends no more and queues the rest, where the queue can be seen and shed."""
        return self.workers * self.threads

    @property
    def app_threads(self) -> int:
        """Threads of a worker, the spare ones included."""
        return self.threads + self.spare_threads

    @property
    def stuck(self) -> float:
        """For /readyz a thread is stuck after this, s: before haproxy gives up on it and the freed slot looks like health."""
        return 0.8 * self.request

    @property
    def worker_connections(self) -> int:
        """Connections a worker holds: those being served, and as many idle ones that haproxy may use again."""
        return 2 * self.app_threads

    @property
    def wedge_noticed(self) -> float:
        """Longest time from a wedged gunicorn to no new connection for its pod: the edge's check or the probe, then the lag."""
        edge = self.check_interval * self.check_fall + self.check_timeout
        probe = self.readiness_failures * (self.probe_period + self.probe_timeout)
        return edge + probe + self.endpoint_lag

    @property
    def wedge_healed(self) -> float:
        """Longest time from a wedged gunicorn to its pod being back: silence begins, the master waits, a worker starts."""
        return self.request + self.heartbeat + 1 + self.worker_start + self.check_interval + self.probe_period + self.endpoint_lag

    @property
    def edge_descriptors(self) -> int:
        """File descriptors haproxy needs: two a connection, and some for listeners, checks and logs."""
        return 2 * self.edge_maxconn + 100

    def rules(self) -> list[tuple[bool, str]]:
        """The invariants: whether each holds, and its sentence."""
        ports = {self.app_port, self.edge_port, self.edge_metrics_port, self.app_metrics_port}
        return [
            (self.connect < self.request, "connect < request: a connection is made before an answer is due"),
            (self.queue < self.request, "queue < request: what is shed is shed before it would have been answered"),
            (self.request <= self.client, "request <= client: else haproxy drops the client before the server's time is up"),
            (self.load_balancer_idle < self.client, "load_balancer_idle < client: haproxy closes idle connections by this one too"),
            (
                self.load_balancer_idle < self.edge_keepalive,
                "load_balancer_idle < edge_keepalive: else 502 by a closing connection",
            ),
            (
                self.pool_idle < self.app_keepalive,
                "pool_idle < app_keepalive: else haproxy reuses a connection that gunicorn closes",
            ),
            (self.request <= self.graceful, "request <= graceful: a stopping worker finishes what it has begun"),
            (self.graceful < self.hard_stop, "graceful < hard_stop: haproxy outlives gunicorn"),
            (self.deregistration <= self.pre_stop, "deregistration <= pre_stop: nobody is told of us any more when we stop"),
            (
                self.pre_stop + self.graceful + self.edge_grace + self.hard_stop <= self.termination_grace,
                "pre_stop + graceful + edge_grace + hard_stop <= termination_grace: nothing is killed while it drains",
            ),
            (self.request <= self.heartbeat, "request <= heartbeat: no worker is killed for a request that may still be answered"),
            (self.check_timeout <= self.request, "check_timeout <= request: a stuck server is seen before its requests time out"),
            (
                self.check_timeout < self.probe_timeout,
                "check_timeout < probe_timeout: the edge answers the probe, not the kubelet's patience",
            ),
            (
                self.heartbeat < self.silence,
                "heartbeat < silence: gunicorn replaces its workers before the kubelet replaces gunicorn",
            ),
            (self.capacity < self.edge_maxconn, "workers * threads < edge_maxconn: there is room for a queue and for probes"),
            (
                self.edge_descriptors <= self.descriptors,
                "2 * edge_maxconn + 100 <= descriptors: haproxy starts where the limit is low",
            ),
            (len(ports) == 4, "app_port, edge_port, edge_metrics_port, app_metrics_port: every port is used once"),
            (
                all(number == int(number) for number in (self.app_keepalive, self.heartbeat, self.graceful)),
                "app_keepalive, heartbeat and graceful are whole seconds: gunicorn takes no parts of one",
            ),
            (
                self.trusted_proxies in ("", TOLD_PROXIES)
                or (all(map(narrow, self.trusted_proxies.split(" "))) and self.trusted_proxies.count(" ") < PROXIES_AT_MOST),
                "trusted_proxies: up to 50 address blocks such as 10.100.0.0/19, none wider than /8 (IPv6: /16)",
            ),
        ]

    def problems(self) -> list[str]:
        """What is wrong, one sentence each; empty when the settings fit. Of each setting by itself first: what is no time at all is
        not compared with another."""
        alone = [said for one in fields(self) if (said := fits(one.name, str(one.type), getattr(self, one.name)))]
        return alone or [f"{rule} (not so with {self._named_in(rule)})" for holds, rule in self.rules() if not holds]

    def _named_in(self, rule: str) -> str:
        """The settings that a rule names, with their values."""
        words = set(re.findall(r"[a-z_]+", rule.partition(":")[0]))
        return ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.name in words)

    def checked(self) -> Settings:
        """These settings, if they fit each other."""
        problems = self.problems()
        if problems:
            raise SettingsError("; ".join(problems))
        return self


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings with the environment's overrides, checked."""
    names = [f"HELLO_{one.name.upper()}" for one in fields(Settings)]
    for name in sorted(environment):
        if name.startswith("HELLO_") and name not in names and not NO_SETTINGS.fullmatch(name):
            close = get_close_matches(name, names, 1)
            raise SettingsError(f"{name} is no setting" + (f"; did you mean {close[0]}?" if close else ""))
    given: dict[str, object] = {}
    for one in fields(Settings):
        text = environment.get(f"HELLO_{one.name.upper()}")
        if text is not None:
            given[one.name] = _parse(one.name, str(one.type), text)
    return Settings(**given).checked()  # type: ignore[arg-type]


def for_kubernetes() -> Settings:
    """What the manifests say: haproxy is told by its pod what its neighbours are called and whom to believe, and drains alone."""
    return replace(
        Settings(), neighbours="${NEIGHBOURS}", trusted_proxies=TOLD_PROXIES, edge_grace=8, termination_grace=90
    ).checked()


#: As anybody writes one. Python takes 1_0, digits of other scripts, and "nan" for the time that a request may take.
NUMBER = {"int": re.compile(r"-?[0-9]{1,18}"), "float": re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")}


def _parse(name: str, kind: str, text: str) -> object:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "0": False, "false": False, "": False}[text.lower()]
        if kind == "str":
            return text
        if not NUMBER[kind].fullmatch(text):
            raise ValueError(text)
        return {"int": int, "float": float}[kind](text)
    except (KeyError, ValueError):
        raise SettingsError(f"HELLO_{name.upper()}={text!r} is no {kind}") from None


def main(arguments: list[str]) -> int:
    """`haproxy` prints haproxy.cfg, `kubernetes` the one of the pods; `check` says what does not fit."""
    try:
        settings = from_environment()
    except SettingsError as error:
        print(f"settings: {error}", file=sys.stderr)
        return 2
    if arguments in (["haproxy"], ["kubernetes"]):
        from .edge import haproxy_cfg

        print(haproxy_cfg(settings if arguments == ["haproxy"] else for_kubernetes()), end="")
    elif arguments != ["check"]:
        print("usage: python -m hello_api.settings haproxy|kubernetes|check", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
