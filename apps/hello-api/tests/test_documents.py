"""docs/hello-api.md names every setting with its default, every log field and every metric, and nothing that is not there."""

from __future__ import annotations

import logging
import re
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import SERVICE
from prometheus_client.metrics import MetricWrapperBase

from hello_api import edge, metrics
from hello_api.logs import JsonFormatter
from hello_api.settings import Settings

PAGE = SERVICE.parents[1] / "docs" / "hello-api.md"
if not PAGE.exists():
    pytest.skip(f"{PAGE} is not there: this is a copy of the service without the project", allow_module_level=True)


def section(title: str) -> str:
    return PAGE.read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """What the first column of its tables names in backticks."""
    rows = re.findall(r"^\| ((?:`[^`]+` ?)+)\|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_settings() -> None:
    said = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", section("Settings"), re.MULTILINE))
    assert said == {one.name: str(one.default) or "(empty)" for one in fields(Settings)}


def test_log_fields() -> None:
    _, _, rest = section("Logs").partition("**haproxy**")
    of_haproxy, _, of_app = rest.partition("**hello-api**")
    assert set(first_cells(of_haproxy)) == {name for part in edge.LOG_FIELDS for name in re.findall(r'^"(\w+)"', part)}
    source = (
        "".join((SERVICE / "hello_api" / name).read_text() for name in ("observe.py", "logs.py"))
        + (SERVICE / "gunicorn.conf.py").read_text()
    )
    line = JsonFormatter().format(logging.makeLogRecord({"msg": "x"}))
    assert set(re.findall(r'"(\w+)":', line)) <= set(first_cells(of_app))
    for name in first_cells(of_app):
        assert re.search(rf'"{name}"|\b{name}=', source), f"{name} is logged nowhere"
    given = source.partition("def line(")[2].partition("def request_id")[0]
    assert {*re.findall(r'"(\w+)":', given)} <= set(first_cells(of_app))


def test_metrics() -> None:
    ours = {name for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase) for name in names_of(metric)}
    masters = set(re.findall(r'GaugeMetricFamily\(\s*"(\w+)"', Path(SERVICE / "hello_api" / "exposition.py").read_text()))
    assert set(first_cells(section("Metrics"))) == ours | masters


def names_of(metric: MetricWrapperBase) -> list[str]:
    (family,) = metric.describe()
    return [f"{family.name}_total" if family.type == "counter" else family.name]
