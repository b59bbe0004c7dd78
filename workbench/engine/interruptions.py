"""Interruptions: what comes between two steps. Changes, pauses, single steps and the end."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from workbench.engine.control import Control
from workbench.engine.pace import Pace
from workbench.spec import command
from workbench.spec.event import Noticed
from workbench.spec.experiment import Intervention


class Interruptions:
    """The changes a spec has planned, and what is asked of the run while it goes on."""

    def __init__(
        self,
        control: Control,
        planned: Sequence[Intervention],
        tasks: Collection[str],
        pace: Pace | None = None,
        *,
        is_open: bool = False,
    ) -> None:
        self.control = control
        self.pace = pace or Pace()
        self.tasks = tasks
        self.is_open = is_open
        self.is_stopped = False
        self._is_paused = False
        self._steps_allowed = 0
        self._plan(sorted(planned, key=lambda change: change.step))

    def are_due(self, step: int) -> bool:
        """Whether `between_steps` has something to do before step `step`."""
        return self.control.pending or self._is_paused or step >= self._next_stop

    def between_steps(
        self, step: int, stage: int = 0
    ) -> Iterator[Intervention | Noticed | command.WatchPlanes]:
        """Changes to make before step `step`, planned ones first, and what is asked to be seen.

        Stage number `stage` is on. Waits while paused, and where a pace was asked for.
        """
        while self.planned and step >= self.planned[0].step:
            change = self.planned[0]
            self._plan(self.planned[1:])
            yield change
        while True:
            for asked in self.control.take():
                yield from self._obey(asked, step, stage)
            if self.is_stopped:
                return
            if self._is_paused and self._steps_allowed:
                self._steps_allowed -= 1
                return
            left = None if self._is_paused else self.pace.seconds_left(step)
            if left == 0:
                self._find_next_stop()
                return
            self.control.wait(left)

    def left_over(self, step: int) -> list[Noticed]:
        """What to tell of planned changes that were not made, of a run that ended at `step`."""
        if not self.planned or self.is_stopped:
            return []
        steps = ", ".join(str(change.step) for change in self.planned)
        message = f"not made, for the run ended before their steps: {steps}"
        return [Noticed(step, "interventions", message)]

    def keep_last(self, n_planned: int) -> None:
        """Drop planned changes but the last `n_planned`: a resumed run has made the others."""
        self._plan(self.planned[len(self.planned) - n_planned :])

    def _obey(
        self, asked: command.Command, step: int, stage: int
    ) -> Iterator[Intervention | Noticed | command.WatchPlanes]:
        match asked:
            case command.Pause():
                self._is_paused, self._steps_allowed = True, 0
            case command.Resume():
                self._is_paused, self._steps_allowed = False, 0
            case command.StepOnce():
                self._is_paused = True
                self._steps_allowed += 1
            case command.Stop():
                self.is_stopped = True
            case command.SetWeight(task, value):
                yield self._change(step=step, task=task, weight=value)
            case command.WatchPlanes():
                yield asked
            case command.SetRate(value):
                yield self._change(step=step, lr=value)
            case command.SetStages(stages, seen) if seen is None or seen == stage:
                yield self._change(step=step, stages=stages)
            case command.SetStages():
                yield _refused(step, "the stage it was about has ended")
            case command.SetPace(steps_per_second):
                try:
                    self.pace.set(steps_per_second, step)
                except ValueError as error:
                    yield _refused(step, str(error))

    def _change(self, step: int, **values: Any) -> Intervention | Noticed:
        """A change asked for now, if a spec could have it too."""
        try:
            change = Intervention(step=step, **values)
        except ValidationError as error:
            details = error.errors()[0]
            return _refused(step, f"{details['msg']}; found {details['input']}")
        reason = self._reason_against(change)
        return _refused(step, reason) if reason else change

    def _reason_against(self, change: Intervention) -> str:
        if change.stages is not None and not self.is_open:
            return "the stages of this curriculum are fixed"
        named = [change.task] if change.task is not None else []
        named += [task for group in change.stages or () for task in group]
        unknown = next((task for task in named if task not in self.tasks), None)
        return f"there is no task '{unknown}'" if unknown is not None else ""

    def _plan(self, planned: list[Intervention]) -> None:
        self.planned = planned
        self._find_next_stop()

    def _find_next_stop(self) -> None:
        planned = self.planned[0].step if self.planned else float("inf")
        self._next_stop = min(planned, self.pace.next_step)


def _refused(step: int, reason: str) -> Noticed:
    return Noticed(step, "control", f"the change was not made: {reason}")
