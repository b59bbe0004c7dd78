"""Shutdown: the one way out, for the close button, Quit, Ctrl+C and the end of the program."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.ui.services.run_session import RunSession
from workbench.ui.services.worker import Runner
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import message_box

tr = translator("Shutdown")

#: A run that does not stop within this is ended with its process.
PATIENCE_MS = 4500


class Shutdown(QObject):
    """Asks where something would be lost, stops the run, ends the runner, lets the window go."""

    def __init__(
        self,
        window: MainWindow,
        session: RunSession,
        files: PresetFiles,
        runner: Runner,
        wait: Callable[[int], bool],
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._files = files
        self._runner = runner
        self._wait = wait
        self._is_leaving = False
        self._is_over = False
        self.left_cleanly = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(patience_ms)
        self._timer.timeout.connect(self._lose_patience)
        session.ended.connect(self._go_on)
        window.close_asked.connect(self.ask)
        window.actions_["quit"].triggered.connect(self.ask)

    @property
    def is_leaving(self) -> bool:
        """Whether the window is on its way out."""
        return self._is_leaving or self._is_over

    def ask(self) -> None:
        """The user wants to leave."""
        if self._is_leaving:
            return
        if self._session.is_active:
            self._ask_about_run()
        else:
            self._files.unless_unsaved(self.leave)

    def _ask_about_run(self) -> None:
        question = tr("A run goes on. Stop it and close?")
        box = message_box(self._window, tr("A run goes on"), question)
        box.setObjectName("closeBox")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText(tr("What it learned so far is kept; it can be resumed."))
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Keep running"), QMessageBox.ButtonRole.RejectRole)
        # the run goes on until it is known that nothing typed is lost
        stop.clicked.connect(lambda: self._files.unless_unsaved(self.leave))
        box.open()

    def leave(self) -> None:
        """Leave without asking: stop what runs, then close."""
        if self._is_leaving:
            return
        self._is_leaving = True
        if self._session.is_active:
            self._session.stop()
            self._timer.start()
        else:
            self.finish()

    def _go_on(self) -> None:
        if self._is_leaving:
            self.finish()

    def _lose_patience(self) -> None:
        # the child is ended, so the iterator ends, so the thread ends: `ended` follows
        self._runner.close()
        if self._session.wait(1000):
            return
        self.finish()

    def finish(self) -> None:
        """Close the window and end the runner; safe to call again."""
        if self._is_over:
            return
        self._is_over = True
        self._timer.stop()
        self._window.save_layout()
        self._window.may_close = True
        self._window.close()
        self._runner.close()
        self.left_cleanly = self._session.wait(2000) and self._wait(2000)
        application = QApplication.instance()
        if application is not None:
            application.quit()
