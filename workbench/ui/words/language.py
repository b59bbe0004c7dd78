"""Language: what the window says everything in. It is chosen before the window is made."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from workbench.spec.files import shipped

log = logging.getLogger(__name__)


#: Languages by their own names.
LANGUAGES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}


def use_language(application: QCoreApplication, wanted: str) -> list[QTranslator]:
    """Speak the language `wanted` for, one of `LANGUAGES`; else the system's, if it is there.

    Gives the translators, which are to be removed before another language is spoken.
    """
    code = wanted if wanted in LANGUAGES else _of_system()
    if code == "en":
        return []
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    sources = (
        (f"workbench_{code}", str(shipped("resources") / "translations")),
        (f"qtbase_{code}", folder),  # Qt's own words, in its dialogs
    )
    return [made for source in sources if (made := _installed(application, *source)) is not None]


def _of_system() -> str:
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def _installed(application: QCoreApplication, name: str, folder: str) -> QTranslator | None:
    translator = QTranslator(application)
    if not translator.load(name, folder):
        log.warning("The translation %s was not found in %s", name, folder)
        return None
    application.installTranslator(translator)
    return translator


def language_in_use() -> str:
    """The language that is spoken, one of `LANGUAGES`."""
    # a key with a translation in every language but English
    return QCoreApplication.translate("Language", "en")


def translator(context: str) -> Callable[[str], str]:
    """The `tr` of a module: a text in the language that is spoken.

    `context` is where translators find the module's texts in a .ts file.
    """
    return partial(translated, context)


def translated(context: str, text: str) -> str:
    """A text in the language that is spoken; without a translation it stays as it is."""
    return QCoreApplication.translate(context, text) if text else ""
