"""LayerHooks: listens to what goes through a model's layers."""

from types import TracebackType
from typing import Any, Self

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle


class LayerHooks:
    """Notes every use of the layers that it `hears`, while it is entered as a context."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self._handles: list[RemovableHandle] = []

    def hears(self, layer: nn.Module) -> bool:
        """Whether the uses of this layer are noted."""
        raise NotImplementedError

    def note(self, name: str, layer: Any, inputs: Tensor, outputs: Tensor) -> None:
        """A layer, by its name in the model, turned `inputs`, without a graph, into `outputs`."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        for name, layer in self.model.named_modules():
            if self.hears(layer):
                self._handles.append(layer.register_forward_hook(self._noting(name)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for handle in self._handles:
            handle.remove()

    def _noting(self, name: str) -> Any:
        def note(layer: nn.Module, inputs: tuple[Tensor, ...], outputs: Tensor) -> None:
            self.note(name, layer, inputs[0].detach(), outputs)

        return note
