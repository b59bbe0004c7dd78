"""digits-views: each digit seen in several ways at once."""

import math
from typing import ClassVar, Literal

import torch
from num2words import num2words
from torch import Tensor

from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.numerics.scaling import standardised
from workbench.engine.roles.task import Classes, Family, Task, Vector, divided, parts, split_indices
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting

#: Each task's answer for the digits 0 to 9.
ANSWERS: dict[str, tuple[int, ...]] = {
    "digit": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    "parity": (0, 1, 0, 1, 0, 1, 0, 1, 0, 1),
    "at-least-five": (0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
}

_N_BINS = 8
#: The tangent of 22.5°.
_LESS = math.sqrt(2) - 1
#: The edges between eighths of π, as (x, y): 22.5°, 45°, 67.5°, 90° and on to 157.5°.
_EDGES = ((1, _LESS), (1, 1), (_LESS, 1), (0, 1), (-_LESS, 1), (-1, 1), (-1, _LESS))

View = Literal["pixels", "fourier", "profiles", "orientations", "name"]
NoisyView = Literal["none", "pixels", "fourier", "profiles", "orientations", "name"]


class DigitsViews(Family):
    """Real 8×8 digits, each seen as pixels, frequencies, profiles and edge directions at once.

    pixels: the 64 grey values. fourier: magnitudes of 8×5 Fourier coefficients, which do not tell
    where the digit is. profiles: sums of the rows and of the columns. orientations: a histogram
    of gradient directions in each quarter (Dalal & Triggs 2005). name: which letters, and which
    two in a row, the number's name has in a language; it gives the digit away wherever it is
    there, so use it with views that are missing, or to see a method find such a view. Every
    column is standardised on the training pictures; a view that is missing is a row of zeros,
    which no real one is. 1797 pictures, split 70/10/20; every task sees the same views.
    """

    key = "digits-views"
    title = "Digits: several views"
    group = "digits"
    paper = "van Breukelen et al., Handwritten digit recognition by combined classifiers, 1998"
    link = "https://archive.ics.uci.edu/dataset/72"
    demands = {"missing": "missing-views"}
    helps = "Multi-view sharing: what one view lacks another has, and some may be missing."
    needs = ("several-views",)
    gives = ("views",)
    is_judged_built = False

    class Settings(Settings):
        """Which views there are, and how often one is missing."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule("views", "differ"),
            Rule(
                "noisy_view",
                "in",
                "views + ['none']",
                "must be one of the views or none; found {noisy_view}",
            ),
        )

        views: list[View] = setting(
            ["pixels", "fourier", "profiles", "orientations"],
            "The views, two or more.",
            min_length=2,
            max_length=5,
        )
        language: Literal["en", "de", "fr", "es", "it", "nl", "pl", "fi", "tr", "ja"] = setting(
            "en", "Language of the names, by its code; only the view name reads it."
        )
        missing: float = setting(
            0.0,
            "Chance that a view of an example is missing; one view of each is always kept.",
            ge=0,
            le=1,
        )
        noisy_view: Literal["none", "pixels", "fourier", "profiles", "orientations", "name"] = (
            setting("none", "A view that is covered in noise, in training and afterwards.")
        )
        noise: float = setting(
            3.0, "Standard deviation of that noise, where the view's own is 1.", ge=0, le=1000
        )
        data_seed: int = setting(
            0, "Which draw of the noise and of the missing views.", ge=0, le=2**31 - 1
        )

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(ANSWERS)

    def tasks(self) -> list[Task]:
        pixels, digits = handwritten_digits()
        pictures = pixels.view(-1, 8, 8)
        splits = split_indices(len(digits))
        views = {
            view: standardised(
                _names(digits, self.settings.language)
                if view == "name"
                else _VIEWS[view](pictures),
                splits["train"],
            )
            for view in self.settings.views
        }
        self._cover(views)
        present = self._presence(len(digits))
        inputs = divided(
            {v: x * present[:, i, None] for i, (v, x) in enumerate(views.items())}, splits
        )
        kinds = {view: Vector(values.shape[1]) for view, values in views.items()}
        return [
            Task(
                name,
                kinds,
                Classes(max(answers) + 1),
                parts(inputs, torch.tensor(answers)[digits], splits),
                picture=(8, 8),
            )
            for name, answers in ANSWERS.items()
        ]

    def _cover(self, views: dict[str, Tensor]) -> None:
        """Add the noise to the view that is to have it."""
        noisy = self.settings.noisy_view
        if noisy != "none":
            # A stream of its own: which views are missing does not depend on it.
            generator = torch.Generator().manual_seed(self.settings.data_seed + 1_000_003)
            drawn = torch.randn(views[noisy].shape, generator=generator)
            views[noisy] = views[noisy] + self.settings.noise * drawn

    def _presence(self, n: int) -> Tensor:
        """Whether each view of each example is there, [N, V]."""
        generator = torch.Generator().manual_seed(self.settings.data_seed)
        drawn = torch.rand(n, len(self.settings.views), generator=generator)
        # The view with the luckiest draw stays, so that there is always something to see.
        return (drawn >= self.settings.missing) | (drawn == drawn.amax(1, keepdim=True))


def _fourier(pictures: Tensor) -> Tensor:
    return torch.fft.rfft2(pictures, norm="ortho").abs().flatten(1)


def _profiles(pictures: Tensor) -> Tensor:
    return torch.cat([pictures.sum(2), pictures.sum(1)], 1)


def _orientations(pictures: Tensor) -> Tensor:
    """Gradient strength by direction, [N, 4 · 8]: quarter by quarter, π cut into 8."""
    down, right = torch.gradient(pictures, dim=(1, 2))
    strength = (down.square() + right.square()).sqrt()
    spread = torch.nn.functional.one_hot(_bins(down, right), _N_BINS) * strength.unsqueeze(3)
    quarters = spread.view(-1, 2, 4, 2, 4, _N_BINS).sum((2, 4))
    return quarters.flatten(1)


def _bins(down: Tensor, right: Tensor) -> Tensor:
    """Which eighth of π a direction lies in, whole numbers below 8; its sign does not count.

    An angle is at or beyond an edge where their cross product is not negative. Grey values are
    sixteenths, so at 0°, 45°, 90° and 135°, where the product may be 0, it is so exactly, and no
    direction comes near the other edges: every processor decides alike, which an arctangent that
    is rounded to either side of 45° does not.
    """
    is_below = (down < 0) | ((down == 0) & (right < 0))
    down, right = (torch.where(is_below, -values, values) for values in (down, right))
    return torch.stack([cos * down - sin * right >= 0 for cos, sin in _EDGES]).sum(0)


def _names(digits: Tensor, language: str) -> Tensor:
    """Letters and pairs of letters of each digit's name, [N, n], 1 where it has them."""
    by_digit: list[set[str]] = []
    for digit in range(10):
        # The ends of the name count as letters: a pair then tells that it begins or ends there.
        name = f"^{num2words(digit, lang=language)}$"
        by_digit.append({*name, *(name[i : i + 2] for i in range(len(name) - 1))})
    grams = sorted(set().union(*by_digit) - {"^", "$"})
    table = torch.tensor([[float(gram in names) for gram in grams] for names in by_digit])
    return table[digits]


def _pixels(pictures: Tensor) -> Tensor:
    return pictures.flatten(1)


_VIEWS = {
    "pixels": _pixels,
    "fourier": _fourier,
    "profiles": _profiles,
    "orientations": _orientations,
}
