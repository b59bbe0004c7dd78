"""The vision transformer: its size, its patches and its places."""

from typing import Any

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, given, teaching
from workbench.engine.layers.attention import AttentionBlock
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import SPLITS, Classes, Image, Part, Task, Vector
from workbench.methods.encoders.vit import Patches, ViT, places_of
from workbench.spec.experiment import Choice


def network(kind: Image, **settings: Any) -> tuple[ViT, nn.Sequential]:
    encoder = ViT(ViT.Settings(**settings))
    return encoder, nn.Sequential(encoder.stem(kind), *encoder.body())


@pytest.mark.parametrize(("size", "width", "heads"), [("tiny", 192, 3), ("small", 384, 6)])
def test_it_has_the_parameters_of_the_paper_but_for_norms_and_tokens(
    size: str, width: int, heads: int
):
    with torch.device("meta"):
        encoder, net = network(Image(3, 224, 224), size=size)
    patches = width * (3 * 16 * 16 + 1)
    block = 12 * width * width + 9 * width  # four layers with biases
    assert sum(p.numel() for p in net.parameters()) == patches + 12 * block
    assert (encoder.width, encoder.heads, len(encoder.body())) == (width, heads, 12)


@pytest.mark.parametrize(
    "kind", [Image(1, 8, 8), Image(3, 7, 12), Image(2, 1, 1), Image(1, 40, 24)], ids=str
)
def test_any_picture_becomes_features_and_every_parameter_learns(kind: Image):
    encoder, net = network(kind, width=8, blocks=2)
    features = net(torch.randn(3, kind.channels, kind.height, kind.width))
    assert features.shape == (3, encoder.width) == (3, 8)
    features.pow(3).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


@pytest.mark.parametrize(("side", "expected"), [(8, 1), (28, 4), (32, 4), (64, 8), (224, 16)])
def test_smaller_pictures_are_cut_into_smaller_patches(side: int, expected: int):
    stem = ViT(ViT.Settings(width=8)).stem(Image(1, side, side))
    assert isinstance(stem, Patches)
    assert stem.cut.kernel_size == (expected, expected)


def test_a_patch_is_read_row_by_row_with_its_place():
    kind = Image(1, 4, 6)
    stem = Patches(kind, 2, 8)
    picture = torch.randn(1, 1, 4, 6)
    patch = picture[:, :, 2:4, 4:6].flatten()
    bias = stem.cut.bias
    assert bias is not None
    expected = stem.cut.weight.flatten(1) @ patch + bias + places_of(2, 3, 8)[5]
    torch.testing.assert_close(stem(picture)[0, 5], expected)


def test_every_place_is_told_apart():
    places = places_of(8, 8, 16)
    assert torch.cdist(places, places).add(torch.eye(64) * 9).min() > 0.1


def test_a_block_does_not_know_the_order_of_its_places():
    block, x = AttentionBlock(8, 2).double(), torch.randn(2, 5, 8, dtype=torch.float64)
    order = torch.tensor([3, 1, 4, 0, 2])
    torch.testing.assert_close(block(x)[:, order], block(x[:, order]))


def test_where_things_are_is_told():
    torch.manual_seed(0)
    pictures = torch.zeros(2, 1, 8, 8)
    pictures[0, 0, 1, 1] = pictures[1, 0, 6, 2] = 1.0
    _, net = network(Image(1, 8, 8), width=16, blocks=1)
    features = net(pictures)
    assert not torch.allclose(features[0], features[1], atol=1e-4)


def test_what_is_no_picture_is_refused():
    with pytest.raises(BadSpecError, match="takes pictures; found vector"):
        ViT(ViT.Settings()).stem(Vector(4))


def test_gates_of_several_levels_weigh_rows_where_the_places_are_pooled():
    def tasks() -> list[Task]:
        pictures = {"x": torch.rand(12, 1, 8, 8)}
        part = Part(pictures, torch.arange(12) % 2)
        data = dict.fromkeys(SPLITS, part)
        return [Task(name, {"x": Image(1, 8, 8)}, Classes(2), data, "accuracy") for name in "ab"]

    chosen = given(encoder=Choice(kind="vit", width=8, blocks=2), sharing=Choice(kind="ple"))
    assert Run(chosen, teaching(tasks)).to_the_end().last.status == "done"
