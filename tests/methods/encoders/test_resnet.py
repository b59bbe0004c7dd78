"""The residual network: its size, its stages and its norms."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.engine.layers.residual import ResidualBlock, norm_of
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Vector
from workbench.methods.encoders.resnet import ResNet


def network(kind: Image, **settings: Any) -> tuple[ResNet, nn.Sequential]:
    encoder = ResNet(ResNet.Settings(**settings))
    return encoder, nn.Sequential(encoder.stem(kind), *encoder.body())


@pytest.mark.parametrize(
    ("depth", "side", "n_classes", "expected"),
    [
        ("18", 224, 1000, 11_689_512),  # torchvision's resnet18
        ("18", 32, 10, 11_173_962),  # the usual one for CIFAR, with a 3 × 3 stem
        ("8", 32, 10, 78_042),
    ],
)
def test_it_has_the_parameters_of_the_paper(depth: str, side: int, n_classes: int, expected: int):
    with torch.device("meta"):
        encoder, net = network(Image(3, side, side), depth=depth)
    head = (encoder.width + 1) * n_classes
    assert sum(p.numel() for p in net.parameters()) + head == expected


@pytest.mark.parametrize("norm", ["batch", "group", "none"])
@pytest.mark.parametrize(
    "kind", [Image(1, 8, 8), Image(3, 7, 12), Image(2, 1, 1), Image(1, 96, 96)]
)
def test_any_picture_becomes_features_and_every_parameter_learns(norm: str, kind: Image):
    encoder, net = network(kind, width=4, norm=norm)
    pictures = torch.randn(3, kind.channels, kind.height, kind.width)
    features = net(pictures)
    assert features.shape == (3, encoder.width) == (3, 16)
    assert len(encoder.body()) == 3
    features.square().sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_each_block_is_a_stage_and_each_group_halves_the_picture():
    encoder, _ = network(Image(3, 16, 16), depth="18", width=4)
    x = encoder.stem(Image(3, 16, 16))(torch.randn(2, 3, 16, 16))
    shapes = [x.shape[1:]]
    for stage in encoder.body():
        x = stage(x)
        shapes.append(x.shape[1:])
    sides = [(c, s, s) for c, s in ((4, 16), (8, 8), (16, 4)) for _ in (0, 1)]
    assert shapes == [(4, 16, 16), *sides, (32, 2, 2), (32,)]


def test_without_norms_a_block_begins_as_the_way_around():
    block, x = ResidualBlock(4, 4, "none"), torch.randn(2, 4, 5, 5)
    assert torch.equal(block(x), x.relu())


def test_a_block_that_is_run_layer_by_layer_is_the_block():
    block, x = ResidualBlock(4, 8, "batch", 2).eval(), torch.randn(2, 4, 6, 6)
    seen: list[nn.Module] = []

    def noted(layer: nn.Module, inputs: Tensor) -> Tensor:
        seen.append(layer)
        return layer(inputs)

    assert torch.equal(block.run(x, noted), block(x))
    assert seen == list(block.weighted)


@pytest.mark.parametrize(("n_channels", "n_groups"), [(16, 1), (64, 4), (4, 1), (24, 3)])
def test_a_group_has_sixteen_channels_at_most(n_channels: int, n_groups: int):
    norm = norm_of("group", n_channels)
    assert isinstance(norm, nn.GroupNorm)
    assert norm.num_groups == n_groups


def test_what_is_no_picture_is_refused():
    with pytest.raises(BadSpecError, match="takes pictures; found vector"):
        ResNet(ResNet.Settings()).stem(Vector(4))


def test_it_answers_as_torchvisions_with_the_same_weights():
    models: Any = pytest.importorskip("torchvision.models")
    theirs = models.resnet18(weights=None).eval()
    encoder, net = network(Image(3, 224, 224), depth="18")
    net.eval()
    blocks = [b for group in (1, 2, 3, 4) for b in getattr(theirs, f"layer{group}")]
    stem: Any = net[0]
    stem[0].load_state_dict(theirs.conv1.state_dict())
    stem[1].load_state_dict(theirs.bn1.state_dict(), strict=False)
    for ours, block in zip(list(net)[1:], blocks, strict=True):
        mine = ours[0] if isinstance(ours, nn.Sequential) else ours
        mine.load_state_dict(block.state_dict(), strict=False)
    theirs.fc = nn.Identity()
    pictures = torch.randn(2, 3, 224, 224)
    torch.testing.assert_close(net(pictures), theirs(pictures))
    assert encoder.width == 512
