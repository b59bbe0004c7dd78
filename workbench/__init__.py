"""A workbench for multi-task and lifelong learning experiments.

    import workbench as wb
    results = wb.run("see-forgetting", seeds=range(3))
    results[0].summary["forgetting"], wb.load(results[0].run_id).matrix

What is named in `__all__` is there to be used from Python; it is imported when it is first asked
for, so that this import costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.api import Result as Result
    from workbench.api import frame as frame
    from workbench.api import load as load
    from workbench.api import run as run
    from workbench.spec.experiment import Spec as Spec

__version__ = "0.1.0"

__all__ = ["Result", "Spec", "__version__", "frame", "load", "run"]

_WHERE = {
    "Result": "workbench.api",
    "frame": "workbench.api",
    "load": "workbench.api",
    "run": "workbench.api",
    "Spec": "workbench.spec.experiment",
}


def __getattr__(name: str) -> Any:
    """What is used from Python, when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
