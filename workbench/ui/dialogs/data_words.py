"""Data words: what is said of a file of data, and of what is still to be chosen."""

from pathlib import Path

from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.words.language import translator

tr = translator("BringData")


def words_of(facts: FileFacts, labels: str = "") -> str:
    """What a file is, and its notes; `labels` is the file of an IDX file's labels."""
    words = tr("{} · {} examples").format(facts.kind, f"{facts.n_rows:,}")
    if facts.family == "table":
        words = tr("{} · {} rows · {} columns").format(
            facts.kind, f"{facts.n_rows:,}", f"{len(facts.columns):,}"
        )
    elif facts.kind == "IDX" and labels:
        words = f"{words} · {tr('labels from {}').format(Path(labels).name)}"
    return "\n".join([words, *(note[:1].upper() + note[1:] for note in facts.notes)])


def words_for_lack(lacks: str) -> str:
    """What is to be done about what a choice lacks; nothing is said where there is no file yet."""
    words = {
        "targets": tr("Tick what is to be predicted"),
        "inputs": tr("Tick what is known"),
        "labels": tr("Choose the file of the labels"),
    }
    return words.get(lacks, "")


def words_for_use(n_tasks: int) -> str:
    """What the button says that brings so many tasks."""
    words = {0: tr("Use as tasks"), 1: tr("Use as a task")}
    return words.get(n_tasks, tr("Use as {} tasks").format(n_tasks))
