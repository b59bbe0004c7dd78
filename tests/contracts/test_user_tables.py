"""Thirty-five kinds of dirt in people's tables: the right answer, or a clear sentence.

What the dialog is told of the first rows and of all, what `check` says, and what a run makes agree.
Each row of the list has a test; those of formats, encodings and names stand here too, as one line.
"""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import feather

from tests.contracts.dirty import N, columnar, inputs_of, opened, reasons, spec_of, table, told
from tests.contracts.faces import CATALOGUE
from tests.engine.readers.made_workbooks import ods, xlsx, zipped
from tests.engine.toys import SPLITS, methods
from workbench.engine.answers.dispatch import answer
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Task
from workbench.spec.check import problems
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import Columns, RefusedError
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.ui.dialogs.data_choice import DataChoice


def looked(path: Path, **settings: Any) -> FileFacts:
    """The facts of the first rows, which are those of all where there are few."""
    quick = answer(
        Columns(str(path), Reading.of(settings), is_quick=True),
        methods(),
        lambda _done, _text: None,
    )
    if not quick.problem:
        whole = told(path, **settings)
        assert (quick.columns, quick.rows, quick.notes) == (whole.columns, whole.rows, whole.notes)
        assert (quick.reading, quick.sheets, quick.n_rows) == (
            whole.reading,
            whole.sheets,
            whole.n_rows,
        )
    return quick


def by_name(facts: FileFacts) -> dict[str, ColumnFacts]:
    return {column.name: column for column in facts.columns}


def made(path: Path, **settings: Any) -> dict[str, Task]:
    setup = {"family": "table", "file": str(path), "targets": {"y": "auto"}, **settings}
    spec = spec_of(TaskChoice.model_validate(setup))
    assert problems(spec, CATALOGUE) == []
    return select(spec, methods(), torch.device("cpu"))


def refused(path: Path, **settings: Any) -> str:
    with pytest.raises(BadSpecError) as caught:
        made(path, **settings)
    return str(caught.value)


def notices(tasks: dict[str, Task]) -> list[str]:
    return [notice for task in tasks.values() for notice in task.notices]


def rows(task: Task) -> int:
    return sum(len(task.data[split]) for split in SPLITS)


def test_01_an_empty_column_is_left_out(file: Any):
    for text in (table("a,b,c,y", "{a},{b},,{y}"), table("a,b,y,", "{a},{b},{y},")):
        path = file(text)
        (reason,) = reasons(looked(path)).values()
        assert reason == "has no value in any row"
        assert inputs_of(opened(path)) == ("a", "b")


@pytest.mark.parametrize(
    "column", [pa.array([[i] for i in range(N)]), pa.array([{"x": i} for i in range(N)]),
               pa.array(range(N), pa.time32("s")), pa.array(range(N), pa.duration("s"))]
)  # fmt: skip
def test_02_columns_that_hold_no_plain_values_are_left_out(tmp_path: Path, column: Any):
    path = columnar(tmp_path, odd=column)
    facts = by_name(looked(path))
    assert (facts["odd"].role, facts["odd"].role_reason) == ("leave out", facts["odd"].reason)
    assert inputs_of(opened(path)) == ("a",)


def test_03_names_are_without_blanks(file: Any):
    path = file(table("a, b, y", "{a}, {b}, {y}"))
    assert [column.name for column in looked(path).columns] == ["a", "b", "y"]
    assert opened(path)["y"].answers == ("ja", "nein")


def test_04_a_decimal_comma_is_found_said_and_changeable(file: Any):
    path = file(table("a;b;y", "{i},5;{b},25;{y}"))
    facts = looked(path)
    setting = facts.setting("decimal")
    assert setting is not None
    assert (setting.value, setting.is_given) == ("comma", False)
    assert facts.notes == ("numbers are taken to have a decimal comma",)
    assert [column.type for column in facts.columns] == ["number", "number", "category"]
    assert inputs_of(opened(path)) == ("a", "b")


