"""Dirt in people's files: what the window is told of one, what `check` says and what a run makes.

All three agree: a column that is left out is shown with its reason, and the rest of the file works.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from tests.contracts.dirty import N, columnar, inputs_of, opened, reasons, spec_of, table, told
from tests.engine.toys import SPLITS, Run, methods
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes
from workbench.spec.event import Noticed
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import RefusedError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (table("a,b,c,y", "{a},{b},,{y}"), "c"),
        (table("a,b,y,", "{a},{b},{y},"), "column 4"),
        (table("a,b,y", "{a},{b},{y},"), "column 4"),
        (table("a,b,c,y", "{a},{b}, ,{y}"), "c"),
        (table("a,b,c,y", "{a},{b},NA,{y}"), "c"),
    ],
)
def test_a_column_that_is_empty_in_every_row_is_left_out(file: Any, text: str, name: str):
    path = file(text)
    assert reasons(told(path)) == {name: "has no value in any row"}
    tasks = opened(path)
    assert inputs_of(tasks) == ("a", "b")
    assert f"column '{name}' is left out: it has no value in any row" in tasks["y"].notices


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("list", pa.array([[i] for i in range(N)])),
        ("record", pa.array([{"x": i} for i in range(N)])),
        ("time of day", pa.array(range(N), pa.time32("s"))),
        ("duration", pa.array(range(N), pa.duration("s"))),
        ("bytes", pa.array([b"\xff"] * N)),
    ],
)
def test_columns_that_hold_no_plain_values_are_left_out(tmp_path: Path, kind: str, column: Any):
    path = columnar(tmp_path, odd=column)
    facts = told(path)
    reason = f"holds {kind}; numbers, text, dates and truths are read"
    assert reasons(facts) == {"odd": reason}
    assert len(facts.rows) == 20
    assert inputs_of(opened(path)) == ("a",)
    for field in ({"inputs": ["odd"], "targets": {"y": "auto"}}, {"targets": {"odd": "auto"}}):
        choice = TaskChoice.model_validate({"family": "table", "file": str(path), **field})
        with pytest.raises(BadSpecError, match=f"column 'odd': {reason}"):
            select(spec_of(choice), methods(), torch.device("cpu"))


def test_blanks_about_names_and_values_are_no_part_of_them(file: Any):
    path = file(table("a, b , y", "{a}, {b}, {y}"))
    assert [column.name for column in told(path).columns] == ["a", "b", "y"]
    tasks = opened(path)
    assert tasks["y"].answers == ("ja", "nein")
    assert inputs_of(tasks) == ("a", "b")


def test_a_decimal_comma_is_found_said_and_can_be_changed(file: Any):
    path = file(
        "a;b;y\n" + "".join(f"{i},5;{i % 7},25;{'ja' if i % 2 else 'nein'}\n" for i in range(N))
    )
    facts = told(path)
    assert [column.kind for column in facts.columns] == ["number", "number", "text"]
    assert facts.rows[1] == ("1.5", "1.25", "ja")
    assert facts.notes == ("numbers are taken to have a decimal comma",)
    assert inputs_of(opened(path)) == ("a", "b")
    assert (
        told(path, decimal="point").notes[0].startswith("column 'a': numbers, with a decimal comma")
    )


def test_quotes_hold_separators(file: Any):
    text = table('"Size, m";"Cost, EUR";y', "{i},5;{b};{y}")
    path = file(text)
    assert [column.name for column in told(path).columns] == ["Size, m", "Cost, EUR", "y"]
    assert inputs_of(opened(path)) == ("Size, m", "Cost, EUR")


@pytest.mark.parametrize("first", ["sep=;", "\ufeffsep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_that_names_the_separator_is_used_and_skipped(file: Any, first: str):
    path = file(first + "\n" + table("a,x;b;y", "{i};{b};{y}"))
    facts = told(path)
    assert [column.name for column in facts.columns] == ["a,x", "b", "y"]
    assert facts.notes == ("the first line names the separator",)
    assert inputs_of(opened(path)) == ("a,x", "b")


def test_remarks_before_the_header_are_skipped_and_said(file: Any):
    path = file("# measured by hand\n#\n\n" + table("a,b,y", "{a},{b},{y}"))
    facts = told(path)
    assert facts.notes == ("2 lines that begin with # before the header: skipped",)
    assert facts.n_rows == N
    assert inputs_of(opened(path)) == ("a", "b")


def test_a_header_that_is_a_remark_is_the_header(file: Any):
    path = file(table("# a,b,y", "{a},{b},{b}"))
    assert [column.name for column in told(path).columns] == ["a", "b", "y"]


def test_a_file_without_a_header_loses_no_row(file: Any):
    path = file("".join(f"{i * 7 % 13}.5,{i},{i % 2}\n" for i in range(N)))
    message = "the first line is taken for the names of the columns, but holds numbers"
    assert (told(path).n_rows, told(path).notes[0]) == (N - 1, message)
    facts = told(path, header=False)
    assert (facts.n_rows, facts.notes, reasons(facts)) == (N, (), {})
    assert [column.name for column in facts.columns] == ["column 1", "column 2", "column 3"]
    targets = {"column 3": "classes"}
    choice = {"family": "table", "file": str(path), "targets": targets, "header": False}
    spec = spec_of(TaskChoice.model_validate(choice))
    (task,) = select(spec, methods(), torch.device("cpu")).values()
    assert sum(len(task.data[split]) for split in SPLITS) == N


def test_two_columns_of_one_name_are_told_apart(file: Any, tmp_path: Path):
    text = file(table("x,y,x,x (2)", "{a},{y},{b},{i}"))
    facts = told(text)
    assert [column.name for column in facts.columns] == ["x", "y", "x (3)", "x (2)"]
    assert facts.notes == ("column 3 is called 'x (3)', for 'x' is there before it",)
    assert inputs_of(opened(text, {"y": "classes"})) == ("x", "x (3)", "x (2)")
    path = tmp_path / "two.parquet"
    arrays = [pa.array(range(N)), pa.array([0.5, 1.5] * (N // 2)), pa.array(["a", "b"] * (N // 2))]
    parquet.write_table(pa.table(arrays, names=["x", "x", "y"]), path)
    assert told(path).rows[1] == ("1", "1.5", "b")
    (task,) = opened(path).values()
    assert task.columns == ("x", "x (2)")
    assert len(task.data["train"].inputs["row"][:, 1].unique()) == 2


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("head", [",a,y", "a,y"])
def test_a_nameless_first_column_that_counts_the_rows_is_left_out(file: Any, head: str, start: int):
    path = file(table(head, "{n},{a},{y}" if start else "{i},{a},{y}"))
    assert reasons(told(path)) == {"column 1": "counts the rows"}
    assert inputs_of(opened(path)) == ("a",)


NAMES = ["width [cm]", "[/b]", "<b>x</b>", "=1+1", "n" * 300, "😀", "אבג", "a.b", "$(x)", "%s{0}"]


@pytest.mark.parametrize("name", NAMES)
def test_a_column_may_have_any_name(file: Any, tmp_path: Path, name: str):
    path = file(table(f"{name},b,y", "{a},{b},{y}"))
    assert inputs_of(opened(path)) == (name, "b")
    tasks = opened(path, {name: "values", "y": "classes"})
    assert set(tasks) == {name, "y"}
    parquet.write_table(pa.table({name: range(N), "y": ["a", "b"] * (N // 2)}), tmp_path / "a.pq")
    assert inputs_of(opened(tmp_path / "a.pq")) == (name,)


def test_what_was_left_out_is_said_when_the_run_begins(file: Any):
    path = file("# by me\n" + table("a,b,c,y", "{a},{b},,{y}"))
    choice = TaskChoice.model_validate(
        {"family": "table", "file": str(path), "targets": {"y": "auto"}}
    )
    run = Run(spec_of(choice)).to_the_end()
    messages = [event.message for event in run.events if isinstance(event, Noticed)]
    assert messages == [
        "1 line that begins with # before the header: skipped",
        "column 'c' is left out: it has no value in any row",
        "y: validation has 4 rows and test 8: scores of so few say little",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b,y\n", "has a header but no rows"),
        ("# nothing\n", "has no header and no rows"),
        ("a,y\n1,x\n", "has one class only, 'x': nothing to tell apart"),
        ("y\n1\n2\n1\n2\n", "every column is a target: none is left to learn from"),
        (",y\n1,a\n2,b\n", "no column is left to learn from: column 'column 1' is left out"),
    ],
)
def test_files_with_next_to_nothing_are_refused_in_a_sentence(file: Any, text: str, words: str):
    path = file(text)
    choice = TaskChoice.model_validate(
        {"family": "table", "file": str(path), "targets": {"y": "auto"}}
    )
    with pytest.raises(BadSpecError) as caught:
        select(spec_of(choice), methods(), torch.device("cpu"))
    assert words in str(caught.value)
    if words.endswith(("empty", "no rows")):
        with pytest.raises(RefusedError, match=words):
            told(path)


def test_three_thousand_columns_work(file: Any):
    names = [f"a column with a long name {j}" for j in range(3000)]
    rows = np.random.default_rng(0).integers(0, 9, (N, 3000))
    lines = (",".join(map(str, row)) + f",{i % 2}\n" for i, row in enumerate(rows))
    path = file(",".join([*names, "y"]) + "\n" + "".join(lines))
    assert len(told(path).columns) == 3001
    choice = TaskChoice.model_validate(
        {"family": "table", "file": str(path), "targets": {"y": "auto"}}
    )
    (task,) = select(spec_of(choice), methods(), torch.device("cpu")).values()
    assert len(task.columns) == 3000
    assert task.output == Classes(2)
