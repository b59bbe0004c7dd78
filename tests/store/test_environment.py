"""On what a run was made, told where it can be known and None where it cannot."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

import workbench
from tests import fakes
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import environment


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What a process remembers of its packages and its commit is forgotten, before and after."""
    caches = [getattr(environment, name) for name in ("_packages", "_checkout", "_processor")]
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
    assert environment.facts()["commit"] is None
    getattr(environment, "_checkout").cache_clear()  # noqa: B009 - its own
    monkeypatch.setenv("PATH", str(checkout))
    assert environment.facts()["commit"] is None
    assert environment.facts()["is_dirty"] is None


def test_a_checkout_is_dirty_where_the_program_is_not_that_of_its_commit(checkout: Path):
    module = checkout / "workbench" / "__init__.py"
    module.parent.mkdir()
    module.write_text("one = 1\n")
    git(checkout, "init", "-q")
    git(checkout, "add", ".")
    git(checkout, "commit", "-q", "-m", "one")
    (checkout / "notes.txt").write_text("beside the program, and nothing to it\n")
    for changed, is_dirty in ((None, False), (module, True), (module.with_name("new.py"), True)):
        if changed is not None:
            git(checkout, "checkout", "-q", ".")
            changed.write_text("two = 2\n")
        getattr(environment, "_checkout").cache_clear()  # noqa: B009 - its own
        assert environment.facts()["is_dirty"] is is_dirty, changed


def test_the_processor_is_named():
    assert environment.facts()["processor"] != ""


def test_a_run_says_what_it_alone_knows():
    spec = Spec(tasks=(TaskChoice(family="fake", file="/x.csv", sha256="ab12"),))  # pyright: ignore
    began = fakes.began()
    tasks = tuple(replace(task, data=f"sum of {task.name}") for task in began.tasks)
    facts = environment.facts_of_run(replace(began, tasks=tasks, threads=2), spec)
    assert facts == {
        "device": "cpu",
        "threads": 2,
        "data": {"first": "sum of first", "second": "sum of second"},
        "files": {"tasks.0.file": "ab12"},
    }
