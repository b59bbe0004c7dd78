"""Report words: what the tables that methods report are called in the window."""

from workbench.spec.event import Table
from workbench.ui.words.language import translated, translator

tr = translator("Reports")


def source_title(source: str) -> str:
    """Whose inside a table shows."""
    return {
        "retention": tr("Retention"),
        "representation": tr("Representation"),
        "balancing": tr("Balancing"),
        "encoder": tr("Encoder"),
        "learner": tr("Learner"),
        "curriculum": tr("Curriculum"),
        "stream": tr("Stream"),
        "answers": tr("Answers"),
    }.get(source, source.capitalize())


def table_title(table: Table) -> str:
    """What a table is about, in its reporter's words."""
    return translated("Reports", table.title) or table.name[:1].upper() + table.name[1:]


def table_meaning(table: Table) -> str:
    """What its numbers are; empty where its reporter does not say."""
    return translated("Reports", table.meaning)


def detector_title(key: str) -> str:
    """A drift detector by its name."""
    return {"adwin": "ADWIN", "page-hinkley": "Page–Hinkley", "ddm": "DDM"}.get(key, key)


def row_title(name: str) -> str:
    """A row in shorter words: where it is a head's parameters, whose head it is."""
    if name in ("now", "at most"):
        return tr("now") if name == "now" else tr("at most")
    place, dot, task = name.partition(". · ")
    if not dot and name.startswith("heads."):
        place, _, task = name.rpartition(".")
    return tr("head of {}").format(task) if place.startswith("heads") and task else name


def column_titles() -> dict[str, str]:
    """Columns whose names are the same in every method."""
    return {
        "examples": tr("examples"),
        "bytes": tr("size"),
        "age": tr("age"),
        "mean": tr("mean"),
        "largest": tr("largest"),
        "share": tr("share"),
        "free": tr("free"),
    }
