"""ExperimentModel: a row an experiment: one figure, its difference, and what sets it apart.

A cell is worked out when it is shown, so that hundreds of experiments cost what is in view.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QIcon

from workbench.spec.text import visible
from workbench.study.comparison.experiments import (
    Comparison,
    Difference,
    Experiment,
    Figure,
    Finding,
)
from workbench.study.comparison.sentences import finding_in_words, sentence
from workbench.study.spread import Spread, spread_of
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.compare.words import (
    figure_title,
    interval,
    number,
    p_value,
    places_of,
    say,
    spread_title,
)
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

tr = translator("Comparison")

#: Columns before those of the settings that differ.
_NAME, _SEEDS, _VALUE, _DIFFERENCE, _INTERVAL, _P_T, _P_WILCOXON, _FINDING = range(8)
N_FIXED = 8
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Shown:
    """What the table shows; icons by experiment mark those that are drawn."""

    comparison: Comparison
    figure: Figure
    spread: Spread
    icons: tuple[QIcon | None, ...]


class ExperimentModel(QAbstractTableModel):
    """A row an experiment."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._shown: Shown | None = None
        self._places = 3
        self._differences: tuple[Difference | None, ...] = ()

    def show(self, shown: Shown) -> None:
        """Show something else; what stays in its place is only drawn again."""
        is_same = self._shape(self._shown) == self._shape(shown)
        if not is_same:
            self.beginResetModel()
        self._shown, self._differences = shown, shown.comparison.differences(shown.figure)
        reached = shown.figure.estimate(shown.comparison.experiments[shown.comparison.base])
        self._places = places_of(reached.mean) if reached is not None else 3
        if not is_same:
            self.endResetModel()
            return
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    @staticmethod
    def _shape(shown: Shown | None) -> object:
        if shown is None:
            return None
        names = tuple(each.name for each in shown.comparison.experiments)
        return names, tuple(setting.key for setting in shown.comparison.settings)

    def rowCount(self, parent: Index | None = None) -> int:
        """An experiment each."""
        is_inner = parent is not None and parent.isValid()
        return 0 if self._shown is None or is_inner else len(self._shown.comparison.experiments)

    def columnCount(self, parent: Index | None = None) -> int:
        """The figures of each, and the settings that differ."""
        is_inner = parent is not None and parent.isValid()
        return (
            0 if self._shown is None or is_inner else N_FIXED + len(self._shown.comparison.settings)
        )

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """The columns' names, and what they mean."""
        shown = self._shown
        if shown is None or orientation != Qt.Orientation.Horizontal:
            return None
        if section >= N_FIXED:
            key = shown.comparison.settings[section - N_FIXED].key
            words = tr("A setting that differs, by its name in a preset."), key
            return {Role.DisplayRole: visible(key), Role.ToolTipRole: hint("\n".join(words))}.get(
                Role(role)
            )
        title, meaning = _heads(shown)[section]
        if role == Role.TextAlignmentRole:
            return _side(section)
        return {Role.DisplayRole: visible(title), Role.ToolTipRole: hint(meaning)}.get(Role(role))

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        shown = self._shown
        if shown is None or not index.isValid():
            return None
        row, column = index.row(), index.column()
        match role:
            case Role.DisplayRole:
                return visible(self._text(shown, row, column))
            case Role.ToolTipRole:
                return hint(self._explained(shown, row))
            case Role.TextAlignmentRole:
                return _side(column)
            case Role.ForegroundRole:
                return self._colour(shown, row, column)
            case Role.DecorationRole:
                return shown.icons[row] if column == _NAME else None
            case Role.FontRole:
                font = QFont()
                font.setBold(row == shown.comparison.base and column == _NAME)
                return font
            case _:
                return None

    def _text(self, shown: Shown, row: int, column: int) -> str:
        experiment, difference = shown.comparison.experiments[row], self._differences[row]
        apart = difference.estimate if difference is not None else None
        match column:
            case _ if column == _NAME:
                return experiment.name
            case _ if column == _SEEDS:
                return _seeds(experiment)
            case _ if column == _VALUE:
                return _value(experiment, shown.figure, shown.spread, self._places)
            case _ if column == _DIFFERENCE:
                return (
                    tr("baseline")
                    if difference is None
                    else number(_mean(difference), self._places, "+")
                )
            case _ if column == _INTERVAL:
                return interval(apart, self._places) if difference is not None else ""
            case _ if column == _P_T:
                return p_value(difference.p_t) if difference is not None else ""
            case _ if column == _P_WILCOXON:
                return p_value(difference.p_wilcoxon) if difference is not None else ""
            case _ if column == _FINDING:
                return finding_in_words(difference.finding, say) if difference is not None else ""
            case _:
                value = shown.comparison.settings[column - N_FIXED].values[row]
                return "–" if value is None else str(value)

    def _explained(self, shown: Shown, row: int) -> str:
        comparison, difference = shown.comparison, self._differences[row]
        experiment, base = comparison.experiments[row], comparison.experiments[comparison.base]
        if difference is None:
            return tr("{}: what the others are compared with.").format(experiment.name)
        return sentence(experiment, base, shown.figure, difference, say)

    def _colour(self, shown: Shown, row: int, column: int) -> QColor:
        difference = self._differences[row]
        theme = self.theme
        if difference is None or column not in (_DIFFERENCE, _FINDING):
            return QColor(theme.text)
        colours = {Finding.BETTER: theme.good, Finding.WORSE: theme.danger}
        return QColor(colours.get(difference.finding, theme.muted))


