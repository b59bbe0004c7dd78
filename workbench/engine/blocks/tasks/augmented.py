"""Augmented: the settings of families of pictures that say what a step does to them."""

from typing import Any

from workbench.engine.roles.kinds import Augmentation
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind
from workbench.spec.settings import setting

FLIP: Any = setting(False, "Mirror half of the pictures left to right, drawn anew in each step.")
CROP: Any = setting(
    0,
    "Move each picture by up to so many pixels, drawn anew in each step; zeros where it was not.",
    ge=0,
    le=64,
    unit="px",
)
#: A learner that adapts asks each row for its own answer.
MIXUP_DEMANDS = {"mixup": "single-update"}
MIXUP: Any = setting(
    0.0,
    "α of mixup: pictures and their losses are mixed with another's of the batch, by a share from"
    " Beta(α, α); 0: not.",
    ge=0,
    le=100,
    title="Mixup",
)


def augmentation_of(settings: Any, kind: InputKind) -> Augmentation | None:
    """What the settings ask for; None where it is nothing. Raises BadSpecError."""
    asked = Augmentation(settings.flip, settings.crop, settings.mixup)
    if asked == Augmentation():
        return None
    if not isinstance(kind, Image):
        name = next(n for n in ("flip", "crop", "mixup") if getattr(settings, n))
        raise BadSpecError(name, "is for pictures; the inputs are rows of numbers")
    if asked.crop >= min(kind.height, kind.width):
        message = f"must be below a picture's side, {min(kind.height, kind.width)}"
        raise BadSpecError("crop", f"{message}; found {asked.crop}")
    return asked
