"""token-accuracy: the share of right next tokens."""

from torch import Tensor

from workbench.engine.roles.task import NOT_ASKED
from workbench.engine.roles.texts.text_metric import TextMetric


class TokenAccuracy(TextMetric):
    """The share of places at which the next token is right, after the right ones before it.

    A model that writes by itself goes on from its own mistakes, so whole answers are right less
    often than this says.
    """

    key = "token-accuracy"
    title = "Token accuracy"
    score_range = (0.0, 1.0)
    reads = "places"

    def score(self, output: Tensor, target: Tensor) -> float:
        is_asked = target != NOT_ASKED
        return ((output == target) & is_asked).sum().item() / max(int(is_asked.sum()), 1)

    def chance(self, target: Tensor) -> float | None:
        scored = target[target != NOT_ASKED]
        return scored.bincount().max().item() / len(scored)
