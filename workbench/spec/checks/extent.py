"""Extent: what can be told from settings alone, before tasks and model are there.

What cannot be told is left to whoever makes them; so each answer here errs on that side.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import Spec

#: Bytes from which on a setup is laid out and counted before it is said to run.
LARGE_BYTES = 1e9
#: Examples of a step that are counted at most.
MANY = 10_000

#: Numbers of one input at most, of families that do not read files; those are laid out anyway.
_INPUT = 3 * 64 * 64
#: Numbers in the inputs of a task at most, of families whose settings do not say how many.
_DATA_SET = 2000 * 64
#: Places of a picture at most, and of a convolution's kernel.
_PLACES, _KERNEL = 64 * 64, 7 * 7
#: Squares of a layer's width that a sharing strategy may add beside it, as attention masks are.
SQUARES = 4
#: Bytes for each parameter: itself, its gradient, and the two numbers of Adam.
_PER_PARAMETER = 16.0
#: Bytes of one number.
_NUMBER = 4.0


def has_known_tasks(entry: Entry, settings: Mapping[str, Any]) -> bool:
    """Whether the tasks of a family at these settings are those that its entry names."""
    is_changed = entry.values(settings) != entry.defaults()
    return bool(entry.tasks) and not ("varying-tasks" in entry.gives and is_changed)


def names_tasks(spec: Spec, catalogue: Catalogue) -> bool:
    """Whether a task is named that may be none, for what there is shows in the tasks alone."""
    for choice in spec.tasks:
        entry = catalogue.get(("tasks", choice.family))
        if choice.task is not None and entry and not has_known_tasks(entry, choice.settings):
            return True
    return any(change.lr is None for change in spec.interventions)


def has_several_sources(spec: Spec) -> bool:
    """Whether inputs may be of several kinds: the tasks are not all of one family, set up alike."""
    first = spec.tasks[0]
    return any(
        (choice.family, choice.settings) != (first.family, first.settings) for choice in spec.tasks
    )


def may_be_large(spec: Spec, catalogue: Catalogue) -> bool:
    """Whether data or model may be more than a machine has; a bound that is far too high."""
    n_tasks, data, n_places = 0, 0.0, 1
    for choice in spec.tasks:
        entry = catalogue.get(("tasks", choice.family))
        values = entry.values(choice.settings) if entry else {}
        amounts = {name: value for name, value in values.items() if not name.endswith("seed")}
        each = _INPUT if "samples" in amounts else _DATA_SET
        n_made = math.prod((*_numbers(amounts), *map(_length, amounts.values())))
        data += _NUMBER * each * n_made
        counts = {name: value for name, value in amounts.items() if name.startswith("n_")}
        lists = [_length(value) for value in amounts.values()]
        named = len(entry.tasks) if entry else 1
        n_tasks += 1 if choice.task else max([named, *_numbers(counts), *lists])
        if entry and "pictures" in entry.gives:
            n_places = _PLACES
    model = _model(spec, catalogue, n_tasks, n_places)
    return data > LARGE_BYTES or model > LARGE_BYTES


def _model(spec: Spec, catalogue: Catalogue, n_tasks: int, n_places: int) -> float:
    """Bytes of parameters with what is kept of each, and of the features of a batch."""
    widths = list(_numbers(_values(spec, catalogue, "encoder"))) or [1]
    trunk = max(widths) * _INPUT + _KERNEL * sum(a * b for a, b in pairwise(widths))
    trunk += SQUARES * sum(width * width for width in widths)
    copies = n_tasks * math.prod(_numbers(_values(spec, catalogue, "sharing")))
    heads = [list(spec.heads.hidden), *(list(choice.head or ()) for choice in spec.tasks)]
    trunk += max(sum(a * b for a, b in pairwise([widths[-1], *hidden, _INPUT])) for hidden in heads)
    features = min(spec.training.batch_size, MANY) * n_places * sum(widths)
    return copies * (_PER_PARAMETER * trunk + _NUMBER * features)


def _values(spec: Spec, catalogue: Catalogue, role: str) -> dict[str, Any]:
    """Every setting of a choice."""
    choice = spec.choice(role)
    entry = catalogue.get((role, choice.kind))
    return entry.values(choice.settings) if entry else choice.settings


def _length(value: Any) -> int:
    """Items of a list or map."""
    return len(value) if isinstance(value, list | dict) else 1


def _numbers(values: Mapping[str, Any]) -> Iterator[int]:
    """The whole numbers among settings, those in lists too, each 1 at least."""
    for value in values.values():
        items: list[Any] = value if isinstance(value, list) else [value]
        yield from (max(n, 1) for n in items if isinstance(n, int) and not isinstance(n, bool))