@pytest.mark.parametrize(
    ("cell", "value"), [('"1.234,56"', 1234.56), ('"1,234.56"', 1234.56), ("1 234", 1234.0)]
)
def test_05_marks_between_thousands_are_read(file: Any, cell: str, value: float):
    path = file(table("a,b,y", cell + ",{b},{y}") + "7.5,1,ja\n" * (value == 1234))
    column = by_name(looked(path))["a"]
    assert column.type in ("number", "whole number")
    assert float(looked(path).rows[0][0]) == pytest.approx(value, rel=1e-4)
    assert any("between the thousands" in note for note in looked(path).notes)


def test_05_marks_between_thousands_can_be_forbidden(file: Any):
    path = file(table("a;b;y", "1.2{n:02};{b};{y}"))
    assert by_name(looked(path, decimal="comma"))["a"].type == "whole number"
    assert by_name(looked(path, decimal="comma", thousands="none"))["a"].type == "number"


@pytest.mark.parametrize("mark", ["?", "-", "--", ".", "None", "<NA>", "n.a.", "NA ", "#N/A", " "])
def test_06_marks_of_missing_values_are_said(file: Any, mark: str):
    path = file(table("a,b,y", "{a},{b},{y}") + f"{mark},3,ja\n")
    facts = looked(path)
    assert (facts.columns[0].type, facts.columns[0].n_missing) == ("number", 1)
    if mark.strip():
        assert any(f"'{mark.strip()}' is taken for missing" in note for note in facts.notes)
    assert inputs_of(opened(path)) == ("a", "b")


def test_06_what_means_missing_can_be_changed(file: Any):
    path = file(table("a,b,y", "{a},NA,{y}") + "-999,x,ja\n")
    facts = by_name(looked(path, missing_marks=["-999"]))
    assert (facts["a"].n_missing, facts["b"].n_missing, facts["b"].n_distinct) == (1, 0, 2)


def test_07_times_of_day_are_left_out_or_read_as_hours(file: Any):
    path = file(table("a,when,y", "{a},12:{n:02}:00,{y}"))
    column = by_name(looked(path))["when"]
    assert (column.type, column.role) == ("time of day", "leave out")
    assert "time of day" in column.may_be
    assert inputs_of(opened(path)) == ("a",)
    types = {"when": "time of day"}
    hours = by_name(looked(path, types=types))["when"]
    assert (hours.type, hours.role, hours.reason) == ("time of day", "input", "")
    assert hours.histogram.edges[0] == pytest.approx(12 + 1 / 60)
    assert inputs_of(opened(path, types=types)) == ("a", "when")


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (("31/12/2019", "1/2/2020"), "2019-12-31"),
        (("Jan 1 2000", "February 29, 2000"), "2000-01-01"),
        (("2010-Jan-05", "2010-Sept-30"), "2010-01-05"),
        (("2012/01/01", "2012/12/31"), "2012-01-01"),
        (("31.12.2019 10:30", "1.1.2020 9:05 PM"), "2019-12-31"),
    ],
)
def test_08_dates_are_read_however_written(file: Any, cells: tuple[str, str], day: str):
    lines = (f'"{cells[i % 2]}",{i * 7 % 13},{i % 2}\n' for i in range(N))
    path = file("d,b,y\n" + "".join(lines))
    facts = looked(path)
    assert facts.columns[0].type == "date"
    assert facts.rows[0][0].startswith(day)
    assert inputs_of(opened(path)) == ("d", "b")


def test_08_which_of_day_and_month_comes_first_is_asked_where_both_read(file: Any):
    path = file(table("d,b,y", "03/0{b}/2019,{i},{y}".replace("0{b}", "05")))
    facts = looked(path)
    assert "day-first reads too: set date_format" in facts.notes[0]
    assert facts.rows[0][0] == "2019-03-05"
    assert looked(path, date_format="day-first").rows[0][0] == "2019-05-03"
    assert looked(path, date_format="%d/%m/%Y").rows[0][0].startswith("2019-05-03")


