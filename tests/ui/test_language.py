"""Every text of the window has a translation, and what is shipped is what was translated."""

from collections.abc import Iterator
from string import Formatter

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import MakeApp
from tests.ui.strings import found, translations
from workbench.spec.files import shipped
from workbench.ui.language import LANGUAGES, language_in_use, use_language

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
    told = translations(FOLDER / f"workbench_{code}.ts")
    assert {key: translator.translate(*key) for key in told} == told, HINT


@pytest.mark.parametrize("code", CODES)
def test_a_translation_has_the_places_of_its_text(code: str) -> None:
    wrong = [
        text
        for (_, text), told in translations(FOLDER / f"workbench_{code}.ts").items()
        if sorted(_places(text)) != sorted(_places(told))
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


def test_another_language_is_kept_for_the_next_start(make_app: MakeApp) -> None:
    app = make_app()
    app.window.actions_["language_zh_CN"].trigger()
    assert "下次启动" in app.window.bar.text
    assert app.window.settings.value("language") == "zh_CN"
