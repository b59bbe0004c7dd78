"""Exports: the runs that are chosen, written in the forms that other programs read."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from workbench.spec.run_row import RunRow
from workbench.ui.dialogs.export_dialog import ExportDialog
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.words.language import translator

tr = translator("Export")

_FOLDER = "export/folder"

Tell = Callable[[str, str], None]


class _StoppedError(Exception):
    """It was stopped; its message is shown."""


class Exports(QObject):
    """Asks in which forms and where, and writes in a thread of its own, one at a time."""

    _told = Signal(str)

    def __init__(self, window: MainWindow, context: TabContext) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = context.presenter
        self._session = context.session
        self._history = context.run_history
        self._calls = Calls(self._fail, self)
        self._dialog: ExportDialog | None = None
        self._is_stopped = False
        window.actions_["export"].triggered.connect(self.ask)

    def ask(self) -> None:
        """Ask for forms and a folder for the runs chosen in Runs, or the one that is shown."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        rows = self._chosen()
        if not rows:
            self._window.show_dock("runs")
            words = tr("Choose the runs to export in Runs first")
            self._presenter.notice("runs", words, "warning")
            return
        self._dialog = dialog = ExportDialog(len(rows), self._folder(), self._window)
        dialog.wanted.connect(partial(self._write, [Path(row.path) for row in rows]))
        dialog.stop_wanted.connect(self._stop)
        self._told.connect(dialog.tell)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _chosen(self) -> Sequence[RunRow]:
        rows = self._window.runs.all_selected
        began = self._session.model.began
        if not rows and began is not None:
            rows = [row for row in self._history.rows if row.run_id == began.run_id]
        return rows

    def _folder(self) -> Path:
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        usual = QStandardPaths.writableLocation(documents) or str(Path.home())
        return Path(str(self._window.settings.value(_FOLDER, str(Path(usual) / "workbench"))))

    def _write(self, folders: Sequence[Path], formats: list[str], folder: Path) -> None:
        self._is_stopped = False
        self._window.settings.setValue(_FOLDER, str(folder))
        self._calls.make(partial(_written, folders, formats, folder, self._tell), self._finish)

    def _tell(self, form: str, piece: str) -> None:
        """Called in the thread that writes."""
        if self._is_stopped:
            raise _StoppedError(tr("It was stopped; what was whole by then is there."))
        self._told.emit(f"{form}: {piece}")

    def _stop(self) -> None:
        self._is_stopped = True

    def _finish(self, folder: Path) -> None:
        if self._dialog is not None:
            self._dialog.show_saved(folder)

    def _fail(self, reason: str) -> None:
        if self._dialog is not None:
            self._dialog.show_failed(reason)

    def _forget(self) -> None:
        if self._dialog is not None:
            self._told.disconnect(self._dialog.tell)
        self._dialog = None

    def wait(self, milliseconds: int) -> bool:
        """Have what is being written end, at shutdown; whether it did."""
        self._stop()
        return self._calls.wait(milliseconds)


def _written(folders: Sequence[Path], formats: list[str], folder: Path, tell: Tell) -> Path:
    """Write runs, and give the folder back. Raises OSError, and what `tell` raises."""
    from workbench.publish.export import NothingToExportError, export
    from workbench.publish.forms.tracking import MissingProgramError
    from workbench.publish.record import records
    from workbench.store.errors import NotARunError

    try:
        export(records(folders), formats, folder, tell)
    except (MissingProgramError, NothingToExportError, NotARunError, _StoppedError) as error:
        raise OSError(str(error)) from error  # which is told, and is no fault of the program's
    return folder
