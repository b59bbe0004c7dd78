"""Progressive networks: old columns stay, new ones read them."""

import copy

import pytest
import torch

from tests.engine.toys import Run, given, task, teaching, training
from tests.methods.sharing.toys import apart, pictures
from workbench.spec.check import problems
from workbench.spec.event import Evaluated
from workbench.spec.experiment import Choice, Optimizer


def lifelong(make=lambda: apart(3), **changes) -> Run:
    """Three tasks, one after the other, with everything that could move an old column."""
    chosen = given(
        sharing=Choice(kind="progressive"),
        optimizer=Optimizer(kind="adamw", lr=0.02, weight_decay=0.1),
        training=training(epochs=4, batch_size=8, evaluate_every=0),
        **{
            "curriculum": Choice(kind="sequential"),
            "encoder": Choice(kind="mlp", hidden=[8, 8]),
            **changes,
        },
    )
    return Run(chosen, teaching(make))


def columns(run: Run) -> dict[str, dict[str, torch.Tensor]]:
    return {
        column.task: {name: p.detach().clone() for name, p in column.named_parameters()}
        for column in run.model.columns.values()
    }


@pytest.mark.parametrize(
    "retention", [Choice(kind=kind) for kind in ("none", "replay", "ewc", "gem")], ids=str
)
def test_columns_do_not_move_after_their_stage(retention: Choice):
    run = lifelong(retention=retention)
    at_end = {}
    for event in run.trainer.run():
        if isinstance(event, Evaluated) and event.ends_stage and event.split == "test":
            at_end["abc"[event.stage]] = columns(run)
    last = columns(run)
    for name in "abc":
        after = at_end[name][name]
        assert all(torch.equal(after[key], last[name][key]) for key in last[name])
    assert any(not torch.equal(at_end["a"]["b"][key], last["b"][key]) for key in at_end["a"]["b"])


def test_nothing_is_forgotten():
    assert lifelong().to_the_end().last.summary["forgetting"] == 0


def test_lateral_connections_start_at_0_and_learn():
    run = lifelong()
    run.trainer.grow(0)
    run.trainer.grow(1)
    b = run.model._direct["b"]
    assert b.sources == ["a"]
    assert len(b.laterals) == 2
    part = run.trainer.update.tasks["b"].data["train"]
    with_laterals = run.model({"b": part})["b"]
    plain = b.head(b.stages[1](b.stages[0](part.inputs["x"])))
    torch.testing.assert_close(with_laterals, plain)
    gradients = torch.autograd.grad(with_laterals.square().sum(), list(b.laterals.parameters()))
    assert all(gradient.any() for gradient in gradients)
    laterals = lifelong().to_the_end().model._direct["b"].laterals
    assert all(lateral.weight.any() for lateral in laterals)


def test_a_task_reaches_its_own_column_only():
    run = lifelong()
    run.trainer.grow(0)
    run.trainer.grow(1)
    run.model({"b": run.trainer.update.tasks["b"].data["train"]})["b"].sum().backward()
    reached = {name for name, p in run.model.named_parameters() if p.grad is not None}
    assert reached
    assert all(name.startswith("columns.·b.") for name in reached)
    assert {id(p) for p in run.model.task_parameters("b")} == {
        id(p) for name, p in run.model.named_parameters() if name in reached
    }
    assert run.model.task_parameters("a") == []


def test_columns_of_another_kind_of_input_are_not_read():
    run = lifelong(
        lambda: [task("a"), pictures("b"), task("c")], encoder=Choice(kind="auto", hidden=[6, 6])
    ).to_the_end()
    assert [column.sources for column in run.model.columns.values()] == [[], [], ["a"]]


def test_pictures_have_lateral_connections_on_maps():
    run = lifelong(
        lambda: [pictures("a"), pictures("bb")],
        encoder=Choice(kind="cnn", channels=[4, 6], hidden=8),
    ).to_the_end()
    assert [lateral.weight.shape for lateral in run.model._direct["bb"].laterals] == [
        (4, 4),
        (6, 6),
        (8, 8),
    ]


def test_a_copy_answers_like_the_model():
    run = lifelong().to_the_end()
    batch = {"c": run.trainer.update.tasks["c"].data["test"]}
    torch.testing.assert_close(copy.deepcopy(run.model)(batch)["c"], run.model(batch)["c"])


def test_it_needs_stages():
    from tests.contracts.faces import CATALOGUE
    from tests.engine.toys import spec

    refusals = problems(spec(sharing=Choice(kind="progressive")), CATALOGUE)
    assert [problem.field for problem in refusals] == ["sharing.kind"]


@pytest.mark.parametrize("balancing", ["fixed", "famo"])
@pytest.mark.parametrize("retention", ["none", "si", "ewc", "ewc-online", "mas", "gem", "gpm"])
def test_a_round_in_which_all_is_frozen_runs_and_moves_nothing(retention: str, balancing: str):
    run = lifelong(
        lambda: apart(2),
        curriculum=Choice(kind="repeating", rounds=2),
        retention=Choice(kind=retention),
        balancing=Choice(kind=balancing),
    )
    after_a_round = None
    for event in run.trainer.run():
        if isinstance(event, Evaluated) and event.ends_stage and event.stage == 1:
            after_a_round = columns(run)
    assert after_a_round is not None
    for owner, column in columns(run).items():
        assert all(torch.equal(p, after_a_round[owner][name]) for name, p in column.items())
