"""The lines that CI says are reached are those that ran."""

import traceback
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import pytest

from tests import reached

MODULE = '''\
"""A module."""
from __future__ import annotations
from functools import cache

class A:
    """A class."""
    x: int = 1

    @property
    def y(self) -> int:
        """A docstring alone is no line that runs."""
        return self.x

@cache
def chosen(x: object) -> str:
    try:
        match x:
            case int():
                return str(
                    A().y,
                )
            case str():
                return "text"
            case _:
                raise TypeError
    except TypeError:
        found = "no"
    else:
        found = "never"
    finally:
        if x:
            x = None
        elif x is None:
            x = 0
        else:
            x = 1
    return found

def never() -> None:
    print()

def straight(x: float) -> float:
    one = 1
    other = 1 / x
    return one + other
'''


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this module reaches is nobody else's business."""
    monkeypatch.setattr(reached, "noted_in", {})
    monkeypatch.setattr(reached, "stretches_of", {})


def loaded(folder: Path) -> ModuleType:
    path = folder / "made.py"
    path.write_text(MODULE)
    module = module_from_spec(ModuleSpec("made", reached.Loader("made", str(path))))
    assert module.__spec__ is not None
    assert module.__spec__.loader is not None
    module.__spec__.loader.exec_module(module)
    return module


def lines() -> set[int]:
    (path,) = reached.noted_in
    return reached.lines_of(path)


def test_lines_are_noted_as_they_run_and_no_others(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    imported = {3, 5, 7, 9, 10, 14, 15, 39, 42}
    assert lines() == imported
    assert module.chosen(3) == "1"
    whole = imported | {12, 16, 17, 18, 19, 31, 32}
    assert lines() == whole
    assert module.chosen(2.5) == "no"
    whole |= {24, 25, 26, 27, 37}
    assert lines() == whole
    assert module.chosen(None) == "no"
    assert lines() == whole | {33, 34}


def test_statements_in_a_row_are_reached_together_or_not_at_all(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    before = lines()
    with pytest.raises(ZeroDivisionError):
        module.straight(0)
    assert lines() == before
    module.straight(1)
    assert lines() == before | {43, 44, 45}


def test_a_traceback_names_the_line_as_it_is_written(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    module.A.y = property(lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError) as caught:
        module.chosen(3)
    assert traceback.extract_tb(caught.tb)[1].lineno == 20


def test_nothing_of_it_is_left_for_the_next_start(tmp_path: Path) -> None:
    loaded(tmp_path)
    assert not list(tmp_path.rglob("*.pyc"))
