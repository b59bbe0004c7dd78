"""CSV and TSV files, and everything that can be wrong with one."""

from pathlib import Path

import pytest

from workbench.engine.readers import delimited
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.reading import Reading
from workbench.spec.work import finished


def read(folder: Path, content: str | bytes, name: str = "a.csv", **how: str) -> Frame:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return finished(delimited.read(path, None, Reading(**how)))


def refused(folder: Path, content: str | bytes, **how: str) -> str:
    with pytest.raises(DataError) as caught:
        read(folder, content, **how)
    return str(caught.value)


def test_columns_have_the_kinds_of_what_is_in_them(tmp_path: Path):
    frame = read(tmp_path, "n,x,who,ok,day\n1,0.5,a,true,2024-01-02\n2,,b,false,2024-01-03\n")
    kinds = [frame.kind(name) for name in frame.names]
    assert kinds == ["whole number", "number", "text", "truth", "time"]
    assert frame.n_missing("x") == 1
    assert frame.numbers("n").values.tolist() == [1, 2]
    assert frame.categories("who").names == ("a", "b")
    assert frame.numbers("day").values.tolist() == [19724.0, 19725.0]


@pytest.mark.parametrize(
    ("text", "name"), [("a;b\n1;2\n", "a.csv"), ("a\tb\n1\t2\n", "a.tsv"), ("a|b\n1|2\n", "a.csv")]
)
def test_the_separator_is_found(tmp_path: Path, text: str, name: str):
    assert read(tmp_path, text, name).names == ("a", "b")


def test_quoted_values_may_hold_separators_and_line_ends(tmp_path: Path):
    frame = read(tmp_path, 'a,b\n"x, y",1\n"two\nlines",2\n')
    assert frame.categories("a").names == ("two\nlines", "x, y")


def test_a_mark_at_the_beginning_is_no_part_of_the_first_name(tmp_path: Path):
    assert read(tmp_path, "\ufeffa,b\n1,2\n").names == ("a", "b")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(tmp_path: Path, encoding: str):
    frame = read(tmp_path, "\ufeffnaïve,b\n1,x\n2,ü\n".encode(encoding))
    assert frame.names == ("naïve", "b")
    assert frame.categories("b").names == ("x", "ü")
    message = refused(tmp_path, "\ufeffa,b\n1,2\n3\n".encode(encoding))
    assert message == "a.csv, line 3: has 1 value, and the header names 2 columns"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_and_said(tmp_path: Path, encoding: str):
    frame = read(tmp_path, "a,b\n1,2\n".encode(encoding))
    assert frame.names == ("a", "b")
    assert f"taken for {encoding.upper()} without its mark" in frame.notes[0]


def test_only_the_columns_that_are_asked_for_are_read(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n")
    assert finished(delimited.read(path, ["c", "a"])).names == ("c", "a")


def test_a_ragged_row_is_named(tmp_path: Path):
    message = refused(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8\n")
    assert message == "a.csv, line 3: has 2 values, and the header names 3 columns"


def test_a_ragged_row_far_down_is_named(tmp_path: Path):
    rows = "1,2\n" * 300_000
    assert "line 300,002: has 3 values" in refused(tmp_path, f"a,b\n{rows}1,2,3\n")


def test_wrong_encoding_names_line_and_column(tmp_path: Path):
    message = refused(tmp_path, "a,town\n1,Bonn\n2,Köln\n".encode("latin-1"), encoding="utf-8")
    assert "line 3, column 'town'" in message
    assert "is not UTF-8 text (byte 0xf6)" in message


def test_the_encoding_can_be_chosen(tmp_path: Path):
    frame = read(tmp_path, "a,town\n1,Köln\n".encode("latin-1"), encoding="latin-1")
    assert frame.categories("town").names == ("Köln",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ("a,b\n", "has a header but no rows"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: str, reason: str):
    assert reason in refused(tmp_path, content)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    assert "a.csv" in refused(tmp_path, bytes(range(256)) * 10)


def test_infinity_names_its_row(tmp_path: Path):
    frame = read(tmp_path, "x\n1\ninf\n")
    with pytest.raises(DataError, match="row 2, column 'x': infinity"):
        frame.numbers("x")


def test_reading_tells_how_far_it_is(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 100_000)
    assert all(0 <= share <= 1 for share in delimited.read(path))


def test_a_name_with_line_ends_does_not_break_the_sentence(tmp_path: Path):
    message = refused(tmp_path, b'"x\n\x1b[31my",b\n1\xff,1\n', encoding="utf-8")
    assert "column 'x\\n\\x1b[31my'" in message
    assert message.isprintable()
