"""Stage shapes: what goes into and out of the stages of an encoder."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import has_statistics
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind, Task, Tokens, Vector


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


def require_one_pass(parts: nn.Module, tasks: Sequence[Task], what: str) -> None:
    """Raise BadSpecError where `parts` normalise by their batch and see tasks one after the other.

    Tasks that hold the same inputs go through them together. Of others each would be normalised by
    its own rows in training, and by a mixture of all when it is asked.
    """
    inputs = {tuple(map(id, task.data["train"].inputs.values())) for task in tasks}
    if len(inputs) > 1 and has_statistics(parts):
        message = (
            f"{what} see one task at a time where tasks have inputs of their own, so batch norm"
            " would learn from each another mean than it is asked with: give the encoder another"
            " norm, or take a strategy in which all tasks go through the trunk together"
        )
        raise BadSpecError("encoder.norm", message)


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
