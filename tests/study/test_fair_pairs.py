"""Runs on one seed are fair pairs: what is not shared takes the same steps from the same start."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch

from tests.contracts.faces import ENTRIES
from tests.engine.toys import Run
from workbench.engine.roles.sharing import module_name
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Choice, Optimizer, Schedule, Spec, TaskChoice, Training
from workbench.study.plan import joint
from workbench.study.transfer import TransferPlan, plan_transfer

CATALOGUE = {(entry.role, entry.key): entry for entry in ENTRIES}

#: Tasks of different sizes and kinds of input; two that share theirs; and two that are alike.
MIXED = (
    TaskChoice(family="digits-attributes", task="digit"),
    TaskChoice(family="wine", task="grower"),
    TaskChoice(family="digits-attributes", task="parity"),
    TaskChoice(family="digits-attributes", task="prime"),
    TaskChoice(family="related-regressions", task="regression-2", samples=150),
)


def spec(tasks: Sequence[TaskChoice] = MIXED, **changes: Any) -> Spec:
    fields: dict[str, Any] = {
        "tasks": tuple(tasks),
        "encoder": Choice(kind="mlp", hidden=[16, 16]),
        "sharing": Choice(kind="separate"),
        "training": Training(epochs=2, threads=1, evaluate_every=0),
        "probes": {"every": 0},
    }
    return Spec(**{**fields, **changes})


def facts_of(spec: Spec) -> tuple[TaskFacts, ...]:
    return Run(spec).trainer.began.tasks


def planned(spec: Spec) -> TransferPlan:
    return plan_transfer(spec, CATALOGUE, facts_of(spec))


def batches(run: Run, task: str, n: int) -> list[torch.Tensor]:
    """The task's inputs in the first `n` batches."""
    drawn = [run.trainer.plan.samplers[0].draw()[task] for _ in range(n)]
    return [next(iter(part.inputs.values())) for part in drawn]


@pytest.mark.parametrize(
    "optimizer",
    [
        Optimizer(kind="sgd", lr=0.05),
        Optimizer(kind="sgd", lr=0.05, momentum=0.9, weight_decay=0.01),
        Optimizer(kind="adam", lr=0.01),
        Optimizer(kind="adamw", lr=0.01, weight_decay=0.1, schedule=Schedule(kind="cosine")),
    ],
    ids=["sgd", "momentum", "adam", "adamw"],
)
def test_where_nothing_is_shared_nothing_changes(optimizer: Optimizer):
    experiment = spec(optimizer=optimizer)
    plan = planned(experiment)
    together = Run(experiment).to_the_end()
    assert together.trainer.at.step == 40
    for task, alone in zip(plan.tasks, plan.alone, strict=True):
        run = Run(alone).to_the_end()
        assert run.trainer.at.step == together.trainer.at.step
        (own,) = run.trainer.names
        assert run.last.scores[own] == together.last.scores[task.name]
        network = dict(together.model.networks[module_name(task.name)].named_parameters())
        for name, values in run.model.networks[module_name(own)].named_parameters():
            assert torch.equal(values, network[name]), (task.name, name)
    for (i, j), pair in plan.pairs.items():
        if i + j > 2:
            continue
        run = Run(pair).to_the_end()
        for task, own in zip((plan.tasks[i], plan.tasks[j]), run.trainer.names, strict=True):
            assert run.last.scores[own] == together.last.scores[task.name]


def test_alone_a_task_starts_as_its_part_of_the_trunk_on_the_same_batches():
    experiment = spec(sharing=Choice(kind="hard"))
    together = Run(experiment)
    drawn = {task: batches(Run(experiment), task, 25) for task in together.trainer.names}
    for task, alone in zip(planned(experiment).tasks, planned(experiment).alone, strict=True):
        run = Run(alone)
        (own,) = run.trainer.names
        stem = together.model.stems[together.model.stem_of[task.name]]
        for part, same in (
            (run.model.stems[0], stem),
            (run.model.body, together.model.body),
            (
                run.model.heads.by_name[module_name(own)],
                together.model.heads.by_name[module_name(task.name)],
            ),
        ):
            for a, b in zip(part.parameters(), same.parameters(), strict=True):
                assert torch.equal(a, b)
        for a, b in zip(batches(run, own, 25), drawn[task.name], strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize("kind", ["separate", "soft", "cross-stitch", "sluice", "cgc", "ple"])
def test_alone_a_task_starts_as_its_own_tower(kind: str):
    experiment = spec(MIXED[:3:2], sharing=Choice(kind=kind))
    together = dict(Run(experiment).model.named_parameters())
    for alone in planned(experiment).alone:
        for values in Run(alone).model.parameters():
            assert any(
                values.shape == other.shape and torch.equal(values, other)
                for other in together.values()
            )


def test_every_task_of_a_pair_gets_as_many_updates_as_in_the_experiment():
    plan = planned(spec())
    wanted = {task.name: task.updates for task in plan.tasks}
    assert set(wanted.values()) == {40}
    assert len({task.updates_alone for task in plan.tasks}) == 3
    for made in (*plan.alone, *plan.pairs.values()):
        assert {facts.updates for facts in facts_of(made)} == {40}


def test_where_epochs_come_to_as_many_updates_a_run_alone_is_a_plain_one():
    plan = planned(spec(MIXED[:3:2]))
    assert [alone.training for alone in plan.alone] == [plan.spec.training] * 2


def test_lifelong_tasks_keep_their_own_length():
    plan = planned(spec(curriculum=Choice(kind="sequential")))
    assert {alone.training for alone in plan.alone} == {plan.spec.training}
    assert {task.name: task.updates for task in plan.tasks}["grower"] == 4


def test_the_joint_bound_gives_each_task_the_updates_and_examples_of_its_stage():
    experiment = spec(MIXED[:2], curriculum=Choice(kind="sequential"))
    own = {facts.name: facts.updates for facts in facts_of(experiment)}
    bound = joint(experiment)
    assert {facts.name: facts.updates for facts in facts_of(bound)} == own
    together = Run(bound)
    draw = together.trainer.plan.samplers[0].draw
    seen = dict.fromkeys(own, 0)
    counts = dict.fromkeys(own, 0)
    for _ in range(together.trainer.began.total_steps):
        for name, part in draw().items():
            seen[name] += 1
            counts[name] += len(part)
    assert seen == own
    for facts in together.trainer.began.tasks:
        assert counts[facts.name] == 2 * facts.n_train
