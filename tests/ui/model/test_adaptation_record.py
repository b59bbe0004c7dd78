"""What is kept of how a learner adapts: every curve, and small tasks while there is room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.adapted import KINDS, Kind, adapted
from workbench.spec.event import Adapted
from workbench.spec.shown.adaptation import AdaptedClasses
from workbench.study.interval import estimate
from workbench.ui.model.adaptation_record import AdaptationRecord, StepCurve
from workbench.ui.model.run_model import RunModel

TASKS = ("a", "b")


def told(*steps: int, tasks: tuple[str, ...] = TASKS, kind: Kind = "lines") -> list[Adapted]:
    """Events at these steps; every tenth is a stage's end."""
    return [
        adapted(task, step, kind, stage=step // 10, ends_stage=step % 10 == 0)
        for step in steps
        for task in tasks
    ]


def record_of(events: list[Adapted], most_bytes: int = 1 << 30) -> AdaptationRecord:
    record = AdaptationRecord(most_bytes)
    for event in events:
        record.add(event)
    return record


numbers = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([np.nan, np.inf, -np.inf]))


@given(st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_mean_and_its_interval_are_those_of_the_finite_losses(rows: list[list[float]]):
    losses = np.array(rows, dtype=np.float32)
    curve = StepCurve.of(tuple(range(len(rows))), losses, losses[:, 0])
    low, high = curve.band
    for k, row in enumerate(losses):
        known = estimate(float(x) for x in row)
        assert curve.n_left_out[k] == int((~np.isfinite(row)).sum())
        if known is None:
            assert np.isnan([curve.mean[k], low[k], high[k]]).all()
            continue
        assert curve.mean[k] == pytest.approx(known.mean, rel=1e-9, abs=1e-9)
        if known.low is None or known.high is None:
            assert np.isnan([low[k], high[k]]).all()
        else:
            assert low[k] == pytest.approx(known.low, rel=1e-6, abs=1e-6)
            assert high[k] == pytest.approx(known.high, rel=1e-6, abs=1e-6)


@given(
    steps=st.lists(st.integers(0, 200), min_size=1, max_size=12, unique=True).map(sorted),
    cut=st.integers(0, 11),
    again=st.integers(0, 12),
)
def test_a_resumed_run_is_kept_as_one_that_was_not_interrupted(
    steps: list[int], cut: int, again: int
):
    """It was cut short after any event, and tells again what came after its checkpoint."""
    whole = told(*steps)
    cut_short = whole[: 2 * cut + 1]
    resumed = record_of([*cut_short, *whole[2 * min(again, cut) :]])
    expected = record_of(whole)
    assert [m.step for m in resumed.moments] == steps
    assert resumed.tasks == expected.tasks
    for a, b in zip(resumed.moments, expected.moments, strict=True):
        assert (a.stage, a.ends_stage) == (b.stage, b.ends_stage)
        assert list(a.tasks) == list(b.tasks)
        for task in a.tasks:
            assert a.tasks[task].shown == b.tasks[task].shown
            assert np.array_equal(a.tasks[task].curve.mean, b.tasks[task].curve.mean)
    assert resumed._n_bytes == expected._n_bytes


@pytest.mark.parametrize("kind", KINDS)
def test_small_tasks_are_let_go_of_where_they_take_too_much_and_curves_are_not(kind: Kind):
    room = 40_000
    record = record_of(told(*range(1, 401), kind=kind), room)
    assert [m.step for m in record.moments] == list(range(1, 401))
    assert all(set(m.tasks) == set(TASKS) for m in record.moments)
    kept = [m.step for m in record.moments if m.has_shown]
    assert kept[-1] == 400
    assert [step for step in kept if step % 10 == 0] == list(range(10, 401, 10))
    ends = record_of(told(*range(10, 401, 10), kind=kind))
    assert record._n_bytes <= max(room, ends._n_bytes + 2 * record.moments[-1].tasks["a"].n_bytes)


def test_pictures_are_kept_once():
    record = record_of(told(1, 2, 3, tasks=("a",), kind="pictures"))
    kept = [moment.tasks["a"].shown[0] for moment in record.moments]
    assert all(isinstance(one, AdaptedClasses) for one in kept)
    assert len({id(one.pictures) for one in kept if isinstance(one, AdaptedClasses)}) == 1
    first, second = (moment.tasks["a"].n_bytes for moment in record.moments[:2])
    assert first - second == sum(
        one.pictures.nbytes
        for one in record.moments[0].tasks["a"].shown
        if isinstance(one, AdaptedClasses)
    )


def test_each_event_makes_another_version():
    model = RunModel()
    versions = [model.adaptation_version]
    for event in told(1, 2):
        model.feed(event)
        versions.append(model.adaptation_version)
    assert len(set(versions)) == len(versions)
    assert len(model.adaptation.moments) == 2
