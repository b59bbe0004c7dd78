"""What users call things, in every panel and every export: shown as it is, obeyed by nothing."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.contracts.hostile import ACTING, ALL, acting_in
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.whole_run import spec_of, whole_run
from workbench.spec.text import visible
from workbench.ui.composition import App
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.line_plot import Plot
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.words.plain_text import hint, in_html, in_title, message_box, without_mnemonic

ROOT = Path(__file__).parents[2]

#: A window a name: a few in the usual tests, all of them in the slow ones.
_FEW = ("a[/b]", "<img src='file:///etc/hostname'>", "R&D &amp; &copy;", *ACTING[:1], ACTING[4])
SOME = [n if n in _FEW else pytest.param(n, marks=pytest.mark.slow) for n in ALL]

#: The tabs that name tasks, classes or languages.
NAMING = ("curves", "forgetting", "interference", "boundaries", "adaptation", "translate")


def names_of(name: str) -> tuple[str, str]:
    """Two tasks called so."""
    return name, f"other {name}"


def model_of(name: str, seed: int = 0) -> RunModel:
    """A run in which everything that has a name is called so."""
    names = names_of(name)
    events = whole_run(names, name, seed, joint=True, word=name)
    return RunModel.of(events, seed, spec_of(names, name or "x", name))


def row_of(name: str, seed: int) -> FakeRow:
    """A line of the history."""
    return FakeRow(
        f"run-{ALL.index(name)}-{seed}",
        name=name,
        seed=seed,
        path=f"/runs/{ALL.index(name)}/{seed}",
        tag=name,
    )


@pytest.fixture(scope="module")
def history() -> FakeHistory:
    """Two runs of each name."""
    past_runs = FakeHistory([row_of(name, seed) for name in ALL for seed in (0, 1)])
    for name in ALL:
        for seed in (0, 1):
            events = list(whole_run(names_of(name), "accuracy", seed, word=name))
            run_id = f"run-{ALL.index(name)}-{seed}"
            recorded = RunRecord(run_id, spec_of(names_of(name), name, name), seed, events)
            past_runs.recorded[f"/runs/{ALL.index(name)}/{seed}"] = recorded
    return past_runs


@pytest.fixture(scope="module")
def app(make_shared_app: MakeApp) -> App:
    """A window without a history."""
    made = make_shared_app(FakeRunner())
    made.window.resize(1280, 800)
    made.controller.show_centre()
    return made


@pytest.fixture(scope="module")
def app_with_history(make_shared_app: MakeApp, history: FakeHistory) -> App:
    """A window that shows its history."""
    made = make_shared_app(FakeRunner(), history)
    made.window.show_dock("runs")
    return made


def plain_of(html: str) -> str:
    """What a text shows where Qt may take it for HTML."""
    if not Qt.mightBeRichText(html):
        return html
    document = QTextDocument()
    document.setHtml(html)
    return document.toPlainText()


def cells(model: QAbstractItemModel, role: Qt.ItemDataRole) -> Iterator[Any]:
    """Every cell and head of a model."""
    root = QModelIndex()
    for i in range(min(model.rowCount(root), 200)):
        for j in range(model.columnCount(root)):
            yield model.data(model.index(i, j, root), role)
    for j in range(model.columnCount(root)):
        yield model.headerData(j, Qt.Orientation.Horizontal, role)


def drawn_by_pyqtgraph(view: QGraphicsView) -> Iterator[str]:
    """Texts, titles and ticks of a plot."""
    for item in view.scene().items():
        if isinstance(item, QGraphicsTextItem):
            yield item.toPlainText()
        if isinstance(item, pg.AxisItem) and item._tickLevels:
            yield from (words for level in item._tickLevels for _, words in level)
        if item.toolTip():
            yield plain_of(item.toolTip())


def shown_in(window: QWidget) -> Iterator[str]:
    """Everything that a window shows in words, as the reader sees it."""
    for part in [window, *window.findChildren(QWidget)]:
        yield plain_of(part.toolTip())
        if isinstance(part, QLabel):
            is_html = part.textFormat() == Qt.TextFormat.RichText
            assert part.textFormat() != Qt.TextFormat.AutoText, part.text()
            yield plain_of(f"<p>{part.text()}</p>") if is_html else part.text()
        elif isinstance(part, QAbstractButton):
            yield part.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        elif isinstance(part, QComboBox):
            yield from (part.itemText(i) for i in range(part.count()))
        elif isinstance(part, QAbstractItemView) and part.model() is not None:
            yield from (str(t) for t in cells(part.model(), Qt.ItemDataRole.DisplayRole) if t)
            for tip in cells(part.model(), Qt.ItemDataRole.ToolTipRole):
                yield plain_of(str(tip or ""))
        elif isinstance(part, QGraphicsView):
            yield from drawn_by_pyqtgraph(part)
        elif isinstance(part, QMenu):
            yield from (plain_of(action.toolTip()) for action in part.actions())
    yield window.windowTitle().replace("[*][*]", "[*]")


@pytest.mark.parametrize("name", SOME)
def test_every_panel_shows_a_name_as_it_is(
    name: str, app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    spec = spec_of(names_of(name), name, name)
    app.presenter.adopt(spec)
    app.presenter.notice("file", f"about {name}")
    app.window.bar.offer(f"bar {name}", [(f"act {name}", lambda: None)])
    app.session.show(model_of(name))
    app.controller.settle()
    wanted = visible(name)
    for tab in app.tab_area:
        if app.tab_area.has_content(tab.name):
            app.tab_area.show(tab.name)
            tab.redraw()
            qtbot.wait(1)
            shown = list(shown_in(tab))
            for text in shown:
                assert not acting_in(text, "\n\ufffc\u2028"), text
            write_all(tab, tmp_path, name)
            if tab.name in NAMING:
                assert any(wanted in text for text in [*shown, *described(tab)]), tab.name
    everything = list(shown_in(app.window))
    for text in everything:
        assert not acting_in(text, "\n\ufffc\u2028"), text
    everything = [visible(text) for text in everything]
    for words in (f"about {wanted}", f"bar {wanted}", f"act {wanted}"):
        assert any(words in text for text in everything), words
    assert any(text == wanted for text in everything), "the name of the setup"


def described(tab: QWidget) -> Iterator[str]:
    """What a canvas explains in words and numbers."""
    for part in tab.findChildren(QWidget):
        yield visible(part.accessibleDescription())
        yield visible(part.accessibleName())


def write_all(tab: QWidget, folder: Path, name: str) -> None:
    """Save what can be saved of a tab, in every form."""
    for at, part in enumerate(tab.findChildren(QWidget)):
        if not isinstance(part, Canvas | Plot) or not part.isVisible():
            continue
        write = part.write if isinstance(part, Canvas) else part._write
        for kind in ("svg", "csv", "png"):
            path = folder / f"{tab.objectName()}{at}.{kind}"
            write(path)
            data = path.read_bytes()
            if kind == "svg":
                ElementTree.fromstring(data)
            elif kind == "csv":
                for line in csv.reader(io.StringIO(data.decode(), newline="")):
                    for cell in line:
                        assert not cell.startswith(("=", "@", "\t", "\r")), cell


@pytest.mark.parametrize("name", SOME)
def test_the_history_and_its_comparison_show_a_name_as_it_is(
    name: str, app_with_history: App, qtbot: QtBot
) -> None:
    app = app_with_history
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 2 * len(ALL))
    rows = [row for row in app.run_history.rows if row.name == name]
    app.runs_controller.compare(rows)

    def compared() -> set[str]:
        return {
            model.spec.name for setup in app.tab_area["compare"].setups for model in setup.models
        }

    qtbot.waitUntil(lambda: compared() == {name})
    shown = list(shown_in(app.window))
    for text in shown:
        assert not acting_in(text, "\n\ufffc\u2028"), text
    assert sum(text == visible(name) for text in shown) >= 4  # names and tags of two runs
    assert any(visible(name) in text for text in shown_in(app.tab_area["compare"]))


@pytest.mark.parametrize("name", ALL)
def test_small_rooms(name: str, qtbot: QtBot) -> None:
    assert plain_of(hint(name)).replace("\n", "\\n") == visible(name)
    assert plain_of(f"<p>{in_html(name)}</p>").split() == visible(name).split()
    assert without_mnemonic(name).replace("&&", "&") == visible(name)
    assert in_title(name).replace("[*][*]", "[*]") == visible(name)
    parent = QWidget()
    qtbot.addWidget(parent)
    box = message_box(parent, "title", name)
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert box.text().replace("\n", "\\n") == visible(name)


#: Calls through which Qt might read markup, and the files that may make them.
GUARDED: dict[str, tuple[str, ...]] = {
    "setToolTip": ("plain_text.py",),
    "setStatusTip": (),
    "setWhatsThis": (),
    "setTextFormat": ("plain_text.py", "basics.py"),
    "setHtml": (),
    "insertHtml": (),
    "appendHtml": ("log.py",),
    "QLabel": ("plain_text.py",),
    "QMessageBox": ("plain_text.py", "commands.py"),
    "setLabel": ("plain_text.py", "line_plot.py"),
    "LabelItem": (),
    "addLegend": (),
    "QGroupBox": (),
    "QRadioButton": (),
}

#: Calls whose text may hold a mnemonic: the text is the program's own, or goes through the room.
MNEMONICS = ("QPushButton", "QCheckBox", "QAction", "addAction", "addMenu")


def test_only_the_room_for_it_hands_text_to_qt() -> None:
    for path in sorted((ROOT / "workbench" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            allowed = GUARDED.get(called)
            assert allowed is None or path.name in allowed, f"{path.name}:{node.lineno}: {called}"
            if called in MNEMONICS and node.args:
                # a bare name is a text of the program's own, or an action or a widget
                words = ast.unparse(node.args[0])
                is_foreign = isinstance(node.args[0], ast.JoinedStr) or "." in words
                is_own = words.startswith(("tr(", "without_mnemonic(", "'", "self."))
                is_own |= path.name == "actions.py"  # the mnemonics are there
                assert is_own or not is_foreign, f"{path.name}:{node.lineno}: {called}({words})"
