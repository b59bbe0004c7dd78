"""LevelGates: what a level of experts gives to the next, mixed by gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import pooled
from workbench.engine.blocks.sharing.towers import Bank


@dataclass(slots=True)
class GateWeights:
    """Mean weights that a level's gates gave: [A, E] of the tasks `tasks`, [E] over all."""

    tasks: list[int]
    own: Tensor
    over_all: Tensor | None = None


class LevelGates(nn.Module):
    """The gates of one level: a task's over its own and the shared experts, and one over all."""

    def __init__(
        self, own: Sequence[nn.Module], over_all: nn.Module | None, n_own: int, *, on_input: bool
    ) -> None:
        super().__init__()
        self.n_own = n_own
        self.on_input = on_input
        self.own = Bank(own)
        self.over_all = None if over_all is None else Bank([over_all])

    def mixed(
        self,
        read: Tensor,
        x: Tensor,
        n_tasks: int,
        tasks: list[int],
        places: list[int],
        gate_weights: list[GateWeights] | None,
    ) -> Tensor:
        """Streams [A (+ 1), B, …] of the tasks `tasks`, and the shared one where there is one.

        `x` are the experts' outputs, n_own for each of n_tasks and then the shared ones; `places`
        are the places of the tasks ahead among the n_tasks. The gates read the input [B, …] itself
        or the streams [n_tasks (+ 1), B, …] that came in.
        """
        n_private = n_tasks * self.n_own
        weights = (
            self.own.fan(read, tasks)
            if self.on_input
            else cast("Tensor", self.own(pooled(read)[places], tasks))
        )
        own = x[:n_private].unflatten(0, (n_tasks, self.n_own))
        if len(places) < n_tasks:
            own = own[places]
        weights = _of_rows(weights, own.dim())
        # Of texts there are weights at each place, `l`.
        at = "b" if weights.dim() == 3 else "bl"
        mixed = torch.einsum(f"t{at}e,te{at}...->t{at}...", weights[..., : self.n_own], own)
        if len(x) > n_private:
            from_shared = weights[..., self.n_own :]
            mixed = mixed + torch.einsum(f"t{at}e,e{at}...->t{at}...", from_shared, x[n_private:])
        if gate_weights is not None:
            gate_weights.append(GateWeights(tasks, weights.flatten(1, -2).mean(1)))
        if self.over_all is None:
            return mixed
        over_all = self.over_all.fan(read) if self.on_input else self.over_all(pooled(read[-1:]))
        if gate_weights is not None:
            gate_weights[-1].over_all = cast("Tensor", over_all)[0].flatten(0, -2).mean(0)
        over_all = _of_rows(cast("Tensor", over_all)[0], x.dim())
        shared = torch.einsum(f"{at}e,e{at}...->{at}...", over_all, x)
        return torch.cat([mixed, shared.unsqueeze(0)])


def _of_rows(weights: Tensor, n_axes: int) -> Tensor:
    """Weights [..., B, L, E] of places as those of rows, where what they mix has no places left.

    A network that pools its places, such as patches, ends in features [..., B, features]: what is
    mixed has as many axes then as weights of places have. Their mean sums to 1 as each does.
    """
    return weights.mean(-2) if weights.dim() == n_axes else weights
