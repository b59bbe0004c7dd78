"""Columns of the table of runs: what they are called, how wide they are, what a cell says."""

from workbench.spec.text import visible
from workbench.study.listed_run import OF_SCORES, local_time
from workbench.ui.model.history.run_line import Cell, is_measured
from workbench.ui.words.duration import duration
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import main_measures, more_measures
from workbench.ui.words.texts import of_preset

#: Columns that are always there, and those that are at first: key and width in pixels.
ALWAYS = ("shown", "starred", "name")
COLUMNS = (
    ("shown", 32),
    ("starred", 30),
    ("name", 220),
    ("seed", 78),
    ("status", 96),
    ("curve", 96),
    ("steps", 70),
    ("seconds", 74),
    ("acc", 76),
    ("forgetting", 84),
    ("bwt", 76),
    ("started", 140),
    ("tag", 110),
)
_WIDTHS = dict(COLUMNS)
_WIDTH, _WIDEST = 84, 180

#: Columns whose text stands at the left.
_LEFT = ("shown", "starred", "name", "status", "curve", "started", "tag", "note", "run_id")

tr = translator("Runs")


def width_of(key: str) -> int:
    """The width of a column at first, in pixels."""
    return _WIDTHS.get(key) or min(max(_WIDTH, 20 + 7 * len(title_of(key))), _WIDEST)


def is_left(key: str, cell: Cell) -> bool:
    """Whether the text of a cell stands at the left: words do, numbers do not."""
    return key in _LEFT or (isinstance(cell, str | bool) and not is_measured(key))


def title_of(key: str) -> str:
    """The title of a column; of a setting its path, of a choice its name."""
    if key.startswith(OF_SCORES):
        return visible(key[len(OF_SCORES) :])
    titles = {
        "shown": "",
        "starred": "",
        "name": tr("Run"),
        "seed": tr("Seed"),
        "status": tr("Status"),
        "curve": tr("Scores"),
        "steps": tr("Steps"),
        "seconds": tr("Time"),
        "started": tr("Started"),
        "tag": tr("Tag"),
        "note": tr("Note"),
        "threads": tr("Threads"),
        "run_id": tr("Id"),
    }
    if key in titles:
        return titles[key]
    if key == "forgetting":
        return tr("Forgetting")
    if key == "delta_m":
        return "Δm"
    measures = {**main_measures(), **more_measures()}
    return measures[key].short if key in measures else visible(key.removesuffix(".kind"))


def meaning_of(key: str) -> str:
    """What a column is, for who points at its title; empty where the title says it."""
    if key.startswith(OF_SCORES):
        return tr("What was reached on {}, by the task's own metric, on test data").format(
            key[len(OF_SCORES) :]
        )
    if key == "shown":
        return tr("Eye: the run is drawn over the plots in its colour (Space)")
    if key == "curve":
        return tr("Mean validation score of all tasks over the run")
    measures = {**main_measures(), **more_measures()}
    return measures[key].meaning if key in measures else key if "." in key else ""


def status_words(status: str) -> str:
    """How a run stands, in words."""
    return {
        "done": tr("done"),
        "running": tr("running"),
        "failed": tr("failed"),
        "diverged": tr("diverged"),
        "stopped": tr("stopped"),
        "interrupted": tr("interrupted"),
        "damaged": tr("damaged"),
    }.get(status, status)


def cell_text(key: str, cell: Cell) -> str:
    """A cell in words."""
    if key in ("shown", "starred", "curve"):
        return ""
    if cell is None:
        return "" if key in ("tag", "note", "status", "name") else "–"
    if key == "seconds":
        return duration(float(cell))
    if key in ("steps", "seed", "threads"):
        return f"{float(cell):,.0f}" if key == "steps" else f"{float(cell):.0f}"
    if key == "started":
        return visible(local_time(str(cell)))
    if key == "status":
        return status_words(str(cell))
    if isinstance(cell, bool):
        return tr("yes") if cell else tr("no")
    if isinstance(cell, float) and is_measured(key):
        return f"{cell:.3f}".replace("-", "−")
    if isinstance(cell, float):
        return f"{cell:g}".replace("-", "−")
    return visible(of_preset(str(cell)) if key == "name" else str(cell))
