"""Smoothing: a centred mean that leaves lines alone and forgets no digit to a huge value."""

import numpy as np
import pytest

from workbench.ui.model import smoothing
from workbench.ui.model.smoothing import Values, smoothed

WINDOWS = [1, 3, 5, 21, 201]


def by_the_book(rows: Values, window: int) -> Values:
    """The definition, row by row."""
    half, result = window // 2, np.full_like(rows, np.nan)
    for j in range(rows.shape[1]):
        known = np.flatnonzero(np.isfinite(rows[:, j]))
        for stretch in np.split(known, np.flatnonzero(np.diff(known) > half + 1) + 1):
            for i in stretch:
                reach = min(half, i - stretch[0], stretch[-1] - i)
                around = rows[i - reach : i + reach + 1, j]
                result[i, j] = around[np.isfinite(around)].mean()
    return result


@pytest.mark.parametrize("chunk", [7, 1 << 13])
@pytest.mark.parametrize("window", [3, 5, 21, 201])
def test_it_is_the_mean_of_the_window_around_each_row(
    window: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoothing, "_CHUNK", chunk)
    random = np.random.default_rng(window)
    for missing in (0.0, 0.1, 0.6, 0.97):
        rows = random.standard_normal((400, 3))
        rows[random.random(rows.shape) < missing] = np.nan
        rows[120:190, 1] = np.inf
        np.testing.assert_allclose(smoothed(rows, window), by_the_book(rows, window), atol=1e-13)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_line_is_left_as_it_is_to_its_ends(window: int) -> None:
    rows = 5.0 - 0.01 * np.arange(500.0)
    np.testing.assert_allclose(smoothed(rows, window), rows, rtol=1e-13)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_line_is_left_as_it_is_where_its_task_comes_and_goes(window: int) -> None:
    rows = 5.0 - 0.01 * np.arange(2000.0)
    rows[400:900] = rows[1500:] = np.nan
    np.testing.assert_allclose(smoothed(rows, window), rows, rtol=1e-13)


@pytest.mark.parametrize("window", [5, 21, 51])
def test_a_falling_loss_is_not_shown_above_itself(window: int) -> None:
    """Of exp(−t/τ) it is (1 + 2 Σ cosh(d/τ)) / w times the loss: a third of a per cent here."""
    tau = 150.0
    loss = np.exp(-np.arange(1000.0) / tau)
    half = (window - 1) / 2
    exact = (1 + 2 * np.cosh(np.arange(1, half + 1) / tau).sum()) / window
    inside = slice(window, -window)
    assert smoothed(loss, window)[inside] / loss[inside] == pytest.approx(exact)
    assert exact < 1.01


@pytest.mark.parametrize("huge", [1e30, -1e300, 1.7e308, np.inf, np.nan])
def test_one_huge_value_is_felt_in_the_windows_that_hold_it_alone(huge: float) -> None:
    clean = np.random.default_rng(0).random((5000, 1))
    rows = clean.copy()
    rows[1000:1002] = huge
    far = np.abs(np.arange(5000) - 1000.5) > 101
    assert np.array_equal(smoothed(rows, 201)[far], smoothed(clean, 201)[far])


def test_rows_before_and_after_those_asked_for_are_looked_at() -> None:
    rows = np.random.default_rng(4).random((300, 2))
    assert np.array_equal(smoothed(rows, 21, 90, 140), smoothed(rows, 21)[90:140])


def test_means_that_are_settled_stay() -> None:
    random = np.random.default_rng(5)
    rows = random.standard_normal((600, 1))
    rows[random.random(rows.shape) < 0.5] = np.nan
    for window in WINDOWS:
        for n in (1, 50, 333, 480):
            n_settled = smoothing.settled(n, window)
            before, after = smoothed(rows[:n], window), smoothed(rows, window)
            np.testing.assert_allclose(before[:n_settled], after[:n_settled], rtol=1e-13)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_short_records_have_means_too(n: int) -> None:
    rows = np.arange(float(n))[:, None]
    assert np.array_equal(smoothed(rows, 21), rows)
