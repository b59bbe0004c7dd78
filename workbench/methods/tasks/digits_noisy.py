"""digits-noisy: questions about digits, some of them taught with wrong answers."""

from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.blocks.tasks.made.rows import disturbed
from workbench.engine.roles.task import (
    Classes,
    Family,
    Part,
    Task,
    Vector,
    divided,
    parts,
    split_indices,
)
from workbench.spec.settings import Settings, setting

#: Each task's answer for the digits 0 to 9.
ANSWERS: dict[str, tuple[int, ...]] = {
    "digit": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    "parity": (0, 1, 0, 1, 0, 1, 0, 1, 0, 1),
    "at-least-five": (0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
}


class DigitsNoisy(Family):
    """Real 8×8 digits with three questions, of which chosen ones are taught wrong answers.

    A share of the training answers, drawn once and for all, becomes another class, every other
    class alike. Answers to validate and test on stay right. Pixels scaled to 0–1; 1797 pictures,
    split 70/10/20; every task sees the same pictures.
    """

    key = "digits-noisy"
    title = "Digits: noisy labels"
    group = "digits"
    helps = "A task that deserves less weight: does balancing find out, does it harm the others?"
    is_judged_built = False

    class Settings(Settings):
        """Which tasks are noisy, and how much."""

        noisy: list[Literal["digit", "parity", "at-least-five"]] = setting(
            ["parity"], "Tasks whose training answers are partly wrong.", max_length=3
        )
        noise: float = setting(0.3, "Share of their training answers that are wrong.", ge=0, le=1)
        data_seed: int = setting(0, "Which draw of the wrong answers.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(ANSWERS)

    def tasks(self) -> list[Task]:
        pixels, digits = handwritten_digits()
        splits = split_indices(len(digits))
        inputs = divided({"pixels": pixels}, splits)
        tasks: list[Task] = []
        for i, (name, answers) in enumerate(ANSWERS.items()):
            n_classes = max(answers) + 1
            target: Tensor = torch.tensor(answers)[digits]
            data = parts(inputs, target, splits)
            if name in self.settings.noisy:
                generator = torch.Generator().manual_seed(3 * self.settings.data_seed + i)
                wrong = disturbed(data["train"].target, self.settings.noise, n_classes, generator)
                data["train"] = Part(inputs["train"], wrong)
            kind = {"pixels": Vector(64)}
            tasks.append(Task(name, kind, Classes(n_classes), data, picture=(8, 8)))
        return tasks
