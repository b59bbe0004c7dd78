"""Curves of any length: the means and the extremes are those of the raw data."""

import numpy as np
import pytest

from workbench.ui.decimation import Column, Decimator


def filled(rows: np.ndarray, blocks: int = 7) -> Column:
    column = Column(rows.shape[1])
    for block in np.array_split(rows, blocks):
        column.append(block)
    return column


def test_column_grows_and_keeps_every_row() -> None:
    rows = np.random.default_rng(0).random((5000, 3))
    assert np.array_equal(filled(rows).rows, rows)


@pytest.mark.parametrize("window", [1, 2, 20, 500])
def test_smoothing_is_the_mean_of_the_last_rows(window: int) -> None:
    rows = np.random.default_rng(1).random((600, 2))
    smooth = filled(rows).smoothed(window)
    for i in (0, 1, 5, 30, 599):
        assert smooth[i] == pytest.approx(rows[max(0, i - window + 1) : i + 1].mean(axis=0))


def test_smoothing_passes_over_missing_values_and_shows_none_there() -> None:
    rows = np.array([[1.0], [np.nan], [3.0], [5.0]])
    smooth = filled(rows, 1).smoothed(3)
    assert smooth[2, 0] == pytest.approx(2.0)
    assert np.isnan(smooth[1, 0])


@pytest.mark.parametrize("n", [1, 5, 99, 1000, 12_345])
@pytest.mark.parametrize("pixels", [50, 300])
def test_at_most_two_points_a_pixel_column_and_the_extremes_survive(n: int, pixels: int) -> None:
    rows = np.random.default_rng(n).standard_normal((n, 4))
    x, y = Decimator(filled(rows, 3)).points("raw", 1, 0, n, pixels)
    assert len(x) == len(y) <= 2 * pixels + 4
    assert np.all(np.diff(x) >= 0)
    assert np.array_equal(y.min(axis=0), rows.min(axis=0))
    assert np.array_equal(y.max(axis=0), rows.max(axis=0))


def test_growing_gives_the_same_points_as_doing_it_at_once() -> None:
    rows = np.random.default_rng(2).standard_normal((9000, 2))
    column = Column(2)
    grown = Decimator(column)
    for block in np.array_split(rows, 40):
        column.append(block)
        grown.points("smoothed", 20, 0, len(column), 200)
    once = Decimator(filled(rows, 1))
    for a, b in zip(
        grown.points("smoothed", 20, 0, 9000, 200),
        once.points("smoothed", 20, 0, 9000, 200),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def test_a_zoom_shows_the_rows_themselves() -> None:
    rows = np.random.default_rng(3).standard_normal((10_000, 1))
    x, y = Decimator(filled(rows)).points("raw", 1, 4000, 4050, 400)
    assert np.array_equal(x, np.arange(4000, 4050))
    assert np.array_equal(y, rows[4000:4050])


def test_rows_that_are_all_missing_stay_missing() -> None:
    rows = np.full((4000, 2), np.nan)
    rows[:, 1] = 1.0
    _, y = Decimator(filled(rows)).points("raw", 1, 0, 4000, 100)
    assert np.isnan(y[:, 0]).all()
    assert (y[:, 1] == 1.0).all()
