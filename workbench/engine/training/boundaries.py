"""Boundaries: tells model, balancing and retention where a stage begins and where it ends."""

from collections.abc import Iterator
from dataclasses import replace

from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.update import Update
from workbench.spec.event import Event, StageBegan, Structured


class Boundaries:
    """Begins and ends stages for the roles. Of a stream without boundaries they see one stage.

    With `begins_anew` the optimizer forgets what it keeps when a stage begins.
    """

    def __init__(self, update: Update, plan: Plan, *, begins_anew: bool) -> None:
        self.update = update
        self.plan = plan
        self.begins_anew = begins_anew
        self._stage: StageData | None = None
        update.retention.knows_boundaries = plan.tells_boundaries
        update.retention.sees_stage_data_first = plan.sees_stage_data_first

    def enter(self, at: Progress) -> Iterator[Event]:
        """Stage `at.stage` is on: begun now, or, where a run is resumed, before."""
        self._stage = self._data(at.stage)
        self.update.retention.stage = at.stage
        if at.is_begun:
            return
        model = self.update.model
        before = model.structure() if at.stage else None
        self._begin(self._stage)
        at.is_begun = True
        yield StageBegan(at.step, at.stage)
        structure = model.structure()
        if structure != before:
            yield Structured(at.step, structure)

    def join(self, role: str, stage: int) -> None:
        """Let a balancing rule or a retention that is new here begin with a stage that is on."""
        data = self._data(stage)
        if role == "balancing":
            self.update.balancing.begin(data.names, data.steps_per_epoch)
        else:
            self.update.retention.on_stage_start(data)

    def leave(self) -> None:
        """The stage that was entered took its last step: what was shown of it is known now."""
        stage = self._stage
        if stage is None or not self.plan.tells_boundaries:
            return
        arrived = self.plan.ended(stage.index)
        names = self.plan.stages[stage.index].tasks if arrived is None else tuple(arrived)
        self.update.retention.on_stage_end(replace(stage, names=names, arrived=arrived))

    def grow(self, stage: int) -> None:
        """Let the model begin a stage, and have the optimizer train what that added."""
        if stage and not self.plan.tells_boundaries:
            return
        tasks = self._names(stage)
        self.update.model.begin(stage, tasks)
        self.update.retention.grow(self.update.model, stage, tasks)
        self.update.refresh()

    def _begin(self, stage: StageData) -> None:
        if stage.index and not self.plan.tells_boundaries:
            return
        update = self.update
        self.grow(stage.index)
        update.balancing.begin(stage.names, stage.steps_per_epoch)
        update.retention.on_stage_start(stage)
        if stage.index and (update.retention.begins_from_scratch or self.begins_anew):
            update.restart()

    def _names(self, stage: int) -> tuple[str, ...]:
        """The tasks of a stage as the learner sees it: of a stream without boundaries, all."""
        plan = self.plan
        return plan.stages[stage].tasks if plan.tells_boundaries else tuple(self.update.tasks)

    def _data(self, stage: int) -> StageData:
        plan, update = self.plan, self.update
        _, sampler, steps = plan.at(stage)
        data = StageData(
            stage,
            self._names(stage),
            update.tasks,
            update.model,
            steps if plan.tells_boundaries else sum(plan.steps),
            sampler.steps_per_epoch,
            losses_of=update.losses_of,
        )
        return data if plan.sees_stage_data_first else replace(data, arrived={})
