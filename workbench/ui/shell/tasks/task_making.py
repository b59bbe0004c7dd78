"""TaskMaking: the way of tasks that are made out of others into the setup."""

from PySide6.QtCore import QObject, Signal

from workbench.spec.experiment import TaskChoice
from workbench.ui.dialogs.data_tasks import with_data
from workbench.ui.dialogs.make_tasks.dialog import MakeTasksDialog
from workbench.ui.model.presenter import Presenter
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.shell.main_window import MainWindow


class TaskMaking(QObject):
    """Opens the dialog, and makes what comes of it the setup's."""

    #: The family whose tasks are chosen now.
    made = Signal(str)

    def __init__(self, window: MainWindow, presenter: Presenter, questions: QuestionQueue) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._questions = questions
        self.dialog: MakeTasksDialog | None = None
        window.setup.tasks.make_wanted.connect(self.open_family)

    def open_family(self, family: str) -> None:
        """Show the dialog for a family, as it is chosen or at its defaults; "": for the setup's."""
        tasks = self._presenter.spec.tasks
        chosen = [choice for choice in tasks if not family or choice.family == family]
        self.open(chosen[0] if chosen else TaskChoice(family=family))

    def open(self, choice: TaskChoice) -> None:
        """Show the dialog for a choice, once the catalogue is read."""
        if self._presenter.is_live or not self._presenter.catalogue or self.dialog is not None:
            return
        self.dialog = MakeTasksDialog(
            self._questions,
            self._presenter.catalogue,
            self._window.look.theme,
            self._window,
            self._presenter.spec.seeds[0],
        )
        self.dialog.made.connect(self._take)
        self.dialog.finished.connect(self._forget)
        self.dialog.start(choice)
        self.dialog.open()

    def _forget(self, _result: int) -> None:
        self.dialog = None

    def _take(self, choice: TaskChoice, keeps: bool) -> None:
        self._presenter.end_edit()
        tasks = with_data(self._presenter.spec.tasks, choice, keeps=keeps)
        if self._presenter.change({"tasks": tuple(tasks)}):
            self.made.emit(choice.family)
