"""Aligned files: all that are read decide, not the one alone that is named."""

from pathlib import Path

import pytest

from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.fingerprint import fingerprint
from workbench.spec.user_files.aligned import (
    changed_beside,
    digesting_beside,
    named_in,
    others_of,
    sums_in,
)
from workbench.spec.user_files.sources import digest
from workbench.spec.work import finished


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for code in ("en", "fr", "de"):
        (tmp_path / f"news.{code}").write_text(f"{code}\n")
    return tmp_path


def settings_of(folder: Path, **more: object) -> dict[str, object]:
    file = folder / "news.en"
    beside = finished(digesting_beside(file, ("en", "fr")))
    settings: dict[str, object] = {
        "family": "sentences", "file": str(file), "sha256": digest(file),
        "languages": ["en", "fr"], "beside_sha256": beside,
    }  # fmt: skip
    return {**settings, **more}


def spec(settings: dict[str, object]) -> Spec:
    return Spec(tasks=(TaskChoice.model_validate(settings),))


def test_those_that_are_read_are_beside_it_and_no_others(folder: Path):
    assert [file.name for file in others_of(folder / "news.en", ("en", "fr"))] == ["news.fr"]
    assert {file.name for file in others_of(folder / "news.en", ())} == {"news.fr", "news.de"}
    assert others_of(folder / "news.tsv", ()) == []


def test_another_text_beside_it_is_another_experiment(folder: Path, tmp_path: Path):
    first = fingerprint(spec(settings_of(folder)))
    (folder / "news.fr").write_text("autre\n")
    assert fingerprint(spec(settings_of(folder))) != first
    (folder / "news.fr").write_text("fr\n")
    (folder / "news.de").write_text("anders\n")  # which is not read
    assert fingerprint(spec(settings_of(folder))) == first


def test_where_it_lies_decides_as_long_as_what_is_beside_it_is_not_known(folder: Path):
    here = settings_of(folder, beside_sha256="")
    there = {**here, "file": "/elsewhere/news.en"}
    assert fingerprint(spec(here)) != fingerprint(spec(there))
    known = settings_of(folder)
    assert fingerprint(spec(known)) == fingerprint(spec({**known, "file": "/elsewhere/news.en"}))


@pytest.mark.parametrize("nest", [lambda one: one, lambda one: {"family": "subset", "of": one}])
def test_what_changed_beside_it_is_refused_and_all_sums_are_recorded(folder: Path, nest):  # pyright: ignore
    settings = nest(settings_of(folder))
    place = "tasks.0.of" if "of" in settings else "tasks.0"
    made = spec(settings)
    assert changed_beside(made) == []
    assert set(sums_in(made.tasks[0].settings, "tasks.0")) == {
        f"{place}.file", f"{place}.beside_sha256",
    }  # fmt: skip
    assert [Path(file).name for file in named_in(made.tasks[0].settings)] == ["news.en", "news.fr"]
    (folder / "news.fr").write_text("autre\n")
    (problem,) = changed_beside(made)
    assert problem.field == f"{place}.file"
    assert "has changed since this was set up" in problem.message
