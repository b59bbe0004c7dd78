"""Tables that are odd to read: very wide, with columns left out, with a mark before a comment."""

import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from workbench.engine.answers.columns import answer
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers.columns.understood import with_types
from workbench.engine.readers.dialect.text_columns import Words
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.parquet import checked
from workbench.engine.readers.tables import typed
from workbench.spec.question import Columns
from workbench.spec.user_files.reading import PLAIN, Reading

_WORDS = Words(".", PLAIN.thousands, PLAIN.missing_marks, PLAIN.date_format)


def _frame(n: int) -> Frame:
    column = pa.array([1, 2, 3]).dictionary_encode()
    return Frame(Path("file"), pa.table({f"c{i}": column for i in range(n)}))


def _understood(frame: Frame) -> None:
    with_types(frame.table, _WORDS, PLAIN, {})


def _checked(frame: Frame) -> None:
    checked(frame.table)


def _typed(frame: Frame) -> None:
    typed(frame, Reading.of({"types": dict.fromkeys(frame.names, "number")}))


def _seconds(work: Callable[[Frame], None], n: int) -> float:
    """Processor time, which other programs do not lengthen."""
    frame = _frame(n)
    before = time.process_time()
    work(frame)
    return time.process_time() - before


@pytest.mark.parametrize("work", [_understood, _checked, _typed])
def test_a_column_costs_the_same_among_few_as_among_many(work: Callable[[Frame], None]):
    work(_frame(3))
    few = max(min(_seconds(work, 400) for _ in range(3)), 0.002)
    many = min(_seconds(work, 4000) for _ in range(3))
    assert many < 35 * few  # ten times as many; a hundredfold where all are copied


@pytest.mark.parametrize("is_quick", [True, False])
@pytest.mark.parametrize("values", [("1.000,25", "2.000,5"), ("one", "two"), ("true", "false")])
def test_a_column_that_is_left_out_shows_its_texts(
    tmp_path: Path, values: tuple[str, str], is_quick: bool
):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + "".join(f"{i * 3};{values[i % 2]}\n" for i in range(40)))
    reading = Reading.of({"separator": "semicolon", "types": {"b": "leave out"}})
    question = Columns(str(path), reading, is_quick=is_quick)
    found = answer(question, Catalogue([], []), lambda _done, _text: None).columns[1]
    assert (found.type, found.role) == ("leave out", "leave out")
    assert sorted(found.histogram.labels) == sorted(values)
    assert found.histogram.counts == (20, 20)


@pytest.mark.parametrize("is_quick", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_comment_behind_a_mark_of_the_order_of_bytes_is_one(
    tmp_path: Path, encoding: str, is_quick: bool
):
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n5,6\n", encoding=encoding)
    reading = Reading.of({"header": False, "comment": "1"})
    question = Columns(str(path), reading, is_quick=is_quick)
    assert answer(question, Catalogue([], []), lambda _done, _text: None).rows == (
        ("3", "4"),
        ("5", "6"),
    )
