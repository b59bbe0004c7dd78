"""Snapshot: the model as it was, to be asked again."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.roles.batch import Batch


class Snapshot:
    """A copy of a model's values at one moment. It answers as when asked, and learns nothing."""

    def __init__(self) -> None:
        self.values: dict[str, Tensor] = {}
        self._model: nn.Module | None = None

    def take(self, model: nn.Module) -> None:
        """Remember the model as it is now."""
        self.values = {name: value.detach().clone() for name, value in _values(model).items()}
        self._model = None

    def outputs(self, model: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """The old outputs by task; `model` is the one that was copied, as it is now."""
        if self._model is None:
            self._model = self._rebuilt(model)
        with torch.no_grad():
            return self._model(batch)

    def _rebuilt(self, model: nn.Module) -> nn.Module:
        """What has been added to the model since stays as it is now: no old answer needs it."""
        rebuilt = copy.deepcopy(model)
        with torch.no_grad():
            for name, value in _values(rebuilt).items():
                if name in self.values:
                    value.copy_(self.values[name])
        return rebuilt.eval().requires_grad_(False)

    def state_dict(self) -> dict[str, Any]:
        """The values by name; empty before anything was taken."""
        return {"values": self.values}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.values = dict(state["values"])
        self._model = None


def _values(model: nn.Module) -> dict[str, Tensor]:
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}
