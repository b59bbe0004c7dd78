"""Data words: what is said of a file of data, and of what is chosen from it."""

from pathlib import Path

from workbench.spec.user_files.file_facts import ONE_ARRAY, FileFacts
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.dialogs.texts.text_choice import TextChoice
from workbench.ui.words.language import translator

tr = translator("BringData")

#: Rows of a split from which on its scores say something.
LEAST_ROWS = 10


def words_of(facts: FileFacts, labels: str = "") -> str:
    """What a file is; `labels` is the file of an IDX file's labels."""
    if facts.texts is not None:
        words = tr("{} · {} rows · {} languages")
        kind = tr("Aligned files") if facts.kind == "aligned files" else facts.kind
        return words.format(kind, f"{facts.n_rows:,}", f"{len(facts.texts.languages):,}")
    n_rows = f"{facts.n_rows:,}" if facts.is_whole else tr("about {}").format(f"{facts.n_rows:,}")
    words = tr("{} · {} examples").format(facts.kind, n_rows)
    if facts.family == "table" or facts.has_table_beside:
        words = tr("{} · {} rows · {} columns").format(
            facts.kind, n_rows, f"{len(facts.columns):,}"
        )
    elif facts.kind in ONE_ARRAY and labels:
        words = f"{words} · {tr('labels from {}').format(Path(labels).name)}"
    return words


def words_for_lack(lacks: str) -> str:
    """What is to be done about what a choice lacks; nothing is said where there is no file yet."""
    words = {
        "columns": tr("Change how it is read"),
        "targets": tr("Choose what is to be predicted"),
        "inputs": tr("Choose what is known"),
        "labels": tr("Choose the file of the labels"),
        "languages": tr("Choose two languages or more"),
        "pairs": tr("Choose which languages are translated to which"),
        "rows": tr("No sentence stays that can be learned from"),
    }
    return words.get(lacks, "")


def words_for_use(n_tasks: int) -> str:
    """What the button says that brings so many tasks."""
    words = {0: tr("Use as tasks"), 1: tr("Use as a task")}
    return words.get(n_tasks, tr("Use as {} tasks").format(n_tasks))


def rows_left(choice: DataChoice) -> tuple[int, int] | None:
    """How many rows are learned from, at least and at most; None where gaps leave none out.

    Rows with any gap are left out by the setting `missing`; which gaps share a row is not known
    before the whole file is read.
    """
    if choice.facts.family != "table" or choice.settings.get("missing") != "drop":
        return None
    used = [c for c in choice.columns if c.name in choice.inputs or c.name in choice.targets]
    gaps = [column.n_missing or 0 for column in used]
    n = choice.facts.n_rows
    return max(n - sum(gaps), 0), n - max(gaps, default=0)


def words_for_rows(choice: DataChoice) -> list[str]:
    """How many rows are left, and how many have an answer to each target that lacks some."""
    facts = choice.facts
    if facts.family != "table" or not facts.columns:
        return []
    words: list[str] = []
    n = f"{facts.n_rows:,}"
    left = rows_left(choice)
    if left is not None and left[1] < facts.n_rows:
        low, high = (f"{one:,}" for one in left)
        some = tr("Between {} and {} of {} rows have no gap and are left")
        one = tr("{} of {} rows have no gap and are left")
        words.append(one.format(low, n) if low == high else some.format(low, high, n))
    if left is None:
        for column in facts.columns:
            if column.name in choice.targets and column.n_missing:
                have = f"{facts.n_rows - column.n_missing:,}"
                shown = tr("{}: {} of {} rows have an answer")
                words.append(shown.format(column.name, have, n))
    return words


def family_words(family: str) -> str:
    """What a file is taken for by a family that takes it, where it may be something else."""
    words = {"sentences": tr("Texts in several languages"), "table": tr("A table")}
    return words.get(family, family)


def _rows_to_divide(choice: DataChoice | TextChoice) -> int | None:
    """The rows that are divided into splits, at most; None where that is not known here."""
    if isinstance(choice, TextChoice):
        return choice.texts.n_kept if choice.facts.is_whole else None
    if choice.facts.family != "table" or choice.group or not choice.columns:
        return None
    left = rows_left(choice)
    return choice.facts.n_rows if left is None else left[1]


def small_splits(choice: DataChoice | TextChoice, shares: dict[str, float]) -> str:
    """What to say of splits with fewer rows than tell something; `shares` by their setting."""
    n = _rows_to_divide(choice)
    if n is None:
        return ""
    names = {"val": tr("validation"), "test": tr("test")}
    few = [
        f"{names[split]}: {round(share * n):,}"
        for split, share in shares.items()
        if round(share * n) < LEAST_ROWS
    ]
    return tr("Few rows to judge by: {}").format(", ".join(few)) if few else ""
