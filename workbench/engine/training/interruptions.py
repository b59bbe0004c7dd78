"""Interruptions: what comes between two steps. Changes, pauses, single steps and the end."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.throttle import Throttle
from workbench.spec import command
from workbench.spec.event import Noticed
from workbench.spec.experiment import Intervention


class Interruptions:
    """The changes a spec has planned, and what is asked of the run while it goes on."""

    def __init__(
        self,
        control: CommandQueue,
        planned: Sequence[Intervention],
        tasks: Collection[str],
        throttle: Throttle | None = None,
        *,
        is_open: bool = False,
    ) -> None:
        self.control = control
        self.throttle = throttle or Throttle()
        self.tasks = tasks
        self.is_open = is_open
        self.is_stopped = False
        self._is_paused = False
        self._steps_allowed = 0
        self._made_at, self._n_made = -1, 0
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
            yield self._noted(change, step)
        while True:
            for request in self.control.take():
                for result in self._obey(request, step, stage):
                    yield self._noted(result, step) if isinstance(result, Intervention) else result
            if self.is_stopped:
                return
            if self._is_paused and self._steps_allowed:
                self._steps_allowed -= 1
                return
            left = None if self._is_paused else self.throttle.seconds_left(step)
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

    def _noted(self, change: Intervention, step: int) -> Intervention:
        self._n_made = self.n_made(step) + 1
        self._made_at = step
        return change

    def n_made(self, step: int) -> int:
        """How many changes were made before step `step`, at that very step."""
        return self._n_made if self._made_at == step else 0

    def go_on(self, step: int, n_made: int) -> None:
        """Drop what a run that is resumed at `step` has made: all before, and `n_made` there.

        What was changed live after its checkpoint is in the spec by now, and is made again.
        """
        due = [change for change in self.planned if change.step == step]
        later = [change for change in self.planned if change.step > step]
        self._made_at, self._n_made = step, n_made
        self._plan([*due[n_made:], *later])

    def _obey(
        self, request: command.Command, step: int, stage: int
    ) -> Iterator[Intervention | Noticed | command.WatchPlanes]:
        match request:
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
                yield request
            case command.SetRate(value):
                yield self._change(step=step, lr=value)
            case command.SetStages(stages, seen) if seen is None or seen == stage:
                yield self._change(step=step, stages=stages)
            case command.SetStages():
                yield _refused(step, "the stage it was about has ended")
            case command.SetPace(steps_per_second):
                try:
                    self.throttle.set(steps_per_second, step)
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
        self._next_stop = min(planned, self.throttle.next_step)


def _refused(step: int, reason: str) -> Noticed:
    return Noticed(step, "control", f"the change was not made: {reason}")
