"""digits-pairs: two digits in one picture, and a task for each."""

from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.roles.task import Classes, Family, Image, Part, Task, split_indices
from workbench.spec.settings import Settings, setting

_SIZE = 8


class DigitsPairs(Family):
    """Two real digits in one picture: which is on the left, which on the right?

    As in MultiMNIST, with scikit-learn's 8×8 digits: side by side, or overlaid, the left one in
    the upper left corner and the right one in the lower right, the brighter pixel winning.
    Pixels scaled to 0–1. Digits are divided 70/10/20 first and paired after, so no digit of the
    training pairs is in a validation or test pair.
    """

    key = "digits-pairs"
    title = "Digits: pairs"
    group = "digits"
    paper = "Sabour, Frosst & Hinton, Dynamic routing between capsules, NIPS 2017"
    link = "https://arxiv.org/abs/1710.09829"
    helps = "Two equal tasks that compete for one picture; with a CNN or an MLP."
    gives = ("pictures",)
    is_judged_built = False

    class Settings(Settings):
        """How the two are put together, and how often."""

        layout: Literal["side-by-side", "overlaid"] = setting(
            "overlaid", "Whether the two are next to each other or one over the other."
        )
        shift: int = setting(
            4,
            "Overlaid: how far the right digit is moved down and to the right; 8: no overlap.",
            ge=1,
            le=8,
            unit="px",
        )
        samples: int = setting(
            2000, "Training pairs; validation has a fifth, test two.", ge=10, le=100_000
        )
        data_seed: int = setting(0, "Which draw of the pairs.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("left", "right")

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_pairs = settings.samples + settings.samples // 5 + 2 * settings.samples // 5
        side = _SIZE + settings.shift if settings.layout == "overlaid" else 2 * _SIZE
        return n_pairs * (4 * side**2 + 16)

    def tasks(self) -> list[Task]:
        pixels, digits = handwritten_digits()
        pictures = pixels.view(-1, _SIZE, _SIZE)
        generator = torch.Generator().manual_seed(self.settings.data_seed)
        n_train = self.settings.samples
        sizes = {"train": n_train, "val": n_train // 5, "test": 2 * n_train // 5}
        data: dict[str, dict[str, Part]] = {name: {} for name in self.task_names()}
        for split, chosen in split_indices(len(digits)).items():
            drawn = torch.randint(len(chosen), (2, sizes[split]), generator=generator)
            left, right = chosen[drawn]
            inputs = {"picture": self.joined(pictures[left], pictures[right])}
            data["left"][split] = Part(inputs, digits[left])
            data["right"][split] = Part(inputs, digits[right])
        shape = data["left"]["train"].inputs["picture"].shape
        kind = {"picture": Image(*shape[1:])}
        return [Task(name, kind, Classes(10), by_split) for name, by_split in data.items()]

    def joined(self, left: Tensor, right: Tensor) -> Tensor:
        """Pictures [N, 1, H, W] of pairs of digits, each [N, 8, 8]."""
        if self.settings.layout == "side-by-side":
            return torch.cat([left, right], 2).unsqueeze(1)
        shift = self.settings.shift
        canvas = left.new_zeros(len(left), 1, _SIZE + shift, _SIZE + shift)
        canvas[:, 0, :_SIZE, :_SIZE] = left
        corner = canvas[:, 0, shift:, shift:]
        corner.copy_(torch.maximum(corner, right))
        return canvas