def _heads(shown: Shown) -> list[tuple[str, str]]:
    """The names and meanings of the fixed columns."""
    base = shown.comparison.experiments[shown.comparison.base].name
    differences = shown.comparison.differences(shown.figure)
    known = [each for each in differences if each is not None and each.p_t is not None]
    corrected = tr("Corrected by Holm for the {} differences that are looked at together.").format(
        known[0].n_compared if known else 1
    )
    return [
        (tr("Experiment"), tr("Runs that differ in their seed alone.")),
        (tr("Seeds"), tr("Seeds that came to their end, of how many there are.")),
        (
            figure_title(shown.figure),
            tr("Mean over the seeds that came to their end; ± {}.").format(
                spread_title(shown.spread)
            ),
        ),
        (tr("Difference"), tr("It minus {}, over the seeds of both.").format(base)),
        (tr("95 % interval"), tr("Of the difference, by Student's t, for it alone.")),
        (tr("p (t)"), tr("Paired t test that the difference is 0.") + "\n" + corrected),
        (tr("p (Wilcoxon)"), tr("Signed-rank test that the difference is 0.") + "\n" + corrected),
        (tr("So it is"), tr("By the t test at 0.05.")),
    ]


def _seeds(experiment: Experiment) -> str:
    n, n_done = len(experiment.outcomes), len(experiment.done)
    return str(n) if n == n_done else tr("{} of {}").format(n_done, n)


def _value(experiment: Experiment, figure: Figure, spread: Spread, places: int) -> str:
    """The mean and its spread."""
    values = [figure.value(one) for one in experiment.done]
    bounds = spread_of(np.array([np.nan if v is None else v for v in values]), spread)
    mean, low, high = float(bounds.mean), float(bounds.low), float(bounds.high)
    if not np.isfinite(mean):
        return "–"
    if not np.isfinite(low):
        return number(mean, places)
    if spread is Spread.RANGE:
        return f"{number(mean, places)} ({number(low, places)}–{number(high, places)})"
    return f"{number(mean, places)} ± {number(high - mean, places)}"


def _mean(difference: Difference) -> float | None:
    return difference.estimate.mean if difference.estimate is not None else None


def _side(column: int) -> Qt.AlignmentFlag:
    is_number = _SEEDS <= column < _FINDING
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
