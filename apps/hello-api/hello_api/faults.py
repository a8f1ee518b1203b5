"""Faults on request, behind `HELLO_FAULTS=1`: so that probes, alerts and rollouts can be tried on the real program."""

from __future__ import annotations

import os
import random
import signal
import time

from flask import Blueprint, Response, abort, jsonify

faults = Blueprint("faults", __name__, url_prefix="/fault")

#: Longest that anybody waits, s, and most that anybody leaks, MiB: beyond it is a mistake, and no fault to try.
LONGEST = 3600
MOST = 1 << 20

#: Holds what /fault/leak leaks.
_LEAKED: list[bytearray] = []


@faults.get("/latency/<int:milliseconds>")
def latency(milliseconds: int) -> Response:
    """Answers after a while, as if it waited for a database."""
    if milliseconds > LONGEST * 1000:
        abort(400)
    time.sleep(milliseconds / 1000)
    return jsonify(slept_ms=milliseconds)


@faults.get("/errors/<int:percent>")
def errors(percent: int) -> Response:
    """Raises in so many percent of the requests."""
    if random.random() * 100 < percent:  # noqa: S311 - no secret is made of it
        raise RuntimeError("a fault on request")
    return jsonify(error=False)


@faults.get("/hang")
def hang() -> Response:
    """Holds its thread for longer than anybody waits."""
    time.sleep(LONGEST)
    return jsonify()


@faults.get("/leak/<int:mebibytes>")
def leak(mebibytes: int) -> Response:
    """Keeps so much memory for ever."""
    if mebibytes > MOST:
        abort(400)
    _LEAKED.append(bytearray(os.urandom(1) * (mebibytes << 20)))
    return jsonify(held_mib=sum(len(one) for one in _LEAKED) >> 20)


@faults.route("/crash", methods=["GET", "POST"])
def crash() -> Response:
    """Ends the worker the hard way. A POST, too: nobody may repeat it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return jsonify()
