"""few-shot-digits: turned digits, of which a baseline that learns nothing tells most apart."""

from collections.abc import Iterator

import torch

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.blocks.tasks.episodes import (
    LETTERS,
    ClassesSettings,
    answers_to,
    drawn_classes,
)
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Episodes, Family, Part, Task, Vector
from workbench.spec.settings import setting

#: The digits whose turned pictures are the classes of each split.
DIGITS = {"train": (0, 1, 2, 3), "val": (4, 5), "test": (6, 7, 8, 9)}
#: Digits that half a turn leaves about as they are, or makes one of the others.
ALIKE_UPSIDE_DOWN = (0, 1, 6, 8, 9)


class FewShotDigits(Family):
    """Real digits, upright and turned, a few to be told apart: where a baseline beats a learner.

    A class is a digit turned by whole right angles: 2, 3, 4, 5 and 7 are four classes each, and
    those that look alike upside down (0, 1 and 8, and 6 and 9 like each other) are two each. The
    classes of 0 to 3 are trained on, of 4 and 5 validated on, of 6 to 9 tested. There is little to
    learn: the nearest mean of the raw pixels, with nothing learned, is right on .955 of five
    classes after five shots, and on .86 after one. Whoever learns must show that it beats that.
    """

    key = "few-shot-digits"
    title = "Few-shot digits"
    group = "learning to learn"
    helps = "To see that a baseline can win: set a learner beside the nearest mean of raw pixels."
    gives = ("episodes",)
    is_judged_built = False

    class Settings(ClassesSettings):
        """How many classes a task has, how many pictures each, and how many tasks there are."""

        ways: int = setting(5, "Classes of each task.", ge=2, le=8, unit="classes")

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("turned-digit",)

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_rows = settings.ways * (settings.shots + settings.queries)
        return 4 * 64 * 5400 + 16 * n_rows * sum(settings.sizes().values())

    def tasks(self) -> list[Task]:
        settings, rows = self.settings, self.settings.shots + self.settings.queries
        pixels, digits = handwritten_digits()
        pictures = pixels.view(-1, 8, 8)
        data: dict[str, Part] = {}
        for split, n in settings.sizes().items():
            pools = [
                pictures[digits == digit].rot90(turns, (1, 2)) for digit, turns in classes(split)
            ]
            counts = torch.tensor([len(pool) for pool in pools])
            positions = drawn_classes(counts, n, settings.ways, rows, settings.generator(split))
            inputs = {"pixels": Pooled(torch.cat(pools).flatten(1), positions)}
            data[split] = Part(inputs, answers_to(n, settings.ways, rows))
        return [
            Task(
                "turned-digit",
                {"pixels": Vector(64)},
                Classes(settings.ways),
                data,
                "accuracy",
                picture=(8, 8),
                answers=tuple(LETTERS[: settings.ways]),
                episodes=Episodes(settings.ways * settings.shots, settings.ways * settings.queries),
                drawn_from={
                    split: tuple(f"{digit} turned {90 * turns}°" for digit, turns in classes(split))
                    for split in DIGITS
                },
            )
        ]


def classes(split: str) -> Iterator[tuple[int, int]]:
    """Digit and right angles, counter-clockwise, of each class of a split."""
    for digit in DIGITS[split]:
        for turns in range(2 if digit in ALIKE_UPSIDE_DOWN else 4):
            yield digit, turns
