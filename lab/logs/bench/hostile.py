"""Lines of other programs that a pipeline gets wrong: each with what must arrive for it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

CHANCE = random.Random(20261126)  # noqa: S311 - no secret is made of it

TRACEBACK = """\
ERROR:worker:job 17 failed
Traceback (most recent call last):
  File "/app/worker.py", line 12, in run
    handle(job)
  File "/app/worker.py", line 7, in handle
    raise ValueError("no such job")
ValueError: no such job

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/worker.py", line 14, in run
    report(job)
shop.errors.ReportError: cannot report"""

JAVA = """\
2026-11-26T12:00:00.000Z ERROR 1 --- [exec-7] c.e.Orders : order 17 failed
java.lang.IllegalStateException: no stock
\tat com.example.Orders.take(Orders.java:41)
\tat com.example.Orders.main(Orders.java:9)
Caused by: java.net.ConnectException: refused
\t... 2 more"""


@dataclass(frozen=True)
class Case:
    name: str
    #: What the program writes, a line each.
    lines: tuple[bytes, ...]
    #: The entries that arrive; None: whatever is made of it, as long as it is something.
    entries: tuple[str, ...] | None
    #: The level that Loki shows; `-`: none.
    level: str = "-"


def one(name: str, line: str | bytes, level: str = "-", entry: str | None = None) -> Case:
    raw = line if isinstance(line, bytes) else line.encode()
    return Case(name, (raw,), (entry if entry is not None else raw.decode(),), level)


def object_with(**fields: object) -> str:
    return json.dumps(fields)


CASES = [
    one("plain text", "started in 3.2 s"),
    one("text that begins like JSON", '{"level":"error", and then no more of it'),
    one("an array", '["error", 1]'),
    one("JSON with a level", object_with(level="warning", message="slow"), "WARN"),
    one("a level in capitals", object_with(level="ERROR", message="x"), "ERROR"),
    one("a level that is none", object_with(level="'; drop table levels --"), "-"),
    one("a level that is an object", object_with(level={"a": [1, 2]}), "-"),
    one("a level that is a number", object_with(level=17), "-"),
    one("a level of 4 KiB", object_with(level="error" * 800), "-"),
    one("a status that is no number", object_with(status="500"), "-"),
    one("a status out of range", object_with(status=1e300), "-"),
    one("a traceparent that is an object", object_with(traceparent={"a": 1}, level="info"), "INFO"),
    one("a traceparent with a line break", object_with(traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01\n")),
    one("a request id that would be a field", object_with(request_id='x"}{k8s_namespace_name="kube-system')),
    one(
        "a thousand hostile keys", object_with(**{f"key_{CHANCE.getrandbits(64):x}": i for i in range(1000)}, level="info"), "INFO"
    ),
    one(
        "keys named like labels", object_with(**{"k8s.namespace.name": "kube-system", "service.name": "etcd", "service_name": "x"})
    ),
    one("JSON ten thousand levels deep", '{"a":' * 10_000 + "1" + "}" * 10_000),
    one("control characters", "a\x01b\x1b[31mred\x1b[0m\tc\x7f"),
    one("bytes that are no UTF-8", b"caf\xe9 \xff\xfe \xed\xa0\x80 end", entry="caf� �� ��� end"),
    one("JSON with bytes that are no UTF-8", b'{"level":"error","path":"/\xff\xfe"}', "ERROR", '{"level":"error","path":"/��"}'),
    one("what looks like the runtime's own format", "2026-11-26T12:00:00.000000000Z stderr F not a second line"),
    one("JSON of 100 KiB, in seven pieces", object_with(level="error", blob="x" * 100_000), "ERROR"),
    Case("a line of 600 KiB, cut to what Loki takes", (b"y" * 600_000,), ("y" * 262_144,)),
    Case("a line of 3 MiB, in pieces", (b"z" * (3 << 20),), None),
    one("text that says how bad it is", "2026-11-26 12:00:00 WARN  pool: 9 of 10 in use", "WARN"),
    one("text that speaks of errors", "no errors, and nothing critical"),
    Case("a traceback of Python", tuple(TRACEBACK.encode().split(b"\n")), (TRACEBACK,), "ERROR"),
    Case("an exception of Java", tuple(JAVA.encode().split(b"\n")), (JAVA,), "ERROR"),
]
