"""Line words: what lines of the table of runs say beside their cells."""

from collections import Counter

from workbench.ui.model.history.run_line import Line, is_measured
from workbench.ui.model.history.run_list import BY_EXPERIMENT, BY_NOTHING, BY_TAG
from workbench.ui.panels.runs.columns import cell_text, status_words, title_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint
from workbench.ui.words.spread_words import seeds_words
from workbench.ui.words.texts import of_preset

tr = translator("Runs")


def overlay_key(line: Line) -> str:
    """What an open eye is kept by: of a run its folder, of an experiment what its runs share."""
    if line.run is not None:
        return line.run.row.path or line.run.row.run_id
    return f"experiment {line.group}"


def group_title(group_by: str) -> str:
    """What runs are grouped by, in a word."""
    kinds = {BY_NOTHING: tr("nothing"), BY_EXPERIMENT: tr("experiment"), BY_TAG: tr("tag")}
    return kinds.get(group_by) or title_of(group_by)


def plain_name(line: Line) -> str:
    """What an eye's line is called on a plot."""
    if line.run is not None:
        return tr("{} · seed {}").format(of_preset(line.run.row.name), line.run.row.seed)
    return f"{line.title} · {seeds_words(_n_seeds(line))}"


def _n_seeds(line: Line) -> int:
    """One may have been run twice."""
    return len({run.row.seed for run in line.runs})


def of_group(line: Line, key: str, group_by: str) -> str:
    """What a group says in a column in other words than a run; empty: in the same."""
    if key == "name" and not line.title:
        words = tr("no tag") if group_by == BY_TAG else tr("without {}")
        return words.format(title_of(group_by))
    if key == "name" and group_by not in (BY_EXPERIMENT, BY_TAG):
        return f"{title_of(group_by)}: {cell_text(group_by, line.title)}"
    if key == "seed":
        if group_by == BY_EXPERIMENT:
            return seeds_words(_n_seeds(line))
        n = len(line.children)
        return tr("1 run") if n == 1 else tr("{} runs").format(n)
    if key == "status" and line.value(key) is None:
        return tr("{} of {} done").format(line.n_done(), len(line.children))
    return ""


def tooltip(line: Line, key: str) -> str | None:
    """What a cell says when pointed at."""
    if line.run is None:
        return _of_group(line, key)
    row = line.run.row
    if key in ("name", "status") and row.problem:
        return hint(tr("Damaged: {}").format(row.problem))
    if key == "name":
        return hint("\n".join(part for part in (row.note, row.path) if part))
    if key in ("tag", "note"):
        return hint(str(line.value(key))) if line.value(key) else None
    if key == "curve":
        return hint(tr("Mean validation score of all tasks over the run"))
    return None


def _of_group(line: Line, key: str) -> str | None:
    if is_measured(key) and (values := line.measured(key)):
        spread = line.spread(key)
        words = tr("Mean of {} runs that are done").format(len(values))
        if spread is not None:
            words = tr("{}, standard deviation {}").format(words, f"{spread:.3g}")
        return hint(words)
    if key == "status":
        counts = Counter(run.row.status for run in line.runs)
        return hint(", ".join(f"{n} {status_words(status)}" for status, n in counts.items()))
    if key == "seed":
        return hint(", ".join(sorted((str(run.row.seed) for run in line.runs), key=len)))
    return None


def accessible(line: Line, key: str, number: int | None) -> str | None:
    """What a cell without words is, for those who do not see it."""
    if key == "starred":
        return tr("starred") if line.value(key) else tr("not starred")
    if key == "shown":
        return tr("drawn over the plots") if number is not None else tr("not drawn")
    return None
