"""Hard attention: what moves, what stays, and how hard the gates are."""

import pytest
import torch

from tests.engine.toys import Run, sgd, split_digits, training
from workbench.engine.roles.method import BadSpecError
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.hat import Attention
from workbench.spec.experiment import Choice, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="task"),)


def run(**changes: object) -> Run:
    fields = {
        "tasks": TASKS,
        "encoder": Choice(kind="mlp", hidden=[128, 128]),
        "training": training(epochs=20, batch_size=32),
        "optimizer": sgd(0.1),
        "retention": Choice(kind="hat"),
    }
    return Run(split_digits(**{**fields, **changes}))


def test_the_gradient_of_a_gate_is_corrected_as_the_paper_says():
    embedding = torch.linspace(-5, 5, 11, dtype=torch.float64, requires_grad=True)
    s, highest = 3.0, 400.0
    Attention.apply(embedding, s, highest).sum().backward()
    e = embedding.detach()
    plain = s * torch.sigmoid(s * e) * (1 - torch.sigmoid(s * e))
    corrected = plain * highest * (torch.cosh(s * e) + 1) / (s * (torch.cosh(e) + 1))
    assert embedding.grad is not None
    assert embedding.grad.tolist() == pytest.approx(corrected.tolist())


def test_the_gates_harden_through_every_epoch():
    made = run()
    retention = made.trainer.update.retention
    made.trainer.grow(0)
    retention.on_stage_start(StageData(0, ("0-1",), made.trainer.update.tasks, made.model, 10, 5))
    one = torch.tensor([1.0])
    result = []
    for step in range(6):
        retention._n_done = step
        result.append(torch.logit(retention._opened(one, is_learning=True).double()).item())
    assert result[0] == pytest.approx(1 / 400, rel=1e-3)
    assert result[:3] == sorted(result[:3])
    assert result[5] == pytest.approx(result[0])


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_weights_of_units_that_the_past_opened_do_not_move(momentum: float):
    made = run(optimizer=sgd(0.05, momentum=momentum))
    trainer, update = made.trainer, made.trainer.update
    retention = update.retention
    stage = StageData(0, ("0-1",), update.tasks, made.model, 10, 10)
    trainer.grow(0)
    retention.on_stage_start(stage)
    with torch.no_grad():
        for layer in retention.embeddings["0-1",]:
            layer.copy_(torch.where(torch.arange(len(layer)) % 2 == 0, 6.0, -6.0))
    retention.on_stage_end(stage)
    trainer.grow(1)
    retention.on_stage_start(StageData(1, ("2-3",), update.tasks, made.model, 10, 10))
    stems, body = (
        dict(made.model.named_parameters())[n] for n in ("stems.0.0.weight", "body.0.0.weight")
    )
    before = stems.detach().clone(), body.detach().clone()
    part = {"0-1": update.tasks["0-1"].data["test"]}
    with torch.no_grad():
        answered = retention.answer(made.model.eval(), part)["0-1"]
    made.model.train()
    for _ in range(10):
        trainer.learner.learn(trainer.plan.samplers[1].draw(), update)
    moved = [(a != b) for a, b in zip((stems, body), before, strict=True)]
    assert not moved[0][0::2].any()
    assert moved[0][1::2].any()
    assert not moved[1][0::2, 0::2].any(), "both ends were open"
    assert moved[1][0::2, 1::2].any(), "an end that was shut passes nothing on to the past"
    with torch.no_grad():
        again = retention.answer(made.model.eval(), part)["0-1"]
    assert torch.allclose(answered, again, atol=1e-6)


def test_it_forgets_next_to_nothing_and_reports_its_gates():
    made = run().to_the_end()
    assert made.last.summary["acc"] > 0.9
    assert abs(made.last.summary["forgetting"]) < 0.02
    (table,) = made.trainer.update.retention.report({})
    assert table.values.shape == (2, 5)
    assert (table.values <= 1).all()
    assert (table.values >= 0).all()


def test_tasks_of_one_stage_share_a_gate():
    made = run(curriculum=Choice(kind="blocked", size=2), training=training()).to_the_end()
    assert made.last.status == "done"
    assert set(made.trainer.update.retention.embeddings) == {
        ("0-1", "2-3"),
        ("4-5", "6-7"),
        ("8-9",),
    }


def test_at_a_soft_boundary_every_task_that_passes_the_gates_moves_them():
    """Under gradient balancing a parameter of one task alone has that task's gradient only."""
    made = run(curriculum=Choice(kind="blurred"), balancing=Choice(kind="pcgrad"))
    made.trainer.grow(0)
    update = made.trainer.update
    update.retention.on_stage_start(StageData(0, ("0-1",), update.tasks, made.model, 10, 5))
    step = update.step({name: task.data["train"][:8] for name, task in update.tasks.items()})
    gates = update.retention.embeddings[("0-1",)]
    shared = {id(p) for p in made.model.shared_parameters()}
    for gate in gates:
        result = [
            torch.autograd.grad(loss, gate, retain_graph=True, allow_unused=True)[0]
            for loss in step.separate_losses
        ]
        assert sum(g is not None and bool(g.any()) for g in result) > 1
        assert id(gate) in shared


def test_layer_norm_is_refused_for_it_lets_later_tasks_reach_every_unit():
    chosen = Choice(kind="mlp", hidden=[8], norm=True)
    with pytest.raises(BadSpecError, match=r"retention.kind: .*layer norm"):
        run(encoder=chosen)
