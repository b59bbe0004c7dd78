"""Files for tests of the data dialog: facts that are made up, and the dialog to show them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner, schema
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.question import Columns, Tell
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts, Histogram, ReadSetting
from workbench.ui.dialogs.data_dialog import DataDialog
from workbench.ui.look.theme import LIGHT
from workbench.ui.services.question_queue import QuestionQueue

NUMBER = ("number", "category", "ordered", "date", "leave out")
TEXT = ("category", "ordered", "number", "date", "time of day", "text", "leave out")

READING = (
    ReadSetting("encoding", "cp1252"),
    ReadSetting("separator", "semicolon"),
    ReadSetting("header", True, True),
    ReadSetting("skip", 0),
    ReadSetting("comment", "#"),
    ReadSetting("decimal", "comma"),
    ReadSetting("missing_marks", ("?",)),
    ReadSetting("date_format", "auto"),
)

HOUSES = FileFacts(
    "/data/houses.csv",
    "table",
    "CSV",
    400,
    (
        ColumnFacts(
            "id", "whole number", "values", 0, 400, type="whole number", may_be=NUMBER,
            role="leave out", role_reason="has 400 different values in 400 rows: an identifier?",
            remark="has 400 different values in 400 rows: an identifier?",
        ),
        ColumnFacts(
            "site", "text", "classes", 0, 8, type="category", may_be=TEXT,
            histogram=Histogram(("a", "b"), (200, 100), n_others=100),
        ),
        ColumnFacts(
            "area", "number", "values", 12, 300, type="number", may_be=NUMBER,
            histogram=Histogram(("0 – 1", "1 – 2"), (300, 88), (0.0, 1.0, 2.0)),
        ),
        ColumnFacts("all", "nothing", "values", 400, 0, type="nothing", may_be=("leave out",),
                    reason="has no value in any row", role="leave out"),
        ColumnFacts("price", "number", "values", 0, 390, type="number", may_be=NUMBER,
                    role="target", role_reason="is the last column"),
    ),
    (("1", "a", "0.5", "", "7"), ("2", "b", "", "", "8")),
    reading=READING,
    lines=("id;site;area;all;price", "1;a;0,5;;7", "2;b;?;;8"),
    n_seen=400,
)  # fmt: skip

#: The same file when all of it was read.
WHOLE = replace(HOUSES, sha256="ab" * 32)


def enum(*values: str) -> dict[str, Any]:
    return {"enum": list(values), "type": "string", "default": values[0], "description": "Which."}


#: Settings like those of the family `table`.
TABLE = schema(
    file={"type": "string", "default": ""},
    types={"type": "object", "default": {}},
    missing=enum("mean", "median", "drop"),
    val={"type": "number", "default": 0.1},
    test={"type": "number", "default": 0.2},
    separator=enum("auto", "comma", "semicolon", "tab", "bar"),
    encoding=enum("auto", "utf-8", "cp1252"),
    decimal=enum("auto", "point", "comma"),
    header={"type": "boolean", "default": True},
    skip={"type": "integer", "default": 0, "maximum": 100},
    comment={"type": "string", "default": "auto"},
    date_format={"type": "string", "default": "auto"},
    missing_marks={"type": "array", "items": {"type": "string"}, "default": []},
    sheet={"type": "string", "default": ""},
)


def catalogue(**more: Any) -> Catalogue:
    """The families that take files of the user's, with further settings of the table's."""
    known = {**TABLE["properties"], **more}
    few_shot = {
        name: known[name] for name in ("separator", "missing", "encoding", "header", "types")
    }
    made = [
        Entry("tasks", "table", "Your table", "Rows.", settings=schema(**known)),
        Entry("tasks", "few-shot-table", "Few-shot", "Rows.", settings=schema(**few_shot)),
    ]
    return {(entry.role, entry.key): entry for entry in made}


def by_depth(first: FileFacts, whole: FileFacts) -> Callable[[Columns, Tell], FileFacts]:
    """An answer: the first facts to a quick question, the others to one about all of a file."""
    return lambda question, _tell: first if question.is_quick else whole


def asked_of(runner: FakeRunner) -> list[Columns]:
    """The questions about files."""
    return [question for question in runner.asked if isinstance(question, Columns)]


@contextmanager
def opened(qtbot: QtBot, runner: Any, known: Catalogue) -> Iterator[DataDialog]:
    """A dialog that asks a runner; at the end nothing is asked any more."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1280, 800)
    questions = QuestionQueue(runner)
    dialog = DataDialog(questions, known, LIGHT, parent)
    dialog.show()
    yield dialog
    dialog.reject()
    assert questions.wait(60_000)
    qtbot.waitUntil(lambda: not questions._calls._threads)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def settled(dialog: DataDialog) -> Callable[[], bool]:
    """Whether all that was asked is answered."""
    return lambda: dialog.choice is not None and not dialog.look.is_busy


def flag(name: str, counts: tuple[int, int]) -> ColumnFacts:
    """A column of 0 and 1."""
    return ColumnFacts(
        name, "whole number", "classes", 0, 2, type="whole number", may_be=NUMBER,
        histogram=Histogram(("0", "1"), counts),
    )  # fmt: skip
