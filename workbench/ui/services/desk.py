"""Desk: what a tab of the centre is given to work with."""

from dataclasses import dataclass

from workbench.ui.model.presenter import Presenter
from workbench.ui.services.cost_estimator import Costing
from workbench.ui.services.history_backend import History
from workbench.ui.services.question_queue import Asker
from workbench.ui.services.run_history import Records
from workbench.ui.services.run_session import RunSession


@dataclass(frozen=True, slots=True)
class Desk:
    """What a tab may read, ask and have done."""

    presenter: Presenter
    session: RunSession
    asker: Asker
    history: History
    records: Records
    costing: Costing
