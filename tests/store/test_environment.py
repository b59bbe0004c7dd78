"""On what a run was made, told where it can be known and None where it cannot."""

import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

import workbench
from workbench.store import environment


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What a process remembers of its packages and its commit is forgotten, before and after."""
    caches = [getattr(environment, name) for name in ("_packages", "_commit")]
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the program would be a source checkout, had it a commit."""
    monkeypatch.setattr(workbench, "__file__", str(tmp_path / "workbench" / "__init__.py"))
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    own = ["-c", "user.name=A", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false"]
    command = ["git", *own, "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_versions_are_those_of_what_is_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "_PACKAGES", ("numpy", "not-installed-anywhere"))
    packages = environment.facts()["packages"]
    assert packages == {"numpy": metadata.version("numpy"), "not-installed-anywhere": None}


def test_the_commit_is_that_of_the_first_run(checkout: Path):
    git(checkout, "init", "-q")
    git(checkout, "commit", "-q", "--allow-empty", "-m", "one")
    first = git(checkout, "rev-parse", "HEAD")
    assert environment.facts()["commit"] == first
    git(checkout, "commit", "-q", "--allow-empty", "-m", "two")
    assert environment.facts()["commit"] == first


def test_what_is_installed_otherwise_has_no_commit(checkout: Path):
    assert not (checkout / ".git").exists()
    assert environment.facts()["commit"] is None


def test_a_checkout_without_a_commit_or_without_git_has_none(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
):
    git(checkout, "init", "-q")
    assert environment.facts()["commit"] in (None, "HEAD")
    getattr(environment, "_commit").cache_clear()  # noqa: B009 - its own
    monkeypatch.setenv("PATH", str(checkout))
    assert environment.facts()["commit"] is None
