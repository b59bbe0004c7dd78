"""LayerInputs: what a model's linear and convolutional layers multiply their weights with."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.blocks.retention.layer_hooks import LayerHooks


class LayerInputs(LayerHooks):
    """Notes what goes into every layer while it is entered, as rows of its weights' length.

    Of a linear layer these are its inputs, of a convolution the patches under its kernel; where
    there is a bias, it is a weight on a last column of ones. `rows` [N, in] are by layer name;
    of many rows only the triangle of their QR decomposition is kept, which has the same Gramian.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__(model)
        self.rows: dict[str, Tensor] = {}

    def hears(self, layer: nn.Module) -> bool:
        return width_of(layer) > 0

    def note(
        self, name: str, layer: nn.Linear | nn.Conv2d, inputs: Tensor, outputs: Tensor
    ) -> None:
        del outputs
        rows = _rows(layer, inputs)
        if layer.bias is not None:
            rows = torch.cat([rows, rows.new_ones(len(rows), 1)], dim=1)
        if name in self.rows:
            rows = torch.cat([self.rows[name], rows])
        self.rows[name] = torch.linalg.qr(rows, "r")[1] if len(rows) > rows.shape[1] else rows


def width_of(layer: nn.Module) -> int:
    """Weights of one output of a layer whose inputs are noted, its bias included; else 0."""
    bias: Tensor | None = getattr(layer, "bias", None)
    if type(layer) is nn.Linear:
        return layer.in_features + (bias is not None)
    if type(layer) is nn.Conv2d and layer.groups == 1 and layer.padding_mode == "zeros":
        if isinstance(layer.padding, str):
            return 0
        return layer.weight[0].numel() + (bias is not None)
    return 0


def _rows(layer: nn.Linear | nn.Conv2d, x: Tensor) -> Tensor:
    if isinstance(layer, nn.Linear):
        return x.reshape(-1, x.shape[-1])
    padding: Any = layer.padding
    patches = functional.unfold(x, layer.kernel_size, layer.dilation, padding, layer.stride)
    return patches.transpose(1, 2).flatten(0, 1)
