"""Cropping: texts of a batch without the padding that none of them needs."""

from collections.abc import Mapping

from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.batch import Batch, Part
from workbench.engine.roles.kinds import NOT_ASKED, PADDING, Tokens, TokensOut
from workbench.engine.roles.task import Task


def cropped(tasks: Mapping[str, Task], batch: Batch) -> Batch:
    """The batch with all its texts [B, L] as long as the longest of them without its padding.

    One length for all parts, since strategies lay them side by side; targets that go with places
    follow. What was one tensor object before is one after. A batch without texts stays as it is.
    """
    texts: dict[int, Tensor] = {}
    for name, part in batch.items():
        for view, kind in tasks[name].inputs.items():
            if isinstance(kind, Tokens):
                texts[id(part.inputs[view])] = part.inputs[view]
    if not texts:
        return batch
    longest = max(_longest(tokens) for tokens in texts.values())
    cut = {key: _of_length(tokens, longest, PADDING) for key, tokens in texts.items()}
    made: dict[str, Part] = {}
    for name, part in batch.items():
        inputs = {view: cut.get(id(x), x) for view, x in part.inputs.items()}
        target = part.target
        if isinstance(tasks[name].output, TokensOut):
            target = _of_length(target, longest, NOT_ASKED)
        made[name] = part.changed(inputs=inputs, target=target)
    return made


def _longest(tokens: Tensor) -> int:
    """Places of texts [B, L] up to the last that any of them uses; one at least."""
    if tokens.device.type == "meta":  # it is counted what would be, at most
        return tokens.shape[1]
    used = (tokens != PADDING).any(0).nonzero()
    return int(used[-1]) + 1 if len(used) else 1


def _of_length(values: Tensor, length: int, filler: int) -> Tensor:
    """Values [B, L] cut or filled up to a length."""
    missing = length - values.shape[1]
    return functional.pad(values, (0, missing), value=filler) if missing > 0 else values[:, :length]
