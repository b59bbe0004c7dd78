"""sentences: your own texts in several languages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from workbench.engine.blocks.tasks import own_table
from workbench.engine.blocks.text import corpus
from workbench.engine.blocks.text.corpus import Corpus, wishes_of
from workbench.engine.blocks.text.pairs import PAIRS, SENTENCES, CountsSetting, PairsSetting
from workbench.engine.readers.texts.sentences import read
from workbench.engine.roles.loading import Loading, checked_beside, checked_file, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import SPLITS, Family, Task
from workbench.spec.settings import Settings, setting
from workbench.spec.user_files.text_facts import MOST_CHARACTERS
from workbench.spec.work import finished

#: Training sentences of a pair where nothing is said of it: all that there are.
_USUAL = 1_000_000


class OwnSentences(Family):
    """Texts of your own in several languages, translated from any of them to any other.

    A TSV file with a column a language, whose first line has their codes; files of which line n of
    one is the translation of line n of the other, called alike but for the language (`news.en`,
    `news.fr`): name one of them; or a translation memory (TMX). Rows in which a side is empty or
    too long, and rows that are there twice, are left out, and counted with their lines. Rows that
    have a text in common are in one split.
    """

    key = "sentences"
    title = "Your sentences"
    group = "your data"
    helps = "Translation of your own texts: a table, aligned files, or a translation memory."
    gives = ("varying-tasks", "tokens")

    class Settings(Settings):
        """Which file and languages, how they are divided, and how they become tokens."""

        file: str = setting(
            "",
            "The texts: a TSV file, one of several aligned files, or a translation memory (TMX).",
            max_length=4096,
        )
        sha256: str = own_table.SHA256
        beside_sha256: str = setting(
            "",
            "SHA-256 of the aligned files that are read beside it. Not checked if empty.",
            title="SHA-256 of those beside it",
            pattern="^([0-9a-fA-F]{64})?$",
        )
        languages: list[own_table.Column] = setting(
            [],
            "The languages, by the codes that the file has; all there are if empty. The first is "
            "the middle of a star.",
            max_length=50,
        )
        pairs: PairsSetting = setting("all", PAIRS)
        sentences: CountsSetting = setting(_USUAL, SENTENCES)
        most_characters: int = setting(
            MOST_CHARACTERS,
            "Rows with a longer text are left out.",
            ge=1,
            le=100_000,
            unit="characters",
        )
        val: float = setting(
            0.1, "Share of the rows to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.1, "Share of the rows to test on.", gt=0, lt=1)
        split_seed: int = setting(0, "Which division of the rows.", ge=0, le=2**31 - 1)
        encoding: own_table.Encoding = setting("utf-8", "How the file writes its letters.")
        zero_shot: bool = setting(False, corpus.ZERO_SHOT)
        tokens: corpus.TokensOf = setting("bpe", corpus.TOKENS)
        vocabulary: int = setting(2000, corpus.VOCABULARY, ge=262, le=32_000, unit="tokens")
        shared_vocabulary: bool = setting(True, corpus.SHARED_VOCABULARY)
        head_of: corpus.Head = setting("everyone", corpus.HEAD)
        longest: int = setting(250, corpus.LONGEST, ge=4, le=2000, unit="tokens")

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        path = yield from checked_file(settings.file, settings.sha256)
        yield from checked_beside(path, settings.languages, settings.beside_sha256)
        reading = read(
            path,
            settings.languages,
            encoding=settings.encoding,
            most_characters=settings.most_characters,
        )
        aligned = yield from labelled(reading, f"reading {path.name}")
        wishes = wishes_of(settings, aligned.languages, _USUAL)
        wishes = replace(wishes, metrics=(*wishes.metrics, "bleu"))
        rows = _divided(aligned.texts, settings.val, settings.test, settings.split_seed)
        for split in SPLITS:
            if not rows[split]:
                n = len(next(iter(aligned.texts.values())))
                message = f"leaves no row to {split}: there are {n:,} rows that can be used"
                raise BadSpecError("test" if split == "test" else "val", message)
        texts = {
            split: {code: [lines[i] for i in rows[split]] for code, lines in aligned.texts.items()}
            for split in SPLITS
        }
        notices = (*aligned.notes, *map(str, aligned.left_out))
        return (yield from corpus.loading(Corpus(texts, notices=notices), wishes))


def _divided(
    texts: Mapping[str, Sequence[str]], val: float, test: float, seed: int
) -> dict[str, list[int]]:
    """The rows of each split, in shuffled order, those that have a text in common in one split."""
    groups = _groups(texts)
    Random(seed).shuffle(groups)
    n = sum(map(len, groups))
    bounds = {"test": test * n, "val": (test + val) * n, "train": float("inf")}
    rows: dict[str, list[int]] = {split: [] for split in SPLITS}
    n_placed = 0
    for group in groups:
        split = next(split for split, bound in bounds.items() if n_placed < bound)
        rows[split] += group
        n_placed += len(group)
    return rows


def _groups(texts: Mapping[str, Sequence[str]]) -> list[list[int]]:
    """Rows that are joined by texts they have in common, in one language or another."""
    n = len(next(iter(texts.values())))
    parents = list(range(n))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = row = parents[parents[row]]
        return row

    for lines in texts.values():
        first: dict[str, int] = {}
        for row, text in enumerate(lines):
            parents[root(row)] = root(first.setdefault(text, row))
    groups: dict[int, list[int]] = {}
    for row in range(n):
        groups.setdefault(root(row), []).append(row)
    return list(groups.values())
