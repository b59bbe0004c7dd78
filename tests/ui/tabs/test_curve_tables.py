"""The numbers of the curves: of one run a row a step, of several with the seed of each."""

import numpy as np

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.curve_tables import loss_table, score_table


def models_of(n: int) -> list[RunModel]:
    spec = joint_spec()
    return [RunModel.of(FakeRunner(steps=20).run(spec, seed), seed, spec) for seed in range(n)]


def test_one_run_has_a_row_for_each_step():
    (model,) = models_of(1)
    head, rows = loss_table([model])
    assert head == ["step", *(facts.name for facts in model.tasks)]
    assert np.allclose(np.asarray(rows)[:, 1:], model.steps.losses)


def test_several_seeds_are_told_apart():
    models = models_of(3)
    for table in (loss_table(models), score_table(models)):
        head, rows = table
        assert head[:2] == ["seed", "step"]
        assert {row[0] for row in rows} == {0, 1, 2}
    rows = np.asarray(loss_table(models)[1])
    assert np.allclose(rows[rows[:, 0] == 2][:, 2:], models[2].steps.losses)


def test_nothing_has_no_rows():
    assert loss_table([]) == (["step"], [])