def test_08_a_day_that_there_is_not_makes_no_date(file: Any):
    path = file(table("d,b,y", "30/02/2019,{i},{y}"))
    assert looked(path).columns[0].type == "category"


def test_08_seconds_since_1970_are_dates_by_the_name_of_their_column(file: Any):
    path = file(table("timestamp,b,y", "15{n:02}000000,{b},{y}"))
    facts = looked(path)
    assert facts.columns[0].type == "date"
    assert "seconds since 1970 are taken for dates" in facts.notes[0]
    other = file(table("count,b,y", "15{n:02}000000,{b},{y}"))
    assert looked(other).columns[0].remark == "could be seconds since 1970: dates?"
    assert looked(other, types={"count": "date"}).columns[0].type == "date"


def test_09_the_first_and_the_last_day_overflow_nothing(file: Any):
    days = ("9999-12-31", "0001-01-01", "31/12/9999")
    lines = (f"{days[i % 2]},{days[2]},{i % 13},{i % 2}\n" for i in range(N))
    path = file("d,e,b,y\n" + "".join(lines))
    facts = looked(path)
    assert [column.type for column in facts.columns[:2]] == ["date", "date"]
    assert made(path, inputs=["d", "b"])["y"].data["train"].inputs["row"].isfinite().all()


def test_10_quotes_hold_separators(file: Any):
    path = file(table('"Size, m";"Cost, EUR";y', "{i},5;{b};{y}"))
    setting = looked(path).setting("separator")
    assert setting is not None
    assert setting.value == "semicolon"
    assert inputs_of(opened(path)) == ("Size, m", "Cost, EUR")
    single = file(table("'Size, m','Cost, EUR',y", "{i}.5,{b},{y}"))
    assert [column.name for column in looked(single).columns] == ["Size, m", "Cost, EUR", "y"]


def test_11_a_line_that_names_the_separator_is_skipped(file: Any):
    path = file("sep=;\n" + table("a,x;b;y", "{a};{b};{y}"))
    assert looked(path).notes == ("the first line names the separator",)
    assert inputs_of(opened(path)) == ("a,x", "b")


def test_12_remarks_are_skipped_and_others_where_it_is_asked(file: Any):
    path = file("# by hand\n" + table("a,b,y", "{a},{b},{y}"))
    assert looked(path).notes == ("1 line that begins with # before the header: skipped",)
    within = table("a,b,y", "{a},{b},{y}").replace("\n", "\n% between\n")
    path = file("% by hand\n% twice\n" + within)
    facts = looked(path, comment="%")
    assert (facts.n_rows, [c.name for c in facts.columns]) == (N, ["a", "b", "y"])
    assert inputs_of(opened(path, comment="%")) == ("a", "b")


def test_13_a_file_without_a_header_loses_no_row(file: Any):
    path = file("".join(f"{i * 7 % 13}.5,3.5,{i % 2}\n" for i in range(N)))
    setting = looked(path).setting("header")
    assert setting is not None
    assert (setting.value, setting.proposed) == (True, False)
    facts = looked(path, header=False)
    assert facts.n_rows == N
    assert [column.name for column in facts.columns] == ["column 1", "column 2", "column 3"]
    assert rows(made(path, header=False, targets={"column 3": "classes"})["column 3"]) == N


def test_14_a_line_of_counts_is_proposed_to_be_skipped(file: Any):
    path = file(
        f"{N},2,setosa,versicolor\n" + "".join(f"{i / 3:.2f},3.5,{i % 2}\n" for i in range(N))
    )
    facts = looked(path, header=False, skip=1)
    assert facts.n_rows == N
    asked = answer(Columns(str(path), is_quick=True), methods(), lambda _done, _text: None)
    assert asked.problem  # the line of counts has another width
    lines = "".join(f"{i / 3:.2f},3.5,{i % 2}\n" for i in range(N))
    path = file(f"{N},2,setosa\n" + lines)
    proposed = {one.name: one.proposed for one in looked(path).reading}
    assert (proposed["header"], proposed["skip"]) == (False, 1)
    assert "looks like counts, not names" in looked(path).notes[0]


