"""Text words: what is said of a file of sentences, its languages, and what is left out of it."""

from PySide6.QtCore import QLocale

from workbench.spec.user_files.text_facts import LanguageFacts, LeftOut, TextFacts
from workbench.ui.words.language import translator

#: Languages that Qt calls after a country where none is named.
_NAMES = {"en": "English", "es": "español", "pt": "português", "zh": "中文"}

tr = translator("BringData")


def language_name(code: str) -> str:
    """A language's name as its speakers write it; empty where Qt knows none."""
    if code in _NAMES:
        return _NAMES[code]
    locale = QLocale(code.replace("-", "_"))
    return locale.nativeLanguageName() if locale.language() != QLocale.Language.C else ""


def language_words(language: LanguageFacts) -> str:
    """A language by its code, how many texts it has, and its name.

    The name is last: one that is written from right to left would take a number behind it along.
    """
    name = language_name(language.code) if language.is_known else tr("no language that is known")
    count = "" if language.n_texts is None else f"{language.n_texts:,}"
    return " · ".join(part for part in (language.code, count, name) if part)


def plan_words(plan: str, first: str) -> str:
    """What a plan of pairs is called; `first` is the first language."""
    if plan.startswith("from-"):
        return tr("From {} to each other").format(first)
    if plan.startswith("to-"):
        return tr("From each other to {}").format(first)
    words = {
        "all": tr("Every pair, both ways"),
        "star": tr("{} and each other, both ways").format(first),
        "ring": tr("From each to the next"),
    }
    return words.get(plan, tr("As ticked"))


def _reason_words(reason: str) -> str:
    known = {
        "not one text for each language": tr("not one text for each language"),
        "a side is empty": tr("a side is empty"),
        "the same as a row before it": tr("the same as a row before it"),
    }
    longer, _, rest = reason.partition("longer than ")
    if not longer and rest:
        return tr("longer than {} characters").format(rest.removesuffix(" characters"))
    return known.get(reason, reason)


def _left_out_words(left_out: LeftOut) -> str:
    lines = ", ".join(f"{line:,}" for line in left_out.lines)
    more = ", …" if left_out.n_rows > len(left_out.lines) else ""
    words = tr("{} left out: {} (line {})")
    return words.format(f"{left_out.n_rows:,}", _reason_words(left_out.reason), lines + more)


def words_for_sentences(texts: TextFacts, *, is_whole: bool) -> list[str]:
    """How many sentences stay, and what was left out and why, a line each."""
    if not texts.n_read:
        return []
    if not is_whole:
        return [tr("The first {} rows were looked at").format(f"{texts.n_read:,}")]
    n_kept, n_read = f"{texts.n_kept:,}", f"{texts.n_read:,}"
    stay = tr("{} of {} rows stay").format(n_kept, n_read)
    return [stay, *(_left_out_words(one) for one in texts.left_out)]
