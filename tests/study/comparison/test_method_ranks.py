"""Methods over the tasks of one experiment, and of several data."""

import pytest

from tests.study.comparison.made import experiment, spec
from workbench.spec.experiment import Spec
from workbench.study.comparison.method_ranks import method_ranks

METHODS = ("none", "ewc", "si")


def tuned(setup: Spec, lr: float) -> Spec:
    return setup.model_copy(update={"optimizer": setup.optimizer.model_copy(update={"lr": lr})})


def test_methods_on_one_data_rank_over_its_tasks() -> None:
    tasks = ("a", "b", "c")
    many = [
        experiment(name, [score, score], setup=spec(name), tasks=tasks)
        for name, score in zip(METHODS, (0.5, 0.9, 0.7), strict=True)
    ]
    ranks = method_ranks(many)
    assert ranks is not None
    assert ranks.methods == METHODS
    assert ranks.tasks == tasks
    assert ranks.ranking.order == (1, 2, 0)
    assert ranks.ranking.ranks == (1.0, 2.0, 3.0)
    assert method_ranks(many[:2]) is None


def test_a_method_is_found_again_on_other_data_though_it_is_tuned_there() -> None:
    many = [
        experiment(f"{name} {noise}", [score], setup=tuned(spec(name, noise=noise), lr + noise))
        for noise in (0.0, 0.1, 0.2)
        for name, score, lr in zip(METHODS, (0.5, 0.9, 0.7), (0.1, 0.2, 0.3), strict=True)
    ]
    ranks = method_ranks(many)
    assert ranks is not None
    assert ranks.methods == ("none", "EWC", "si")  # by title where the catalogue has one
    assert len(ranks.tasks) == 6
    assert ranks.ranking.n_tasks == 6
    assert ranks.ranking.order == (1, 2, 0)
    # what was not tried on all data has no part
    again = method_ranks([*many, experiment("x", [1.0], setup=spec("lwf"))])
    assert again == ranks


def test_settings_are_methods_where_the_choices_are_the_same() -> None:
    many = [
        experiment(f"{lr}", [lr], setup=tuned(spec(noise=noise), lr))
        for noise in (0.0, 0.1)
        for lr in (0.1, 0.2, 0.3)
    ]
    ranks = method_ranks(many)
    assert ranks is not None
    assert ranks.methods == ("0.1", "0.2", "0.3")
    assert ranks.ranking.order == (2, 1, 0)


def test_less_of_a_loss_ranks_first() -> None:
    many = [
        experiment(name, [score], setup=spec(name), metric="mse", higher_is_better=False)
        for name, score in zip(METHODS, (0.5, 0.9, 0.7), strict=True)
    ]
    ranks = method_ranks(many)
    assert ranks is not None
    assert ranks.ranking.order == (0, 2, 1)


@pytest.mark.parametrize("status", ["diverged", "stopped", ""])
def test_a_method_without_a_finished_run_has_no_rank(status: str) -> None:
    many = [experiment(name, [0.5], setup=spec(name)) for name in METHODS]
    unfinished = experiment("x", [0.9], setup=spec("lwf"), status={0: status})
    ranks = method_ranks([*many, unfinished])
    assert ranks is not None
    assert "x" not in ranks.methods
    assert method_ranks([]) is None
