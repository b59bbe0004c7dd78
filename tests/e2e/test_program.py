"""What the tests of the real window take for a Run button that can be clicked."""

import numpy as np
import pytest

from tests.e2e.program import run_button_in
from workbench.ui.look.theme import DARK, LIGHT, Theme


def toolbar(theme: Theme, colour: str) -> np.ndarray:
    """A screen whose Run button, in the middle of (30, 20), is filled with a colour."""
    pixels = np.zeros((100, 200, 3), dtype=np.uint8)
    pixels[:] = [int(theme.surface[i : i + 2], 16) for i in (1, 3, 5)]
    pixels[10:31, 10:51] = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return pixels


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_button_under_the_pointer_has_not_begun_a_run(theme: Theme):
    for colour in (theme.accent, theme.accent_hover):
        assert run_button_in(toolbar(theme, colour), theme) == (30, 20)
    for colour in (theme.sunken, theme.danger, theme.accent_soft):
        assert run_button_in(toolbar(theme, colour), theme) is None
