"""Gates: weights over experts, read from an input."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import example
from workbench.engine.blocks.sharing.towers import Bank, Rows, pile
from workbench.engine.roles.task import InputKind, Task, Tokens


def gate_on(kind: InputKind, n: int) -> nn.Module:
    """A gate [B, …] -> [B, n], softmax(W x), on an input as it is; W starts at 0.

    On texts there is a gate at each place [B, L] -> [B, L, n], and W x is the row of W for its
    token: over all places it would know the words of the answer that are yet to come. Starting at
    0 means that every expert counts alike, and that a gate draws no random number.
    """
    if isinstance(kind, Tokens):
        rows = nn.Embedding(kind.vocabulary, n, _weight=torch.zeros(kind.vocabulary, n))
        return nn.Sequential(rows, nn.Softmax(-1))
    return nn.Sequential(nn.Flatten(), *gate_on_features(example(kind).numel(), n))


def gate_on_features(width: int, n: int) -> nn.Sequential:
    """A gate [B, width] -> [B, n] on features; W starts at 0."""
    # Its own default device is the processor, whatever the one in use.
    device = torch.get_default_device()
    linear: nn.Linear = nn.utils.skip_init(nn.Linear, width, n, device=device)  # pyright: ignore[reportAssignmentType]  # typed Module
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(linear, nn.Softmax(-1))


class Gates(nn.Module):
    """A gate a task, on the task's input."""

    def __init__(self, tasks: Sequence[Task], n: int) -> None:
        super().__init__()
        self.bank = Bank(gate_on(task.input, n) for task in tasks)
        self._place = {task.name: i for i, task in enumerate(tasks)}

    def forward(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Weights [B, n] by task, which sum to 1 over the last axis; of texts [B, L, n]."""
        chosen = [self._place[task] for task in inputs]
        return dict(zip(inputs, self.bank(pile(list(inputs.values())), chosen), strict=True))

    def of(self, task: str) -> nn.Module:
        """The task's gate."""
        return self.bank.copies[self._place[task]]


def mix(weights: Tensor, values: Tensor) -> Tensor:
    """Σₑ weights[b, e] values[e, b, …]: [B, …] from [B, E] and [E, B, …].

    Of texts the weights [B, L, E] are those of each place.
    """
    if weights.dim() == 3:
        return torch.einsum("ble,ebl...->bl...", weights, values)
    return torch.einsum("be,eb...->b...", weights, values)


def mixed(weights: Mapping[str, Tensor], values: Tensor, rows: Rows) -> dict[str, Tensor]:
    """`mix` for each task, of its weights [B, E] and its rows of values [E, N, …]."""
    if not rows.is_one:
        return {task: mix(gate, rows.of(values, task, 1)) for task, gate in weights.items()}
    stacked = torch.stack(list(weights.values()))
    form = "tbe,eb...->tb..." if stacked.dim() == 3 else "tble,ebl...->tbl..."
    together = torch.einsum(form, stacked, values)
    return dict(zip(weights, together.unbind(), strict=True))
