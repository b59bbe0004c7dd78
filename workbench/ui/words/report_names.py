"""Report words: what the tables that methods report are called in the window."""

from PySide6.QtCore import QCoreApplication

from workbench.spec.event import Table
from workbench.ui.words.language import translated


def _tr(text: str) -> str:
    return QCoreApplication.translate("Reports", text)


def source_title(source: str) -> str:
    """Whose inside a table shows."""
    return {
        "retention": _tr("Retention"),
        "representation": _tr("Representation"),
        "balancing": _tr("Balancing"),
        "encoder": _tr("Encoder"),
        "learner": _tr("Learner"),
        "curriculum": _tr("Curriculum"),
        "stream": _tr("Stream"),
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
        return _tr("now") if name == "now" else _tr("at most")
    place, dot, task = name.partition(". · ")
    if not dot and name.startswith("heads."):
        place, _, task = name.rpartition(".")
    return _tr("head of {}").format(task) if place.startswith("heads") and task else name


def column_titles() -> dict[str, str]:
    """Columns whose names are the same in every method."""
    return {
        "examples": _tr("examples"),
        "bytes": _tr("size"),
        "age": _tr("age"),
        "mean": _tr("mean"),
        "largest": _tr("largest"),
        "share": _tr("share"),
        "free": _tr("free"),
    }
