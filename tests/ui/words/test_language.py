"""Every text of the window has a translation, and what is shipped is what was translated."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import cast

import pytest
from PySide6.QtCore import QSettings, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.ui.conftest import PATIENCE_MS, MakeApp
from tests.ui.fakes import FakeHistory, FakeRunner, entries
from tests.ui.strings import found, translations
from workbench.spec.files import shipped
from workbench.ui.application import Program
from workbench.ui.composition import App
from workbench.ui.words.language import LANGUAGES, language_in_use, use_language

CODES = [code for code in LANGUAGES if code != "en"]
FOLDER = shipped("resources") / "translations"
HINT = "run docs/translations.py and translate what it marks"


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """The window in Chinese."""
    use_language(qapp, "zh_CN")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated_and_none_is_left_over(code: str) -> None:
    assert set(translations(FOLDER / f"workbench_{code}.ts")) == set(found()), HINT


@pytest.mark.parametrize("code", CODES)
def test_what_is_compiled_is_what_was_translated(code: str, qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(f"workbench_{code}", str(FOLDER))
    translated = translations(FOLDER / f"workbench_{code}.ts")
    assert {key: translator.translate(*key) for key in translated} == translated, HINT


@pytest.mark.parametrize("code", CODES)
def test_a_translation_has_the_places_of_its_text(code: str) -> None:
    wrong = [
        text
        for (_, text), messages in translations(FOLDER / f"workbench_{code}.ts").items()
        if sorted(_places(text)) != sorted(_places(messages))
    ]
    assert wrong == []


def _places(text: str) -> list[str]:
    return [f"{name}:{form}" for _, name, form, _ in Formatter().parse(text) if name is not None]


@pytest.mark.usefixtures("chinese")
def test_the_window_can_be_made_in_another_language(make_app: MakeApp) -> None:
    app = make_app()
    assert language_in_use() == "zh_CN"
    assert app.window.docks["setup"].windowTitle() == "设置"
    assert app.window.actions_["language_zh_CN"].isChecked()


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    """A window that can be made anew."""
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("language", "en")
    made = Program(qapp, FakeRunner(), entries(), None, settings, FakeHistory())
    qtbot.waitUntil(lambda: made.app.is_ready, timeout=PATIENCE_MS)
    yield made
    settings.setValue("language", "en")
    made._speak()
    made.leave()
    qtbot.waitUntil(lambda: not made.app.session.is_active, timeout=PATIENCE_MS)
    assert made.app.shutdown.left_cleanly
    made.app.window.deleteLater()
    made.app.deleteLater()


def speak(program: Program, code: str, qtbot: QtBot) -> App:
    """The window in another language."""
    old = program.app
    old.window.actions_[f"language_{code}"].trigger()
    qtbot.waitUntil(lambda: program.app is not old and program.app.is_ready, timeout=PATIENCE_MS)
    return program.app


def test_another_language_is_spoken_at_once_and_all_else_stays(program: Program, qtbot: QtBot):
    old = program.app
    old.presenter.change({"name": "Mine"})
    old.controller.run()
    qtbot.waitUntil(lambda: not old.session.is_active, timeout=PATIENCE_MS)
    old.tab_area.show("forgetting")
    session, lines = old.session, old.window.log.lines
    app = speak(program, "zh_CN", qtbot)
    assert app.window.docks["setup"].windowTitle() == "设置"
    assert app.window.settings.value("language") == "zh_CN"
    assert app.presenter.spec.name == "Mine"
    assert app.session is session
    assert app.tab_area.front == "forgetting"
    assert app.tab_area["forgetting"]._models == session.finished
    assert app.window.log.lines[: len(lines)] == lines
    assert len(app.presenter.listeners) == len(set(app.presenter.listeners))
    again = speak(program, "en", qtbot)
    assert again.window.docks["setup"].windowTitle() == "Setup"
    again.controller.run()
    qtbot.waitUntil(lambda: not again.session.is_active, timeout=PATIENCE_MS)
    assert again.session.finished


def test_the_look_is_put_on_once_and_goes_with_its_window(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    look = program.app.window.look
    put_on: list[str] = []
    put = QApplication.setStyleSheet

    def noted(application: QApplication, sheet: str) -> None:
        put_on.append(sheet)
        put(application, sheet)

    monkeypatch.setattr(QApplication, "setStyleSheet", noted)
    app = speak(program, "zh_CN", qtbot)
    qtbot.waitUntil(lambda: not isValid(look), timeout=PATIENCE_MS)
    assert put_on == []
    app.window.look.set_mode("dark")
    assert len(put_on) == 1
    app.window.look.set_mode("light")
    assert len(put_on) == 2


def test_a_run_goes_on_while_the_window_is_made_anew(program: Program, qtbot: QtBot):
    runner = cast("FakeRunner", program._runner)
    runner.hold_at = 20
    program.app.controller.run()
    qtbot.waitUntil(lambda: program.app.session.model.step == 20, timeout=PATIENCE_MS)
    app = speak(program, "zh_CN", qtbot)
    assert app.session.is_active
    assert app.window.actions_["stop"].isEnabled()
    app.window.actions_["stop"].trigger()
    qtbot.waitUntil(lambda: not app.session.is_active, timeout=PATIENCE_MS)
    assert not app.window.actions_["stop"].isEnabled()
