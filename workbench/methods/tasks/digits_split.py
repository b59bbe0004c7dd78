"""digits-split: the ten digits cut into tasks of a few classes each."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.blocks.tasks.made.classes import cut, with_classes
from workbench.engine.roles.task import Classes, Family, Part, Task, Vector, split_indices
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting


class DigitsSplit(Family):
    """Real 8×8 handwritten digits, a few classes a task: the standard test of forgetting.

    Scenarios of van de Ven & Tolias 2019. class: one head over all ten digits, the task is not
    known; domain: one head that tells a task's first class from its second, the task is not
    known; task: a head for each task, which is known. 1797 pictures, split 70/10/20 for each
    digit once and for all.
    """

    key = "digits-split"
    title = "Digits: split"
    group = "digits"
    paper = "van de Ven & Tolias, Three scenarios for continual learning, 2019"
    link = "https://arxiv.org/abs/1904.07734"
    helps = "One task after the other, to see what is forgotten."
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """How the digits are cut, and what the model is asked."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule(
                "n_tasks",
                "in",
                "[1, 2, 5, 10]",
                "n_tasks must divide ten (1, 2, 5, 10); found {n_tasks}",
            ),
            Rule(
                "n_tasks",
                "<=",
                "5 + 5 * (scenario == 'class')",
                "with {n_tasks} tasks a head has one class alone: it is right whatever is learned",
                warns=True,
            ),
        )

        n_tasks: int = setting(5, "Number of tasks; it divides ten.", ge=1, le=10, title="Tasks")
        scenario: Literal["class", "domain", "task"] = setting(
            "class", "Whether the task is known when the model is asked, and what it answers."
        )

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(_name(classes) for classes in cut(range(10), 5))

    def tasks(self) -> list[Task]:
        scenario = self.settings.scenario
        whole = _whole()
        made: list[Task] = []
        for classes in cut(range(10), self.settings.n_tasks):
            name = _name(classes)
            task = with_classes(whole, classes, scenario, name)
            if scenario != "task":
                n_classes = 10 if scenario == "class" else len(classes)
                task.head = f"{self.key}:{n_classes}"
            made.append(task)
        return made


def _whole() -> Task:
    """All ten digits as one task."""
    inputs, digits = handwritten_digits()
    splits = _splits(digits)
    data = {split: Part({"pixels": inputs[at]}, digits[at]) for split, at in splits.items()}
    return Task("digit", {"pixels": Vector(64)}, Classes(10), data, picture=(8, 8))


def _name(classes: list[int]) -> str:
    return str(classes[0]) if len(classes) == 1 else f"{classes[0]}-{classes[-1]}"


def _splits(digits: Tensor) -> dict[str, Tensor]:
    """Positions by split, each digit divided alike, in shuffled order."""
    pieces: dict[str, list[Tensor]] = {}
    for digit in range(10):
        of_digit = (digits == digit).nonzero().squeeze(1)
        for split, chosen in split_indices(len(of_digit), seed=digit).items():
            pieces.setdefault(split, []).append(of_digit[chosen])
    return {split: torch.cat(positions) for split, positions in pieces.items()}
