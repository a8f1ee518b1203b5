"""Requests to hello-api, hostile ones among them, and what must be found of their lines."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import test_fuzz  # of apps/hello-api/tests: `run` and `cluster` have it on the path
from judge import LABELS, LEVELS, METADATA, check

REQUESTS = int(os.environ.get("LOGS_REQUESTS", "2000"))
#: The first is of requests that fail, the second of the last one.
TRACES = [f"00-{random.Random(n).getrandbits(128):032x}-{n + 1:016x}-01" for n in range(50)]  # noqa: S311


def visit(get: Callable[[str, str], object], send: Callable[[bytes], object]) -> None:
    """`get`: a path with a traceparent; `send`: bytes."""
    for trace in TRACES:
        get("/api/v1/echo", trace)
    for _ in range(5):
        get("/fault/errors/100", TRACES[0])
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: send(test_fuzz.hostile(number)), range(REQUESTS)))
    # A last request through both: what came before it has been written.
    get("/version", TRACES[1])


def found(entries: list[dict[str, Any]], streams: int) -> None:
    """Checks what Loki has of the service after `visit`."""
    seen = {tuple(sorted(one["labels"].items())) for one in entries}
    names = {name for one in entries for name in one["labels"]}
    check(f"they are {streams} streams, whatever clients send", len(seen) == streams and names == LABELS, f"{sorted(names)}")
    fields = {name for one in entries for name in one["metadata"]}
    check("no client makes a field", fields <= METADATA, f"{sorted(fields)}")
    levels = Counter(one["metadata"].get("severity_text") for one in entries)
    wrong = [
        one
        for one in entries
        if one["line"].startswith("{") and one["metadata"].get("severity_text") != expected_level(one["line"])
    ]
    check("levels are the JSON lines' own, or follow from the status", not wrong and set(levels) <= LEVELS, f"{dict(levels)}")

    by_trace = {trace: [one for one in entries if one["metadata"].get("trace_id") == trace[3:35]] for trace in TRACES[2:]}
    both = [trace for trace, of in by_trace.items() if {one["labels"]["k8s_container_name"] for one in of} == {"app", "haproxy"}]
    check("a trace id finds the lines of both containers", len(both) == len(by_trace), f"{len(both)} of {len(by_trace)}")
    joined = [trace for trace, of in by_trace.items() if len({one["metadata"].get("request_id") for one in of}) == 1]
    check("and they share a request id", len(joined) == len(by_trace), f"{len(joined)} of {len(by_trace)}")
    failed = [one for one in entries if one["metadata"].get("trace_id") == TRACES[0][3:35] and '"exception":' in one["line"]]
    check(
        "an exception is one entry, with its stack and its trace", len(failed) == 5 and all("\\n" in one["line"] for one in failed)
    )
    invented = [one for one in entries if "trace_id" in one["metadata"] and one["metadata"]["trace_id"] not in one["line"]]
    check("no trace id that the line does not have", not invented)


def expected_level(line: str) -> str | None:
    fields = json.loads(line)
    if "level" in fields:
        return {"info": "INFO", "warning": "WARN", "error": "ERROR", "critical": "FATAL", "debug": "DEBUG"}[fields["level"]]
    status = fields["status"]
    return "ERROR" if 500 <= status < 600 else "WARN" if 400 <= status < 500 else "INFO" if 200 <= status < 400 else None
