"""How a learner adapts, read back: only what can be drawn is taken for whole."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.ui.adapted import KINDS, Kind, adapted
from workbench.spec.event import Adapted
from workbench.store.encoding.adaptation_data import is_whole
from workbench.store.encoding.event_data import data_of, event_of


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [(1,), tuple(range(6))])
def test_what_was_told_is_read_back_whole(kind: Kind, steps: tuple[int, ...]):
    told = adapted("a", 20, kind, steps=steps, references=(("a guess", 0.25),))
    assert is_whole(told)
    read = event_of(data_of(told, 20))
    assert read == (told, 20)
    assert read is not None
    assert isinstance(read[0], Adapted)
    assert is_whole(read[0])


NONE = np.zeros(0, np.float32)

#: A field of the event or of its first small task, and what it must not be.
WRONG: list[tuple[Kind, str, Any]] = [
    ("lines", "inner_steps", ()),
    ("lines", "inner_steps", (0, 1, 2, 3, 5, 4)),
    ("lines", "inner_steps", (-1, 1, 2, 3, 4, 5)),
    ("lines", "inner_steps", (0, 1)),
    ("lines", "losses", NONE),
    ("lines", "losses", np.zeros((5, 8), np.float32)),
    ("lines", "scores", NONE),
    ("lines", "y", NONE),
    ("lines", "query_x", np.zeros((2, 2), np.float32)),
    ("lines", "axis", NONE),
    ("lines", "answers", NONE),
    ("classes", "answered", np.zeros((6, 2), np.uint8)),
    ("classes", "wanted", np.zeros(2, np.uint8)),
    ("classes", "support", np.zeros((2, 2), np.uint8)),
    ("pictures", "places", np.zeros((3, 2), np.float32)),
    ("pictures", "pictures", np.zeros(4, np.uint8)),
    ("pictures", "pictures", np.zeros((15, 8, 8, 2), np.uint8)),
    ("values", "answers", np.zeros((6, 2), np.float32)),
    ("values", "wanted", np.zeros((7, 1), np.float32)),
]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG)
def test_what_cannot_be_drawn_is_not_whole(kind: Kind, name: str, value: Any):
    told = adapted("a", 20, kind)
    place = {"lines": "lines", "values": "values"}.get(kind, "classes")
    if name in ("inner_steps", "losses", "scores"):
        broken = replace(told, **{name: value})
    else:
        first, *others = getattr(told, place)
        broken = replace(told, **{place: (replace(first, **{name: value}), *others)})
    assert not is_whole(broken)
