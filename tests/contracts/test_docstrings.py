"""Docstrings of methods' functions: their own, or those of their role's contract."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

#: Where most functions are a contract's, so that ruff does not ask each for words of its own.
ROOMS = ("workbench.methods", "workbench.engine.blocks", "workbench.engine.training.observers")


def modules(room: str) -> Iterator[ModuleType]:
    """Every module of a room."""
    package = importlib.import_module(room)
    for item in pkgutil.walk_packages(package.__path__, f"{room}."):
        yield importlib.import_module(item.name)


def unexplained(module: ModuleType) -> Iterator[str]:
    """Public functions of the module's classes that nobody explains, themselves or a base."""
    for name, kind in inspect.getmembers(module, inspect.isclass):
        if kind.__module__ != module.__name__ or name.startswith("_"):
            continue
        for key, member in vars(kind).items():
            is_code = inspect.isroutine(member) or isinstance(member, property)
            if is_code and not key.startswith("_") and not inspect.getdoc(getattr(kind, key)):
                yield f"{module.__name__}: {name}.{key}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_is_explained(room: str) -> None:
    assert [text for module in modules(room) for text in unexplained(module)] == []


def test_a_function_that_nobody_explains_is_seen() -> None:
    module = ModuleType("odd")
    module.Odd = type("Odd", (), {"__module__": "odd", "silent": lambda self: None})  # pyright: ignore[reportAttributeAccessIssue]  # made here
    assert list(unexplained(module)) == ["odd: Odd.silent"]
