"""What a single setting may be, whatever the others are: a number out of its range is not compared with another, and nothing gets
into haproxy's configuration that is no address, no name or no number there."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Any

#: What gunicorn calls its levels, and what haproxy calls the same.
HAPROXY_LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "err", "critical": "crit"}

#: Seconds. haproxy takes 0 ms for "for ever"; a day is far below its own limit of 24 days.
LEAST_TIME, LONGEST_TIME = 0.001, 86_400
#: Times that may be none.
MAY_BE_0 = frozenset({"edge_grace", "deregistration", "pre_stop"})
COUNTS_AT_MOST = 100_000
BODY_AT_MOST = 1 << 30

#: Words that a line of haproxy's configuration may have are 64.
PROXIES_AT_MOST = 50

#: Shortest prefix of a block of proxies, by IP version: whoever trusts more than an organisation has, trusts strangers.
WIDEST_BLOCK = {4: 8, 6: 16}

#: IPv4 as haproxy looks it up among IPv6 blocks, too (RFC 4291, 2.5.5.2).
MAPPED = IPv6Network("::ffff:0:0/96")

#: Not the notation with a mask: Python reads 10.0.0.0/0.255.255.255 as a host mask, haproxy as a mask that lets almost anybody in.
BLOCK = re.compile(r"[0-9a-fA-F:.]+(/[0-9]{1,3})?")

DNS_NAME = re.compile(r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.?){1,64}")


def fits(name: str, kind: str, value: Any) -> str | None:
    """What is wrong with a setting's value, in a sentence that names it; None if nothing is. `kind` is its type."""
    if kind == "str":
        holds, what = TEXTS.get(name, (lambda _: True, ""))
        return None if holds(value) else f"{name}={value!r} is no {what}"
    if kind == "bool":
        return None
    low, high = between(name, kind)
    return None if low <= value <= high else f"{name}={value!r} is not between {low} and {high}"


def between(name: str, kind: str) -> tuple[float, float]:
    """A number's range. NaN is in none."""
    if name.endswith("_port"):
        return 1, 65_535
    if name == "max_body":
        return 1, BODY_AT_MOST
    if kind == "int":
        return 1, COUNTS_AT_MOST
    return 0 if name in MAY_BE_0 else LEAST_TIME, LONGEST_TIME


def address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        return "%" not in str(kind(text))
    except ValueError:
        return False


def narrow(text: str) -> bool:
    """Whether it is an address block, and none that holds strangers."""
    try:
        block = ip_network(text) if BLOCK.fullmatch(text) else None
    except ValueError:
        return False
    if isinstance(block, IPv6Network) and block.overlaps(MAPPED):
        return block.prefixlen >= MAPPED.prefixlen + WIDEST_BLOCK[4]
    return isinstance(block, (IPv4Network, IPv6Network)) and block.prefixlen >= WIDEST_BLOCK[block.version]


#: By setting: whether a text fits, and what it should have been.
TEXTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "app_host": (lambda text: text == "127.0.0.1", "127.0.0.1, where haproxy looks for gunicorn, and nobody else can"),
    "edge_host": (
        lambda text: text == "*" or address(IPv4Address, text) or address(IPv6Address, text),
        "address, nor * for all of them",
    ),
    "app_metrics_host": (lambda text: address(IPv4Address, text), "IPv4 address"),
    "neighbours": (lambda text: text in ("", "${NEIGHBOURS}") or bool(DNS_NAME.fullmatch(text)), "DNS name"),
    "log_level": (lambda text: text in HAPROXY_LEVELS, f"level: {', '.join(HAPROXY_LEVELS)}"),
    "run_dir": (lambda text: text.startswith("/") and "\0" not in text, "absolute path"),
}
