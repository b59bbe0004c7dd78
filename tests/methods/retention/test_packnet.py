"""PackNet: whose the weights are, and that what a task answers never changes again."""

import pytest
import torch

from tests.engine.toys import Run, methods, sgd, split_digits, training
from workbench.engine.build import build as session
from workbench.engine.roles.method import BadSpecError
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice, Optimizer, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="task"),)


def run(**changes: object) -> Run:
    fields = {"tasks": TASKS, "training": training(epochs=3), "retention": Choice(kind="packnet")}
    return Run(split_digits(**{**fields, **changes}))


@pytest.mark.parametrize(
    "optimizer",
    [sgd(0.1), sgd(0.1, momentum=0.9, weight_decay=0.01), Optimizer(lr=0.01, weight_decay=0.01)],
    ids=["plain", "momentum", "adam"],
)
@pytest.mark.parametrize("balancing", ["fixed", "pcgrad"])
def test_old_answers_never_change_bit_for_bit(optimizer: Optimizer, balancing: str):
    made = run(optimizer=optimizer, balancing=Choice(kind=balancing))
    update = made.trainer.update
    answers: dict[str, torch.Tensor] = {}
    for i, (name, sampler) in enumerate(zip(update.tasks, made.trainer.plan.samplers, strict=True)):
        stage = StageData(i, (name,), update.tasks, made.model, 9, 3)
        made.trainer.grow(i)
        update.retention.on_stage_start(stage)
        for _ in range(9):
            made.trainer.learner.learn(sampler.draw(), update)
        update.retention.on_stage_end(stage)
        for known, task in list(update.tasks.items())[: i + 1]:
            batch = {known: task.data["test"]}
            answer = update.retention.answer(made.model, batch)[known].detach()
            assert torch.equal(answers.setdefault(known, answer), answer)
    assert len({answer.sum().item() for answer in answers.values()}) == 5


def test_masks_are_disjoint_and_what_is_pruned_is_zero():
    made = run().to_the_end()
    retention = made.trainer.update.retention
    assert set(retention.owner) == {"stems.0.0.weight"}
    parameters = dict(made.model.named_parameters())
    for name, owner in retention.owner.items():
        n_free = owner.numel()
        for stage in range(5):
            mine = int((owner == stage).sum())
            assert mine == round(n_free * 0.25)
            n_free -= mine
        assert not parameters[name][owner == -1].any()
        assert parameters[name][owner == 0].abs().min() > 0


def test_the_largest_weights_are_kept():
    made = run()
    update, retention = made.trainer.update, made.trainer.update.retention
    stage = StageData(0, ("0-1",), update.tasks, made.model)
    made.trainer.grow(0)
    retention.on_stage_start(stage)
    weight = dict(made.model.named_parameters())["stems.0.0.weight"]
    before = weight.detach().clone()
    retention.on_stage_end(stage)
    is_held = retention.owner["stems.0.0.weight"] == 0
    assert before[is_held].abs().min() >= before[~is_held].abs().max()
    assert torch.equal(weight[is_held], before[is_held])


def test_asking_leaves_the_network_as_it_was():
    made = run().to_the_end()
    before = {name: values.clone() for name, values in made.parameters.items()}
    made.trainer.evaluator.scores("test")
    assert all(torch.equal(before[name], values) for name, values in made.parameters.items())


def test_it_does_not_forget_and_reports_who_uses_what():
    made = run(training=training(epochs=20)).to_the_end()
    assert made.last.summary["forgetting"] == pytest.approx(0)
    assert made.last.summary["acc"] > 0.8
    (table,) = made.trainer.update.retention.report({})
    assert table.columns == (*(f"stage {i}" for i in range(1, 6)), "free")
    assert table.values.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["packnet", "hat"])
def test_a_head_of_all_classes_is_refused(kind: str):
    spec = split_digits(retention=Choice(kind=kind))
    with pytest.raises(BadSpecError, match="a head of its own"):
        session.build(spec, 0, methods())
