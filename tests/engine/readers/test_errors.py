"""What is wrong with a file, told with its place, and in words that whoever chose it reads."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from workbench.engine.readers.errors import (
    DataError,
    check_numbers,
    in_single,
    opened,
    words_for_unread,
)

PATH = Path("own.csv")


def caught_in(act: Callable[[], object]) -> OSError:
    """The error that the system raises."""
    try:
        act()
    except OSError as error:
        return error
    raise AssertionError("nothing was refused")


def test_what_the_system_refuses_is_told_with_the_file_and_the_reason(tmp_path: Path):
    nowhere, folder = tmp_path / "nowhere.csv", tmp_path / "folder"
    folder.mkdir()
    assert words_for_unread(caught_in(nowhere.read_bytes)) == f"there is no {nowhere}"
    assert words_for_unread(caught_in(folder.read_bytes)) == f"{folder} is a folder"
    long = tmp_path / ("a" * 300)
    assert words_for_unread(caught_in(long.read_bytes)) == f"{long}: File name too long"
    denied = PermissionError(13, "Permission denied", "own.csv")
    assert words_for_unread(denied) == "own.csv may not be read: it lacks the permission"
    assert words_for_unread(OSError("the disk is gone")) == "the disk is gone"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are Unix's")
def test_what_is_no_file_is_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path, what in ((tmp_path / "pipe", "a pipe"), (tmp_path, "a folder")):
        with pytest.raises(DataError, match=f"is {what}, not a file"):
            opened(path)
    (tmp_path / "own.csv").write_text("a\n")
    with opened(tmp_path / "own.csv") as file:
        assert file.read() == b"a\n"


@pytest.mark.parametrize("check", [check_numbers, in_single])
def test_a_number_too_large_is_told_with_its_row_as_the_user_counts(check: Callable[..., object]):
    values = np.array([[1.0, np.nan], [2.0, -1e300]])
    with pytest.raises(DataError, match=r"own.csv, row 2, column 'b': a number of size 1e\+300 is"):
        check(PATH, "b", values)
    with pytest.raises(DataError, match="line 7"):
        check(PATH, "b", values, lambda row: f"line {row + 6}")
    with pytest.raises(DataError, match="infinity is no number"):
        check(PATH, "b", np.array([0.0, np.inf]))


@pytest.mark.parametrize("values", [[np.nan, np.nan], [], [1.0, np.nan]])
def test_missing_values_pass(values: list[float]):
    given = np.array(values)
    check_numbers(PATH, "b", given)
    single = in_single(PATH, "b", given)
    assert single.dtype == np.float32
    assert np.array_equal(single, given.astype(np.float32), equal_nan=True)


def test_whole_numbers_are_never_too_large():
    given = np.array([2**62])
    check_numbers(PATH, "b", given)
    assert in_single(PATH, "b", given).tolist() == [2.0**62]


def test_a_name_that_a_terminal_would_obey_is_written_out():
    assert str(DataError(Path("a\x1b[31m.csv"), "no")) == "a\\x1b[31m.csv: no"
