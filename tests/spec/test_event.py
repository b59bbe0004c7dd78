"""Events: what makes two of them equal, and what two equal runs share."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from tests import fakes
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import CheckpointSaved, Evaluated, Intervened, StepsDone


def test_equal_runs_are_equal_nan_and_all():
    assert list(fakes.run(1)) == list(fakes.run(1))
    assert list(fakes.run(1)) != list(fakes.run(2))


def test_the_clock_and_the_machine_do_not_count():
    first = fakes.began()
    assert replace(first, device="cuda", threads=8, run_id="x") == first
    assert replace(fakes.block(0, 3), train_seconds=9.0) == fakes.block(0, 3)
    assert CheckpointSaved(1, "here") == CheckpointSaved(1, "there")
    assert replace(first, parameters=1) != first


def test_further_scores_count_by_metric_and_number():
    def told(*chrf: float, name: str = "chrf") -> Evaluated:
        scores = np.array([1.0, 0.0], dtype=np.float32)
        more = {name: np.array(chrf, dtype=np.float32)}
        return Evaluated(3, 0, "val", scores, scores, False, more)

    assert told(0.5, np.nan) == told(0.5, np.nan)
    assert told(0.5, 0.25) != told(0.5, 0.5)
    assert told(0.5, 0.25) != told(0.5, 0.25, name="bleu")


def test_events_of_other_kinds_and_other_things_are_never_equal():
    assert Intervened(1, None, 0.5) != CheckpointSaved(1)
    assert CheckpointSaved(1) != 1


def test_shape_and_every_number_count():
    block = fakes.block(0, 3)
    assert block != replace(block, rates=block.rates[:2])
    changed = block.weights.copy()
    changed[1, 0] += 1
    assert block != replace(block, weights=changed)


def test_events_are_frozen_not_hashable_and_survive_a_pipe():
    for event in fakes.run():
        assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301 - our own bytes
        with pytest.raises(FrozenInstanceError):
            event.step = 3  # pyright: ignore[reportAttributeAccessIssue]
        with pytest.raises(TypeError):
            hash(event)


def test_a_block_knows_its_first_step():
    assert fakes.block(7, 12).first_step == 7


def test_joined_does_not_depend_on_where_blocks_are_cut():
    events = list(fakes.run())
    cut = [
        piece
        for event in events
        for piece in (_cut(event) if isinstance(event, StepsDone) else [event])
    ]
    assert len(cut) > len(events)
    assert joined(cut) == joined(events)
    assert not any(isinstance(event, CheckpointSaved) for event in joined(events))
    blocks = [event for event in joined(cut) if isinstance(event, StepsDone)]
    assert [len(block.losses) for block in blocks] == [20, 20]
    assert sum(block.train_seconds for block in blocks) == pytest.approx(0.04)


def test_joined_keeps_blocks_apart_where_something_happened_between():
    change = Intervened(3, "first", 0.5)
    events = [fakes.block(0, 3), change, fakes.block(3, 5)]
    assert joined(events) == events


def _cut(block: StepsDone) -> list[StepsDone]:
    parts = [slice(i, i + 3) for i in range(0, len(block.losses), 3)]
    return [
        StepsDone(
            block.first_step + min(part.stop, len(block.losses)),
            np.array(block.losses[part]),
            block.weights[part],
            block.rates[part],
            block.train_seconds * len(block.losses[part]) / len(block.losses),
        )
        for part in parts
    ]
