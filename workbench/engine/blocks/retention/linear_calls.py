"""LinearCalls: what went into and out of a model's linear layers."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.blocks.retention.layer_hooks import LayerHooks


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a linear layer: its name in the model, inputs [N, in] and outputs [N, out]."""

    name: str
    layer: nn.Linear
    inputs: Tensor
    outputs: Tensor


class LinearCalls(LayerHooks):
    """Notes every use of the model's linear layers while it is entered."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__(model)
        self.calls: list[Call] = []

    def hears(self, layer: nn.Module) -> bool:
        return type(layer) is nn.Linear

    def note(self, name: str, layer: nn.Linear, inputs: Tensor, outputs: Tensor) -> None:
        self.calls.append(Call(name, layer, inputs, outputs))

    @property
    def _learned(self) -> list[Call]:
        """Those with a gradient: a frozen layer under frozen ones has none."""
        return [call for call in self.calls if call.outputs.requires_grad]

    def explain(self, scalar: Tensor, n_examples: int) -> bool:
        """Whether a scalar's gradient in every parameter comes from these calls alone.

        So it is where each layer was used once, with a row an example, and nowhere else.
        """
        calls = self._learned
        layers = [call.layer for call in calls]
        if not layers or len(set(layers)) < len(layers):
            return False
        if any(call.inputs.dim() != 2 or len(call.inputs) != n_examples for call in calls):
            return False
        learned = dict(self.model.named_parameters())
        learned = {name: p for name, p in learned.items() if p.requires_grad}
        grads = torch.autograd.grad(
            scalar, list(learned.values()), retain_graph=True, allow_unused=True
        )
        known = self._gradients(scalar)
        for name, gradient in zip(learned, grads, strict=True):
            expected = known.get(name)
            if gradient is None or expected is None:  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
                if gradient is not expected:
                    return False
            elif not torch.allclose(gradient, expected, rtol=1e-3, atol=1e-5):
                return False
        return True

    def _gradients(self, scalar: Tensor) -> dict[str, Tensor]:
        return self.sums(scalar, None, None)

    def sums(self, scalar: Tensor, factor: Tensor | None, power: int | None) -> dict[str, Tensor]:
        """Sum over examples of |factor · ∂scalar/∂θ|^power, by parameter name.

        `scalar` [N] and `factor` [N] have an entry an example. Without a power the gradients
        themselves are added up.
        """
        calls = self._learned
        outputs = [call.outputs for call in calls]
        grads = torch.autograd.grad(scalar, outputs, factor, retain_graph=True, allow_unused=True)
        result: dict[str, Tensor] = {}
        for call, gradient in zip(calls, grads, strict=True):
            if gradient is None:  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
                continue
            inputs = call.inputs
            if power is not None:
                gradient, inputs = gradient.abs().pow(power), inputs.abs().pow(power)
            weight, bias = call.layer.weight, call.layer.bias
            if weight.requires_grad:
                result[f"{call.name}.weight"] = gradient.T @ inputs
            if bias is not None and bias.requires_grad:  # pyright: ignore[reportUnnecessaryComparison]  # typed as always there
                result[f"{call.name}.bias"] = gradient.sum(0)
        return result
