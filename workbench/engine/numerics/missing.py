"""Missing: how a target says that there is no answer, and which answers there are.

The mark lies in the target itself: it goes wherever an example goes, into memories, copies, batches
and checkpoints. What takes it for an answer fails at once, since it is no class and no number; a
mask beside the targets that was left behind somewhere would be seen by nobody.
"""

import torch
from torch import Tensor

#: The target of what is not asked: an example without its class, a place of a text. Of targets that
#: are no whole numbers it is NaN.
NOT_ASKED = -100


def known(target: Tensor) -> Tensor:
    """Whether each number of targets [B, …] is an answer."""
    # NaN is the one number that is not itself: one call; to ask for it and turn it about is two.
    return target == target if target.is_floating_point() else target != NOT_ASKED


def answered_rows(target: Tensor) -> Tensor:
    """Which examples [B] of targets [B, …] have an answer."""
    is_known = known(target)
    return is_known.flatten(1).any(1) if is_known.dim() > 1 else is_known


def without_answers(target: Tensor, rows: Tensor) -> Tensor:
    """A copy of targets [B, …] in which these rows, a mask [B], have no answer."""
    mark = torch.nan if target.is_floating_point() else NOT_ASKED
    return target.masked_fill(rows.view(-1, *(1,) * (target.dim() - 1)), mark)
