"""A stem for each kind of input, and one body."""

import pytest
import torch
from torch import nn

from tests.engine.toys import SPLITS, Run, given, task, teaching, training
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Image, InputKind, Part, Task, Tokens, Vector
from workbench.methods.encoders.auto import Auto
from workbench.spec.experiment import Choice


def auto(*hidden: int) -> Auto:
    return Auto(Auto.Settings(hidden=list(hidden), channels=[3, 4]))


def pictures(name: str) -> Task:
    """Is the upper or the lower half of a noisy picture brighter?"""
    generator = torch.Generator().manual_seed(2)
    data: dict[str, Part] = {}
    for split in SPLITS:
        is_lower = torch.arange(64) % 2
        x = 0.3 * torch.rand(64, 1, 6, 6, generator=generator)
        x[:, :, :3] += (1 - is_lower).view(-1, 1, 1, 1)
        x[:, :, 3:] += is_lower.view(-1, 1, 1, 1)
        data[split] = Part({"x": x}, is_lower)
    return Task(name, {"x": Image(1, 6, 6)}, Classes(2), data)


@pytest.mark.parametrize(
    ("kind", "shape"), [(Vector(3), (3,)), (Image(1, 8, 8), (1, 8, 8)), (Image(3, 5, 9), (3, 5, 9))]
)
@pytest.mark.parametrize("hidden", [(5,), (5, 6)])
def test_every_kind_ends_in_the_same_width(
    kind: InputKind, shape: tuple[int, ...], hidden: tuple[int, ...]
):
    made = auto(*hidden)
    net = nn.Sequential(made.stem(kind), *made.body())
    assert net(torch.randn(2, *shape)).shape == (2, made.width) == (2, hidden[-1])
    assert len(made.body()) == len(hidden) - 1


def test_a_kind_it_cannot_read_is_refused():
    with pytest.raises(BadSpecError, match="auto takes vectors and pictures; found tokens"):
        auto(5).stem(Tokens(10, 4))


def test_vectors_and_pictures_are_learned_together():
    spec = given(
        encoder=Choice(kind="auto", hidden=[16, 16], channels=[4]), training=training(epochs=60)
    )
    run = Run(spec, teaching(lambda: [task("numbers", 64), pictures("pictures")])).to_the_end()
    assert len(run.model.stems) == 2
    shared = {id(parameter) for parameter in run.model.shared_parameters()}
    assert shared == {id(parameter) for parameter in run.model.body.parameters()}
    scores = run.last.scores
    assert scores["pictures"]["accuracy"] > 0.9
    assert scores["numbers"]["accuracy"] > 0.7
