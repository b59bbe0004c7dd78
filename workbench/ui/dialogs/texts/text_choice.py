"""TextChoice: the languages and pairs that are chosen from a file of sentences (Qt-free)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.text_facts import MOST_CHARACTERS, TextFacts

#: A language to translate from, and one to translate to.
Pair = tuple[str, str]

#: Settings that the dialog's own parts choose; the others stand in its form.
CHOSEN_OF_TEXTS = (
    *("file", "sha256", "beside_sha256", "languages", "pairs", "most_characters", "encoding"),
)

#: Languages up to which every pair is proposed; with more they are many.
_FEW = 4


def plans_of(languages: Sequence[str]) -> dict[str, list[Pair]]:
    """The pairs of each plan that languages may be learned by, by its name in a preset."""
    if len(languages) < 2:
        return {}
    first, *others = languages
    every = [(a, b) for a in languages for b in languages if a != b]
    return {
        "all": every,
        "star": [pair for other in others for pair in ((first, other), (other, first))],
        f"from-{first}": [(first, other) for other in others],
        f"to-{first}": [(other, first) for other in others],
        "ring": list(zip(languages, [*others, first], strict=True)),
    }


@dataclass(slots=True)
class TextChoice:
    """Which languages a file's rows are to have, and which are translated to which."""

    facts: FileFacts
    languages: list[str] = field(default_factory=list[str])
    pairs: list[Pair] = field(default_factory=list[Pair])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    most_characters: int = MOST_CHARACTERS
    known: frozenset[str] = frozenset()
    #: A folder of pictures or IDX files have labels beside them; texts have none.
    labels: str = ""

    @classmethod
    def of(cls, facts: FileFacts, known: frozenset[str] = frozenset()) -> "TextChoice":
        """What is proposed: the languages that are known, and every pair of a few."""
        choice = cls(facts, list(_texts(facts).chosen), known=known)
        choice.set_plan("all" if len(choice.languages) <= _FEW else "star")
        return choice

    def read_anew(self, facts: FileFacts) -> "TextChoice":
        """What is chosen of the same file, of which more is known, or which is read otherwise."""
        if not self.languages:  # it could not be read with the settings before
            choice = TextChoice.of(facts, self.known)
        else:
            choice = TextChoice(facts, list(self.languages), list(self.pairs), known=self.known)
        choice.settings, choice.most_characters = dict(self.settings), self.most_characters
        return choice

    @property
    def texts(self) -> TextFacts:
        """What is known of the file's languages and rows."""
        return _texts(self.facts)

    @property
    def family(self) -> str:
        """The family that takes the file."""
        return self.facts.family

    # what is chosen

    def set_language(self, code: str, *, is_on: bool) -> None:
        """Learn a language, or not; a plan of pairs holds for the new languages too."""
        plan, before = self.plan, set(self.languages)
        chosen = (before | {code}) if is_on else before - {code}
        self.languages = [one.code for one in self.texts.languages if one.code in chosen]
        if plan:
            self.set_plan(plan if plan in plans_of(self.languages) else "star")
            return
        self.pairs = [pair for pair in self.pairs if set(pair) <= chosen]
        if is_on and self.languages[0] != code:
            first = self.languages[0]
            self.pairs += [(first, code), (code, first)]

    def set_pair(self, pair: Pair, *, is_on: bool) -> None:
        """Learn to translate from the first to the second language, or not."""
        chosen = {*self.pairs, pair} if is_on else {*self.pairs} - {pair}
        self.pairs = [one for one in plans_of(self.languages).get("all", []) if one in chosen]

    def set_plan(self, plan: str) -> None:
        """Learn the pairs of a plan."""
        self.pairs = plans_of(self.languages).get(plan, [])

    @property
    def plan(self) -> str:
        """The plan whose pairs are those that are chosen; empty where there is none."""
        plans = plans_of(self.languages).items()
        return next((name for name, pairs in plans if set(pairs) == set(self.pairs)), "")

    # what comes of it

    @property
    def read_settings(self) -> dict[str, Any]:
        """The settings by which the file is read."""
        reading = {"languages": list(self.languages), "most_characters": self.most_characters}
        return {**self.settings, **reading}

    @property
    def n_tasks(self) -> int:
        """How many tasks this makes."""
        return len(self.pairs)

    @property
    def lacks(self) -> Literal["", "columns", "languages", "pairs", "rows"]:
        """What is still to be chosen, or to be mended."""
        if self.facts.problem:
            return "columns"
        if len(self.languages) < 2:
            return "languages"
        if not self.pairs:
            return "pairs"
        return "" if self.texts.n_kept else "rows"

    def entries(self) -> tuple[TaskChoice, ...]:
        """The entry of the setup."""
        facts, plan = self.facts, self.plan
        data: dict[str, Any] = {"file": facts.path, "sha256": facts.sha256}
        if facts.beside_sha256:
            data["beside_sha256"] = facts.beside_sha256
        data["languages"] = list(self.languages)
        data["pairs"] = plan or ["-".join(pair) for pair in self.pairs]
        if self.most_characters != MOST_CHARACTERS:
            data["most_characters"] = self.most_characters
        return (TaskChoice.model_validate({"family": self.family, **data, **self.settings}),)


def _texts(facts: FileFacts) -> TextFacts:
    return facts.texts or TextFacts()
