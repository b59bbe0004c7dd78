"""TabContext: what a tab of the centre is given to work with."""

from dataclasses import dataclass, field

from workbench.study.plan import members
from workbench.ui.model.presenter import Presenter
from workbench.ui.services.cost_estimator import CostEstimator
from workbench.ui.services.history_backend import HistoryBackend
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.services.run_history import RunHistory
from workbench.ui.services.run_session import RunSession
from workbench.ui.services.spread_choice import SpreadChoice
from workbench.ui.services.x_choice import XChoice


@dataclass(frozen=True, slots=True)
class TabContext:
    """What a tab may read, ask and have done."""

    presenter: Presenter
    session: RunSession
    questions: QuestionQueue
    history: HistoryBackend
    run_history: RunHistory
    cost_estimator: CostEstimator
    spread: SpreadChoice
    x_axis: XChoice = field(default_factory=XChoice)

    def task_names(self) -> list[str]:
        """The tasks of the setup; where only a run can name them, those of the run in sight."""
        try:
            return [task.name for task in members(self.presenter.spec, self.presenter.catalogue)]
        except ValueError:
            return [facts.name for facts in self.session.model.tasks]
