"""Every test of the store has a home of its own."""

from pathlib import Path

import pytest

from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import run, sight


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home, not yet made."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    return folder


@pytest.fixture
def spec() -> Spec:
    """A Spec of two seeds."""
    return Spec(name="Fake: Ünder way!", tasks=(TaskChoice(family="fake"),), seeds=(3, 5))


@pytest.fixture
def folder(spec: Spec) -> Path:
    """The directory of a run that has not begun."""
    return run.create(spec, 3)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written this moment is taken for old, so that the index is believed."""
    monkeypatch.setattr(sight, "SETTLED_NS", 0)
