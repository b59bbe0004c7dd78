"""Eager: torch's compiler stays out of processes that compile nothing.

Some functions of torch, those of optimizers among them, are to be left alone by its compiler. To
tell it so they load it when they are first called, which takes a second of every process. Here a
stand-in hears them instead; whoever asks it for anything else is given the compiler itself.
"""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

_COMPILER = "torch._dynamo"


class _StandIn(ModuleType):
    """Says of functions and places what a compiler that compiles nothing would."""

    def disable(self, fn: Callable[..., Any], *_: object, **__: object) -> Callable[..., Any]:
        """The function itself."""
        return fn

    def graph_break(self, *_: object, **__: object) -> None:
        """Where nothing is compiled, nothing is interrupted."""

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":  # who looks through all modules, as inspect does, wants nothing
            raise AttributeError(name)
        if sys.modules.get(_COMPILER) is self:
            del sys.modules[_COMPILER]
            importlib.import_module(_COMPILER)
        return getattr(sys.modules[_COMPILER], name)


def leave_out_compiler() -> None:
    """Have torch do without its compiler until it is wanted; nothing where it is loaded."""
    sys.modules.setdefault(_COMPILER, _StandIn(_COMPILER))
