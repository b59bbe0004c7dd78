"""Program: the window from start to exit, made anew where it is to speak another language."""

import signal
import sys

from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from workbench.spec.entry import Catalogue
from workbench.spec.files import shipped
from workbench.ui.composition import App, WindowState
from workbench.ui.services.history_backend import HistoryBackend, StoredHistory
from workbench.ui.services.worker import Runner
from workbench.ui.words.language import use_language

#: Ctrl+C is heard this often: Python sees a signal only while it runs.
_SIGNAL_MS = 200

#: What the window still waits for, before it can be made anew, is looked at this often.
_QUIET_MS = 30


class Program(QObject):
    """Holds the window that there is now.

    A window is made in one language. For another one a new window is made, which goes on with the
    setup, the run and the log of the one before, in its place.
    """

    def __init__(
        self,
        application: QApplication,
        runner: Runner,
        catalogue: Catalogue | None,
        preset: str | None,
        settings: QSettings,
        history: HistoryBackend,
    ) -> None:
        super().__init__()
        self._application = application
        self._runner = runner
        self._settings = settings
        self._history = history
        self._translators: list[QTranslator] = []
        self._wanted = QTimer(self)
        self._wanted.setInterval(_QUIET_MS)
        self._wanted.timeout.connect(self._make_anew)
        self._speak()
        self.app = App(application, runner, catalogue, preset, settings, history)
        self._follow()

    def _speak(self) -> None:
        for translator in self._translators:
            self._application.removeTranslator(translator)
        code = str(self._settings.value("language", ""))
        self._translators = use_language(self._application, code)

    def _follow(self) -> None:
        # queued: it is asked for by a part of the window that is to go
        queued = Qt.ConnectionType.QueuedConnection
        self.app.anew_wanted.connect(self._wanted.start, queued)
        self.app.start()

    def _make_anew(self) -> None:
        """Once nothing is under way that would come back to the old window."""
        old = self.app
        if old.shutdown.is_leaving or not old.is_ready:
            return
        old.questions.wait(0)
        if not old.is_quiet:
            return
        self._wanted.stop()
        carried = old.hand_over()
        self._speak()
        self.app = self._next(carried)
        old.deleteLater()
        self._follow()

    def _next(self, carried: WindowState) -> App:
        catalogue = carried.presenter.written
        more = (self._settings, self._history, carried)
        return App(self._application, self._runner, catalogue, None, *more)

    def leave(self) -> None:
        """Stop what runs, then close, without asking."""
        self._wanted.stop()
        self.app.shutdown.leave()

    def finish(self) -> None:
        """Close the window and end the runner; safe to call again."""
        self._wanted.stop()
        self.app.shutdown.finish()


def settings_file() -> QSettings:
    """Layout, theme and recent files, in the data directory."""
    from workbench.store.home import home

    return QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)


def main(runner: Runner, catalogue: Catalogue | None, preset: str | None) -> int:
    """Show the window and stay until it is closed; gives the exit code."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    QCoreApplication.setApplicationName("Workbench")
    application.setWindowIcon(QIcon(str(shipped("resources") / "icons" / "workbench.svg")))
    application.setQuitOnLastWindowClosed(False)
    program = Program(application, runner, catalogue, preset, settings_file(), StoredHistory())
    signal.signal(signal.SIGINT, lambda *_: program.leave())
    signal.signal(signal.SIGTERM, lambda *_: program.leave())
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)
    pulse.start(_SIGNAL_MS)
    application.aboutToQuit.connect(program.finish)
    code = application.exec()
    if not program.app.shutdown.left_cleanly:
        # a thread that never came back would abort the interpreter as it goes down
        import os

        os._exit(code)
    return code
