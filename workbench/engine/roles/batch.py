"""Batch: what one step learns from, the part of each task in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.rows.on_demand import OnDemand


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One task's part of a batch: `inputs` by view, each [B, …], and `target` [B, …].

    A target says itself where it has no answer: see `missing`.
    `loss_scale` multiplies the task's loss in the update, which new and replayed parts share.
    `class_mask` [B, n] are the classes among which each answer is chosen; None: among all n.
    `blended` are the targets [B, …] of what each row was mixed with, and the share that is its own.
    `row_weights` [B] are what each row counts in the mean; None: all alike.
    """

    inputs: Mapping[str, Tensor]
    target: Tensor
    loss_scale: float = 1.0
    class_mask: Tensor | None = None
    blended: tuple[Tensor, float] | None = None
    row_weights: Tensor | None = None

    def __len__(self) -> int:
        return len(self.target)

    def __getitem__(self, chosen: Any) -> "Part":
        return self._each(lambda values: values[chosen])

    def to(self, device: torch.device) -> "Part":
        """The same part on another device."""
        return self._each(lambda values: values.to(device))

    def copied(self) -> "Part":
        """Examples that do not hold on to those they were cut from."""
        return self._each(Tensor.clone)

    def answered(self) -> "Part":
        """The rows that have an answer; itself where all have."""
        rows = answered_rows(self.target)
        return self if bool(rows.all()) else self[rows.nonzero().squeeze(1)]

    def changed(self, **fields: Any) -> "Part":
        """The same with other fields; what a part holds beside them stays."""
        return replace(self, **fields)

    def _each(self, change: Callable[[Tensor], Tensor]) -> "Part":
        return Part(
            {view: change(values) for view, values in self.inputs.items()},
            change(self.target),
            self.loss_scale,
            None if self.class_mask is None else change(self.class_mask),
            None if self.blended is None else (change(self.blended[0]), self.blended[1]),
            None if self.row_weights is None else change(self.row_weights),
        )


Batch = Mapping[str, Part]


def joined(parts: Sequence[Part]) -> Part:
    """The examples of one task in several parts as one part, with the share of the first.

    Of what only some of the parts hold, the others hold that all is open and weighs 1.
    """
    first = parts[0]
    return Part(
        {view: torch.cat([part.inputs[view] for part in parts]) for view in first.inputs},
        torch.cat([part.target for part in parts]),
        first.loss_scale,
        _joined_or_ones(parts, [part.class_mask for part in parts]),
        row_weights=_joined_or_ones(parts, [part.row_weights for part in parts]),
    )


def _joined_or_ones(parts: Sequence[Part], pieces: Sequence[Tensor | None]) -> Tensor | None:
    known = next((piece for piece in pieces if piece is not None), None)
    if known is None:
        return None
    pairs = zip(parts, pieces, strict=True)
    return torch.cat(
        [
            piece if piece is not None else known.new_ones(len(part), *known.shape[1:])
            for part, piece in pairs
        ]
    )


def packed(parts: Mapping[str, Part]) -> dict[str, Any]:
    """Examples by task in types that a checkpoint has; `unpacked` reads them again."""
    weights = {task: part.row_weights for task, part in parts.items()}
    known = {task: values for task, values in weights.items() if values is not None}
    return {
        "inputs": {task: dict(part.inputs) for task, part in parts.items()},
        "targets": {task: part.target for task, part in parts.items()},
        **({"row_weights": known} if known else {}),
    }


def unpacked(state: Mapping[str, Any]) -> dict[str, Part]:
    """The examples that `packed` put there."""
    targets, weights = state["targets"], state.get("row_weights", {})
    return {
        task: Part(views, targets[task], row_weights=weights.get(task))
        for task, views in state["inputs"].items()
    }


def _are_on_demand(parts: Batch) -> bool:
    """Whether inputs are put together when they are used: once is enough then."""
    return any(isinstance(x, OnDemand) for part in parts.values() for x in part.inputs.values())


def slices(parts: Batch, size: int) -> Iterator[Batch]:
    """The parts in pieces of at most `size` examples; inputs shared before are shared after."""
    longest = max(len(part) for part in parts.values())
    if longest <= size and not _are_on_demand(parts):
        yield dict(parts)
        return
    for start in range(0, longest, size):
        cut: dict[int, Tensor] = {}
        batch: dict[str, Part] = {}
        for name, part in parts.items():
            if start >= len(part):
                continue
            inputs: dict[str, Tensor] = {}
            for view, values in part.inputs.items():
                if id(values) not in cut:
                    cut[id(values)] = values[start : start + size]
                inputs[view] = cut[id(values)]
            weights = part.row_weights
            cut_weights = None if weights is None else weights[start : start + size]
            target = part.target[start : start + size]
            batch[name] = Part(inputs, target, row_weights=cut_weights)
        yield batch


def split_indices(n: int, seed: int = 0, val: float = 0.1, test: float = 0.2) -> dict[str, Tensor]:
    """Shuffled, disjoint positions [n_split] of the train, val and test examples of `n`."""
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    n_test, n_val = round(n * test), round(n * val)
    return {
        "test": order[:n_test],
        "val": order[n_test : n_test + n_val],
        "train": order[n_test + n_val :],
    }


def divided(
    inputs: Mapping[str, Tensor], splits: Mapping[str, Tensor]
) -> dict[str, dict[str, Tensor]]:
    """Inputs [N, …] by split and view; parts made from the same result share them."""
    return {
        split: {view: values[chosen] for view, values in inputs.items()}
        for split, chosen in splits.items()
    }


def parts(
    inputs: Mapping[str, Mapping[str, Tensor]],
    target: Tensor,
    splits: Mapping[str, Tensor],
    row_weights: Tensor | None = None,
) -> dict[str, Part]:
    """A task's data by split, from divided inputs, its target [N, …], and what rows count [N]."""
    return {
        split: Part(
            inputs[split],
            target[chosen],
            row_weights=None if row_weights is None else row_weights[chosen],
        )
        for split, chosen in splits.items()
    }
