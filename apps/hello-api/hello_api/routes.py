"""What the service does: greet, echo, say its version."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from . import REVISION, __version__

routes = Blueprint("routes", __name__)


@routes.get("/")
def hello() -> Response:
    return jsonify(message="hello, world")


@routes.route("/api/v1/echo", methods=["GET", "POST"])
def echo() -> Response:
    """What was sent, as it was understood: scheme, query, and for POST the body as text."""
    body = request.get_data(cache=False).decode("utf-8", "replace") if request.method == "POST" else None
    # HEAD says what GET would (RFC 9110, 9.3.2), its length included.
    method = "GET" if request.method == "HEAD" else request.method
    return jsonify(method=method, scheme=request.scheme, args=request.args.to_dict(flat=False), body=body)


@routes.get("/version")
def version() -> Response:
    return jsonify(version=__version__, revision=REVISION)
