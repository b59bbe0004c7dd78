"""ColumnChoice: the columns that the user chose, and those in which the shown runs differ."""

from PySide6.QtCore import QObject, QSettings

from workbench.study.listed_run import OF_SCORES
from workbench.ui.model.history.run_line import FACTS
from workbench.ui.panels.runs.columns import ALWAYS, COLUMNS
from workbench.ui.panels.runs.runs_table import RunsTable
from workbench.ui.panels.runs.runs_view import RunsView

#: More settings than this in which runs differ are not shown at once.
_MOST_DIFFERING = 12


class ColumnChoice(QObject):
    """Decides which columns the table has."""

    def __init__(self, model: RunsTable) -> None:
        super().__init__(model)
        self._model = model
        self._chosen = [key for key, _ in COLUMNS]
        self._is_differing = False
        model.shown_changed.connect(self._follow)

    def turn(self, key: str) -> None:
        """Show a column, or no more."""
        if key in self._chosen:
            self._chosen.remove(key)
        elif key in self._model.columns:  # it is there because the runs differ in it
            return
        else:
            self._chosen.append(key)
        self._show()

    def reset(self) -> None:
        """Show the columns that are there at first."""
        self._chosen = [key for key, _ in COLUMNS]
        self._show()

    def set_differing(self, is_differing: bool) -> None:
        """Show, in the place of the settings, those in which the shown runs differ."""
        self._is_differing = is_differing
        self._show()

    def _follow(self) -> None:
        if self._is_differing:
            self._show()

    def _show(self) -> None:
        columns = list(self._chosen)
        if self._is_differing:
            differing = self._model.list.differing()[:_MOST_DIFFERING]
            columns = [key for key in columns if _is_fact(key)]
            place = columns.index("name") + 1
            columns[place:place] = differing
        self._model.set_columns(columns)

    def save(self, settings: QSettings, view: RunsView) -> None:
        """Keep the columns, in the order in which they stand, and their widths."""
        if not self._is_differing:
            self._chosen = view.columns_in_sight
        settings.setValue("runs/columns", self._chosen)
        settings.setValue("runs/widths", [f"{key}={n}" for key, n in view.widths.items()])

    def restore(self, settings: QSettings, view: RunsView) -> None:
        """Have the columns as they were kept."""
        kept = settings.value("runs/columns")
        keys = [key for key in kept if isinstance(key, str)] if isinstance(kept, list) else []
        if keys:
            self._chosen = [*(key for key in ALWAYS if key not in keys), *dict.fromkeys(keys)]
        widths = settings.value("runs/widths")
        for text in widths if isinstance(widths, list) else ():
            key, _, width = str(text).rpartition("=")
            if width.isdecimal():
                view.widths[key] = int(width)
        self._show()


def _is_fact(key: str) -> bool:
    return key in FACTS or key in ALWAYS or key.startswith(OF_SCORES)
