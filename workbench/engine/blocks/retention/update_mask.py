"""UpdateMask: parameters of which a step may move each element only in part."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import BatchNorm

Named = dict[str, Tensor]


class UpdateMask:
    """Takes back what a step moved, by the share that each element is not free.

    It acts on the movement, not on the gradient: momentum, weight decay and adaptive steps would
    move what has no gradient. A freedom of 0 leaves an element as it was to the last bit, 1 as the
    optimizer put it; under plain gradient descent it is the same as scaling the gradient.

    A batch norm whose scale may not move keeps its running statistics too, and normalises by them:
    else what was frozen below and above it would answer otherwise.
    """

    def __init__(self) -> None:
        self.freedom: Named = {}
        self._model: nn.Module | None = None
        self._pairs: list[tuple[nn.Parameter, Tensor]] | None = None
        self._before: list[Tensor] = []

    def hold_in(self, model: nn.Module) -> None:
        """The model whose statistics are held; without it they are not."""
        self._model = model

    def put(self, freedom: Mapping[str, Tensor]) -> None:
        """From now on elements are free by these shares, 0 to 1, which may be one for all."""
        self.freedom = {name: values for name, values in freedom.items() if (values != 1).any()}
        self._pairs, self._before = None, []
        if self._model is not None:
            learned = {name for name, _ in self._model.named_parameters(remove_duplicate=False)}
            for name, layer in self._model.named_modules():
                # Of one that is frozen the scale is no parameter: it stays held whatever is free.
                if isinstance(layer, BatchNorm) and f"{name}.weight" in learned:
                    scale = self.freedom.get(f"{name}.weight")
                    layer.is_held = scale is not None and not bool(scale.any())

    def before_step(self, model: nn.Module) -> None:
        """A step is about to be made."""
        if self._pairs is None:
            known = dict(model.named_parameters())
            self._pairs = [
                (known[name], values.to(known[name])) for name, values in self.freedom.items()
            ]
        self._before = [parameter.detach().clone() for parameter, _ in self._pairs]

    def after_step(self) -> None:
        """The step is made."""
        with torch.no_grad():
            for (parameter, freedom), before in zip(self._pairs or (), self._before, strict=True):
                parameter.copy_(torch.lerp(before, parameter, freedom))
