"""Lines at zero of a field: on the circle that the field says, closed, and none where none is."""

import numpy as np
import pytest

from workbench.ui.tabs.boundaries.contour import contour


def test_a_circle_is_found_and_closed():
    y, x = np.mgrid[0:41, 0:41]
    pieces = contour(12.3 - np.hypot(x - 20, y - 20))
    radii = np.hypot(pieces[..., 0] - 20, pieces[..., 1] - 20)
    assert np.abs(radii - 12.3).max() < 0.03
    ends = np.sort(np.round(pieces.reshape(-1, 2), 9).view("f8,f8").ravel())
    assert (ends[::2] == ends[1::2]).all()  # every end is the end of two pieces


def test_a_straight_border_lies_between_the_places():
    (piece,) = contour(np.array([[-1.0, 3.0], [-1.0, 3.0]]))
    assert piece[:, 0].tolist() == [0.25, 0.25]
    assert sorted(piece[:, 1]) == [0, 1]


@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_a_field_of_one_sign_has_no_line(value: float):
    assert contour(np.full((5, 5), value)).shape == (0, 2, 2)


@pytest.mark.parametrize("corners", range(1, 15))
def test_every_case_separates_what_is_above_from_what_is_below(corners: int):
    above = np.array([(corners >> bit) & 1 for bit in range(4)], dtype=bool)
    order = [(0, 0), (0, 1), (1, 1), (1, 0)]
    field = np.empty((2, 2))
    for (row, column), is_above in zip(order, above, strict=True):
        field[row, column] = 1.0 if is_above else -1.0
    ends = {tuple(end) for piece in contour(field) for end in piece.tolist()}
    middles = [(0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)]
    expected = {middles[e] for e in range(4) if above[e] != above[(e + 1) % 4]}
    assert ends == expected
