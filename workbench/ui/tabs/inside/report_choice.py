"""Report choice: which of a run's tables are shown, and in which colours their rows."""

from collections.abc import Sequence

from PySide6.QtGui import QColor

from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.heatmap import mixed
from workbench.ui.tabs.inside.report_table_view import Swatch

#: Tables of these sources have a tab of their own.
_ELSEWHERE = ("sharing",)

#: The source of prequential tables, and in them the row of all tasks' examples together.
STREAM = "stream"

#: The table of examples and bytes that are held.
HELD = "held"


def swatches_of(model: RunModel, rows: Sequence[str], theme: Theme) -> dict[str, Swatch]:
    """The line of each row: its task's where it is about one, else a place on a scale."""
    colours = dict(zip((task.name for task in model.tasks), model.colours, strict=True))
    swatches: dict[str, Swatch] = {}
    for k, name in enumerate(rows):
        number = colours.get(name.partition(" · ")[0])
        if number is not None:
            swatches[name] = theme.task_colour(number), number
        elif name == STREAM:
            swatches[name] = QColor(theme.text), 0
        else:
            share = k / max(len(rows) - 1, 1)
            swatches[name] = mixed(theme.accent, theme.heat_against, share), k
    return swatches


def shown_tables(model: RunModel) -> list[tuple[str, str]]:
    """Source and name of every table that is shown here; tables without a cell are left out.

    How much is held comes after what it is.
    """
    shown: list[tuple[str, str]] = []
    for source in model.reports.sources:
        if source in _ELSEWHERE:
            continue
        for name in sorted(model.reports.names(source), key=lambda name: name == HELD):
            table = model.reports.at(source, name)
            if table is not None and table.values.size:
                shown.append((source, name))
    return shown
