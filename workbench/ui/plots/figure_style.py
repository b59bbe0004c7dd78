"""FigureStyle: how a figure looks on paper."""

from dataclasses import dataclass
from typing import Literal

from workbench.ui.look.theme import DARK, LIGHT, Theme

#: Letters of a plot on the screen, in pixels.
LETTERS = 11

_POINTS_A_CM = 72 / 2.54


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """How a figure looks: sizes in cm, letters in points.

    With a `height_cm` of 0 it is as high as the plots ask for.
    """

    look: Literal["light", "dark"] = "light"
    width_cm: float = 17.0
    height_cm: float = 0.0
    font_pt: float = 8.0
    line_width: float = 1.0
    dpi: int = 300

    @property
    def theme(self) -> Theme:
        """The colours."""
        return DARK if self.look == "dark" else LIGHT

    @property
    def width_px(self) -> float:
        """The page's width, in the pixels of a screen with letters of this size."""
        return self.width_cm * _POINTS_A_CM * LETTERS / self.font_pt
