"""Probes. /livez: this worker pool answers at all. /readyz: and wants new requests; it fails first when the service stops."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from . import state
from .state import Lifecycle


def health(lifecycle: Lifecycle) -> Blueprint:
    probes = Blueprint("health", __name__)

    @probes.get("/livez")
    def livez() -> Response:
        return jsonify(status="alive")

    @probes.get("/readyz")
    def readyz() -> tuple[Response, int]:
        if lifecycle.draining:
            return jsonify(status="draining"), 503
        if state.stuck():
            return jsonify(status="stuck"), 503
        return jsonify(status="ready"), 200

    return probes
