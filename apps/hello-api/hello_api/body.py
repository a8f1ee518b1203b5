"""A request's body: no longer than it may be, and the client's fault when it is none.

Flask's own limit (MAX_CONTENT_LENGTH) reads as much as is allowed of a chunked body and stops: 2 MiB in chunks were answered with
200 and the first MiB of them. And gunicorn reads what follows the last chunk (RFC 9112, 7.1.2) with the body, so a trailer that may
not be one came out of `read` as an exception that nobody expected: 500.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Body(io.RawIOBase):
    """What is read of a body, counted."""

    def __init__(self, stream: Any, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # One more than may come, to see that it comes.
        try:
            data = self._stream.read(min(len(buffer), self._left + 1))
        except (ParseException, OSError) as error:
            raise BadRequest from error
        self._left -= len(data)
        if self._left < 0:
            raise RequestEntityTooLarge
        buffer[: len(data)] = data
        return len(data)


def limited(application: WSGIApplication, limit: int) -> WSGIApplication:
    """The application with bodies of `limit` bytes at most."""

    def inner(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"] = Body(environ["wsgi.input"], limit)
        return application(environ, start_response)

    return inner
