"""What holds for every test: no screen, a home of its own, one processor thread."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

from tests import reached

reached.watch()

# The same examples every time: what is found once stays found, and nothing fails by luck.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The program is started some eighty times: its modules are compiled for the first of them alone.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Each worker has a stretch of the list, not every other test of it.

    So what the tests of a module share is made once: a child process, a wheel, a run.
    """
    if config.getoption("dist", "no") == "load":
        config.option.dist = "worksteal"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """What was reached is written down, where it was asked for, before it is said that all ended.

    A process of several that says so may be ended at once.
    """
    reached.write()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a test's runs would be kept."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Several threads are many times slower on models this small."""
    import torch

    torch.set_num_threads(1)
