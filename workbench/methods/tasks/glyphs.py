"""glyphs: made-up letters without end, a few to be told apart after a few examples of each."""

from functools import lru_cache

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.episodes import (
    LETTERS,
    ClassesSettings,
    answers_to,
    drawn_classes,
    generator_of,
)
from workbench.engine.blocks.tasks.strokes import Jitter, drawn_strokes, inked, jittered
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Episodes, Family, Image, Part, Task
from workbench.spec.settings import setting

#: Height and width of a picture.
SIZE = 16
#: Pictures of a class at least.
N_PICTURES = 20
#: Classes to validate on and to test on.
HELD_OUT = {"val": 100, "test": 200}
#: So the nearest mean of raw pixels is right as often as it is known to be on such glyphs.
JITTER = Jitter(points=0.08, turn=0.2, shape=0.1, place=0.195)


class Glyphs(Family):
    """Letters that nobody has seen: two to four random strokes a class, 16 × 16 pixels.

    Strokes are quadratic Bézier curves with even control points. Pictures of a class differ by a
    jitter of these, and by turn, stretch, slant and place of the whole. Each task tells a few
    classes apart, called by letters, after `shots` pictures of each; classes that are validated
    and tested on are not trained on. The nearest mean of the raw pixels, with nothing learned, is
    right on .62 of five classes after five shots and on .45 after one.
    """

    key = "glyphs"
    title = "Glyphs"
    group = "learning to learn"
    paper = "Lake, Salakhutdinov & Tenenbaum, Human-level concept learning, Science 2015"
    link = "https://doi.org/10.1126/science.aab3050"
    helps = (
        "Few-shot pictures that must be learned, drawn in a second: what Omniglot is, without a"
        " download and without an end."
    )
    gives = ("episodes", "pictures")
    is_judged_built = False

    class Settings(ClassesSettings):
        """How many classes a task has, how many pictures each, and how much there is."""

        classes: int = setting(
            1000, "Classes to train on; 100 others are validated on, 200 tested.",
            ge=20, le=10_000, unit="classes", title="Training classes",
        )  # fmt: skip

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("glyph",)

    @property
    def n_classes(self) -> dict[str, int]:
        """How many classes each split has."""
        return {"train": self.settings.classes, **HELD_OUT}

    @property
    def n_pictures(self) -> int:
        """How many pictures each class has: enough for an episode."""
        return max(N_PICTURES, self.settings.shots + self.settings.queries)

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_rows = settings.ways * (settings.shots + settings.queries)
        pools = SIZE * SIZE * self.n_pictures * sum(self.n_classes.values())
        return pools + 16 * n_rows * sum(settings.sizes().values())

    def tasks(self) -> list[Task]:
        settings, rows = self.settings, self.settings.shots + self.settings.queries
        data: dict[str, Part] = {}
        for split, n in settings.sizes().items():
            n_classes = self.n_classes[split]
            pool = pictures(split, n_classes, self.n_pictures, settings.data_seed)
            counts = torch.full((n_classes,), self.n_pictures)
            positions = drawn_classes(counts, n, settings.ways, rows, settings.generator(split, 1))
            target = answers_to(n, settings.ways, rows)
            data[split] = Part({"picture": Pooled(pool, positions)}, target)
        return [
            Task(
                "glyph",
                {"picture": Image(1, SIZE, SIZE)},
                Classes(settings.ways),
                data,
                "accuracy",
                answers=tuple(LETTERS[: settings.ways]),
                episodes=Episodes(settings.ways * settings.shots, settings.ways * settings.queries),
                drawn_from={
                    split: tuple(f"{split} {i + 1}" for i in range(n))
                    for split, n in self.n_classes.items()
                },
            )
        ]


@lru_cache(maxsize=6)
def pictures(split: str, n_classes: int, n: int, data_seed: int) -> Tensor:
    """`n` pictures of each class as bytes, [n_classes · n, 1, 16, 16], one class after the other.

    They are shared by all who ask, and are not to be changed: drawing them takes a second.
    """
    chance = generator_of(data_seed, split)
    points = jittered(drawn_strokes(n_classes, chance), n, JITTER, chance)
    return (inked(points, SIZE) * 255).round().to(torch.uint8).unsqueeze(1)
