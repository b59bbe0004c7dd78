"""Whatever can be worked with has a name, a tab stop and keys of its own; no text is cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.audit import cut, faults, not_reached, same_keys, unnamed
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.whole_run import whole_model
from workbench.spec.files import shipped
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT, Theme
from workbench.ui.words.language import LANGUAGES, use_language

TASKS = ("a", "b", "c", "d", "e")


@pytest.fixture(params=LANGUAGES)
def app(request: pytest.FixtureRequest, qapp: QApplication, make_app: MakeApp) -> Iterator[App]:
    """A window with a run and a history, in each language."""
    use_language(qapp, request.param)
    row = FakeRow("r1", name="One", seed=0, path="/runs/1")
    yield make_app(FakeRunner(), FakeHistory([row]))
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_every_panel_is_named_reached_and_told_apart(app: App, qtbot: QtBot) -> None:
    window = app.window
    window.resize(1280, 800)
    found: dict[str, str] = {}

    def look(where: str) -> None:
        qtbot.wait(1)
        for fault in faults(window):
            found.setdefault(fault, where)

    look("gallery")
    app.files.load(shipped("presets") / "see-forgetting.yaml")
    app.session.show(whole_model(TASKS))
    app.controller.settle()
    for dock in ("runs", "log", "problems"):
        window.show_dock(dock)
        look(dock)
    for size in ((1280, 800), (900, 600)):
        window.resize(*size)
        for tab in app.tab_area:
            app.tab_area.show(tab.name)
            look(f"{tab.name} at {size}")
    assert "\n".join(f"{where}: {fault}" for fault, where in found.items()) == ""


@pytest.fixture
def bad(qtbot: QtBot) -> QMainWindow:
    """A window with one of each fault."""
    window, inner = QMainWindow(), QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(inner)
    button, skipped, squeezed = QToolButton(), QLineEdit(), QLabel("a text that is cut")
    skipped.setAccessibleName("skipped")
    skipped.setFocusPolicy(skipped.focusPolicy().ClickFocus)
    squeezed.setFixedWidth(20)
    one, other = QCheckBox("&One"), QCheckBox("&Other")
    for part in (button, skipped, squeezed, one, other):
        layout.addWidget(part)
    window.setCentralWidget(inner)
    window.show()
    return window


def test_each_kind_of_fault_is_found(bad: QMainWindow) -> None:
    assert [fault.split(" > ")[-1] for fault in unnamed(bad)] == ["QToolButton"]
    assert [fault.split(" < ")[0] for fault in not_reached(bad)] == ["no tab stop: QLineEdit"]
    assert list(same_keys(bad)) == ["same letter o in window: &One and &Other"]
    assert [fault.split(" < ")[0] for fault in cut(bad)] == ["cut: QLabel"]


#: What is written in which colour on which grounds.
WRITTEN = {
    "text": ("window", "surface", "sunken", "stripe", "field", "hover", "pressed", "accent_soft"),
    "muted": ("window", "surface", "sunken", "stripe", "field", "hover"),
    "accent": ("surface", "field", "window"),
    "on_accent": ("accent", "accent_hover"),
    "good": ("surface", "good_soft"),
    "warning": ("surface", "window"),
    "danger": ("surface", "danger_soft", "window"),
    "on_tooltip": ("tooltip",),
}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(theme: Theme) -> None:
    low = {
        (text, ground): round(ratio, 2)
        for text, grounds in WRITTEN.items()
        for ground in grounds
        if (ratio := contrast(getattr(theme, text), getattr(theme, ground))) < 4.5
    }
    assert low == {}


def contrast(first: str, second: str) -> float:
    """Ratio of two colours' luminances, by WCAG 2.1: 1 of equal ones, 21 of black on white."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
