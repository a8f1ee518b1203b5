"""Every mutant is a change of the service as it is now: one that is out of date is known before the hour that a whole run takes."""

import shutil

import pytest

from faultlab.mutant import Mutant
from faultlab.mutants import MUTANTS
from faultlab.paths import SERVICE


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if isinstance(one, Mutant)], ids=lambda one: str(one.number))
def test_a_mutant_changes_what_there_is(mutant, tmp_path):
    copy = shutil.copytree(SERVICE, tmp_path / "hello-api")
    for edit in mutant.edits:
        before = (copy / edit.path).read_text() if (copy / edit.path).exists() else None
        edit.apply(copy)
        assert (copy / edit.path).read_text() != before
