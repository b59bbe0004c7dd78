"""Field checks: whether a value fits what a field of an event is declared to be."""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from workbench.spec.event import Event

#: Whole numbers beyond this are no steps and no counts, and would not fit an array.
LARGEST = 2**53


def is_whole(value: Any) -> bool:
    """Whether it is a whole number that may count something."""
    return type(value) is int and abs(value) < LARGEST


@cache
def checks_of(kind: type[Event]) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
    """By field of an event: whether a value is what its annotation says."""
    hints = get_type_hints(kind)
    return tuple((f.name, _check(hints[f.name])) for f in fields(kind))


@cache
def _check(hint: Any) -> Callable[[Any], bool]:
    origin, inside = get_origin(hint), get_args(hint)
    if hint is int:
        return is_whole
    if hint is float:
        return lambda v: type(v) is float or is_whole(v)
    if hint in (str, bool, type(None)):
        return lambda v: type(v) is hint
    if origin is Literal:
        return lambda v: type(v) is str and v in inside
    if origin in (Union, types.UnionType):
        options = [_check(one) for one in inside]
        return lambda v: any(fits(v) for fits in options)
    if origin is np.ndarray:
        return lambda v: isinstance(v, np.ndarray)
    if origin is dict:
        key, item = _check(inside[0]), _check(inside[1])
        return lambda v: type(v) is dict and _are_pairs(cast("dict[Any, Any]", v), key, item)
    if origin is tuple and inside[-1] is Ellipsis:
        each = _check(inside[0])
        return lambda v: type(v) is tuple and all(map(each, cast("tuple[Any, ...]", v)))
    if origin is tuple:
        parts = [_check(one) for one in inside]
        return lambda v: type(v) is tuple and _are_each(cast("tuple[Any, ...]", v), parts)
    if is_dataclass(hint):
        own = [(f, _check(one)) for f, one in get_type_hints(hint).items()]
        return lambda v: type(v) is hint and all(fits(getattr(v, f)) for f, fits in own)
    raise TypeError(f"no check for {hint}")


def _are_pairs(
    values: dict[Any, Any], key: Callable[[Any], bool], item: Callable[[Any], bool]
) -> bool:
    return all(key(k) and item(v) for k, v in values.items())


def _are_each(values: tuple[Any, ...], parts: list[Callable[[Any], bool]]) -> bool:
    return len(values) == len(parts) and all(
        fits(value) for fits, value in zip(parts, values, strict=True)
    )
