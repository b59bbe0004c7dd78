"""Planner: keeps the plan above the centre at what the run does, and asks it for another."""

from PySide6.QtCore import QObject

from workbench.spec.command import SetStages
from workbench.spec.event import Evaluated, Event, Reported
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_model import RunModel
from workbench.ui.panels.plan.bar import PlanBar
from workbench.ui.panels.plan.edits import Groups
from workbench.ui.services.run_session import RunSession


class Planner(QObject):
    """Joins the bar and the session. The bar is there while a run goes on whose plan is open."""

    def __init__(self, bar: PlanBar, presenter: Presenter, session: RunSession) -> None:
        super().__init__(bar)
        self._bar = bar
        self._presenter = presenter
        self._session = session
        bar.plan_asked.connect(self._ask)
        session.model_changed.connect(self.refresh)
        session.event_seen.connect(self._take)
        session.curves_due.connect(self._show_share)
        session.ended.connect(self.refresh)

    @property
    def is_open(self) -> bool:
        """Whether there is a run whose plan may be changed."""
        spec, began = self._session.model.spec, self._session.model.began
        if spec is None or began is None or not self._presenter.is_live:
            return False
        entry = self._presenter.catalogue.get(("curriculum", spec.curriculum.kind))
        return entry is not None and "open-plan" in entry.gives

    def refresh(self) -> None:
        """Show the plan of the run, where it may be changed."""
        began = self._session.model.began
        if began is None or not self.is_open:
            self._bar.hide()
            return
        stage = max(self._session.model.stage, 0)
        self._show(tuple(planned.tasks for planned in began.stages[stage:]))

    def _show(self, groups: Groups) -> None:
        model = self._session.model
        planned = {task for group in groups for task in group}
        names = [task.name for task in model.tasks]
        waiting = [name for name in names if name not in planned]
        if groups:
            self._bar.show_plan(groups, waiting, dict(zip(names, model.colours, strict=True)))
        self._bar.setVisible(bool(groups))

    def _show_share(self) -> None:
        model = self._session.model
        if self._bar.isVisible() and 0 <= model.stage < len(model.bands):
            band = model.bands[model.stage]
            self._bar.set_share((model.step - band.start) / max(band.end - band.start, 1))

    def _take(self, event: Event) -> None:
        if not isinstance(event, Evaluated | Reported):  # those come often, and change no plan
            self.refresh()

    def _ask(self, groups: Groups) -> None:
        """Show it at once; what the run says of it comes a moment later.

        The seeds of a group are in stages of their own: each is asked for the same plan from the
        stage on that it is in.
        """
        shown = self._session.model
        self._session.send_each(lambda model: SetStages(aligned(groups, shown, model), model.stage))
        self._show(groups)


def aligned(groups: Groups, shown: RunModel, model: RunModel) -> Groups:
    """What to ask of `model`, where `groups` were asked of `shown`: its stage and what follows.

    One that is behind goes through its stages up to that of the other first; one that is ahead
    goes on from its own. Where the stage that is on gives way to another, all learn that one now.
    """
    here, there = max(shown.stage, 0), max(model.stage, 0)
    began = shown.began
    if began is None or began.stages[here].tasks != groups[0]:
        return groups
    if there > here:
        return groups[there - here :] or groups[-1:]
    mine = model.began.stages[there:here] if model.began is not None else ()
    return (*(stage.tasks for stage in mine), *groups)
