"""A stream shows every example once an epoch, early or late by the odds of its task."""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toys import task
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.stream import Stream
from workbench.methods.curricula.blurred import Blurred
from workbench.methods.curricula.drift import Drift

SIZES = {"a": 50, "b": 23, "c": 71}


def stages(kind: str, epochs: int = 1, **more: Any) -> list[Stage]:
    made: Any = Blurred if kind == "blurred" else Drift
    chosen = more if kind == "blurred" else {"drift": kind, **more}
    return made(made.Settings(**chosen)).stages(list(SIZES), epochs)


def stream(
    found: list[Stage], sizes: dict[str, int] | None = None, batch_size: int = 4, seed: int = 0
) -> Stream:
    tasks = {name: task(name, n) for name, n in (sizes or SIZES).items()}
    return Stream(tasks, found, batch_size, torch.Generator().manual_seed(seed))


def drawn(made: Stream) -> list[tuple[str, list[int]]]:
    """Task and positions of every batch."""
    collected: list[tuple[str, list[int]]] = []
    for _ in range(sum(made.steps)):
        batch = made.draw()
        ((name, positions),) = made.drawn.items()
        assert list(batch) == [name]
        collected.append((name, positions.tolist()))
    return collected


KINDS = ("sudden", "gradual", "incremental", "recurring", "blurred")


@pytest.mark.parametrize("epochs", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_shown_once_an_epoch_and_never_before_the_others_were(
    kind: str, epochs: int
):
    result = drawn(stream(stages(kind, epochs)))
    for name, n in SIZES.items():
        shown = [i for task, positions in result if task == name for i in positions]
        assert len(shown) == epochs * n
        for start in range(0, len(shown), n):
            assert sorted(shown[start : start + n]) == list(range(n))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=5),
    st.sampled_from(KINDS),
    st.integers(1, 3),
    st.integers(1, 40),
    st.floats(0.02, 0.5),
)
def test_streams_of_any_sizes_show_each_example_as_often_as_there_are_epochs(
    sizes: list[int], kind: str, epochs: int, batch_size: int, width: float
):
    names = [f"t{i}" for i in range(len(sizes))]
    made: Any = Blurred if kind == "blurred" else Drift
    chosen = {"width": width} if kind == "blurred" else {"drift": kind, "width": width}
    planned_stages = made(made.Settings(**chosen)).stages(names, epochs)
    whole = stream(planned_stages, dict(zip(names, sizes, strict=True)), batch_size)
    shown = Counter((task, i) for task, positions in drawn(whole) for i in positions)
    few = kind == "recurring" and any(-(-n // batch_size) * epochs < 2 for n in sizes)
    assert few or set(shown.values()) == {epochs}
    assert len(shown) == sum(sizes)
    assert len(whole.steps) == len(planned_stages)


def test_a_recurring_task_comes_back_with_another_part_of_its_examples():
    made = stream(stages("recurring", rounds=2))
    result = drawn(made)
    ends = np.cumsum([0, *made.steps])
    parts = [{i for _, positions in result[a:b] for i in positions} for a, b in pairwise(ends)]
    assert not parts[0] & parts[3]
    assert parts[0] | parts[3] == set(range(SIZES["a"]))


@pytest.mark.parametrize(("kind", "width"), [("gradual", 1.0), ("blurred", 0.5)])
def test_any_stretch_has_as_many_batches_of_a_task_as_its_odds_say(kind: str, width: float):
    result = stages(kind, width=width)
    made = stream(result, dict.fromkeys(SIZES, 1000), batch_size=1)
    names = [name for name, _ in drawn(made)]
    expected = np.zeros(3000)
    for i, stage in enumerate(result):
        assert stage.mixture is not None
        odds = [stage.mixture((k + 0.5) / 1000).get("b", 0.0) for k in range(1000)]
        expected[1000 * i : 1000 * (i + 1)] = odds
    arrived = np.cumsum([name == "b" for name in names])
    assert np.abs(arrived - np.cumsum(expected)).max() < 4


def test_two_seeds_give_two_orders_of_tasks_and_one_seed_one():
    one, same, other = (
        [name for name, _ in drawn(stream(stages("gradual", width=1.0), seed=seed))]
        for seed in (0, 0, 1)
    )
    assert one == same != other


def test_what_came_is_marked_once_however_long_it_is_and_taken_once():
    made = stream(stages("sudden", epochs=40))
    for n_drawn in (1, 300):
        for _ in range(n_drawn):
            made.draw()
        assert [len(marks) for marks in made._arrived.values()] == [50]
        assert len(made.arrived["a"]) == (4 if n_drawn == 1 else 50)
    again = stream(stages("sudden", epochs=40), seed=1)
    again.load_state_dict(made.state_dict())
    assert again.arrived["a"].equal(made.arrived["a"])
    assert list(made.take(["a", "b"])) == ["a"]
    assert made.arrived == {}


@pytest.mark.parametrize("n_before", [0, 1, 9, 33])
def test_a_loaded_stream_draws_what_the_saved_one_would(n_before: int):
    saved = stream(stages("gradual", width=1.0), seed=0)
    loaded = stream(stages("gradual", width=1.0), seed=1)
    for _ in range(n_before):
        saved.draw()
    loaded.load_state_dict(saved.state_dict())
    for _ in range(30):
        ((name, one),) = saved.draw().items()
        ((also, two),) = loaded.draw().items()
        assert name == also
        assert torch.equal(one.inputs["x"], two.inputs["x"])


def test_a_fresh_batch_is_of_what_came_and_leaves_the_stream_as_it_is():
    plain, peeked = (stream(stages("gradual", width=1.0)) for _ in range(2))
    for _ in range(12):
        one, two = plain.draw(), peeked.draw()
        ((name, part),) = peeked.fresh().items()
        data = peeked.sources[name].inputs["x"][peeked.sources[name].shown]
        assert (part.inputs["x"][:, None] == data[None]).all(-1).any(1).all()
        assert torch.equal(one[name].inputs["x"], two[name].inputs["x"])


def test_a_task_of_its_own_stage_that_never_has_a_chance_is_an_error():
    never = [Stage("a", ("a",), 1, mixture=lambda progress: {"b": 1.0}), Stage("b", ("b",), 1)]
    with pytest.raises(ValueError, match="give a no chance"):
        stream(never)