def test_15_two_columns_of_one_name_are_told_apart(file: Any):
    path = file(table("x,x,y", "{a},{b},{y}"))
    facts = looked(path)
    assert [column.name for column in facts.columns] == ["x", "x (2)", "y"]
    assert facts.notes == ("column 2 is called 'x (2)', for 'x' is there before it",)
    assert inputs_of(opened(path)) == ("x", "x (2)")


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "index"])
def test_16_an_index_is_left_out(file: Any, name: str):
    path = file(table(f"{name},a,y", "{i},{a},{y}"))
    column = looked(path).columns[0]
    assert column.role == "leave out"
    assert "counts the rows" in column.role_reason
    assert inputs_of(opened(path)) == ("a",)
    assert any("counts the rows" in notice for notice in notices(opened(path)))


def test_17_identifiers_and_free_text_are_not_proposed(file: Any):
    path = file(table("id,note,code,a,y", "{i}7,words of row {i},x{i}z,{a},{y}", n=600))
    facts = by_name(looked(path))
    assert {name for name, column in facts.items() if column.role == "leave out"} == {
        "id", "note", "code",
    }  # fmt: skip
    assert facts["id"].remark == "has 600 different values in 600 rows: an identifier?"
    assert "free text" in facts["note"].remark
    tasks = opened(path)
    assert inputs_of(tasks) == ("a",)
    words = "column 'id' is left out: it has 600 different values in 600 rows: an identifier?"
    assert words in notices(tasks)
    assert "id" in inputs_of(made(path, inputs=["id", "a"]))  # whoever names it gets it


def test_18_zeros_before_codes_are_kept(file: Any):
    path = file(table("postcode,code,y", "0213{b},{b},{y}").replace("\n3,", "\n03,"))
    facts = by_name(looked(path))
    assert facts["postcode"].type == "category"
    assert any(name.startswith("postcode = 0213") for name in opened(path)["y"].columns)
    mixed = file(table("code,b,y", "{b},{a},{y}") + "01,2,ja\n" * 3)
    names = made(mixed)["y"].columns
    assert {"code = 01", "code = 1"} <= set(names)


def test_19_whole_numbers_may_be_categories(file: Any):
    path = file(table("occupation,a,y", "{b},{a},{y}", n=60))
    column = by_name(looked(path))["occupation"]
    assert (column.type, column.remark) == (
        "whole number", "11 whole numbers: categories, or a quantity?",
    )  # fmt: skip
    assert "category" in column.may_be
    types = {"occupation": "category"}
    assert by_name(looked(path, types=types))["occupation"].type == "category"
    names = opened(path, types=types)["y"].columns
    assert [name for name in names if name.startswith("occupation = ")][:2] == [
        "occupation = 0", "occupation = 1",
    ]  # fmt: skip


def test_19_ordered_categories_are_learned_by_their_place(file: Any):
    sizes = ("small", "large", "medium")
    path = file("size,a,y\n" + "".join(f"{sizes[i % 3]},{i * 7 % 13},{i % 2}\n" for i in range(N)))
    types = {"size": "ordered"}
    assert by_name(looked(path, types=types))["size"].type == "ordered"
    task = opened(path, types=types)["y"]
    assert task.columns == ("size", "a")
    values = torch.cat([task.data[split].inputs["row"][:, 0] for split in SPLITS]).unique()
    assert len(values) == 3
    gaps = values.diff()
    torch.testing.assert_close(gaps[0], gaps[1])


def test_20_only_rows_without_that_answer_are_left_out_of_that_task(file: Any):
    lines = (
        f"{'' if i % 50 == 1 else i * 7 % 13},{i % 11},{'' if i % 31 == 5 and i < 589 else i % 2},"
        f"{i % 3}\n" for i in range(600)
    )  # fmt: skip
    path = file("a,b,y,z\n" + "".join(lines))
    facts = by_name(looked(path))
    assert (facts["y"].n_missing, facts["a"].n_missing) == (19, 12)
    tasks = made(path, targets={"y": "classes", "z": "classes"})
    assert any("19 of 600 rows have no answer" in notice for notice in notices(tasks))


