"""The data dialog and the training process: what is shown is what a run reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from pytestqt.qtbot import QtBot

from tests.engine.toys import methods
from tests.ui.dialogs.data import opened, settled
from workbench.engine.build.tasks import select
from workbench.runner.isolated import IsolatedRunner
from workbench.spec.check import problems
from workbench.spec.experiment import Spec
from workbench.ui.dialogs.columns.column_model import (
    BARS_ROLE,
    REMARK,
    SPREAD,
    TYPE,
    USE,
)
from workbench.ui.dialogs.data_dialog import DataDialog

PATIENCE_MS = 120_000


@pytest.fixture
def runner() -> Iterator[IsolatedRunner]:
    made = IsolatedRunner()
    yield made
    made.close()


def houses(path: Path) -> None:
    lines = ["# made by hand", "id;size;part;odd;sold"]
    for i in range(120):
        odd, sold = "n/k" if i == 7 else f"{i % 9},5", "ja" if i % 3 else "nein"
        lines.append(f"{1000 + 7 * i};{i % 17},5;{i % 4};{odd};{sold}")
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")


def test_a_dirty_table_is_understood_changed_and_learned_as_it_is_shown(
    qtbot: QtBot, runner: IsolatedRunner, tmp_path: Path
):
    path = tmp_path / "houses.csv"
    houses(path)
    with opened(qtbot, runner, runner.catalogue()) as dialog:
        dialog.open_path(str(path))
        qtbot.waitUntil(settled(dialog), timeout=PATIENCE_MS)
        model = dialog.model
        assert uses(dialog) == ["leave out", "input", "input", "input", "predict: classes"]
        assert "look like numbers" in model.index(3, REMARK).data()
        assert "identifier" in model.index(0, REMARK).data()
        assert model.index(1, SPREAD).data(BARS_ROLE).counts
        assert dialog.page.reading.lines.toPlainText().startswith("# made by hand")
        model.set_all([2], TYPE, "category")
        qtbot.waitUntil(settled(dialog), timeout=PATIENCE_MS)
        model.set_all([3], TYPE, "number")
        qtbot.waitUntil(settled(dialog), timeout=PATIENCE_MS)
        model.set_all([3], USE, "values")
        task = dialog.task()
    assert task is not None
    assert task.settings["types"] == {"part": "category", "odd": "number"}
    spec = Spec(tasks=(task,))
    assert not problems(spec, runner.catalogue())
    tasks = select(spec, methods(), torch.device("cpu"))
    assert list(tasks) == ["odd", "sold"]
    assert len(tasks["odd"].columns) == 5  # a size, and a column for each of the four parts


def uses(dialog: DataDialog) -> list[str]:
    return [dialog.model.index(row, USE).data() for row in range(dialog.model.rowCount())]
