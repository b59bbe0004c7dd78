"""FiLM and LoRA: hard sharing, with a little of each task's own."""

import pytest
import torch

from tests.engine.toys import Run, given, task, teaching
from tests.methods.sharing.toys import (
    apart,
    assert_same_answers,
    built,
    pictures,
    reached,
    shake,
    together,
)
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Choice

every_make = pytest.mark.parametrize("make", [together, apart])


@every_make
@pytest.mark.parametrize("kind", ["film", "lora"])
def test_at_the_start_it_is_hard_sharing(kind: str, make):
    assert_same_answers(built(kind, make), built("hard", make), make)


@pytest.mark.parametrize("kind", ["film", "lora"])
def test_on_pictures_too(kind: str):
    encoder = Choice(kind="cnn", channels=[4, 6], hidden=8)
    catalogue = teaching(lambda: [pictures("a"), pictures("bb")])
    one, two = (
        Run(given(sharing=Choice(kind=k), encoder=encoder), catalogue) for k in (kind, "hard")
    )
    assert_same_answers(one, two, lambda: [pictures("a"), pictures("bb")])
    one.to_the_end()


@every_make
@pytest.mark.parametrize("kind", ["film", "lora"])
def test_a_task_reaches_the_trunk_and_only_its_own_additions(kind: str, make):
    run = built(kind, make)
    shake(run.model)
    reach = reached(run)
    assert {name.partition(".")[0] for name in reach["a"] & reach["b"]} == {"trunk"}
    names = {name for name, _ in run.model.named_parameters()}
    assert reach["a"] | reach["b"] == names


@every_make
def test_film_scales_and_shifts_after_each_stage(make):
    run = built("film", make)
    shake(run.model)
    tasks = make()
    outputs = run.model({one.name: one.data["test"] for one in tasks})
    for i, one in enumerate(tasks):
        x = one.data["test"].inputs["x"]
        stages = [run.model.trunk.stems[0], *run.model.trunk.body]
        for stage, (scale, shift) in zip(stages, run.model.modulations[i], strict=True):
            x = scale * stage(x) + shift
        torch.testing.assert_close(outputs[one.name], run.model.heads({one.name: x})[one.name])


@every_make
def test_lora_adds_a_low_rank_product_to_each_layer(make):
    run = built("lora", make, rank=2, scale=3.0)
    shake(run.model)
    tasks = make()
    outputs = run.model({one.name: one.data["test"] for one in tasks})
    for i, one in enumerate(tasks):
        x = one.data["test"].inputs["x"]
        stages = [run.model.trunk.stems[0], *run.model.trunk.body]
        for (linear, act), bank in zip(stages, run.model.adapters, strict=True):
            down, up = bank.copies[i]
            weight = linear.weight + 3.0 / 2 * up.weight @ down.weight
            x = act(x @ weight.T + linear.bias)
        torch.testing.assert_close(outputs[one.name], run.model.heads({one.name: x})[one.name])


def test_lora_needs_layers_to_correct():
    chosen = given(sharing=Choice(kind="lora"), encoder=Choice(kind="point"))
    with pytest.raises(BadSpecError):
        Run(chosen, teaching(lambda: [task("a")]))
