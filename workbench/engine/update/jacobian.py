"""Jacobian: the gradients of several losses in the parameters that they share.

Where all tasks go through one trunk of operations that have a rule (`blocks/derivatives.py`), and
part into a linear layer each, one pass over the recorded graph does for all of them. Anywhere else
autograd makes a backward pass a task. Both give the same numbers, but for rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge

from workbench.engine.numerics.derivatives import Rule
from workbench.engine.numerics.flat_parameters import flatten
from workbench.engine.update.fan import Branch, Fan, find_fan

#: A recorded operation, as autograd has it.
Node = Any


@dataclass(frozen=True, slots=True)
class Gradients:
    """Rows [T, P] in the shared parameters; by task those in its own, None where it has none.

    `unused` are the places of the shared parameters that no loss reaches; the rows are 0 there.
    """

    shared: Tensor
    own: list[list[Tensor | None]]
    unused: tuple[int, ...] = ()


def gradients(
    losses: Sequence[Tensor],
    shared: Sequence[nn.Parameter],
    own: Sequence[Sequence[nn.Parameter]],
) -> Gradients:
    """Of T losses, in the shared parameters and in those `own` [T] by each. Keeps the graph."""
    fan = find_fan(losses, shared) if len(losses) > 1 else None
    together = None if fan is None else _together(losses, shared, own, fan)
    return _one_by_one(losses, shared, own) if together is None else together


def gradients_of_halves(
    losses: Sequence[Tensor],
    shared: Sequence[nn.Parameter],
    own: Sequence[Sequence[nn.Parameter]],
) -> Gradients | None:
    """As `gradients`, the sums over the two halves of the batch apart: rows [2T, P].

    Each row is what one half of the examples adds to a loss's gradient, the halves of a loss one
    after the other. It costs about what `gradients` does; None where it would not, or where the
    batch has no two equal halves.
    """
    fan = find_fan(losses, shared) if len(losses) > 1 else None
    if fan is None or len(fan.branches[0].layer._saved_mat1) % 2:
        return None
    return _together(losses, shared, own, fan, groups=2)


def _one_by_one(
    losses: Sequence[Tensor],
    shared: Sequence[nn.Parameter],
    own: Sequence[Sequence[nn.Parameter]],
) -> Gradients:
    one = torch.ones_like(losses[0])
    pieces: list[Tensor | None] = []
    apart: list[list[Tensor | None]] = []
    for loss, mine in zip(losses, own, strict=True):
        passed = backward((loss,), (one,), (*shared, *mine))
        pieces += passed[: len(shared)]
        apart.append(list(passed[len(shared) :]))
    # One copy for all rows: a call a row costs more than what it copies.
    rows = flatten(pieces, [*shared] * len(losses))
    shape = len(losses), len(rows) // len(losses)
    return Gradients(rows.view(shape), apart, _unused(pieces, len(shared)))


def _unused(by_loss: Sequence[Tensor | None], n_shared: int) -> tuple[int, ...]:
    """The places of shared parameters in which no loss has a gradient, of those found by loss."""
    if all(gradient is not None for gradient in by_loss):
        return ()
    return tuple(
        i for i in range(n_shared) if all(gradient is None for gradient in by_loss[i::n_shared])
    )


def backward(
    scalars: tuple[Tensor, ...],
    ones: tuple[Tensor, ...],
    places: tuple[Tensor | GradientEdge, ...],
) -> tuple[Tensor | None, ...]:
    """`torch.autograd.grad` that keeps the graph, without its checks of the arguments.

    Of a small model's backward pass these are a seventh of the time.
    """
    engine = torch.autograd.Variable._execution_engine  # pyright: ignore[reportPrivateUsage]  # has no public name
    return engine.run_backward(
        scalars,
        ones,
        True,  # keep the graph
        False,  # make no graph of the gradients
        places,
        allow_unreachable=True,
        accumulate_grad=False,
    )


def _together(
    losses: Sequence[Tensor],
    shared: Sequence[nn.Parameter],
    own: Sequence[Sequence[nn.Parameter]],
    fan: Fan,
    groups: int = 1,
) -> Gradients | None:
    """All losses in one pass over the graph; None where it turns out not to be that simple."""
    n_tasks = len(losses)
    n_rows = n_tasks * groups
    places = tuple(GradientEdge(branch.layer, 0) for branch in fan.branches)
    leaves = [leaf for branch in fan.branches for leaf in branch.leaves]
    ones = (torch.ones_like(losses[0]),) * n_tasks
    results = backward(tuple(losses), ones, (*places, *leaves))
    slopes = [slope for slope in results[:n_tasks] if slope is not None]
    if len(slopes) < n_tasks:
        return None
    known = dict(zip(map(id, leaves), results[n_tasks:], strict=True))
    with torch.no_grad():
        passed = _through_trunk(fan.trunk, _through_layers(fan.branches, slopes, known), groups)
        pieces: list[Tensor] = []
        for parameter in shared:
            piece = passed.get(id(parameter))
            if piece is None:
                piece = parameter.new_zeros(n_rows, parameter.numel())
            elif piece.shape != (n_rows, *parameter.shape):  # it was stretched over the examples
                return None
            pieces.append(piece.reshape(n_rows, -1))
        rows = torch.cat(pieces, 1)
    unused = tuple(i for i, parameter in enumerate(shared) if id(parameter) not in passed)
    return Gradients(rows, [[known.get(id(p)) for p in mine] for mine in own], unused)


def _through_layers(
    branches: Sequence[Branch], slopes: Sequence[Tensor], known: dict[int, Tensor | None]
) -> Tensor:
    """Slopes [T, B, m] in the features, from those [B, n] in the answer of each linear layer.

    Enters the gradients of the layers' parameters: one product for all of them.
    """
    sizes = [slope.shape[1] for slope in slopes]
    side_by_side = torch.cat(list(slopes), 1)
    features = branches[0].layer._saved_mat1
    weights = torch.mm(side_by_side.t(), features).split(sizes)
    biases = side_by_side.sum(0).split(sizes)
    for branch, weight, bias in zip(branches, weights, biases, strict=True):
        known[id(branch.weight)], known[id(branch.bias)] = weight, bias
    return torch.stack(
        [
            torch.mm(slope, branch.layer._saved_mat2.t())
            for branch, slope in zip(branches, slopes, strict=True)
        ]
    )


def _through_trunk(
    trunk: list[tuple[Node, Rule | None]], start: Tensor, groups: int
) -> dict[int, Tensor]:
    """Slopes [T · groups, …] in the trunk's parameters by identity, from those in its result."""
    slopes = {trunk[0][0]: start}
    by_parameter: dict[int, Tensor] = {}
    for node, rule in trunk:
        mine = slopes.pop(node)
        if rule is None:
            by_parameter[id(node.variable)] = mine
            continue
        # What comes of a parameter has been added up over the examples already.
        apart = groups if mine.shape[:2] == start.shape[:2] else 1
        for (child, _), passed in zip(node.next_functions, rule(node, mine, apart), strict=True):
            if child is not None and passed is not None:
                slopes[child] = slopes[child] + passed if child in slopes else passed
    return by_parameter


