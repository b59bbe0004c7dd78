"""DataImport: the way of the user's own data into the setup."""

from PySide6.QtCore import QObject, Signal

from workbench.spec.experiment import TaskChoice
from workbench.ui.dialogs.data_dialog import DataDialog
from workbench.ui.dialogs.data_tasks import with_data
from workbench.ui.model.presenter import Presenter
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import is_preset
from workbench.ui.shell.tasks.task_making import TaskMaking


class DataImport(QObject):
    """Opens the dialog, and makes what comes of it the setup's."""

    #: The family whose tasks are chosen now.
    brought = Signal(str)

    def __init__(self, window: MainWindow, presenter: Presenter, questions: QuestionQueue) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._questions = questions
        self.dialog: DataDialog | None = None
        #: What is made of data that are there.
        self.task_making = TaskMaking(window, presenter, questions)
        self.task_making.made.connect(self.brought)
        #: What was asked for before the catalogue was there.
        self._wanted: str | bool | None = None
        presenter.listeners.append(self._hear)
        window.actions_["data"].triggered.connect(self.open)
        window.setup.tasks.data_wanted.connect(self.open)
        window.gallery.data_wanted.connect(self.open)
        window.dropped.connect(self._dropped)

    def _dropped(self, path: str) -> None:
        if not is_preset(path):
            self.open(path)

    def open(self, path: str | bool = "") -> None:
        """Show the dialog, with a file where one is known; once the catalogue is read."""
        if self._presenter.is_live:
            return
        if not self._presenter.catalogue:
            self._wanted = path
            return
        if self.dialog is None:
            catalogue, theme = self._presenter.catalogue, self._window.look.theme
            self.dialog = DataDialog(self._questions, catalogue, theme, self._window)
            self.dialog.brought.connect(self._take)
            self.dialog.finished.connect(self._forget)
            self.dialog.open()
        if isinstance(path, str) and path:  # a button tells whether it is checked
            self.dialog.open_path(path)

    def _hear(self, topic: str) -> None:
        if topic == "catalogue" and self._wanted is not None and self._presenter.catalogue:
            wanted, self._wanted = self._wanted, None
            self.open(wanted)

    def _forget(self, _: int) -> None:
        self.dialog = None

    def _take(self, brought: tuple[TaskChoice, ...], keeps: bool) -> None:
        self._presenter.end_edit()
        tasks = with_data(self._presenter.spec.tasks, brought, keeps=keeps)
        if self._presenter.change({"tasks": tuple(tasks)}):
            self.brought.emit(brought[0].family)
