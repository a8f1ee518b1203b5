"""The application factory."""

from __future__ import annotations

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from .body import limited
from .faults import faults
from .health import health
from .observe import observe
from .routes import routes
from .settings import Settings, from_environment
from .state import Lifecycle


def create_app(settings: Settings | None = None) -> Flask:
    """The service. Settings come from the environment unless given."""
    settings = settings or from_environment()
    lifecycle = Lifecycle(settings.run_dir)
    app = Flask("hello_api", static_folder=None)
    app.wsgi_app = limited(app.wsgi_app, settings.max_body)  # type: ignore[method-assign,assignment]
    app.register_blueprint(routes)
    app.register_blueprint(health(lifecycle))
    if settings.faults:
        app.register_blueprint(faults)
    observe(app, lifecycle)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        # With the headers that belong to it: a 405 says what is allowed (RFC 9110, 15.5.6). Its body is ours.
        headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
        return jsonify(error=(error.name or "error").lower()), error.code or 500, headers

    return app
