"""One JSON object a line on stdout: a line a request, a line an event, an exception within its line. Fields: docs/hello-api.md."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from typing import Any

#: Attributes of a LogRecord that are no fields of ours.
_KNOWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "fields"}


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; line breaks and control characters are escaped by the encoder, not by us."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time_ms": round(record.created * 1000),
            "component": "hello-api",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            line["exception"] = {
                "type": kind.__name__,
                "message": str(error),
                "stack": "".join(traceback.format_exception(kind, error, trace)),
            }
        return json.dumps(line, ensure_ascii=True, default=str, separators=(",", ":"))


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
