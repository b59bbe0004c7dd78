"""From the tasks of a spec to tasks with data."""

import pytest
import torch

from tests.engine.toys import given, methods, spec, task, teaching
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Heads, Loss, TaskChoice

CPU = torch.device("cpu")


def choose(*choices: TaskChoice):
    return select(spec(tasks=choices), methods(), CPU)


def test_without_a_name_every_task_of_the_family_is_chosen():
    tasks = choose(TaskChoice(family="digits-attributes", weight=2.0))
    assert list(tasks) == ["digit", "parity", "at-least-five", "prime", "has-loop"]
    assert {made.weight for made in tasks.values()} == {2.0}


def test_entries_of_one_family_share_their_inputs():
    a, b = choose(
        TaskChoice(family="digits-attributes", task="digit"),
        TaskChoice(family="digits-attributes", task="prime"),
    ).values()
    for split in ("train", "val", "test"):
        assert a.data[split].inputs["pixels"] is b.data[split].inputs["pixels"]


def test_a_name_taken_before_gets_its_family_in_front():
    tasks = choose(
        TaskChoice(family="digits-split", task="0-4", n_tasks=2, scenario="task"),
        TaskChoice(family="digits-split", task="0-4", n_tasks=2, scenario="domain"),
        TaskChoice(family="digits-split", task="0-4", n_tasks=2, scenario="class"),
    )
    assert list(tasks) == ["0-4", "digits-split/0-4", "digits-split/0-4 (2)"]
    assert [made.name for made in tasks.values()] == list(tasks)
    assert len({made.head for made in tasks.values()}) == 3
    assert [(made.entry, made.own_name) for made in tasks.values()] == [
        (0, "0-4"),
        (1, "0-4"),
        (2, "0-4"),
    ]


def test_a_task_chosen_twice_is_refused():
    with pytest.raises(BadSpecError, match=r"tasks\.1: task 0-1 is chosen twice"):
        choose(
            TaskChoice(family="digits-split"),
            TaskChoice(family="digits-split", task="0-1"),
        )


def test_a_task_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadSpecError, match=r"tasks\.0\.task: .*no task '0-9' \(it has: 0-1, 2-3"):
        choose(TaskChoice(family="digits-split", task="0-9"))


def test_settings_are_looked_at():
    with pytest.raises(BadSpecError, match="n_tasks must divide ten"):
        choose(TaskChoice(family="digits-split", n_tasks=3))


def test_data_move_to_the_device_and_shared_inputs_stay_shared():
    inputs = {split: torch.randn(3, 4) for split in ("train", "val", "test")}
    catalogue = teaching(lambda: [task("a", 3, inputs=inputs), task("b", 3, inputs=inputs)])
    a, b = select(given(), catalogue, torch.device("meta")).values()
    for split in inputs:
        assert a.data[split].inputs["x"].is_meta
        assert b.data[split].target.is_meta
        assert a.data[split].inputs["x"] is b.data[split].inputs["x"]


REGRESSIONS = {"family": "related-regressions", "same_inputs": True}


def test_an_entry_says_the_layers_of_its_tasks_heads():
    chosen = spec(
        tasks=(
            TaskChoice(**REGRESSIONS, task="regression-1", head=(64,)),
            TaskChoice(**REGRESSIONS, task="regression-2", head=()),
            TaskChoice(family="digits-attributes", task="digit"),
        ),
        heads=Heads(hidden=(8, 4), norm=True),
    )
    first, second, third = select(chosen, methods(), CPU).values()
    assert first.head_layers == Heads(hidden=(64,), norm=True)
    assert second.head_layers == Heads(norm=True)
    assert third.head_layers == Heads(hidden=(8, 4), norm=True)


def test_tasks_that_share_a_head_agree_on_its_layers():
    shared = {"family": "digits-split", "n_tasks": 2, "scenario": "class"}
    alike = choose(
        TaskChoice(**shared, task="0-4", head=(8,)), TaskChoice(**shared, task="5-9", head=(8,))
    )
    assert len({made.head for made in alike.values()}) == 1
    with pytest.raises(BadSpecError, match=r"tasks\.1\.head: .* share a head.*\[8\] or \[4\]"):
        choose(
            TaskChoice(**shared, task="0-4", head=(8,)), TaskChoice(**shared, task="5-9", head=(4,))
        )
    with pytest.raises(BadSpecError, match=r"tasks\.1\.head: .*\[8\] or \[\]"):
        choose(TaskChoice(**shared, task="0-4", head=(8,)), TaskChoice(**shared, task="5-9"))


def test_an_objective_has_no_head_to_put_layers_in():
    with pytest.raises(BadSpecError, match=r"tasks\.0\.head: .*no head"):
        choose(TaskChoice(family="landscape", head=(8,)))


def test_an_entry_says_what_is_made_small():
    made = choose(TaskChoice(**REGRESSIONS, loss=Loss(kind="absolute")))["regression-1"]
    assert not made.has_usual_loss
    assert made.loss(torch.tensor([[3.0]]), torch.tensor([[1.0]])) == 2.0
    with pytest.raises(BadSpecError, match=r"tasks\.0\.loss\.kind: .*found focal"):
        choose(TaskChoice(**REGRESSIONS, loss=Loss(kind="focal")))
