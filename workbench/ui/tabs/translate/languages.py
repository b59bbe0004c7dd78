"""Languages: what a code is called, and which of some a text is in."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLocale

from workbench.ui.words.language import translator

tr = translator("Translate")


def language_name(code: str) -> str:
    """A language by its code, in the window's language; empty where it is none that is known."""
    known = _names().get(code.replace("_", "-").split("-")[0].lower())
    if known is not None:
        return known
    is_code = code.isalpha() and 2 <= len(code) <= 3
    language = QLocale.codeToLanguage(code) if is_code else QLocale.Language.C
    if language in (QLocale.Language.AnyLanguage, QLocale.Language.C):
        return ""
    return QLocale.languageToString(language)


def code_and_name(code: str) -> str:
    """A language or question as it is shown where there is room."""
    name = language_name(code)
    return f"{code} · {name}" if name else code


def _names() -> Mapping[str, str]:
    return {
        "ar": tr("Arabic"),
        "cs": tr("Czech"),
        "da": tr("Danish"),
        "de": tr("German"),
        "el": tr("Greek"),
        "en": tr("English"),
        "es": tr("Spanish"),
        "fa": tr("Persian"),
        "fi": tr("Finnish"),
        "fr": tr("French"),
        "he": tr("Hebrew"),
        "hi": tr("Hindi"),
        "hu": tr("Hungarian"),
        "id": tr("Indonesian"),
        "it": tr("Italian"),
        "ja": tr("Japanese"),
        "ko": tr("Korean"),
        "nl": tr("Dutch"),
        "no": tr("Norwegian"),
        "pl": tr("Polish"),
        "pt": tr("Portuguese"),
        "ro": tr("Romanian"),
        "ru": tr("Russian"),
        "sv": tr("Swedish"),
        "th": tr("Thai"),
        "tr": tr("Turkish"),
        "uk": tr("Ukrainian"),
        "vi": tr("Vietnamese"),
        "zh": tr("Chinese"),
    }


def likely_source(text: str, known: Mapping[str, Iterable[str]]) -> str:
    """The language of `known`, by code with some texts in each, that a text looks most like.

    It is the one whose texts have most of the text's pairs of letters; of equals the first.
    """
    wanted = _pairs_of(text)
    best, most = "", -1.0
    for code, texts in known.items():
        pairs = set[str]().union(*map(_pairs_of, texts))
        share = len(wanted & pairs) / max(len(wanted), 1)
        if share > most:
            best, most = code, share
    return best


def _pairs_of(text: str) -> set[str]:
    """Each letter with the next; the ends of words count as letters."""
    padded = " ".join(["", *text.casefold().split(), ""])
    return {padded[i : i + 2] for i in range(len(padded) - 1)}
