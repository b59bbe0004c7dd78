"""numbers: numbers in words, from any language to any other."""

from collections.abc import Generator, Mapping, Sequence
from random import Random
from typing import ClassVar, Literal

from workbench.engine.blocks.text import corpus
from workbench.engine.blocks.text.corpus import Corpus, Question, Wishes, wishes_of
from workbench.engine.blocks.text.number_words import words
from workbench.engine.blocks.text.pairs import (
    PAIRS,
    SENTENCES,
    CountsSetting,
    PairsSetting,
)
from workbench.engine.roles.loading import Loading, LoadProgress
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import SPLITS, Family, Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished

_Code = Literal[
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "fi", "hu", "pl", "cs", "lt", "tr", "id", "vi",
    "ru", "uk", "kk", "he", "ar", "fa", "th", "zh", "ja", "ko",
]  # fmt: skip
_Question = Literal["even", "length", "threes"]

#: The answers to each question about a number, and which of them it is.
QUESTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "even": (("even", "odd"), "is it even?"),
    "length": (("1", "2", "3", "4", "5", "6"), "how many digits has it?"),
    "threes": (("0", "1", "2"), "what is left of it in threes?"),
}

#: Training sentences of a pair where nothing is said of it.
_USUAL = 4000
#: Numbers written out between two words of how far it is.
_BETWEEN = 500


class Numbers(Family):
    """Numbers in words, translated between 26 languages of eight scripts.

    Each pair of languages is a task: "two hundred and one" to "deux cent un". Numbers are drawn
    evenly from a range, without repeating one; those held out are asked in every pair alike, and
    never learned in any. A text is a stream of tokens: the source, a tag that asks for the target
    language, the target. No two numbers are alike in any language, so each text has one right
    translation; what the library behind it writes wrongly is mended or left out. Questions about a
    number, in each language, are further tasks: understanding beside translation.
    """

    key = "numbers"
    title = "Numbers in words"
    group = "languages"
    paper = "Johnson et al., Google's multilingual neural machine translation system, 2017"
    link = "https://arxiv.org/abs/1611.04558"
    helps = "Translation small enough to watch: one model of many languages, learned in a minute."
    gives = ("varying-tasks", "tokens")
    is_judged_built = False
    judged = ("languages", "pairs", "sentences", "lowest", "highest", "held_out", "vocabulary",
              "longest", "questions", "tokens", "shared_vocabulary", "zero_shot")  # fmt: skip

    class Settings(Settings):
        """Which languages and pairs, how many numbers, and how they become tokens."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule("languages", "differ"),
            Rule("questions", "differ"),
            Rule(
                "lowest",
                "<=",
                "highest",
                "must be at most the highest, {highest}; found {lowest}",
            ),
        )

        languages: list[_Code] = setting(
            ["en", "fr", "de", "es"],
            "The languages, by their codes; the first is the middle of a star.",
            min_length=2,
            max_length=26,
        )
        pairs: PairsSetting = setting("from-en", PAIRS)
        sentences: CountsSetting = setting(_USUAL, SENTENCES)
        lowest: int = setting(0, "The smallest number.", ge=0, le=999_999)
        highest: int = setting(999_999, "The largest number.", ge=0, le=999_999)
        held_out: int = setting(
            500, "Numbers to validate on, and as many to test on.", ge=10, le=20_000
        )
        questions: list[_Question] = setting(
            [],
            "Questions asked in each language: is it even, how many digits has it (length), what "
            "is left of it in threes.",
            max_length=3,
        )
        zero_shot: bool = setting(False, corpus.ZERO_SHOT)
        tokens: corpus.TokensOf = setting("bpe", corpus.TOKENS)
        vocabulary: int = setting(600, corpus.VOCABULARY, ge=262, le=32_000, unit="tokens")
        shared_vocabulary: bool = setting(True, corpus.SHARED_VOCABULARY)
        head_of: corpus.Head = setting("everyone", corpus.HEAD)
        longest: int = setting(250, corpus.LONGEST, ge=4, le=2000, unit="tokens")
        data_seed: int = setting(0, "Which draw of the numbers.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("en-fr", "en-de", "en-es")

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        wishes = wishes_of(settings, settings.languages, _USUAL)
        numbers = self._drawn(max(wishes.counts))
        texts = yield from _written(numbers, _needed(settings.languages, wishes))
        questions = tuple(
            Question(name, QUESTIONS[name][0], {split: [answer(name, n) for n in numbers[split]]
                                                for split in SPLITS})
            for name in settings.questions
        )  # fmt: skip
        return (yield from corpus.loading(Corpus(texts, questions), wishes))

    def _drawn(self, n_train: int) -> dict[str, list[int]]:
        """Different numbers of each split."""
        settings = self.settings
        n, span = n_train + 2 * settings.held_out, settings.highest - settings.lowest + 1
        if n > span:
            message = (
                f"and those held out are {n:,} numbers, and there are {span:,} from "
                f"{settings.lowest:,} to {settings.highest:,}"
            )
            raise BadSpecError("sentences", message)
        drawn = Random(settings.data_seed).sample(range(settings.lowest, settings.highest + 1), n)
        first, second = settings.held_out, 2 * settings.held_out
        return {"test": drawn[:first], "val": drawn[first:second], "train": drawn[second:]}


def answer(question: str, number: int) -> str:
    """The answer to a question about a number."""
    match question:
        case "even":
            return "odd" if number % 2 else "even"
        case "length":
            return str(len(str(number)))
        case _:
            return str(number % 3)


def _needed(languages: Sequence[str], wishes: Wishes) -> dict[str, int]:
    """How many training numbers are written out in each language."""
    counts = list(zip(wishes.pairs, wishes.counts, strict=True))
    return {code: max((n for pair, n in counts if code in pair), default=0) for code in languages}


def _written(
    numbers: Mapping[str, Sequence[int]], needed: Mapping[str, int]
) -> Generator[LoadProgress, None, dict[str, dict[str, list[str]]]]:
    """The numbers in words, by split and language."""
    texts: dict[str, dict[str, list[str]]] = {split: {} for split in SPLITS}
    done, total = 0, sum(needed.values()) + len(needed) * 2 * len(numbers["test"])
    for split in SPLITS:
        for code, n_train in needed.items():
            texts[split][code] = spoken = list[str]()
            for number in numbers[split][: n_train if split == "train" else None]:
                if done % _BETWEEN == 0:
                    yield done / total, f"writing numbers: {code}"
                spoken.append(words(number, code))
                done += 1
    return texts
