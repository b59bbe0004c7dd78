"""Formats of tables: each gives the same tasks, and what is not read says so."""

import datetime
import gzip
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import feather, parquet

from tests.contracts.dirty import inputs_of, opened, spec_of, told
from tests.engine.readers.made_workbooks import ods, xlsx, xlsx_parts, zipped
from tests.engine.toys import SPLITS, methods
from workbench.engine.build.tasks import select
from workbench.engine.readers import tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.workbooks.cells import MOST_CELLS
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import RefusedError

N = 40
ROWS = [["a", "b", "y"], *([i * 7 % 13 + 0.5, i * 5 % 11, ("ja", "nein")[i % 2]] for i in range(N))]
TEXT = "\n".join(",".join(map(str, row)) for row in ROWS) + "\n"


def refused(path: Path, **settings: Any) -> BadSpecError:
    setup = {"family": "table", "file": str(path), "targets": {"y": "auto"}, **settings}
    with pytest.raises(BadSpecError) as caught:
        select(spec_of(TaskChoice.model_validate(setup)), methods(), torch.device("cpu"))
    return caught.value


def written(folder: Path, name: str) -> Path:
    """The same table in each format."""
    path = folder / name
    made = pa.table({name: [row[i] for row in ROWS[1:]] for i, name in enumerate(ROWS[0])})
    match name.partition(".")[2]:
        case "csv.gz":
            path.write_bytes(gzip.compress(TEXT.encode()))
        case "tsv.gz":
            path.write_bytes(gzip.compress(TEXT.replace(",", "\t").encode()))
        case "xlsx":
            path.write_bytes(xlsx({"one": ROWS}))
        case "ods":
            path.write_bytes(ods({"one": ROWS}))
        case "feather":
            feather.write_feather(made, str(path), chunksize=7)
        case "parquet":
            parquet.write_table(made, path)
        case _:
            path.mkdir()
            for i in range(4):
                parquet.write_table(made.slice(10 * i, 10), path / f"part-{i}.parquet")
    return path


NAMES = ("m.csv.gz", "m.tsv.gz", "m.xlsx", "m.ods", "m.feather", "m.parquet", "folder")


@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_same_tasks(tmp_path: Path, name: str):
    plain = tmp_path / "plain.csv"
    plain.write_text(TEXT)
    path = written(tmp_path, name)
    facts = told(path)
    assert (facts.family, facts.n_rows) == ("table", N)
    assert [column.type for column in facts.columns] == ["number", "whole number", "category"]
    expected, made = opened(plain)["y"], opened(path)["y"]
    assert made.answers == expected.answers
    for split in SPLITS:
        assert torch.equal(made.data[split].inputs["row"], expected.data[split].inputs["row"])
        assert torch.equal(made.data[split].target, expected.data[split].target)


