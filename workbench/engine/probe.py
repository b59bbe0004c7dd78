"""Probe: looks at how the tasks' gradients stand to each other, and changes nothing."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Task
from workbench.engine.step import Step
from workbench.spec.event import Floats, Probed
from workbench.spec.experiment import Probes


class Probe:
    """Measures conflict on the batch of a step, at the parameters the step led to.

    The model is in evaluation mode meanwhile: no batch statistic moves, no random number is
    drawn. The gradients are of the tasks' own losses, unweighted.
    """

    def __init__(self, model: Sharing, tasks: Mapping[str, Task], settings: Probes) -> None:
        self.model = model
        self.tasks = tasks
        self.settings = settings
        self.names = list(tasks)

    def measure(self, batch: Batch, step: int, rate: float) -> Probed | None:
        """Cosines and norms on a batch; None where fewer than two tasks share anything."""
        shared = self.model.shared_parameters()
        if len(batch) < 2 or not shared:
            return None
        was_training = self.model.training
        self.model.eval()
        seen = Step(self.model, self.tasks, batch, dict.fromkeys(self.tasks, 1.0))
        jacobian = seen.jacobian.detach()
        affinity = self._affinity(seen, jacobian, rate) if self.settings.affinity else None
        self.model.train(was_training)
        layers = self._layers(shared)
        grams = [jacobian @ jacobian.T]
        grams += [part @ part.T for part in self._columns(jacobian, layers, shared)]
        cosines, norms = self._compared(torch.stack(grams), seen.names)
        table = self._table(affinity, seen.names) if affinity is not None else _EMPTY
        return Probed(step, ("all", *layers), cosines, norms, table)

    def _layers(self, shared: Sequence[nn.Parameter]) -> dict[str, list[int]]:
        """Positions of the shared parameters of each layer, by the layer's name."""
        names = {id(p): name for name, p in self.model.named_parameters()}
        layers: dict[str, list[int]] = {}
        for i, parameter in enumerate(shared):
            layer = names.get(id(parameter), "").rpartition(".")[0]
            layers.setdefault(layer.replace("·", ""), []).append(i)
        return layers

    def _columns(
        self, jacobian: Tensor, layers: dict[str, list[int]], shared: Sequence[nn.Parameter]
    ) -> list[Tensor]:
        pieces = jacobian.split([p.numel() for p in shared], dim=1)
        return [torch.cat([pieces[i] for i in chosen], dim=1) for chosen in layers.values()]

    def _compared(self, grams: Tensor, present: Sequence[str]) -> tuple[Floats, Floats]:
        """Cosines [L, T, T] and norms [L, T] from inner products of the tasks present."""
        values = grams.double().cpu().numpy()
        lengths = np.sqrt(np.einsum("lii->li", values))
        with np.errstate(divide="ignore", invalid="ignore"):
            cosines = values / (lengths[:, :, None] * lengths[:, None, :])
        cosines = np.clip(np.where(np.isfinite(cosines), cosines, np.nan), -1.0, 1.0)
        at = [self.names.index(name) for name in present]
        n, n_layers = len(self.names), len(values)
        all_cosines = np.full((n_layers, n, n), np.nan, dtype=np.float32)
        all_norms = np.full((n_layers, n), np.nan, dtype=np.float32)
        all_cosines[np.ix_(range(n_layers), at, at)] = cosines
        all_norms[:, at] = lengths
        return all_cosines, all_norms

    def _affinity(self, seen: Step, jacobian: Tensor, rate: float) -> Tensor:
        """1 − Lⱼ(θ − η gᵢ)/Lⱼ for each i (row) and j (column), with θ the shared parameters."""
        shared = self.model.shared_parameters()
        kept = [parameter.detach().clone() for parameter in shared]
        before = torch.stack(seen.separate_losses).detach()
        rows: list[Tensor] = []
        with torch.no_grad():
            for row in jacobian:
                pieces = row.split([p.numel() for p in shared])
                for parameter, value, piece in zip(shared, kept, pieces, strict=True):
                    parameter.copy_(value - rate * piece.view_as(value))
                after = torch.stack(seen.on(seen.batch).separate_losses)
                rows.append(1 - after / before)
            for parameter, value in zip(shared, kept, strict=True):
                parameter.copy_(value)
        return torch.stack(rows)

    def _table(self, values: Tensor, present: Sequence[str]) -> Floats:
        at = [self.names.index(name) for name in present]
        table = np.full((len(self.names),) * 2, np.nan, dtype=np.float32)
        table[np.ix_(at, at)] = values.cpu().numpy()
        return table


_EMPTY: Floats = np.zeros((0, 0), dtype=np.float32)