def test_21_targets_that_never_meet_are_all_shown_with_their_share(file: Any):
    lines = (
        ",".join([str(i * 7 % 13), *(str(i % 2) if i % 3 == k else "" for k in range(3))]) + "\n"
        for i in range(90)
    )
    path = file("a,t1,t2,t3\n" + "".join(lines))
    facts = looked(path)
    assert [column.n_missing for column in facts.columns] == [0, 60, 60, 60]
    tasks = made(path, targets=dict.fromkeys(("t1", "t2", "t3"), "classes"))
    assert list(tasks) == ["t1", "t2", "t3"]
    assert all(task.data["train"].inputs["row"].isfinite().all() for task in tasks.values())


def test_22_errors_of_a_price_are_told_in_its_unit(file: Any):
    path = file(table("a,price,y", "{a},50{n:02}000.5,{y}"))
    task = made(path, targets={"price": "values", "y": "classes"})["price"]
    assert "rmse" in task.more_metrics
    assert task.scaling is not None
    assert 4.9e6 < float(task.scaling.mean) < 5.1e6


def test_23_a_class_with_one_row_is_said_before_the_run(file: Any):
    path = file(table("a,b,y", "{a},{b},{y}") + "1,2,selten\n")
    assert any("class 'selten' (1)" in notice for notice in notices(made(path)))


def test_24_where_classes_are_far_from_even_their_weights_are_offered(file: Any):
    lines = (f"{i * 7 % 13},{i % 11},{'rare' if i % 41 == 0 else 'often'}\n" for i in range(410))
    path = file("a,b,y\n" + "".join(lines))
    task = made(path)["y"]
    assert any(
        "as uneven as 1 : 40" in notice and "class_weights" in notice for notice in task.notices
    )
    assert task.more_metrics[0] == "balanced-accuracy"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("gb18030", ("北京", "上海", "广州市")),
        ("shift_jis", ("東京", "大阪です", "ほっかいどう")),
        ("cp1252", ("Köln", "Zürich", "Málaga")), ("utf-16-le", ("Köln", "Zürich", "Oslo")),
        ("utf-16-be", ("Köln", "Zürich", "Oslo")), ("utf-16", ("Köln", "Zürich", "北京")),
        ("utf-8-sig", ("Köln", "北京", "Oslo")), ("cp1251", ("Москва", "Тверь", "Казань")),
    ],
)  # fmt: skip
def test_25_encodings_are_guessed_named_and_can_be_set(
    file: Any, encoding: str, words: tuple[str, ...]
):
    text = "town,b,y\n" + "".join(f"{words[i % 3]},{i * 7 % 13},{i % 2}\n" for i in range(N))
    path = file(text.encode(encoding))
    for facts in (looked(path), looked(path, encoding=encoding)):
        assert facts.rows[0][0] == words[0]
        assert facts.lines[1].startswith(words[0])
        setting = facts.setting("encoding")
        assert setting is not None
        assert setting.value == encoding
    if encoding in ("gb18030", "shift_jis", "cp1252", "cp1251"):
        assert looked(path).notes[0].startswith(f"is no UTF-8 and taken for {encoding}")
    assert f"town = {words[0]}" in opened(path)["y"].columns


@pytest.mark.parametrize("name", ["a.csv.gz", "a.tsv.gz"])
def test_26_gzipped_text_is_read(tmp_path: Path, name: str):
    text = table("a,b,y", "{a},{b},{y}")
    path = tmp_path / name
    path.write_bytes(gzip.compress((text.replace(",", "\t") if "tsv" in name else text).encode()))
    assert looked(path).kind == f"{name[2:5].upper()}, gzipped"
    assert inputs_of(opened(path)) == ("a", "b")


