"""Sums of the data: equal for what is learned from alike, and other for anything else."""

from dataclasses import replace
from unittest import mock

import pytest
import torch
from torch import Tensor

from workbench.engine.build import data_sums
from workbench.engine.build.catalogue import discover
from workbench.engine.build.data_sums import sums_of
from workbench.engine.build.tasks import select
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Part, Task
from workbench.spec.experiment import Spec, TaskChoice


def chosen(**settings: object) -> dict[str, Task]:
    choice = TaskChoice(family="digits-attributes", **settings)  # pyright: ignore
    return select(Spec(tasks=(choice,)), discover(), torch.device("cpu"))


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return chosen()


def changed(task: Task, values: Tensor) -> Task:
    part = task.data["val"]
    (view,) = part.inputs
    return replace(task, data={**task.data, "val": Part({view: values}, part.target)})


def test_the_same_data_have_the_same_sum_and_each_task_its_own(tasks: dict[str, Task]) -> None:
    sums = sums_of(tasks)
    assert sums == sums_of(chosen())
    assert len(set(sums.values())) == len(tasks)
    assert all(len(one) == 64 for one in sums.values())


def test_any_other_value_order_or_shape_is_another_sum(tasks: dict[str, Task]) -> None:
    name, task = next(iter(tasks.items()))
    (values,) = task.data["val"].inputs.values()
    other = values.clone()
    other[3, 5] += 1e-6
    swapped = values.clone()
    swapped[[0, 1]] = values[[1, 0]]
    variants = [other, swapped, values[:-1], values.double(), values.reshape(len(values), 8, -1)]
    sums = {sums_of({name: changed(task, variant)})[name] for variant in variants}
    assert sums_of({name: changed(task, values.clone())}) == {name: sums_of(tasks)[name]}
    assert len(sums | {sums_of(tasks)[name]}) == len(variants) + 1


def test_inputs_that_tasks_share_are_read_once(tasks: dict[str, Task]) -> None:
    read: list[int] = []
    digest = data_sums._digest

    def noted(values: Tensor) -> bytes:
        read.append(id(values))
        return digest(values)

    with mock.patch.object(data_sums, "_digest", noted):
        sums_of(tasks)
    assert len(read) == len(set(read)) == 3 + 3 * len(tasks)


def test_a_pool_is_read_and_not_written_out(tasks: dict[str, Task]) -> None:
    name, task = next(iter(tasks.items()))
    pool = torch.arange(12.0).reshape(4, 3)
    positions = torch.tensor([[0, 1], [2, 3], [0, 3]])
    one = changed(task, Pooled(pool, positions))
    with mock.patch.object(Pooled, "plain", side_effect=AssertionError):
        first = sums_of({name: one})
    other = changed(task, Pooled(pool, positions.flip(0)))
    assert first != sums_of({name: other})


def test_truths_and_nothing_at_all_have_sums(tasks: dict[str, Task]) -> None:
    name, task = next(iter(tasks.items()))
    sums = [
        sums_of({name: changed(task, values)})[name]
        for values in (torch.zeros(0, 3), torch.zeros(4, 2, dtype=torch.bool), torch.tensor(1.0))
    ]
    assert len(set(sums)) == 3
