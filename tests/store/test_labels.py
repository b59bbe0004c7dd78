"""What the user says of a run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests import fakes
from workbench.spec.experiment import Spec
from workbench.store import run
from workbench.store.errors import UnknownRunError
from workbench.store.index import Index
from workbench.store.labels import label


@pytest.fixture
def done(spec: Spec) -> Path:
    folder = run.create(spec, 3)
    list(run.record(fakes.run(3), folder))
    return folder


def test_each_label_is_changed_by_itself_and_taken_away(done: Path, spec: Spec):
    (before,) = Index.open().rows()
    label(done, {"tag": "paper, figure 2"})
    label(done, {"name": "Mine", "note": "a\nb"})
    label(done, {"starred": True, "pinned": True})
    (row,) = Index.open().rows()
    assert (row.name, row.note, row.starred, row.pinned) == ("Mine", "a\nb", True, True)
    assert row.tags == ("paper", "figure 2")
    assert replace(row, fingerprint="") != replace(before, fingerprint="")
    assert row.fingerprint == before.fingerprint
    label(done, {"tag": "", "name": "", "note": "", "starred": False, "pinned": False})
    assert Index.open().rows() == [before]


def test_what_a_later_version_says_is_kept(done: Path):
    (done / "labels.json").write_text('{"tag": "x", "starred": true, "mood": "good"}')
    label(done, {"tag": "y"})
    labels = json.loads((done / "labels.json").read_text())
    assert labels == {"tag": "y", "starred": True, "mood": "good"}


def test_labels_that_are_damaged_are_written_anew(done: Path):
    (done / "labels.json").write_text("{")
    label(done, {"tag": "y"})
    (row,) = Index.open().rows()
    assert (row.tag, row.status) == ("y", "done")


def test_a_run_that_is_gone_is_said_to_be(tmp_path: Path):
    with pytest.raises(UnknownRunError, match="there is no run"):
        label(tmp_path / "gone", {"tag": "x"})
    assert not (tmp_path / "gone").exists()
