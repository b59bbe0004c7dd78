"""pixel-accuracy: the share of right pixels."""

from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import PixelClasses


class PixelAccuracy(Metric):
    """The share of pixels whose largest output is the right class."""

    key = "pixel-accuracy"
    title = "Pixel accuracy"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (PixelClasses,)

    def score(self, output: Tensor, target: Tensor) -> float:
        return (answers_of(output, 1) == target).double().mean().item()

    def chance(self, target: Tensor) -> float | None:
        return target.flatten().bincount().max().item() / target.numel()
