"""Anchor: parameters held near a point, each as hard as it matters."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.numerics.parameter_layout import Layout

Named = dict[str, Tensor]

#: What the user is told where steps are shortened.
OVERSHOOT = (
    "some parameters are held so hard that a step at this learning rate would pass their anchor:"
    " their steps are shortened to end where loss and hold balance"
)


class _Pull(torch.autograd.Function):
    """Σ Ω (θ − θ*)² of parameters that lie one after the other in Ω [P] and θ* [P].

    One call for all parameters, and the gradient at hand with the value: as single operations it
    would cost a small model as much as its own step.
    """

    @staticmethod
    def forward(ctx: Any, importance: Tensor, centre: Tensor, *parameters: Tensor) -> Tensor:
        away = torch.cat([p.reshape(-1) for p in parameters]).sub_(centre)
        pull = importance * away
        ctx.save_for_backward(pull)
        ctx.shapes = [p.shape for p in parameters]
        return torch.dot(pull, away)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (pull,) = ctx.saved_tensors
        pieces = (pull * (2 * gradients[0])).split([shape.numel() for shape in ctx.shapes])
        shaped = [piece.view(shape) for piece, shape in zip(pieces, ctx.shapes, strict=True)]
        return None, None, *shaped


class Anchor:
    """A pull of each parameter to a past value, as strong as it mattered."""

    def __init__(self) -> None:
        self.importance: Named = {}
        self.values: Named = {}
        self._flat: tuple[list[str], Tensor, Tensor] | None = None
        self._largest: float | None = None
        self._shares: tuple[float, Tensor] | None = None

    def move(self, importance: Mapping[str, Tensor], model: nn.Module, decay: float = 1.0) -> None:
        """Add importance to what is left of the old, and anchor every parameter where it is."""
        total: Named = {}
        for name, new in importance.items():
            old = self.importance.get(name)
            total[name] = new if old is None else decay * old + new
        self.put(total, {name: p.detach().clone() for name, p in Layout(model).parameters.items()})

    def put(self, importance: Named, values: Named) -> None:
        """Hold parameters at these values, by this importance."""
        self.importance, self.values, self._flat = importance, values, None
        self._largest = self._shares = None

    def distance(self, model: nn.Module) -> Tensor | None:
        """Σ Ω (θ − θ*)², with its graph; None where nothing is held."""
        if self._flat is None:
            held = [name for name, omega in self.importance.items() if omega.any()]
            if not held:
                return None
            importance, values = (
                torch.cat([known[name].reshape(-1) for name in held])
                for known in (self.importance, self.values)
            )
            self._flat = held, importance, values
        held, importance, values = self._flat
        parameters = dict(model.named_parameters())
        distance: Any = _Pull.apply(importance, values, *(parameters[name] for name in held))
        return distance

    def overshoots(self, rate: float, strength: float) -> bool:
        """Whether a step of gradient descent on `strength` times the distance passes an anchor.

        So it does, and swings further out at each step beyond twice that, where rate times
        curvature 2 · strength · Ω is above 1.
        """
        if self._largest is None:
            peaks = [omega.max().item() for omega in self.importance.values() if omega.numel()]
            self._largest = max(peaks, default=0.0)
        return 2 * rate * strength * self._largest > 1

    def shortened(self, gradient: Tensor, model: nn.Module, rate: float, strength: float) -> Tensor:
        """The gradient [P] of loss and pull, shortened where its step would pass an anchor.

        Each entry is divided by rate times the pull's curvature where that is above 1: where loss
        and pull balance nothing changes, and however hard the pull, the step ends there.
        """
        factor = 2 * rate * strength
        if (
            self._shares is None
            or self._shares[0] != factor
            or self._shares[1].shape != gradient.shape
        ):
            curvature = Layout(model).gather(self.importance) * factor
            self._shares = factor, curvature.clamp_min(1).reciprocal()
        return gradient * self._shares[1]

    def state_dict(self) -> dict[str, Any]:
        """Importance and anchored values by parameter name."""
        return {"importance": self.importance, "values": self.values}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.put(dict(state["importance"]), dict(state["values"]))
