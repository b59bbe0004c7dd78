"""Stage shapes: what goes into and out of the stages of an encoder."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind, Tokens, Vector


def example(kind: InputKind) -> Tensor:
    """One input [1, …] of zeros. Raises BadSpecError for an input that is no tensor."""
    match kind:
        case Vector(n):
            return torch.zeros(1, n)
        case Image(channels, height, width):
            return torch.zeros(1, channels, height, width)
        case Tokens(_, length):
            return torch.zeros(1, length, dtype=torch.int64)
        case _:
            kind_name = type(kind).__name__.lower()
            raise BadSpecError("sharing.kind", f"needs inputs of numbers; found {kind_name}")


def shapes(stages: Sequence[nn.Module], kind: InputKind) -> list[torch.Size]:
    """Shapes of one example's features after each stage, found by a trial."""
    stage_shapes: list[torch.Size] = []
    with torch.no_grad():
        x = example(kind)
        for stage in stages:
            was_training = stage.training
            # In eval mode: one example has no batch statistics, and nothing is to be drawn.
            x = stage.eval()(x)
            stage.train(was_training)
            stage_shapes.append(x.shape[1:])
    return stage_shapes


def pooled(x: Tensor) -> Tensor:
    """Features [n, B, …] as vectors [n, B, C]: means over the places of maps.

    Of texts the features [n, B, L, C] stay those of each place: none may know what comes later.
    """
    return x.flatten(3).mean(3) if x.dim() > 4 else x


def channels_of(shape: torch.Size) -> int:
    """Number of channels of an example's features: the first axis of maps, else the last."""
    return shape[0] if len(shape) == 3 else shape[-1]


def per_channel(values: Tensor, like: Tensor) -> Tensor:
    """Values [..., C] shaped to multiply features [..., B, C], [..., B, L, C] or [..., B, C, H, W].

    The leading axes are those `values` has before C.
    """
    n_leading = values.dim() - 1
    n_inner = like.dim() - n_leading - 1
    inner = [1] * (n_inner - 1)
    shape = [-1, *inner] if n_inner == 3 else [*inner, -1]
    return values.reshape(*values.shape[:-1], 1, *shape)