def test_27_a_workbook_with_two_sheets_is_asked_which(tmp_path: Path):
    some = [["a", "f", "y"], *([i * 7 % 13, "=1+3" if i else 2, i % 2] for i in range(N))]
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx({"one": some, "two": some}))
    facts = looked(path)
    assert (facts.sheets, facts.n_rows, facts.rows[1]) == (("one", "two"), N, ("7", "4", "1"))
    assert "name one" in refused(path)
    assert inputs_of(opened(path, sheet="two")) == ("a", "f")
    other = tmp_path / "a.ods"
    other.write_bytes(ods({"one": [["a", "b", "y"], *([i % 7, i % 3, i % 2] for i in range(N))]}))
    assert inputs_of(opened(other)) == ("a", "b")


def test_28_feather_and_npy_are_read_and_a_zip_says_what_it_is(tmp_path: Path):
    feather.write_feather(
        pa.table({"a": [float(i % 13) for i in range(N)], "y": ["ja", "nein"] * (N // 2)}),
        str(tmp_path / "a.feather"),
    )
    assert inputs_of(opened(tmp_path / "a.feather")) == ("a",)
    np.save(tmp_path / "X.npy", np.arange(N * 2.0).reshape(N, 2))
    np.save(tmp_path / "y.npy", np.arange(N) % 2)
    facts = told(tmp_path / "X.npy")
    choice = DataChoice.of(facts)
    assert choice.lacks == ""
    (task,) = select(spec_of(choice.task()), methods(), torch.device("cpu")).values()
    assert task.output == Classes(2)
    (tmp_path / "a.zip").write_bytes(zipped({"a.csv": "a,y\n1,2\n"}))
    with pytest.raises(RefusedError, match="is a zip; unpack it"):
        told(tmp_path / "a.zip")
    assert "is a zip; unpack it" in refused(tmp_path / "a.zip")


NAMES = ["width [cm]", "[/b]", "<b>x</b>", "=1+1", "n" * 300, "😀", "אבג"]


@pytest.mark.parametrize("name", NAMES)
def test_29_names_are_kept_as_they_are(file: Any, name: str):
    path = file(table(f"{name},b,y", "{a},{b},{y}"))
    assert looked(path).columns[0].name == name
    assert inputs_of(opened(path)) == (name, "b")


def test_30_two_files_with_a_target_of_one_name_make_two_tasks(tmp_path: Path):
    paths = [tmp_path / "north.csv", tmp_path / "south.csv"]
    for path in paths:
        path.write_text(table("a,b,y", "{a},{b},{y}"))
    choices = [
        TaskChoice.model_validate({"family": "table", "file": str(p), "targets": {"y": "auto"}})
        for p in paths
    ]
    tasks = select(spec_of(*choices), methods(), torch.device("cpu"))
    assert len(tasks) == 2
    assert len({task.name for task in tasks.values()}) == 2


def test_31_columns_of_labels_are_told_apart_from_values(file: Any):
    path = file(table("a,l1,l2,l3", "{a},1,0,{b}"))
    facts = by_name(looked(path))
    assert (facts["l1"].type, facts["l1"].remark) == ("whole number", "has one value alone")
    assert facts["l3"].target == "classes"


def test_32_minus_one_may_be_declared_missing(file: Any):
    path = file(table("a,b,y", "{a},{b},{y}").replace(",ja", ",-1"))
    assert by_name(looked(path))["y"].n_missing == 0
    assert by_name(looked(path, missing_marks=["-1"]))["y"].n_missing == N // 2


def test_33_a_readme_in_a_folder_of_pictures_is_ignored_and_said(tmp_path: Path):
    from PIL import Image

    for name, shade in (("cats", 40), ("dogs", 200)):
        (tmp_path / name).mkdir()
        for i in range(10):
            Image.new("L", (8, 8), shade + i).save(tmp_path / name / f"{i}.png")
    (tmp_path / "README").write_text("mine")
    (tmp_path / ".DS_Store").write_bytes(b"\0\0")
    facts = told(tmp_path)
    assert (facts.family, facts.n_rows) == ("pictures", 20)
    assert facts.notes == ("beside the folders: README; not looked at",)
    choice = TaskChoice(family="pictures", file=str(tmp_path), size=8)
    (task,) = select(spec_of(choice), methods(), torch.device("cpu")).values()
    assert "beside the folders: README; not looked at" in task.notices


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e308"])
def test_34_what_has_no_end_is_said_with_its_row(file: Any, cell: str):
    lines = (f"{cell if i == 6 else i * 7 % 13 + 0.5},{i % 5},{i % 2}\n" for i in range(N))
    path = file("a,b,y\n" + "".join(lines))
    assert "in row 7" in by_name(looked(path))["a"].remark
    assert "row 7, column 'a'" in refused(path)
    left_out = {"types": {"a": "leave out"}}
    assert inputs_of(opened(path, **left_out)) == ("b",)


def test_34_nan_as_text_is_missing(file: Any):
    path = file(table("a,b,y", "{a},{b},{y}") + "NaN,1,ja\nnan,2,nein\n")
    assert by_name(looked(path))["a"].n_missing == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,y\n", "has a header but no rows"),
        ("a,b,y\n1,2,ja\n", "one class only"),
        ("y\n1\n2\n1\n2\n", "none is left to learn from"),
        ("", "is empty"),
    ],
)
def test_35_files_with_next_to_nothing_get_a_sentence(file: Any, text: str, words: str):
    path = file(text)
    assert words in refused(path)
    if words in ("is empty", "has a header but no rows"):
        quick = answer(Columns(str(path), is_quick=True), methods(), lambda _done, _text: None)
        assert words in quick.problem


def test_35_three_thousand_columns_work(file: Any):
    names = [f"c{j}" for j in range(3000)]
    lines = (",".join([str((i * j) % 7) for j in range(3000)]) + f",{i % 2}\n" for i in range(20))
    path = file(",".join([*names, "y"]) + "\n" + "".join(lines))
    assert len(looked(path).columns) == 3001


def test_a_split_of_fewer_than_ten_rows_is_warned_of(file: Any):
    path = file(table("a,b,y", "{a},{b},{y}"))
    words = "y: validation has 4 rows and test 8: scores of so few say little"
    assert words in notices(made(path))
    assert not any("so few" in n for n in notices(made(file(table("a,b,y", "{a},{i},{y}", 200)))))


def test_how_many_rows_are_left_is_said_where_some_are_dropped(file: Any):
    path = file(table("a,b,y", "{a},{b},{y}") + ",1,ja\n,2,nein\n3,,ja\n")
    words = f"3 of {N + 3} rows lack a value and are left out; {N} are left"
    assert words in notices(made(path, missing="drop"))
    kept = notices(made(path))
    empty = file(table("a,b,c,y", "{a},{b},,{y}") + ",1,,ja\n,2,,nein\n3,,,ja\n")
    assert words in notices(made(empty, missing="drop"))  # an empty column keeps no row away
    words = "of 43 rows some lack a value in 'a' (2), 'b' (1): they become the mean, or no category"
    assert words in kept


@pytest.mark.parametrize("how", ["most-frequent", "category"])
def test_missing_values_may_become_the_most_frequent_or_a_category(file: Any, how: str):
    colours = ("red", "red", "blue", "")
    lines = (f"{colours[i % 4]},{'' if i % 5 == 0 else i % 3},{i % 2}\n" for i in range(N))
    path = file("colour,n,y\n" + "".join(lines))
    task = made(path, missing=how)["y"]
    values = torch.cat([task.data[split].inputs["row"] for split in SPLITS])
    assert values.isfinite().all()
    colour = [i for i, name in enumerate(task.columns) if name.startswith("colour")]
    assert (values[:, colour].sum(1) == 1).all()
    assert ("colour missing" in task.columns) == (how == "category")
    if how == "most-frequent":
        assert (values[:, task.columns.index("colour = red")] == 1).sum() == 3 * N / 4
