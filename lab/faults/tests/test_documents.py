import json

import pytest

from faultlab import documents
from faultlab.mutant import Edit


@pytest.fixture
def answer(tmp_path, monkeypatch):
    run = tmp_path / "run.json"
    run.write_text(json.dumps({"figures": {"fault-1.original.seconds": "3.13"}}))
    page = tmp_path / "answer.md"
    monkeypatch.setattr(documents, "RUNS", {"run": (run, tmp_path / "run.md")})
    monkeypatch.setattr(documents, "ANSWERS", [page])
    return page


def test_a_named_figure_gets_its_value(answer):
    answer.write_text("after <!-- fig fault-1.original.seconds -->9<!-- /fig --> s")
    documents.fill_answers()
    assert answer.read_text() == "after <!-- fig fault-1.original.seconds -->3.13<!-- /fig --> s"


def test_an_unknown_figure_is_said_to_be_unknown(answer):
    answer.write_text("<!-- fig fault-99.original --><!-- /fig -->")
    documents.fill_answers()
    assert "(no such figure)" in answer.read_text()


def test_a_pipe_does_not_end_the_cell():
    assert documents.cell("a | b\nc") == r"a \| b c"


def test_an_edit_that_finds_nothing_is_an_error(tmp_path):
    (tmp_path / "haproxy.cfg").write_text("global\n")
    with pytest.raises(LookupError, match="out of date"):
        Edit("haproxy.cfg", "maxconn", "").apply(tmp_path)
