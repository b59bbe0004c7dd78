"""Probe: looks at how the tasks' gradients stand to each other, and changes nothing."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
import torch
from torch import Tensor, nn

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import LossesOf
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.engine.update.jacobian import gradients
from workbench.engine.update.step import Step
from workbench.spec.event import Floats, Probed
from workbench.spec.experiment import Probes


class Probe:
    """Measures conflict on the batch of a step, at the parameters the step led to.

    The model is in evaluation mode meanwhile: no batch statistic moves, no random number is
    drawn. The gradients are of the tasks' own losses, unweighted, in the shared parameters or in
    those of the layers that are chosen.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        settings: Probes,
        losses_of: LossesOf | None = None,
    ) -> None:
        self.model = model
        self.tasks = tasks
        self.settings = settings
        self.losses_of = losses_of
        self.names = list(tasks)

    def measure(self, batch: Batch, step: int, rate: float) -> Probed | None:
        """Cosines and norms on a batch; None where fewer than two tasks share anything."""
        layers = self._layers(self.model.shared_parameters())
        if len(batch) < 2 or not layers:
            return None
        probed = [parameter for layer in layers.values() for parameter in layer]
        was_training = self.model.training
        self.model.eval()
        alike = dict.fromkeys(self.tasks, 1.0)
        seen = Step(self.model, self.tasks, batch, alike, losses_of=self.losses_of)
        jacobian = gradients(seen.separate_losses, probed, [()] * len(batch)).shared
        affinity = self._affinity(seen, probed, jacobian, rate) if self.settings.affinity else None
        self.model.train(was_training)
        grams = [jacobian @ jacobian.T]
        sizes = [sum(parameter.numel() for parameter in layer) for layer in layers.values()]
        grams += [part @ part.T for part in jacobian.split(sizes, dim=1)]
        cosines, norms = self._compared(torch.stack(grams), seen.names)
        table = self._table(affinity, seen.names) if affinity is not None else _EMPTY
        whole = "chosen" if self.settings.layers else "all"
        return Probed(step, (whole, *layers), cosines, norms, table)

    def _layers(self, shared: Sequence[nn.Parameter]) -> dict[str, list[nn.Parameter]]:
        """The parameters of each layer to probe; none where all that are chosen come later."""
        known = layers_of(self.model, shared)
        return {name: known[name] for name in chosen(list(known), self.settings.layers)}

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

    def _affinity(
        self, seen: Step, shared: Sequence[nn.Parameter], jacobian: Tensor, rate: float
    ) -> Tensor:
        """How far task j's loss falls on a step for i, as a part of its size: rows i, columns j.

        (Lⱼ − Lⱼ(θ − η gᵢ)) / |Lⱼ|, with θ the probed parameters: above 0 where i helps j, whatever
        the loss's sign.
        """
        values = [parameter.detach().clone() for parameter in shared]
        before = torch.stack(seen.separate_losses).detach()
        rows: list[Tensor] = []
        with torch.no_grad():
            for row in jacobian:
                pieces = row.split([p.numel() for p in shared])
                for parameter, value, piece in zip(shared, values, pieces, strict=True):
                    parameter.copy_(value - rate * piece.view_as(value))
                after = torch.stack(seen.on(seen.batch).separate_losses)
                rows.append((before - after) / before.abs())
            for parameter, value in zip(shared, values, strict=True):
                parameter.copy_(value)
        return torch.stack(rows)

    def _table(self, values: Tensor, present: Sequence[str]) -> Floats:
        at = [self.names.index(name) for name in present]
        table = np.full((len(self.names),) * 2, np.nan, dtype=np.float32)
        table[np.ix_(at, at)] = values.cpu().numpy()
        return table


_EMPTY: Floats = np.zeros((0, 0), dtype=np.float32)


def layers_of(model: Sharing, shared: Sequence[nn.Parameter]) -> dict[str, list[nn.Parameter]]:
    """The shared parameters of each layer, by the layer's name, in the order of the model."""
    names = {id(p): name for name, p in model.named_parameters()}
    layers: dict[str, list[nn.Parameter]] = {}
    for parameter in shared:
        layer = names.get(id(parameter), "").rpartition(".")[0]
        layers.setdefault(layer.replace("·", ""), []).append(parameter)
    return layers


def chosen(known: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The layers that are wanted by name, pattern, `first` or `last`; all where nothing is."""
    if not wanted:
        return list(known)
    ends = {"first": known[:1], "last": known[-1:]}
    selected = {
        name
        for pattern in wanted
        for name in ends.get(pattern, [name for name in known if fnmatchcase(name, pattern)])
    }
    return [name for name in known if name in selected]


def check_layers(model: Sharing, wanted: Sequence[str]) -> None:
    """Raise BadSpecError where a layer that is to be probed is none of the shared ones."""
    known = list(layers_of(model, model.shared_parameters()))
    for i, pattern in enumerate(wanted):
        if not chosen(known, [pattern]):
            there = f"there is: first, last, {', '.join(known)}" if known else "nothing is shared"
            raise BadSpecError(f"probes.layers.{i}", f"there is no shared '{pattern}' ({there})")