def test_a_workbook_with_two_sheets_is_asked_which(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    other = [["p", "y"], *([i, i % 2] for i in range(N))]
    sheets = {"first": ROWS, "second": other, "empty": [], "secret": ROWS}
    path.write_bytes(xlsx(sheets, hidden=["secret"]))
    facts = told(path)
    assert facts.sheets == ("first", "second")
    assert facts.notes[0] == "has 2 sheets; 'first' is shown"
    error = refused(path)
    assert error.field == "tasks.0.sheet"
    assert (
        error.message == "a.xlsx has 2 sheets with something in them: 'first', 'second'; name one"
    )
    assert inputs_of(opened(path, {"y": "classes"}, sheet="second")) == ("p",)
    assert "has no sheet 'third'" in refused(path, sheet="third").message


def test_of_a_formula_the_value_is_read_and_of_an_error_none(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    day = datetime.datetime(2020, 2, 29)
    rows = [
        ["f", "e", "d", "t", "y"],
        *(["=1+3", "#N/A" if i else 1, day, i % 3 == 0, i % 2] for i in range(N)),
    ]
    path.write_bytes(xlsx({"one": rows}))
    columns = {column.name: column for column in told(path).columns}
    assert columns["f"].histogram.labels == ("4",)
    assert columns["e"].n_missing == N - 1
    assert columns["d"].type == "date"
    assert columns["t"].type == "truth"


def test_cells_of_a_workbook_that_are_text_are_read_as_those_of_a_text_file(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    cells = ["?" if i == 3 else f"{i},5" for i in range(N)]
    path.write_bytes(
        xlsx(
            {
                "one": [
                    ["", "a", "y"],
                    *([i, c, "NA" if i == 5 else i % 2] for i, c in enumerate(cells)),
                ]
            }
        )
    )
    facts = told(path)
    assert [c.kind for c in facts.columns] == ["whole number", "number", "whole number"]
    assert [c.n_missing for c in facts.columns] == [0, 1, 1]
    assert facts.columns[0].reason == "counts the rows"


@pytest.mark.parametrize(
    "place", ['"XFD1048576"', '"ZZ999999"', '"ZZZZ1"', '"zzzz1"', "'ZZZZ1'", '"xfd1048576"']
)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_unfolded(tmp_path: Path, place: str):
    parts = xlsx_parts({"one": ROWS})
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace('r="A2"', f"r={place}")
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped({**parts, "xl/worksheets/sheet1.xml": sheet}))
    with pytest.raises(RefusedError, match=f"{MOST_CELLS:,} are read at most"):
        told(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"a.csv": TEXT}), "is a zip; unpack it"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "an old workbook (.xls): save it as .xlsx",
        ),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), "is an HDF5 file; tables are: CSV, TSV"),
        (b"BZh91AY&SY", "packed with bzip2; unpack it"),
        (b"\x80\x04\x95" + bytes(99), "reading one could run code"),
        (zipped({"xl/workbook.bin": b""}), "save it as .xlsx"),
    ],
)
def test_what_is_not_read_says_so_and_names_what_is(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        told(path)
    assert words in str(caught.value)
    assert words in refused(path).message


def test_a_gzip_that_is_cut_off_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode() * 100)[:-200])
    with pytest.raises(RefusedError, match="cannot be unpacked"):
        told(path)


def test_folders_of_a_parquet_table_say_more_of_its_rows(tmp_path: Path):
    folder = tmp_path / "table"
    made = pa.table({"a": [float(i % 7) for i in range(20)], "y": ["ja", "nein"] * 10})
    for site in ("north", "south"):
        (folder / f"site={site}").mkdir(parents=True)
        parquet.write_table(made, folder / f"site={site}" / "part-0.parquet")
    (folder / "README.md").write_text("by hand")
    facts = told(folder)
    assert (facts.kind, facts.n_rows) == ("Parquet folder", N)
    assert [column.name for column in facts.columns] == ["a", "y", "site"]
    assert facts.notes == ("beside the table: README.md; not looked at",)
    assert inputs_of(opened(folder, {"y": "classes"})) == ("a", "site")
    parquet.write_table(made.select(["y"]), folder / "odd.parquet")
    with pytest.raises(DataError, match="has no column 'a', which the others have"):
        for _ in tables.read(folder, ["a", "y"]):
            pass


@pytest.mark.parametrize("labels", ["y.npy", "named.npy"])
def test_an_array_that_is_alone_in_its_file_is_read_with_its_labels(tmp_path: Path, labels: str):
    x, y = tmp_path / "X.npy", tmp_path / labels
    np.save(x, np.random.default_rng(0).normal(size=(N, 5)))
    np.save(y, np.arange(N) % 3)
    facts = told(x)
    assert (facts.family, facts.kind, facts.n_rows) == ("arrays", "NPY", N)
    assert facts.labels == (str(y) if labels == "y.npy" else "")
    choice = TaskChoice.model_validate({"family": "arrays", "file": str(x), "labels": str(y)})
    (task,) = select(spec_of(choice), methods(), torch.device("cpu")).values()
    assert task.output == Classes(3)
    assert sum(len(task.data[split]) for split in SPLITS) == N


def test_an_array_that_holds_objects_is_not_opened(tmp_path: Path):
    np.save(tmp_path / "X.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(RefusedError, match="reading those could run code"):
        told(tmp_path / "X.npy")


def test_a_workbook_that_is_damaged_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    parts = xlsx_parts({"one": ROWS})
    path.write_bytes(zipped({**parts, "xl/workbook.xml": "<workbook"}))
    with pytest.raises(RefusedError, match=r"a\.xlsx: (cannot be read as a workbook|has no sheet)"):
        told(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(RefusedError, match=r"a\.xlsx: "):
        told(path)
