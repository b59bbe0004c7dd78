"""RunsUpkeep: eyes, baseline and trash of the recorded runs."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from workbench.spec.run_row import RunRow
from workbench.ui.dialogs.trash_dialog import TrashDialog
from workbench.ui.services.history_backend import DeletedRun
from workbench.ui.services.run_overlay import MOST_OVERLAID
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.words.language import translator

tr = translator("RunsController")

#: So many deletions can be undone, one after the other.
_MOST_UNDONE = 50


class RunsUpkeep(QObject):
    """Does what the table of runs asks for beside showing a run."""

    def __init__(self, window: MainWindow, context: TabContext) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = context.presenter
        self._history = history = context.run_history
        self._undo: list[list[DeletedRun]] = []
        panel = window.runs
        panel.eye_wanted.connect(history.overlay.toggle)
        panel.colour_wanted.connect(history.overlay.paint)
        panel.eyes_closed.connect(history.overlay.close_all)
        panel.pin_wanted.connect(self._pin)
        panel.delete_wanted.connect(self.delete)
        panel.undo_wanted.connect(self.undo)
        panel.trash_wanted.connect(self.open_trash)
        panel.can_undo = lambda: bool(self._undo)
        history.changed.connect(self._take_rows)
        history.settings_changed.connect(lambda: panel.set_settings(history.settings))
        history.deleted.connect(self._offer_undo)
        history.overlay.changed.connect(lambda: panel.set_eyes(history.overlay.number))
        history.overlay.refused.connect(self._refuse_eye)
        window.actions_["find_runs"].triggered.connect(self._find)

    def _take_rows(self) -> None:
        self._history.overlay.update(self._history.rows)

    def _refuse_eye(self) -> None:
        words = tr("At most {} runs are drawn over each other: close another eye first")
        self._presenter.notice("runs", words.format(MOST_OVERLAID - 1), "warning")

    def _pin(self, rows: Sequence[RunRow]) -> None:
        self._history.pin(rows)

    def _find(self) -> None:
        self._window.show_dock("runs")
        self._window.runs.focus_filter()

    def delete(self, rows: Sequence[RunRow]) -> None:
        """Move runs to the trash; it can be undone, so nobody is asked first."""
        self._history.delete(rows)

    def _offer_undo(self, deleted: Sequence[DeletedRun]) -> None:
        if not deleted:
            return
        self._undo = [*self._undo, list(deleted)][-_MOST_UNDONE:]
        n = len(deleted)
        words = tr("{} runs are in the trash.").format(n) if n > 1 else tr("A run is in the trash.")
        choices = [(tr("Undo"), self.undo), (tr("Trash…"), self.open_trash)]
        self._window.bar.offer(words, choices)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._undo:
            self._history.restore(self._undo.pop())

    def open_trash(self) -> None:
        """Show what is in the trash."""
        dialog = TrashDialog(self._window)
        dialog.restore_wanted.connect(self._history.restore)
        dialog.empty_wanted.connect(self._history.empty_trash)
        self._history.trash_changed.connect(dialog.ask)
        dialog.requested.connect(lambda: self._history.trash(dialog.show_runs))
        dialog.ask()
        dialog.open()
