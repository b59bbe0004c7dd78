"""Where things are kept."""

from pathlib import Path

import pytest

from workbench.store.home import home, runs_folder


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "here"))
    assert home() == tmp_path / "here"
    assert runs_folder() == tmp_path / "here" / "runs"


def test_without_it_the_platform_does(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WORKBENCH_HOME")
    assert home().name == "workbench"
    assert home().is_absolute()
