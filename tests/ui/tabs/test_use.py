"""The tab that uses a model: a row that is typed, a file, seeds together, and what is saved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.whole_run import whole_model
from workbench.spec.event import Began
from workbench.spec.question import Predict, RefusedError
from workbench.spec.trained.description import FILE, ModelDescription, TaskDescription
from workbench.spec.trained.prediction import Prediction, TaskPrediction
from workbench.spec.trained.preparation import CategoryColumn, NumberColumn, TablePreparation
from workbench.ui.composition import App
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.use.panel import UsePanel

TABLE = TablePreparation(
    columns=(
        NumberColumn(name="size", fill=3.5),
        CategoryColumn(name="colour", categories=("blue", "red")),
    )
)
DESCRIBED = ModelDescription(
    tasks=(TaskDescription(name="kind", inputs={}, output={"kind": "Classes"}, preparation=0),),
    preparations=(TABLE,),
)


class Says:
    """Answers as a training process would: one row of two classes."""

    def __init__(self) -> None:
        self.asked: list[Predict] = []

    def __call__(self, question: Predict, tell: object) -> Prediction:
        self.asked.append(question)
        if question.file.endswith("wrong.csv"):
            raise RefusedError("wrong.csv lacks the column 'size'")
        n = 1 if question.rows else 3
        values = np.tile([[0.25, 0.75]], (n, 1))
        return Prediction(400, n, (TaskPrediction("kind", values, ("=a", "b")),), notices=("note",))


def tab_of(app: App) -> UsePanel:
    """The tab of a window."""
    found = app.tab_area["use"]
    assert isinstance(found, UsePanel)
    return found


Open = Callable[..., UsePanel]


@pytest.fixture
def says() -> Says:
    return Says()


@pytest.fixture
def open_run(make_app: MakeApp, says: Says, qtbot: QtBot, tmp_path: Path) -> Open:
    """Shows a run in the tab, in front; it lies in a folder with two checkpoints."""
    for place in ("kept/000000200-0", "checkpoint/000000400-0"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / FILE).write_text(DESCRIBED.model_dump_json())
    runner = FakeRunner()
    runner.answers[Predict] = says
    app = make_app(runner, FakeHistory([FakeRow("run-0", path=str(tmp_path))]))
    app.window.resize(1280, 800)
    qtbot.waitUntil(lambda: bool(app.run_history.rows))

    def show() -> UsePanel:
        model = whole_model(("a", "b"))
        assert isinstance(model.began, Began)
        model.began = replace(model.began, run_id="run-0")
        app.session.show(model)
        app.tab_area.show("use")
        panel = tab_of(app)
        qtbot.waitUntil(panel.isVisible)
        panel.redraw()
        return panel

    return show


def test_a_row_is_typed_column_by_column(open_run: Open, says: Says, qtbot: QtBot) -> None:
    panel = open_run()
    assert list(panel.form.editors) == ["size", "colour"]
    colour = panel.form.editors["colour"]
    assert isinstance(colour, QComboBox)
    assert [colour.itemText(i) for i in range(colour.count())] == ["", "blue", "red"]
    colour.setCurrentText("red")
    qtbot.keyClicks(panel.form.editors["size"], "2.5")
    qtbot.keyClick(panel.form.editors["size"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.asker.prediction is not None)
    assert says.asked[0].rows == ({"size": "2.5", "colour": "red"},)
    model = panel.table.model()
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)] == [
        "kind", "kind = =a", "kind = b",
    ]  # fmt: skip
    assert [model.data(model.index(0, i)) for i in range(3)] == ["b", "0.25", "0.75"]
    assert panel.status.text().splitlines() == ["1 row, as of step 400", "note"]


def test_a_file_is_asked_at_a_checkpoint_and_saved(
    open_run: Open, says: Says, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = open_run()
    offered = [panel.checkpoints.itemData(i) for i in range(panel.checkpoints.count())]
    assert offered == [None, 200, 400]
    assert not panel.save.isEnabled()
    panel.checkpoints.setCurrentIndex(1)
    panel.ask_file("/data/rows.csv")
    qtbot.waitUntil(lambda: panel.asker.prediction is not None)
    assert (says.asked[0].file, says.asked[0].step) == ("/data/rows.csv", 200)
    assert panel.table.model().rowCount() == 3
    assert panel.save.isEnabled()
    panel.save_to(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1] == "b,0.25,0.75"


def test_why_there_is_no_answer_is_said(open_run: Open, qtbot: QtBot) -> None:
    panel = open_run()
    panel.ask_file("/data/wrong.csv")
    qtbot.waitUntil(lambda: bool(panel.asker.reason))
    assert panel.status.text() == "wrong.csv lacks the column 'size'"
    assert not panel.save.isEnabled()
    assert panel.table.model().rowCount() == 0


def test_another_run_forgets_what_was_said(open_run: Open, qtbot: QtBot) -> None:
    panel = open_run()
    panel.ask_file("/data/rows.csv")
    qtbot.waitUntil(lambda: panel.asker.prediction is not None)
    panel.set_models(RunModel())
    assert panel.asker.prediction is None
    assert panel._stack.currentIndex() == 0
