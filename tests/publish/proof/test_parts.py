"""Numbers are compared bit for bit, and what differs is measured."""

import numpy as np
import pytest

from workbench.publish.proof.parts import compared, compared_numbers


def single(*values: float) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("one", "other", "n_differ", "largest"),
    [
        (single(1, np.nan, np.inf), single(1, np.nan, np.inf), 0, None),
        (single(), single(), 0, None),
        (single(0.0), single(-0.0), 1, 0.0),
        (single(1, 2), single(1, np.nextafter(single(2), single(3))[0]), 1, 2**-22),
        (single(1, 2, 3), single(1.5, 2, 5), 2, 2.0),
        (single(1, np.nan), single(1, 2), 1, None),
        (single(np.inf), single(1), 1, None),
        (single(np.nan, 1), single(5, 1.25), 2, 0.25),
    ],
)
def test_what_differs_is_counted_and_measured(
    one: np.ndarray, other: np.ndarray, n_differ: int, largest: float | None
) -> None:
    part = compared("x", one, other)
    assert (part.n, part.n_differ, part.largest) == (one.size, n_differ, largest)
    assert part.is_equal == (n_differ == 0)


def test_nan_of_other_bits_is_nan() -> None:
    other = single(np.nan)
    other.view(np.uint32)[0] |= 1
    assert compared("x", single(np.nan), other).is_equal


def test_the_first_is_named_by_its_row() -> None:
    one = np.arange(12, dtype=np.float32).reshape(4, 3)
    other = one.copy()
    other[2, 1] += 1
    assert compared("x", one, other, ["a", "b", "c", "d"]).first == "c"
    assert compared("x", one, other).first == "2, 1"


def test_another_shape_or_precision_is_told() -> None:
    part = compared("x", single(1, 2, 3), single(1, 2))
    assert part.lacking == "float32 [3] recorded, float32 [2] made again"
    assert not part.is_equal
    assert not compared("x", single(1), single(1).astype(np.float64)).is_equal


def test_numbers_by_name_are_matched_by_name() -> None:
    assert compared_numbers("x", {"a": 1.0, "b": None}, {"b": None, "a": 1.0}).is_equal
    part = compared_numbers("x", {"a": 1.0, "b": None}, {"a": 1.0, "b": 2.0})
    assert (part.n_differ, part.largest, part.first) == (1, None, "b")
    assert not compared_numbers("x", {"a": 1.0}, {}).is_equal
