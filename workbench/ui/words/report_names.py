"""Report words: what the tables that methods report are called in the window."""

from PySide6.QtCore import QCoreApplication


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


def table_title(name: str) -> str:
    """What a table is about."""
    return {
        "memory": _tr("What the memory holds"),
        "held": _tr("Examples and bytes"),
        "importance": _tr("Importance per layer"),
        "likeness": _tr("Likeness to past stages"),
        "weights used": _tr("Weights owned by each stage"),
        "prequential accuracy": _tr("Prequential accuracy"),
        "training accuracy": _tr("Training accuracy"),
        "units open": _tr("Units open to each task"),
    }.get(name, name[:1].upper() + name[1:])


def table_meaning(name: str) -> str:
    """What its numbers are; empty where only the method knows."""
    return {
        "memory": _tr(
            "Examples kept of each task and class, their size in memory, and how many stages ago\n"
            "they came, on average."
        ),
        "held": _tr(
            "What is kept of the past beside the model, and the most that it will come to:\n"
            "examples with what is noted of them, importances, copies of the network."
        ),
        "importance": _tr(
            "How much the method holds on to the weights of each layer: the mean and the largest\n"
            "importance of a weight, and the layer's share of all importance."
        ),
        "likeness": _tr(
            "Linear CKA of each layer's features now with those at the end of each past stage,\n"
            "on the same examples: 1 is unchanged, 0 has nothing in common. (Kornblith 2019)"
        ),
        "prequential accuracy": _tr(
            "The accuracy on each example at its first sight, just before it is learned from;\n"
            "earlier examples count ever less. (Gama 2013)"
        ),
        "training accuracy": _tr(
            "The accuracy on examples that come again, and were learned from before: how well\n"
            "they are known by heart, not how well new ones are answered."
        ),
        "weights used": _tr("The share of each layer's weights that each stage owns and freezes."),
        "units open": _tr("The share of each layer's units that the mask of a task leaves open."),
    }.get(name, "")


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
