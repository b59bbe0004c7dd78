"""phrases: dates, amounts, relative times and lists, from any language to any other."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal

from workbench.engine.blocks.text import corpus
from workbench.engine.blocks.text.corpus import Corpus, Question, wishes_of
from workbench.engine.blocks.text.pairs import (
    PAIRS,
    SENTENCES,
    CountsSetting,
    PairsSetting,
)
from workbench.engine.blocks.text.phrases import (
    KINDS,
    MOST_OF_KIND,
    Date,
    Distance,
    Phrase,
    making,
)
from workbench.engine.roles.loading import Loading
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished

_Code = Literal[
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "fi", "hu", "pl", "cs", "lt", "tr", "id",
    "vi", "ru", "uk", "kk", "el", "he", "ar", "fa", "hi", "th", "zh", "ja", "ko",
]  # fmt: skip
_Kind = Literal["date", "unit", "time", "list"]
_Question = Literal["kind", "century", "past"]

#: Training phrases of a pair where nothing is said of it.
_USUAL = 3000


def _century(phrase: Phrase) -> str | None:
    if not isinstance(phrase.meaning, Date):
        return None
    return "20th" if phrase.meaning.day <= datetime.date(2000, 12, 31) else "21st"


def _is_past(phrase: Phrase) -> str | None:
    if not isinstance(phrase.meaning, Distance):
        return None
    return "past" if phrase.meaning.count < 0 else "future"


#: The answers to each question, and which of them it is for a phrase; None: it is not asked of it.
QUESTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[Phrase], str | None]]] = {
    "kind": (KINDS, lambda phrase: phrase.kind),
    "century": (("20th", "21st"), _century),
    "past": (("past", "future"), _is_past),
}
#: What kind of phrases a question is about, where it is about one.
_ABOUT = {"century": "date", "past": "time"}


class Phrases(Family):
    """Dates, amounts with units, relative times and lists of countries, in 29 languages.

    Each pair of languages is a task: "in 3 weeks" to "dans 3 semaines". The texts are those of
    Unicode's locale data: plurals, the order of words and the forms of months are each language's
    own, and digits are to be copied. No two phrases are alike in any language. Questions about a
    phrase, in each language, are further tasks: understanding beside translation.
    """

    key = "phrases"
    title = "Dates, amounts, times and lists"
    group = "languages"
    paper = "Unicode Common Locale Data Repository (CLDR), by Babel"
    link = "https://cldr.unicode.org"
    helps = "Translation with grammar: plurals, cases and the order of words differ by language."
    gives = ("varying-tasks", "tokens")
    is_judged_built = False
    judged = ("languages", "pairs", "sentences", "kinds", "held_out", "vocabulary", "longest",
              "questions", "tokens", "shared_vocabulary", "zero_shot")  # fmt: skip

    class Settings(Settings):
        """Which languages and pairs, how many phrases of which kinds, and in which tokens."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule("languages", "differ"),
            Rule("kinds", "differ"),
            Rule("questions", "differ"),
        )

        languages: list[_Code] = setting(
            ["en", "fr", "de", "es"],
            "The languages, by their codes; the first is the middle of a star.",
            min_length=2,
            max_length=29,
        )
        pairs: PairsSetting = setting("from-en", PAIRS)
        sentences: CountsSetting = setting(_USUAL, SENTENCES)
        kinds: list[_Kind] = setting(
            ["date", "unit", "time", "list"],
            "What is said, as much of each: dates, amounts of a unit, times from now, lists.",
            min_length=1,
            max_length=4,
        )
        held_out: int = setting(
            500, "Phrases to validate on, and as many to test on.", ge=10, le=5000
        )
        questions: list[_Question] = setting(
            [],
            "Questions asked in each language: which kind of phrase is it, in which century is the "
            "date, is the time past or to come.",
            max_length=3,
        )
        zero_shot: bool = setting(False, corpus.ZERO_SHOT)
        tokens: corpus.TokensOf = setting("bpe", corpus.TOKENS)
        vocabulary: int = setting(800, corpus.VOCABULARY, ge=262, le=32_000, unit="tokens")
        shared_vocabulary: bool = setting(True, corpus.SHARED_VOCABULARY)
        head_of: corpus.Head = setting("everyone", corpus.HEAD)
        longest: int = setting(250, corpus.LONGEST, ge=4, le=2000, unit="tokens")
        data_seed: int = setting(0, "Which draw of the phrases.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("en-fr", "en-de", "en-es")

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        wishes = wishes_of(settings, settings.languages, _USUAL)
        for name in settings.questions:
            if name in _ABOUT and _ABOUT[name] not in settings.kinds:
                raise BadSpecError(
                    "questions", f"{name} is asked of a {_ABOUT[name]}, and kinds has none"
                )
        n = max(wishes.counts) + 2 * settings.held_out
        most = MOST_OF_KIND * len(settings.kinds)
        if n > most:
            message = f"and those held out are {n:,} phrases: at most {most:,} of these kinds"
            raise BadSpecError("sentences", message)
        made = yield from making(settings.languages, n, settings.kinds, settings.data_seed)
        splits = _split(made.items, settings.held_out)
        texts = {
            split: {code: [item.texts[code] for item in items] for code in settings.languages}
            for split, items in splits.items()
        }
        notices = (
            (f"{made.n_left_out:,} phrases that read as others in a language are left out",)
            if made.n_left_out
            else ()
        )
        questions = tuple(_question(name, splits) for name in settings.questions)
        return (yield from corpus.loading(Corpus(texts, questions, notices), wishes))


def _split(items: Sequence[Phrase], n: int) -> dict[str, Sequence[Phrase]]:
    return {"test": items[:n], "val": items[n : 2 * n], "train": items[2 * n :]}


def _question(name: str, splits: Mapping[str, Sequence[Phrase]]) -> Question:
    choices, answer = QUESTIONS[name]
    answers = {split: [answer(phrase) for phrase in items] for split, items in splits.items()}
    return Question(name, choices, answers)
