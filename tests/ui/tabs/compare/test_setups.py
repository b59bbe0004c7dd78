"""Runs as setups, curves and experiments, without a window."""

import numpy as np
import pytest

from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from tests.ui.tabs.compare.test_panel import four, model_of, other_spec
from workbench.study.comparison.experiments import Comparison, Finding
from workbench.study.spread import Spread, spread_of
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.compare.setups import SetupCache, curve_of, setups_of


def young(n_scores: int, seed: int = 1) -> RunModel:
    """A run that goes on."""
    model = RunModel(seed, sequential_spec())
    for event in FakeRunner().run(sequential_spec(), seed):
        model.feed(event)
        if len(model.scores[0]) == n_scores:
            break
    return model


def test_runs_of_one_setup_are_one_with_several_seeds() -> None:
    setups = setups_of(four())
    assert [(setup.name, setup.seeds) for setup in setups] == [
        ("See forgetting", (0, 1)),
        ("With EWC", (0, 1)),
    ]


def test_setups_of_one_name_are_told_apart() -> None:
    spec = sequential_spec()
    tuned = spec.model_copy(update={"optimizer": spec.optimizer.model_copy(update={"lr": 0.5})})
    setups = setups_of([model_of(spec, 0), model_of(tuned, 0), model_of(spec, 1)])
    assert [setup.name for setup in setups] == [spec.name, f"{spec.name} (optimizer.lr=0.5)"]


@pytest.mark.parametrize("spread", Spread)
def test_a_curve_is_the_mean_over_seeds_with_the_spread_that_was_chosen(spread: Spread) -> None:
    models = four()[:2]
    curve = curve_of(setups_of(models)[0], "2-3", spread)
    both = np.stack([model.scores[1][:, 1] for model in models])
    bounds = spread_of(both, spread)
    assert np.array_equal(curve.steps, models[0].scores[0])
    np.testing.assert_array_equal(curve.mean, bounds.mean)
    np.testing.assert_array_equal(curve.low, bounds.low)
    np.testing.assert_array_equal(curve.high, bounds.high)
    assert curve.unfinished == ()
    assert len(curve_of(setups_of(models)[0], "no such task").steps) == 0


def test_a_run_that_goes_on_is_drawn_beside_the_mean_of_those_that_ended() -> None:
    done = four()[0]
    curve = curve_of(setups_of([done, young(3)])[0], None)
    assert np.array_equal(curve.steps, done.scores[0])  # the mean is not cut short by it
    ((steps, values),) = curve.unfinished
    assert len(steps) == len(values) == 3
    alone = curve_of(setups_of([young(3)])[0], None)
    assert len(alone.steps) == len(alone.mean) == 3
    assert alone.unfinished == ()


def test_an_unfinished_run_is_not_subtracted() -> None:
    cache = SetupCache()
    models = [*four()[:2], model_of(other_spec(), 0, keeps=0.9)]
    going = RunModel(1, other_spec())
    for event in list(FakeRunner(keeps=0.9).run(other_spec(), 1))[:-1]:
        going.feed(event)
    setups = cache.setups([*models, going])
    experiments = [cache.experiment(setup, {}) for setup in setups]
    comparison = Comparison(experiments, 0)
    assert experiments[1].unfinished == (1,)
    difference = comparison.differences(comparison.figures[0])[1]
    assert difference is not None
    assert difference.finding is Finding.SINGLE
    assert difference.estimate is not None
    assert difference.estimate.n == 1


def test_an_experiment_stays_the_same_object_while_its_runs_do() -> None:
    cache = SetupCache()
    models = four()
    first = [cache.experiment(setup, {}) for setup in cache.setups(models)]
    catalogue = {}
    first = [cache.experiment(setup, catalogue) for setup in cache.setups(models)]
    more = [*models, model_of(other_spec(), 2, keeps=0.9)]
    second = [cache.experiment(setup, catalogue) for setup in cache.setups(more)]
    assert second[0] is first[0]
    assert second[1] is not first[1]
    assert len(second[1].outcomes) == 3
