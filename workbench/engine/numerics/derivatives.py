"""Derivatives: what a recorded operation passes back, for the slopes of several losses at once.

A rule takes an operation as autograd recorded it, and slopes [T, …]: of T losses in each number of
its result. It gives the slopes in each of the operation's arguments, in autograd's order. One
product over all losses costs a small model much less than a product a loss.

Where a rule adds up over the rows of a batch it does so in as many equal groups as it is told to;
what it gives is then [T · groups, …], a loss's groups one after the other.

What an operation saved is read by the names that torch documents for looking at it (autograd
mechanics, saved tensors); rules are pinned to autograd's own answers by tests.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

#: A recorded operation, slopes [T, …] in its result, groups of rows -> slopes in its arguments.
#: None where an argument has no gradient.
Rule = Callable[[Any, Tensor, int], Sequence[Tensor | None]]

_ops = torch.ops.aten


def _bias_and_product(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    """b + x W, with b [n], x [B, m] and W [m, n]: a linear layer."""
    bias, x, matrix = (edge[0] for edge in node.next_functions)
    return [
        None if bias is None else _grouped(slopes, groups).sum(1),
        None if x is None else _into_rows(slopes, node._saved_mat2),
        None if matrix is None else _into_matrix(slopes, node._saved_mat1, groups),
    ]


def _product(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    """x W: a linear layer without a bias."""
    x, matrix = (edge[0] for edge in node.next_functions)
    return [
        None if x is None else _into_rows(slopes, node._saved_mat2),
        None if matrix is None else _into_matrix(slopes, node._saved_self, groups),
    ]


def _into_rows(slopes: Tensor, matrix: Tensor) -> Tensor:
    flat = slopes.reshape(-1, slopes.shape[2])
    return torch.mm(flat, matrix.t()).view(*slopes.shape[:2], len(matrix))


def _into_matrix(slopes: Tensor, x: Tensor, groups: int) -> Tensor:
    if groups == 1:
        rows = x.expand(len(slopes), -1, -1)
    else:
        rows = x.reshape(groups, -1, x.shape[1]).repeat(len(slopes), 1, 1)
    # Made the other way round, as the weights that it is turned back for lie in memory.
    product = torch.bmm(_grouped(slopes, groups).transpose(1, 2), rows)
    return product.transpose(1, 2)


def _grouped(slopes: Tensor, groups: int) -> Tensor:
    """Slopes [T · groups, B / groups, n] from [T, B, n]."""
    if groups == 1:
        return slopes
    return slopes.reshape(groups * len(slopes), -1, slopes.shape[2])


def _transposed(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    del node, groups
    return [slopes.transpose(1, 2)]


def _relu(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    del groups
    return [_ops.threshold_backward(slopes, node._saved_result.expand_as(slopes), 0)]


def _tanh(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    del groups
    return [_ops.tanh_backward(slopes, node._saved_result.expand_as(slopes))]


def _gelu(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    del groups
    x = node._saved_self.expand_as(slopes)
    return [_ops.gelu_backward(slopes, x, approximate=node._saved_approximate)]


def _dropout(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    del groups
    return [slopes * node._saved_result1 / (1 - node._saved_p)]


def _layer_norm(node: Any, slopes: Tensor, groups: int) -> list[Tensor | None]:
    """(x − m)/s by row, with the mean m and the deviation s of the row x [n]."""
    del groups
    scale = node._saved_result2
    result = (node._saved_input - node._saved_result1) * scale
    along = (slopes * result).mean(-1, keepdim=True)
    return [scale * (slopes - slopes.mean(-1, keepdim=True) - result * along), None, None]


#: By the name of the recorded operation.
_RULES: dict[str, Rule] = {
    "AddmmBackward0": _bias_and_product,
    "MmBackward0": _product,
    "TBackward0": _transposed,
    "ReluBackward0": _relu,
    "TanhBackward0": _tanh,
    "GeluBackward0": _gelu,
    "NativeDropoutBackward0": _dropout,
    "NativeLayerNormBackward0": _layer_norm,
}

_LEAF = "torch::autograd::AccumulateGrad"


def rule_of(node: Any) -> Rule | None:
    """The rule of a recorded operation; None where it has none."""
    name = node.name()
    if name == "AddmmBackward0" and not _is_linear(node):
        return None
    if name == "NativeLayerNormBackward0" and not _is_plain_norm(node):
        return None
    return _RULES.get(name)


def is_leaf(node: Any) -> bool:
    """Whether it is where a parameter enters the graph, as its `variable`."""
    return node.name() == _LEAF


def is_linear(node: Any) -> bool:
    """Whether it is a linear layer: b + x W with a parameter b [n]."""
    return node.name() == "AddmmBackward0" and _is_linear(node)


def _is_linear(node: Any) -> bool:
    bias = node.next_functions[0][0]
    is_plain = bias is None or (is_leaf(bias) and bias.variable.dim() == 1)
    return is_plain and node._saved_alpha == 1 and node._saved_beta == 1


def _is_plain_norm(node: Any) -> bool:
    """Whether a layer norm works on the last axis alone, without parameters."""
    has_parameters = any(child is not None for child, _ in node.next_functions[1:])
    return len(node._saved_normalized_shape) == 1 and not has_parameters
