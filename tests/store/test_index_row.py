"""The line of a run in the history, whatever state its folder is in."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import fakes
from workbench.spec.experiment import Spec
from workbench.store import index_row, run
from workbench.store.index_row import row_at


def recorded(spec: Spec) -> Path:
    folder = run.create(spec, 3)
    list(run.record(fakes.run(3), folder))
    return folder


def test_what_is_no_folder_or_holds_no_run_has_no_line(tmp_path: Path):
    (tmp_path / "a file").write_text("x")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    for name in ("a file", "photos", "nowhere"):
        assert row_at(tmp_path / name) is None


def test_a_folder_that_the_system_does_not_let_in_is_damaged_with_its_reason(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
):
    folder = recorded(spec)

    def refuse(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    row = row_at(folder)
    assert row is not None
    assert (row.status, row.problem) == ("damaged", "it cannot be read: Input/output error")
    # What its name says is still told.
    assert (row.run_id, row.seed) == (folder.name, 3)


def test_an_error_that_nobody_thought_of_is_one_damaged_run(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
):
    folder = recorded(spec)

    def read(folder: Path) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(index_row, "read", read)
    row = row_at(folder)
    assert row is not None
    assert row.status == "damaged"
    assert row.problem == "it cannot be read: ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a-b-s7-20261130-114159-0fe1d2", ("a-b", 7, "2026-11-30T11:41:59+00:00")),
        ("renamed by hand", ("renamed by hand", -1, "")),
        ("a-b-s7-20261130-114159", ("a-b-s7-20261130-114159", -1, "")),
    ],
)
def test_a_run_of_which_no_file_can_be_read_is_told_by_its_name(
    name: str, told: tuple[str, int, str], tmp_path: Path
):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "spec.yaml").write_bytes(b"\xff\xfe")
    row = row_at(folder)
    assert row is not None
    assert row.status == "damaged"
    assert (row.name, row.seed, row.started) == told


def test_a_long_course_is_told_in_few_points_with_both_its_ends(spec: Spec):
    folder = run.create(spec, 3)
    *most, last = fakes.run(3)
    scores = np.linspace(0, 1, 100, dtype=np.float32)
    rows = [replace(fakes.evaluated(40, 1, ends_stage=False), split="val") for _ in scores]
    many = [replace(row, scores=np.full(2, score)) for row, score in zip(rows, scores, strict=True)]
    list(run.record(iter([*most, *many, last]), folder))
    row = row_at(folder)
    assert row is not None
    assert run.read(folder).outcome.course == scores.tolist()
    assert len(row.curve) == 32
    assert (row.curve[0], row.curve[-1]) == (0, 1)
    gaps = np.diff(row.curve)
    assert gaps.min() > 0
    assert gaps.max() < 2 * gaps.min()
