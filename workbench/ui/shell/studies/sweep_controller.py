"""SweepController: opens the dialog of a sweep, from a setting or from the tab, and its runs."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from workbench.store.index_row import row_at
from workbench.ui.dialogs.sweep_dialog import SweepDialog
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.runs_controller import RunsController
from workbench.ui.shell.tab_area import TabArea

if TYPE_CHECKING:
    from workbench.ui.tabs.sweep.panel import SweepPanel


class SweepController(QObject):
    """Joins the setup's menu, the dialog and the tab of sweeps."""

    def __init__(
        self, window: MainWindow, context: TabContext, tab_area: TabArea, runs: RunsController
    ) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        self._tab_area, self._runs = tab_area, runs
        window.setup.sweep_wanted.connect(self.ask)
        tab_area.added.connect(self._join)

    def _join(self, name: str) -> None:
        """Take what the tab asks for, once it is there."""
        if name != "sweep":
            return
        self._tab.new_wanted.connect(self.ask)
        self._tab.run_wanted.connect(self._show_run)

    @property
    def _tab(self) -> "SweepPanel":
        return cast("SweepPanel", self._tab_area["sweep"])

    def ask(self, field: str) -> None:
        """Open the dialog, beginning with one setting."""
        presenter = self._context.presenter
        if presenter.problems or not presenter.catalogue:
            self._window.show_dock("problems")
            return
        spec, catalogue = presenter.spec, presenter.catalogue
        tasks = self._context.task_names()
        dialog = SweepDialog(spec, catalogue, tasks, field, self._window)
        dialog.wanted.connect(self._tab.start)
        dialog.open()

    def _show_run(self, path: str) -> None:
        row = row_at(Path(path))
        if row is not None:
            self._runs.show(row)
