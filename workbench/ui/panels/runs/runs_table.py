"""RunsTable: the history as rows and columns, for the table of runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QIcon

from workbench.spec.run_row import RunRow
from workbench.spec.text import visible
from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.panels.runs.sparkline import CURVE
from workbench.ui.words.duration import duration
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SORT = Qt.ItemDataRole.UserRole

#: Columns: key and width in pixels.
COLUMNS = (
    ("starred", 34),
    ("name", 210),
    ("seed", 52),
    ("status", 96),
    ("curve", 96),
    ("steps", 70),
    ("seconds", 74),
    ("acc", 76),
    ("forgetting", 84),
    ("bwt", 76),
    ("started", 140),
    ("tag", 90),
)

tr = translator("Runs")


def _status(status: str) -> str:
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


class RunsTable(QAbstractTableModel):
    """The rows of the history."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows: list[RunRow] = []
        self._live, self._live_steps = "", 0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._star: QIcon = icon("starred", theme, theme.warning, 14)
        self._no_star: QIcon = icon("star", theme, theme.faint, 14)
        self._colours = {
            "done": QColor(theme.good),
            "running": QColor(theme.accent),
            "failed": QColor(theme.danger),
            "diverged": QColor(theme.danger),
            "stopped": QColor(theme.muted),
            "interrupted": QColor(theme.warning),
            "damaged": QColor(theme.danger),
        }

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show another history."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def set_live(self, run_id: str, steps: int) -> None:
        """How far the run that goes on is by now, which the history does not know yet."""
        if (run_id, steps) == (self._live, self._live_steps):
            return
        self._live, self._live_steps = run_id, steps
        place = [key for key, _ in COLUMNS].index("steps")
        for i, row in enumerate(self._rows):
            if row.run_id == run_id:
                cell = self.index(i, place)
                self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DisplayRole])

    def _is_live(self, row: RunRow, key: str) -> bool:
        return key == "steps" and row.status == "running" and row.run_id == self._live

    def row_at(self, index: int) -> RunRow:
        """The run in a row."""
        return self._rows[index]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many runs there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The titles of the columns, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        key = COLUMNS[section][0]
        if role == Qt.ItemDataRole.DisplayRole:
            return {
                "starred": "",
                "name": tr("Run"),
                "seed": tr("Seed"),
                "status": tr("Status"),
                "curve": tr("Scores"),
                "steps": tr("Steps"),
                "seconds": tr("Time"),
                "acc": "ACC",
                "forgetting": tr("Forgetting"),
                "bwt": "BWT",
                "started": tr("Started"),
                "tag": tr("Tag"),
            }[key]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(key)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, sorts by and looks like."""
        row, key = self._rows[index.row()], COLUMNS[index.column()][0]
        value: Any = self._live_steps if self._is_live(row, key) else getattr(row, key)
        if role == CURVE:
            return value if key == "curve" else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(key, value)
        if role == SORT and key == "curve":
            return value[-1] if value else -1e9
        if role == SORT:
            return -1e9 if value is None else value
        if role == Qt.ItemDataRole.DecorationRole and key == "starred":
            return self._star if value else self._no_star
        if role == Qt.ItemDataRole.ForegroundRole and key == "status":
            return self._colours.get(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(key)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = tr("Mean validation score of all tasks over the run")
            if key in ("name", "status") and row.problem:
                return hint(tr("Damaged: {}").format(row.problem))
            return hint(row.path) if key == "name" else words if key == "curve" else None
        if role == Qt.ItemDataRole.AccessibleTextRole and key == "starred":
            return tr("starred") if value else tr("not starred")
        return None

    def _alignment(self, key: str) -> Qt.AlignmentFlag:
        if key in ("name", "status", "curve", "started", "tag", "starred"):
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight

    def _text(self, key: str, value: object) -> str:
        if key in ("starred", "curve"):
            return ""
        if key == "started":
            try:
                return datetime.fromisoformat(str(value)).astimezone().strftime("%Y-%m-%d %H:%M")
            except ValueError:
                return str(value)
        if key == "seconds":
            return duration(value if isinstance(value, float) else None)
        if key == "steps":
            return f"{value:,}"
        if key == "status":
            return _status(str(value))
        if value is None:
            return "–"
        if isinstance(value, float):
            return f"{value:.3f}".replace("-", "−")
        return visible(str(value))
