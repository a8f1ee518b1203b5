"""One JSON object a line on stdout: a line a request, a line an event, an exception within its line. Fields: docs/hello-api.md."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import sys
import time
import traceback
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii as escape
from typing import Any

#: Line breaks and control characters are escaped by it, and whatever is not ASCII. Made once: json.dumps makes one a call.
encode = json.JSONEncoder(ensure_ascii=True, default=str, separators=(",", ":")).encode

STDOUT = 1

#: Characters that a text of a client's, escaped, may take in a line. No line is longer than PIPE_BUF (4,096 bytes) by it: a longer
#: one is torn by another worker's as soon as the log's reader is late (1,187 of 2,672 were, by paths of control characters).
TEXT = 2048


def short(text: str, most: int = TEXT) -> str:
    """So much of a text that it takes at most so many characters when it is escaped: a character takes twelve at most."""
    if len(text) <= most // 12:
        return text
    text = text[: most // 2]
    return text if len(escape(text)) - 2 <= most else text[: most // 12]


def entry(created: float, level: int, logger: str, message: str, pid: int | None) -> dict[str, Any]:
    """What every line begins with. `created` in s since 1970."""
    return {
        "time_ms": round(created * 1000),
        "component": "hello-api",
        "level": logging.getLevelName(level).lower(),
        "logger": logger,
        "message": message,
        "pid": pid,
    }


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = entry(record.created, record.levelno, record.name, short(record.getMessage()), record.process)
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            line["exception"] = {
                "type": kind.__name__,
                "message": short(str(error), TEXT // 2),
                "stack": "".join(traceback.format_exception(kind, error, trace)),
            }
            # Of the stack, its end: that is where it happened.
            over = len(encode(line)) + len("\n") - select.PIPE_BUF
            if over > 0:
                line["exception"]["stack"] = "..." + line["exception"]["stack"][over + len("...") :]
        return encode(line)


def configure(level: str) -> None:
    """Every logger of the process writes JSON to stdout."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.Formatter.converter = time.gmtime


def event(logger: logging.Logger, level: int, message: str, **fields: Any) -> None:
    """Logs a message with fields of its own."""
    logger.log(level, message, extra={"fields": fields})


def emit(lines: Iterable[str]) -> None:
    """As few writes as keep lines apart. All workers write to one pipe, and no lock is around it: what one write puts into a pipe
    stays together up to PIPE_BUF (4,096 bytes), and in a file that is appended to however long it is."""
    held = b""
    for one in lines:
        data = one.encode("ascii")
        if held and len(held) + len(data) > select.PIPE_BUF:
            write(held)
            held = b""
        held += data
    write(held)


def write(data: bytes) -> None:
    """All of it."""
    # A log that nobody takes any more costs no request.
    with contextlib.suppress(OSError):
        while data:
            data = data[os.write(STDOUT, data) :]