def mean_of_two(first: Tensor | None, second: Tensor | None, share: float) -> Tensor | None:
    """The mean of two gradients, of which the first has this share."""
    return None if first is None or second is None else torch.lerp(second, first, share)


def of_two_halves(
    losses: Sequence[Tensor],
    shares: Sequence[float],
    shared: Sequence[nn.Parameter],
    own: Sequence[Sequence[nn.Parameter]],
) -> tuple[Tensor, Tensor, Gradients]:
    """What each half adds, [T, P] and [T, P], and their sum, from losses [2T] of halves in turn.

    `shares` [T] are the first halves' shares of the examples.
    """
    result = gradients(losses, shared, [parameters for parameters in own for _ in (0, 1)])
    means = result.shared.view(len(shares), 2, -1)
    share = losses[0].new_tensor(shares).unsqueeze(1)
    first, second = means[:, 0] * share, means[:, 1] * (1 - share)
    pairs = zip(result.own[::2], result.own[1::2], shares, strict=True)
    apart = [[mean_of_two(a, b, s) for a, b in zip(x, y, strict=True)] for x, y, s in pairs]
    return first, second, Gradients(first + second, apart, result.unused)


def columns_by_layer(model: nn.Module, shared: Sequence[nn.Parameter]) -> list[tuple[str, int]]:
    """The layers of these parameters, in their order: names, and numbers in each."""
    known = {id(p): name for name, p in model.named_parameters()}
    layers: list[tuple[str, int]] = []
    for parameter in shared:
        layer = known.get(id(parameter), "").rpartition(".")[0]
        if layers and layers[-1][0] == layer:
            layers[-1] = layer, layers[-1][1] + parameter.numel()
        else:
            layers.append((layer, parameter.numel()))
    return layers
