"""digits-attributes: five questions about the same handwritten digit."""

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.roles.task import Classes, Family, Part, Task, Vector, split_indices

#: Each task's answer for the digits 0 to 9.
ANSWERS: dict[str, tuple[int, ...]] = {
    "digit": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    "parity": (0, 1, 0, 1, 0, 1, 0, 1, 0, 1),
    "at-least-five": (0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
    "prime": (0, 0, 1, 1, 0, 1, 0, 1, 0, 0),
    "has-loop": (1, 0, 0, 0, 0, 0, 1, 0, 1, 1),
}


class DigitsAttributes(Family):
    """Real 8×8 handwritten digits with several questions about each: which, even, large and more.

    1797 pictures (Alpaydin & Kaynak 1998, as scikit-learn ships them), pixels scaled to 0–1,
    split 70/10/20 once and for all. Every task sees the same pictures.
    """

    key = "digits-attributes"
    title = "Digits: attributes"
    group = "digits"
    paper = "Alpaydin & Kaynak, Optical recognition of handwritten digits, UCI 1998"
    link = "https://archive.ics.uci.edu/dataset/80"
    helps = "Related questions about one input: the usual multi-task setting, learned in seconds."
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(ANSWERS)

    def tasks(self) -> list[Task]:
        inputs, digits = handwritten_digits()
        splits = split_indices(len(digits))
        views = {split: {"pixels": inputs[chosen]} for split, chosen in splits.items()}
        tasks: list[Task] = []
        for name, answers in ANSWERS.items():
            target: Tensor = torch.tensor(answers)[digits]
            data = {split: Part(views[split], target[chosen]) for split, chosen in splits.items()}
            kind = Classes(max(answers) + 1)
            tasks.append(Task(name, {"pixels": Vector(64)}, kind, data, picture=(8, 8)))
        return tasks
