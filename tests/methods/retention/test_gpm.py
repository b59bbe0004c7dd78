"""Gradient projection memory: what past inputs see does not change."""

import dataclasses
from functools import cache
from typing import Any

import pytest
import torch
from torch.nn import functional

from tests.engine.toys import Run, given, methods, sgd, split_digits, teaching, training
from workbench.engine.roles.task import Image, Part, Task
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.gpm import grown_basis
from workbench.spec.event import Noticed
from workbench.spec.experiment import Choice, Optimizer


@cache
def pictures() -> tuple[Task, ...]:
    """Five tasks of two digits with a head each, as pictures."""
    family = methods().find("tasks", "digits-split")
    made: list[Task] = []
    for task in family(family.Settings(scenario="task")).tasks():
        data = {
            split: Part({"pixels": part.inputs["pixels"].view(-1, 1, 8, 8)}, part.target)
            for split, part in task.data.items()
        }
        made.append(dataclasses.replace(task, inputs={"pixels": Image(1, 8, 8)}, data=data))
    return tuple(made)


def on_pictures(retention: Choice, encoder: Choice, seed: int = 0, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "curriculum": Choice(kind="sequential"),
        "optimizer": sgd(0.1),
        "training": training(epochs=10, batch_size=32, evaluate_every=0),
        "retention": retention,
        "encoder": encoder,
    }
    catalogue = teaching(lambda: [dataclasses.replace(task) for task in pictures()])
    return Run(given(**{**fields, **changes}), catalogue, seed=seed)


CNN = Choice(kind="cnn", channels=[8, 16], hidden=32)


def test_the_basis_holds_the_share_asked_for_with_the_fewest_columns():
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(40, 12, generator=generator) * torch.linspace(3, 0.1, 12)
    for share in (0.5, 0.9, 0.99):
        basis = grown_basis(None, rows, share)
        torch.testing.assert_close(basis.T @ basis, torch.eye(basis.shape[1]))
        held = [(rows @ basis[:, :k]).square().sum() / rows.square().sum() for k in (-1, None)]
        assert held[0] < share <= held[1] + 1e-6


def test_what_is_already_held_is_not_added_again():
    rows = torch.randn(40, 12, generator=torch.Generator().manual_seed(0))
    basis = grown_basis(None, rows, 0.95)
    again = grown_basis(basis, rows, 0.95)
    assert again.shape == basis.shape
    torch.testing.assert_close(again @ again.T, basis @ basis.T, atol=1e-5, rtol=1e-4)
    assert grown_basis(basis, torch.randn(40, 12), 1.0).shape == (12, 12)


def test_steps_do_not_change_the_answers_to_past_inputs():
    run = Run(
        split_digits(
            training=training(), optimizer=sgd(0.1), retention=Choice(kind="gpm", threshold=1.0)
        )
    )
    update = run.trainer.update
    past, new = (update.tasks[name].data["train"] for name in ("0-1", "2-3"))
    past = past[:10]
    update.tasks["0-1"].data = {**update.tasks["0-1"].data, "train": past}
    before = run.model({"0-1": past})["0-1"].detach()
    update.retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    start = run.model({"2-3": new})["2-3"].detach()
    for _ in range(5):
        run.trainer.learner.learn({"2-3": new}, update)
    moved = (run.model({"2-3": new})["2-3"] - start).abs().max()
    change = (run.model({"0-1": past})["0-1"] - before).abs().max()
    assert moved > 0.1
    assert change.item() == pytest.approx(0, abs=1e-3)


def test_the_gradient_of_a_convolution_has_no_part_along_past_patches():
    run = on_pictures(Choice(kind="gpm", threshold=1.0), CNN)
    update = run.trainer.update
    retention, name = update.retention, "0-1"
    part = update.tasks[name].data["train"][:3]
    update.tasks[name].data = {**update.tasks[name].data, "train": part}
    retention.on_stage_end(StageData(0, (name,), update.tasks, run.model))
    assert {layer.split(".")[0] for layer in retention.bases} == {"stems", "body", "heads"}
    layer_inputs: dict[str, torch.Tensor] = {}
    for layer, module in run.model.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(
                lambda _, x, __, layer=layer: layer_inputs.__setitem__(layer, x[0].detach())
            )
    run.model.eval()
    run.model({name: part})
    assert len(layer_inputs) == 2
    step = update.step({"2-3": update.tasks["2-3"].data["train"][:16]})
    generator = torch.Generator().manual_seed(0)
    for parameter in run.model.parameters():
        parameter.grad = torch.randn(parameter.shape, generator=generator)
    update.project(step)
    for layer, x in layer_inputs.items():
        convolution = dict(run.model.named_modules())[layer]
        gradient, bias = convolution.weight.grad, convolution.bias.grad
        # What a step along it would change of the past outputs, wherever in the picture.
        change = functional.conv2d(x, gradient, bias, convolution.stride, convolution.padding)
        free = gradient.flatten(1).norm()
        assert change.abs().max() < 1e-3
        if retention.bases[layer].shape[1] < gradient[0].numel() + 1:
            assert free > 0.1, "what the past does not see is left"


def test_a_convolutional_network_forgets_a_third_of_what_it_does_unprotected():
    forgotten: dict[str, list[float]] = {"none": [], "gpm": []}
    for kind, item in forgotten.items():
        for seed in (0, 1, 2):
            run = on_pictures(Choice(kind=kind), CNN, seed=seed).to_the_end()
            item.append(run.last.summary["forgetting"])
    assert sum(forgotten["gpm"]) < sum(forgotten["none"]) / 3


def told(run: Run) -> list[str]:
    return [event.message for event in run.events if isinstance(event, Noticed)]


def test_what_it_cannot_protect_is_said():
    chosen = split_digits(optimizer=sgd(0.1), retention=Choice(kind="gpm"), training=training())
    assert told(Run(chosen).to_the_end()) == []
    towers = chosen.model_copy(update={"sharing": Choice(kind="cross-stitch")})
    (message,) = told(Run(towers).to_the_end())
    assert message.startswith("not protected")


def test_an_optimizer_that_leaves_the_free_directions_is_said():
    adam = Optimizer(kind="adam", lr=0.01)
    run = Run(split_digits(optimizer=adam, retention=Choice(kind="gpm"))).to_the_end()
    assert any("SGD alone" in message for message in told(run))
