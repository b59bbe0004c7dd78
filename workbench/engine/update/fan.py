"""Fan: a graph in which the tasks' losses part from one trunk into linear layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from workbench.engine.numerics.derivatives import Rule, is_leaf, is_linear, rule_of

#: An operation that autograd recorded; torch has no type for all that is read of it.
Node = Any


@dataclass(frozen=True, slots=True)
class Branch:
    """What one task alone does: its linear layer on the trunk's features, and what follows.

    `weight` and `bias` are the layer's parameters, `leaves` those of what follows.
    """

    layer: Node
    weight: nn.Parameter
    bias: nn.Parameter
    leaves: list[nn.Parameter]


@dataclass(frozen=True, slots=True)
class Fan:
    """A trunk's operations with their rules, the last one first, and a branch for each task."""

    trunk: list[tuple[Node, Rule | None]]
    branches: list[Branch]


def find_fan(losses: Sequence[Tensor], shared: Sequence[nn.Parameter]) -> Fan | None:
    """The graph as a trunk and branches, or None where it is anything else."""
    if any(loss.grad_fn is None for loss in losses):
        return None
    parting = _parting(losses[0].grad_fn, losses[-1].grad_fn)
    trunk = None if parting is None else _trunk(parting)
    if trunk is None:
        return None
    seen: set[Node] = {node for node, _ in trunk}
    branches: list[Branch] = []
    for loss in losses:
        branch = _branch(loss.grad_fn, parting, seen)
        if branch is None:
            return None
        branches.append(branch)
    taken = {id(parameter) for parameter in shared}
    used = (p for branch in branches for p in (branch.weight, branch.bias, *branch.leaves))
    return Fan(trunk, branches) if taken.isdisjoint(map(id, used)) else None


def _parting(first: Node, last: Node) -> Node | None:
    """Where the graph of one loss meets that of another, if it does so at one place."""
    known = {first}
    stack = [first]
    while stack:
        for child, _ in stack.pop().next_functions:
            if child is not None and child not in known:
                known.add(child)
                stack.append(child)
    met: set[Node] = set()
    seen = {last}
    stack = [last]
    while stack and len(met) < 2:
        node = stack.pop()
        if node in known:
            met.add(node)
            continue
        for child, _ in node.next_functions:
            if child is not None and child not in seen:
                seen.add(child)
                stack.append(child)
    return met.pop() if len(met) == 1 else None


def _trunk(start: Node) -> list[tuple[Node, Rule | None]] | None:
    """Operations from a place on, each before its arguments; None if one has no rule."""
    order: list[tuple[Node, Rule | None]] = []
    seen: set[Node] = set()
    stack: list[tuple[Node, Rule | None, bool]] = [(start, None, False)]
    while stack:
        node, rule, is_done = stack.pop()
        if is_done:
            order.append((node, rule))
        elif node not in seen:
            seen.add(node)
            rule = rule_of(node)
            if rule is None and not is_leaf(node):
                return None
            stack.append((node, rule, True))
            stack += [(child, None, False) for child, _ in node.next_functions if child is not None]
    return order[::-1]


def _branch(start: Node, parting: Node, seen: set[Node]) -> Branch | None:
    """From a loss to the parting; None unless it is reached once, through a linear layer.

    `seen` are the operations of the trunk and of branches already known: one that is met again is
    not the task's alone.
    """
    mine = {start}
    layers: list[Node] = []
    leaves: list[nn.Parameter] = []
    stack = [start]
    while stack:
        node = stack.pop()
        children = [child for child, _ in node.next_functions if child is not None]
        if parting in children:
            layers.append(node)
            continue
        if is_leaf(node):
            leaves.append(node.variable)
        fresh = [child for child in children if child not in mine]
        mine.update(fresh)
        stack += fresh
    if len(layers) != 1 or not is_linear(layers[0]):
        return None
    bias, _, turned = (child for child, _ in layers[0].next_functions)
    if bias is None or turned is None or turned.name() != "TBackward0":
        return None
    weight = turned.next_functions[0][0]
    if not is_leaf(weight):
        return None
    below = {bias, turned, weight}
    if not mine.isdisjoint(below) or not seen.isdisjoint(mine | below):
        return None
    seen |= mine | below
    return Branch(layers[0], weight.variable, bias.variable, leaves)
