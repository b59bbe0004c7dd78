"""Representation: how far each layer has moved from what it was at the end of past stages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.engine.blocks.retention.linear_calls import LinearCalls
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part
from workbench.spec.event import Table

#: Examples looked at in all, and past stages that are remembered.
_EXAMPLES, _STAGES = 128, 32


class Representation:
    """Compares layers across stages by linear CKA (Kornblith et al., ICML 2019).

    Of each layer the inner products of a fixed sample's features are kept, centred, [N, N]: two
    sets of features are alike where these are, whatever the units are called. `answer` gives the
    outputs by task of a batch, as when the model is asked.
    """

    def __init__(
        self,
        model: Sharing,
        sample: Mapping[str, Part],
        answer: Callable[[Batch], Mapping[str, Tensor]],
    ) -> None:
        self.model = model
        self.answer = answer
        n = max(1, _EXAMPLES // len(sample))
        self.sample = {name: part[:n] for name, part in sample.items()}
        self.past: dict[str, dict[str, Tensor]] = {}

    def compare(self, stage: str) -> list[Table]:
        """Each layer's likeness to the end of each past stage; remembers how it is now.

        The model is in evaluation mode, and nothing moves. None the first time.
        """
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            now = {layer: centred_products(rows) for layer, rows in self._features().items()}
        self.model.train(was_training)
        past = self.past
        self.past = dict([*past.items(), (stage, now)][-_STAGES:])
        if not past or not now:
            return []
        values = [[alike(now[layer], known.get(layer)) for known in past.values()] for layer in now]
        table = Table(
            "likeness",
            tuple(now),
            tuple(past),
            np.asarray(values, np.float32),
            title="Likeness to past stages",
            meaning="Linear CKA of each layer's features now with those at the end of each past "
            "stage, on the same examples: 1 is unchanged, 0 has nothing in common. "
            "(Kornblith 2019)",
        )
        return [table]

    def _features(self) -> dict[str, Tensor]:
        """Features [N, d] of the sample by layer, task after task.

        Of a strategy without common stages it is what its heads read.
        """
        by_layer: dict[str, list[Tensor]] = {}
        handles = [
            stage.register_forward_hook(_noting(by_layer.setdefault(f"layer {i + 1}", [])))
            for i, stage in enumerate(self.model.common_stages())
        ]
        for task, part in self.sample.items():
            with LinearCalls(self.model) as calls:
                output = self.answer({task: part})[task]
            if not handles:
                read = next((c.inputs for c in calls.calls if c.outputs is output), output)
                by_layer.setdefault("features", []).append(read.flatten(1))
        for handle in handles:
            handle.remove()
        return {
            layer: torch.cat(pieces)
            for layer, pieces in by_layer.items()
            if len({piece.shape[1] for piece in pieces}) == 1
        }

    def state_dict(self) -> dict[str, Any]:
        """What is remembered, by stage and layer."""
        return {"past": {stage: dict(known) for stage, known in self.past.items()}}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.past = {stage: dict(known) for stage, known in state["past"].items()}


def _noting(pieces: list[Tensor]) -> Any:
    def note(stage: nn.Module, inputs: Sequence[Any], output: Tensor) -> None:
        del stage, inputs
        pieces.append(output.flatten(1))

    return note


def centred_products(rows: Tensor) -> Tensor:
    """Inner products [N, N] of rows [N, d] less their mean."""
    away = rows - rows.mean(0)
    return away @ away.T


def alike(a: Tensor, b: Tensor | None) -> float:
    """Linear CKA of two sets of centred products [N, N], 0 to 1; NaN where one does not vary."""
    if b is None or a.shape != b.shape:
        return float("nan")
    size = a.norm() * b.norm()
    return ((a * b).sum() / size).item() if size > 0 else float("nan")
