"""Last, best and mean are those of the validation scores, in the direction that is better."""

from dataclasses import replace

import numpy as np
import pytest

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec
from workbench.spec.event import Began, Evaluated
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.score_summary import NO_FIGURES, score_figures


def model(higher_is_better: bool = True) -> RunModel:
    began = next(e for e in FakeRunner().run(joint_spec(), 0) if isinstance(e, Began))
    tasks = tuple(replace(task, higher_is_better=higher_is_better) for task in began.tasks)
    rows = ((10, (0.5, np.nan)), (20, (0.9, np.nan)), (30, (0.7, np.nan)))
    losses = np.zeros(2, dtype=np.float32)
    events = [Evaluated(s, 0, "val", np.array(r, np.float32), losses, False) for s, r in rows]
    return RunModel.of([replace(began, tasks=tasks), *events])


@pytest.mark.parametrize(("higher", "best", "step"), [(True, 0.9, 20), (False, 0.5, 10)])
def test_last_best_and_mean(higher: bool, best: float, step: int) -> None:
    figures = score_figures([model(higher)])
    assert (figures[0].last, figures[0].best) == pytest.approx((0.7, best))
    assert figures[0].best_step == step
    assert figures[0].mean == pytest.approx(0.7)
    assert figures[1] == NO_FIGURES


def test_before_a_validation_there_are_none() -> None:
    began = next(e for e in FakeRunner().run(joint_spec(), 0) if isinstance(e, Began))
    assert score_figures([RunModel.of([began])]) == [NO_FIGURES, NO_FIGURES]
