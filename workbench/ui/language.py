"""Language: what the window says everything in. It is chosen before the window is made."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from workbench.spec.files import shipped

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its own name; `at_next_start` says in it when it will be used."""

    name: str
    at_next_start: str


LANGUAGES: Mapping[str, Language] = {
    "en": Language("English", "The window will speak English from its next start on."),
    "zh_CN": Language("简体中文", "下次启动时，界面将显示为简体中文。"),
}


def use_language(application: QCoreApplication, asked: str) -> None:
    """Speak the language `asked` for, one of `LANGUAGES`; else the system's, if it is there."""
    code = asked if asked in LANGUAGES else _of_system()
    if code == "en":
        return
    _install(application, f"workbench_{code}", str(shipped("resources") / "translations"))
    # Qt's own words, in its dialogs
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    _install(application, f"qtbase_{code}", folder)


def _of_system() -> str:
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def _install(application: QCoreApplication, name: str, folder: str) -> None:
    translator = QTranslator(application)
    if translator.load(name, folder):
        application.installTranslator(translator)
    else:
        log.warning("The translation %s was not found in %s", name, folder)


def language_in_use() -> str:
    """The language that is spoken, one of `LANGUAGES`."""
    # a key with a translation in every language but English
    return QCoreApplication.translate("Language", "en")
