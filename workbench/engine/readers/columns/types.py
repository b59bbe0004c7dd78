"""Types: what a column is taken for, and what it may be made."""

from workbench.engine.readers.frame import READABLE, Frame

#: Different texts up to which a column is one of categories, whatever its rows; beyond, it is where
#: each stands twice on average. The others are free text, or names of the rows.
_FEW_TEXTS = 20

_TYPES = {"time": "date"}
_MAY_BE = {
    "number": ("number", "category", "ordered", "date", "leave out"),
    "truth": ("category", "number", "leave out"),
    "date": ("date", "category", "ordered", "leave out"),
    "time of day": ("time of day", "category", "ordered", "leave out"),
    "text": ("category", "ordered", "number", "date", "time of day", "text", "leave out"),
    "nothing": ("leave out",),
}


def type_of(frame: Frame, name: str, n_distinct: int | None) -> str:
    """What a column is taken for: as it was asked, or as it looks."""
    if name in frame.types:
        return frame.types[name]
    kind = frame.kind(name)
    if frame.is_ordered(name):
        return "ordered"
    if kind != "text":
        return _TYPES.get(kind, kind)
    n_values = frame.n_rows - frame.n_missing(name)
    is_free = (n_distinct or 0) > max(_FEW_TEXTS, n_values / 2)
    return "text" if is_free else "category"


def may_be(frame: Frame, name: str) -> tuple[str, ...]:
    """What a user may have a column taken for."""
    kind = frame.kind(name)
    if frame.types.get(name) == "time of day":
        kind = "time of day"
    if kind == "whole number":
        kind = "number"
    return _MAY_BE.get(_TYPES.get(kind, kind), ("leave out",))


def is_learnable(frame: Frame, name: str) -> bool:
    """Whether a column is of a kind that is read."""
    return frame.kind(name) in READABLE
