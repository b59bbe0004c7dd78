"""Kinds of input and output, and what families build their data with."""

from typing import Any

import pytest
import torch

from tests.engine.toys import SPLITS, Run, given, methods, task, teaching
from workbench.engine.build.tasks import select
from workbench.engine.numerics.scaling import standardised
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import make_head
from workbench.engine.roles.task import Objective, Part, Point, Task, Values, Vector, divided, parts
from workbench.spec.check import problems
from workbench.spec.experiment import Choice, Spec, TaskChoice


def total(points: torch.Tensor) -> torch.Tensor:
    return points.sum(1)


def test_an_objective_is_read_off_the_features():
    made = Task("t", {"x": Point(2)}, Objective(total), {})
    head = make_head(made, 2)
    output = head(torch.tensor([[1.0, 2.0], [3.0, 5.0]]))
    assert output.tolist() == [[3.0], [8.0]]
    assert made.loss(output, torch.zeros(2, 1)).item() == 5.5
    assert list(head.parameters()) == []


def test_a_task_of_several_views_is_not_for_a_method_of_one():
    part = Part({"a": torch.zeros(4, 2), "b": torch.zeros(4, 3)}, torch.zeros(4, 1))
    made = Task("t", {"a": Vector(2), "b": Vector(3)}, Values(1), dict.fromkeys(SPLITS, part), "r2")
    with pytest.raises(BadSpecError, match=r"sharing\.kind: takes one view .* several: a, b"):
        Run(given(), teaching(lambda: [made]))


def test_every_metric_of_a_task_is_told_at_the_end_and_one_leads():
    def make() -> list[Task]:
        made = task("a", 40, Values(1))
        made.metric, made.more_metrics = "r2", ("rmse", "mae")
        return [made]

    run = Run(given(), teaching(make)).to_the_end()
    assert list(run.last.scores["a"]) == ["r2", "rmse", "mae", "loss"]
    assert run.last.scores["a"]["r2"] == run.last.matrix[-1, 0]
    assert run.last.scores["a"]["rmse"] ** 2 == pytest.approx(run.last.scores["a"]["loss"])
    assert run.trainer.began.tasks[0].metric == "r2"


def test_settings_that_cannot_be_met_together_are_refused_at_their_place():
    tasks = (
        TaskChoice(family="digits-attributes"),
        TaskChoice(family="related-regressions", n_tasks=3, cosine=-0.9),
    )
    with pytest.raises(BadSpecError) as caught:
        select(Spec(tasks=tasks), methods(), torch.device("cpu"))
    assert caught.value.field == "tasks.1.cosine"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"tasks": (TaskChoice(family="landscape"),)},
            "tasks.0.family: Two-task landscape needs the encoder point",
        ),
        ({"encoder": Choice(kind="point")}, "encoder.kind: A point needs tasks that have no input"),
        (
            {"encoder": Choice(kind="cnn")},
            "encoder.kind: CNN needs tasks whose inputs are pictures",
        ),
        (
            {
                "tasks": (
                    TaskChoice(family="digits-pairs"),
                    TaskChoice(family="digits-attributes"),
                ),
                "encoder": Choice(kind="cnn"),
            },
            "encoder.kind: CNN needs tasks whose inputs are pictures",
        ),
        (
            {"tasks": (TaskChoice(family="digits-views"),)},
            "tasks.0.family: Digits: several views needs a sharing strategy that takes several",
        ),
    ],
)
def test_tasks_and_methods_that_do_not_fit_are_refused_before_a_run(
    changes: dict[str, Any], said: str
):
    spec = Spec(**{"tasks": (TaskChoice(family="digits-attributes"),), **changes})
    entries = [method.entry() for method in methods().methods.values()]
    catalogue = {(entry.role, entry.key): entry for entry in entries}
    assert problems(spec, catalogue)[0].text().startswith(said)


def test_divided_inputs_are_shared_by_the_parts_made_from_them():
    splits = {"train": torch.tensor([2, 0]), "val": torch.tensor([1]), "test": torch.tensor([3])}
    inputs = divided({"x": torch.arange(8.0).view(4, 2)}, splits)
    one, two = (parts(inputs, torch.arange(4) * factor, splits) for factor in (1, 10))
    assert one["train"].inputs["x"] is two["train"].inputs["x"]
    assert one["train"].inputs["x"].tolist() == [[4.0, 5.0], [0.0, 1.0]]
    assert two["train"].target.tolist() == [20, 0]


def test_standardisation_looks_at_training_rows_alone():
    values = torch.tensor([[1.0, 7.0], [3.0, 7.0], [500.0, 9.0]])
    scaled = standardised(values, torch.tensor([0, 1]))
    assert scaled.tolist() == [[-1.0, 0.0], [1.0, 0.0], [498.0, 2.0]]
