"""Curves of any length: the means and the extremes are those of the raw data."""

import numpy as np
import pytest

from workbench.ui.model.decimation import Column, Decimator


def filled(rows: np.ndarray, blocks: int = 7) -> Column:
    column = Column(rows.shape[1])
    for block in np.array_split(rows, blocks):
        column.append(block)
    return column


def test_column_grows_and_keeps_every_row() -> None:
    rows = np.random.default_rng(0).random((5000, 3))
    assert np.array_equal(filled(rows).rows, rows)


@pytest.mark.parametrize("n", [1, 5, 99, 1000, 12_345])
@pytest.mark.parametrize("pixels", [50, 300])
def test_at_most_two_points_a_pixel_column_and_the_extremes_survive(n: int, pixels: int) -> None:
    rows = np.random.default_rng(n).standard_normal((n, 4))
    x, y = Decimator(filled(rows, 3)).points("raw", 1, 0, n, pixels)
    assert len(x) == len(y) <= 2 * pixels + 4
    assert np.all(np.diff(x) >= 0)
    assert np.array_equal(y.min(axis=0), rows.min(axis=0))
    assert np.array_equal(y.max(axis=0), rows.max(axis=0))


@pytest.mark.parametrize("window", [1, 3, 21, 501])
def test_growing_gives_the_same_points_as_doing_it_at_once(window: int) -> None:
    random = np.random.default_rng(2)
    rows = random.standard_normal((9000, 2))
    rows[:, 1][random.random(9000) < 0.4] = np.nan
    rows[3000:3900, 1] = np.nan
    column = Column(2)
    grown = Decimator(column)
    for block in np.array_split(rows, 40):
        column.append(block)
        grown.points("smoothed", window, 0, len(column), 200)
    once = Decimator(filled(rows, 1))
    for a, b in zip(
        grown.points("smoothed", window, 0, 9000, 200),
        once.points("smoothed", window, 0, 9000, 200),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


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


def envelope_by_hand(rows: np.ndarray, bucket: int) -> np.ndarray:
    """The extremes of each bucket in the order in which they come, one at a time."""
    points: list[list[float]] = []
    for start in range(0, len(rows), bucket):
        box = rows[start : start + bucket]
        pair: list[tuple[float, float]] = []
        for column in box.T:
            known = np.flatnonzero(~np.isnan(column))
            if not len(known):
                pair.append((np.nan, np.nan))
                continue
            low, high = known[column[known].argmin()], known[column[known].argmax()]
            pair.append((column[min(low, high)], column[max(low, high)]))
        points += [[one for one, _ in pair], [two for _, two in pair]]
    return np.array(points)


@pytest.mark.parametrize("n", [40_001, 100_000])
@pytest.mark.parametrize("pixels", [20, 300])
def test_large_buckets_are_those_of_all_their_rows(n: int, pixels: int) -> None:
    random = np.random.default_rng(n)
    rows = random.integers(0, 9, (n, 3)).astype(float)  # with ties
    rows[random.random(n) < 0.3, 0] = np.nan
    rows[: n // 2, 1] = np.nan
    decimator = Decimator(filled(rows))
    x, y = decimator.points("raw", 1, 0, n, pixels)
    bucket = int(x[2] - x[0])
    assert bucket == 2 ** int(np.ceil(np.log2(n / pixels)))
    np.testing.assert_array_equal(y, envelope_by_hand(rows, bucket))
    first, last = 12_345, 12_345 + n // 9
    x, y = decimator.points("raw", 1, first, last, pixels)
    bucket = int(x[2] - x[0])
    begin, end = first // bucket, -(-last // bucket)
    np.testing.assert_array_equal(y, envelope_by_hand(rows[begin * bucket : end * bucket], bucket))
    assert x[0] == begin * bucket


def test_a_view_of_a_long_record_costs_what_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    n_smoothed = 0
    whole = Column.smoothed

    def counted(self: Column, window: int, start: int = 0, end: int | None = None) -> np.ndarray:
        nonlocal n_smoothed
        n_smoothed += (len(self) if end is None else end) - start
        return whole(self, window, start, end)

    monkeypatch.setattr(Column, "smoothed", counted)
    n = 400_000
    decimator = Decimator(filled(np.random.default_rng(0).random((n, 1))))
    decimator.points("smoothed", 21, 0, n, 450)
    assert n_smoothed == n
    for width in (300, 5000, 20_000, 100_000, n):
        n_smoothed = 0
        decimator.points("smoothed", 21, n // 3, n // 3 + width, 450)
        assert n_smoothed <= 1.2 * min(width, 64 * 450)
