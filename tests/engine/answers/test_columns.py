"""Columns: what the user's files are said to hold, and how little of them is read."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from tests.contracts.files import PRESETS, settings_of
from tests.engine.toys import methods
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import CancelledError, Columns, Preview, RefusedError
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.spec.user_files.sources import digest


def ask(path: Path | str) -> FileFacts:
    return answer(Columns(str(path)), methods(), lambda _done, _text: None)


def test_a_csv_file():
    path = PRESETS / "data" / "iris.csv"
    file_facts = ask(path)
    assert (file_facts.family, file_facts.kind, file_facts.n_rows) == ("table", "CSV", 150)
    assert file_facts.sha256 == digest(path)
    assert [column.target for column in file_facts.columns] == ["values"] * 4 + ["classes"]
    assert [column.n_missing for column in file_facts.columns] == [0] * 5
    assert file_facts.columns[4].n_distinct == 3
    assert file_facts.rows[0] == ("5.1", "3.5", "1.4", "0.2", "setosa")
    assert len(file_facts.rows) == 20


def test_of_a_parquet_file_the_head_and_the_metadata_are_read(tmp_path: Path):
    n = 5000
    numbers = [None if i % 10 == 0 else float(i) for i in range(n)]
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"a": numbers, "b": ["x", "y"] * (n // 2)}), path)
    file_facts = ask(path)
    assert (file_facts.kind, file_facts.n_rows) == ("Parquet", n)
    assert file_facts.columns[0].n_missing == 500
    assert file_facts.columns[0].n_distinct is None
    assert file_facts.columns[1].target == "classes"
    assert file_facts.rows[:2] == (("", "x"), ("1", "y"))


def test_pictures_with_a_table_beside_them(tmp_path: Path):
    for i in range(4):
        Image.new("RGB", (4, 4)).save(tmp_path / f"{i}.png")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    table = tmp_path / "pets.csv"
    table.write_text("age,id,kind\n" + "\n".join(f"{9 - i},{i},{'xy'[i % 2]}" for i in range(4)))
    facts = ask(tmp_path)
    assert (facts.family, facts.n_rows, facts.labels) == ("pictures", 4, str(table))
    assert facts.has_table_beside
    assert facts.labels_sha256 == digest(table)
    reasons = {column.name: column.reason for column in facts.columns}
    assert reasons == {"age": "", "id": "names the pictures", "kind": ""}


def test_arrays_and_pictures():
    arrays = ask(settings_of("arrays")["file"])
    assert (arrays.family, arrays.kind) == ("arrays", "NPZ")
    assert {c.name: (c.target, c.shape[1:]) for c in arrays.columns} == {
        "images": ("values", (8, 8)),
        "even": ("classes", ()),
        "ink": ("values", ()),
    }
    pictures = ask(settings_of("pictures")["file"])
    assert (pictures.family, pictures.n_rows) == ("pictures", 360)
    assert [column.name for column in pictures.columns] == ["one", "zero"]
    assert pictures.sha256 == settings_of("pictures")["sha256"]


def test_the_labels_beside_an_idx_file_are_found(tmp_path: Path):
    images, labels = tmp_path / "t10k-images-idx3-ubyte", tmp_path / "t10k-labels-idx1-ubyte"
    images.write_bytes(b"\0\0\x08\x03" + np.array([2, 1, 1], ">u4").tobytes() + b"ab")
    labels.write_bytes(b"\0\0\x08\x01" + np.array([2], ">u4").tobytes() + b"\0\1")
    file_facts = ask(images)
    assert (file_facts.kind, file_facts.labels, file_facts.n_rows) == ("IDX", str(labels), 2)
    assert file_facts.labels_sha256 == digest(labels)


def test_what_is_wrong_is_said(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1\n")
    with pytest.raises(RefusedError, match=r"a\.csv, line 2: has 1 value"):
        ask(tmp_path / "a.csv")
    with pytest.raises(RefusedError) as caught:
        ask(tmp_path / "none.csv")
    assert str(caught.value) == f"there is no {tmp_path / 'none.csv'}"


def test_reading_can_be_cancelled():
    def tell(_done: float | None, _text: str) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        answer(Columns(str(PRESETS / "data" / "iris.csv")), methods(), tell)


@pytest.mark.parametrize("family", ["table", "arrays", "pictures"])
def test_samples_of_the_users_files_are_shown(family: str):
    choice = TaskChoice(family=family, **settings_of(family))
    received: list[str] = []
    previews = answer(Preview(choice, 5), methods(), lambda _done, text: received.append(text))
    assert previews[0].n_train > previews[0].n_test > previews[0].n_val
    assert len(previews[0].samples) == 1
    assert received


def quick(path: Path, **settings: object) -> FileFacts:
    question = Columns(str(path), Reading.of(settings), is_quick=True)
    return answer(question, methods(), lambda _done, _text: None)


def test_of_a_large_file_the_first_rows_are_looked_at(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("x,who,y\n" + "".join(f"{i},{'ab'[i % 2]},{i % 3}\n" for i in range(200_000)))
    facts = quick(path)
    assert (facts.is_whole, facts.sha256) == (False, "")
    assert facts.n_seen < 150_000
    assert facts.n_rows == pytest.approx(200_000, rel=0.2)
    assert [column.type for column in facts.columns] == ["whole number", "category", "whole number"]
    assert [column.role for column in facts.columns] == ["input", "input", "target"]
    whole = ask(path)
    assert (whole.is_whole, whole.n_rows, whole.sha256) == (True, 200_000, digest(path))
    assert [c.role for c in whole.columns] == [c.role for c in facts.columns]


def test_each_column_is_told_with_how_its_values_are_spread(tmp_path: Path):
    path = tmp_path / "a.csv"
    rows = (
        f"{i / 7},{'red' if i % 3 else 'blue'},{i % 3},2020-01-{i % 28 + 1:02}" for i in range(60)
    )
    path.write_text("\n".join(["x,colour,n,day", *rows]) + "\n")
    x, colour, n, day = (column.histogram for column in quick(path).columns)
    assert len(x.edges) == len(x.counts) + 1 == len(x.labels) + 1
    assert (colour.labels, colour.counts) == (("red", "blue"), (40, 20))
    assert (n.labels, n.counts) == (("0", "1", "2"), (20, 20, 20))
    assert sum(x.counts) == sum(day.counts) == 60
    assert day.edges[0] == 18262  # days since 1970


def test_what_looks_odd_is_remarked_and_not_proposed(tmp_path: Path):
    path = tmp_path / "a.csv"
    lines = ["id,index,note,price,postcode,site,split,row weight,same,y"]
    for i in range(60):
        price = "n/k" if i == 7 else f"{i},5"
        cells = (1000 + 7 * i, i, f"words number {i} here", f'"{price}"', f"0{i % 9}139",
                 f"s{i % 4}", ("train", "val", "test")[i % 3], i % 3 + 1, 7, i % 2)  # fmt: skip
        lines.append(",".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n")
    facts = {column.name: column for column in quick(path).columns}
    assert {name: column.role for name, column in facts.items()} == {
        "id": "leave out", "index": "leave out", "note": "leave out", "price": "leave out",
        "postcode": "input", "site": "input", "split": "split", "row weight": "weight",
        "same": "input", "y": "target",
    }  # fmt: skip
    assert facts["id"].role_reason == "has 60 different values in 60 rows: an identifier?"
    assert facts["index"].remark == "counts the rows, as pandas' index does"
    assert facts["note"].remark == "holds free text: 60 different values in 60 rows"
    assert facts["postcode"].type == "category"
    assert facts["site"].remark == "names 4 groups: rows of one to be kept together?"
    assert "number" in facts["price"].may_be
    assert facts["same"].remark == "has one value alone"
    assert not facts["y"].reason


def test_values_that_look_like_numbers_but_for_one_are_told(tmp_path: Path):
    path = tmp_path / "a.csv"
    cells = ["n/k" if i == 7 else f"{i % 9},5" for i in range(50)]
    path.write_text("a;y\n" + "".join(f"{cell};{i % 2}\n" for i, cell in enumerate(cells)))
    (column, _) = quick(path).columns
    words = "49 of 50 values look like numbers with a decimal comma; 'n/k' does not"
    assert column.remark == words
    (column, _) = quick(path, types={"a": "number"}).columns
    assert (column.type, column.is_given, column.n_missing) == ("number", True, 1)


def test_each_setting_of_reading_is_told_as_it_was_in_force(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes("# made by hand\nname;x\nKöln;1,5\n?;2,5\n".encode("cp1252"))
    facts = quick(path)
    told = {one.name: one.value for one in facts.reading if not one.is_given}
    assert told["encoding"] == "cp1252"
    assert told["separator"] == "semicolon"
    assert told["decimal"] == "comma"
    assert told["missing_marks"] == ("?",)
    assert facts.lines[1:3] == ("name;x", "Köln;1,5")
    given = quick(path, separator="comma").setting("separator")
    assert given is not None
    assert (given.value, given.is_given) == ("comma", True)


def test_a_file_that_cannot_be_read_as_asked_says_why_and_shows_its_lines(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes("name,x\nKöln,1\n".encode("cp1252"))
    facts = quick(path, encoding="utf-8")
    assert "is not UTF-8 text" in facts.problem
    assert facts.columns == ()
    assert facts.lines == ("name,x", "K\ufffdln,1")
    assert facts.setting("encoding") is not None


@pytest.mark.parametrize(
    ("text", "header", "skip"),
    [
        ("5.1,3.5,1\n4.9,3.0,0\n", False, None),
        ("5.1,3.5,rose\n4.9,3.0,lily\n", False, None),
        ("2,2,rose,lily\n5.1,3.5,0\n4.9,3.0,1\n", False, 1),
        ("2,3,rose,lily\na,b,y\n4.9,3.0,1\n", None, 1),
        ("country,2019,2020\nChad,1,2\n", None, None),
    ],
)
def test_a_first_line_that_is_none_of_names_is_doubted(
    tmp_path: Path, text: str, header: bool | None, skip: int | None
):
    (tmp_path / "a.csv").write_text(text)
    facts = quick(tmp_path / "a.csv")
    proposed = {one.name: one.proposed for one in facts.reading}
    assert (proposed["header"], proposed["skip"]) == (header, skip)


def test_bars_of_numbers_count_as_numpy_does(tmp_path: Path):
    draw = np.random.default_rng(0)
    columns = {
        "even": draw.random(50),
        "whole": draw.integers(0, 10, 50).astype(float),
        "steps": np.linspace(0.0, 1.0, 50),
        "large": draw.normal(size=50) * 1e12,
        "near": 1.0 + draw.integers(0, 3, 50) * 1e-9,
    }
    path = tmp_path / "a.csv"
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    lines = [",".join(columns), *(",".join(map(repr, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    for column in ask(path).columns:
        if column.histogram.edges:
            counts, edges = np.histogram(columns[column.name], bins=len(column.histogram.counts))
            assert column.histogram.counts == tuple(counts.tolist()), column.name
            np.testing.assert_allclose(column.histogram.edges, edges, rtol=1e-12)
