"""What observers promise: asked where they override a hook, in order, and out of the step's way."""

from collections.abc import Iterator, Mapping

from torch import Tensor

from tests.engine.toys import Run, spec
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer, overridden
from workbench.engine.training.progress import Progress
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Event, Noticed, StepsDone


class Diary(Observer):
    """Tells of every fifth step and of each stage's end."""

    state_key = "diary"

    def __init__(self) -> None:
        self.lines: list[str] = []

    def after_step(self, at: Progress, rate: float) -> Events:
        return self._noted(at) if at.step % 5 == 0 else ()

    def _noted(self, at: Progress) -> Iterator[Event]:
        self.lines.append(f"step {at.step}")
        yield Noticed(at.step, "diary", self.lines[-1])

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return [Noticed(at.step, "diary", f"end of {stage.name}, stage {number}")]

    def state_dict(self) -> list[str]:
        return list(self.lines)

    def load_state_dict(self, state: list[str]) -> None:
        self.lines = list(state)


class Idle(Observer):
    """Adds nothing to any hook, and asks the base class each time."""

    state_key = "idle"

    def on_run_start(self, at: Progress) -> Events:
        return super().on_run_start(at)

    def before_step(self, at: Progress) -> Events:
        return super().before_step(at)

    def on_batch(self, at: Progress, batch: Batch, drawn: Mapping[str, Tensor]) -> Events:
        return super().on_batch(at, batch, drawn)

    def after_step(self, at: Progress, rate: float) -> Events:
        return super().after_step(at, rate)

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return super().on_stage_end(at, stage, number)


HOOKS = ("on_run_start", "before_step", "on_batch", "after_step", "on_stage_end")


def test_hooks_that_are_left_to_the_base_tell_nothing_and_keep_nothing():
    run, idle = Run(spec()), Idle()
    observers = run.trainer.observers
    observers.all.append(idle)
    for hook in ("before_step", "on_batch", "after_step"):  # the others are asked of all
        setattr(observers, hook, overridden(observers.all, hook))
    state = idle.state_dict()
    assert state is None
    idle.load_state_dict(state)
    plain = Run(spec()).to_the_end()
    assert joined(run.to_the_end().events) == joined(plain.events)


def test_a_hook_that_nobody_overrides_is_not_asked():
    idle, nothing = Idle(), Observer()
    for hook in HOOKS:
        assert overridden([nothing, idle, nothing], hook) == [getattr(idle, hook)]
        assert overridden([nothing], hook) == []


def watched() -> tuple[Run, Diary]:
    run, diary = Run(spec()), Diary()
    observers = run.trainer.observers
    observers.all.append(diary)
    observers.after_step = overridden(observers.all, "after_step")
    return run, diary


def test_one_more_observer_is_told_of_steps_and_stages_and_changes_nothing():
    run, diary = watched()
    run.to_the_end()
    events = [event for event in run.events if isinstance(event, Noticed)]
    assert [event.step for event in events[:-1]] == list(range(5, run.last.step + 1, 5))
    assert events[-1].message == f"end of {run.trainer.stages[0].name}, stage 0"
    assert len(diary.lines) == len(events) - 1
    others = [event for event in run.events if event not in events]
    assert joined(others) == joined(Run(spec()).to_the_end().events)


def test_the_steps_before_are_told_first():
    run, _ = watched()
    n_steps = 0
    for event in run.to_the_end().events:
        if isinstance(event, StepsDone):
            n_steps += len(event.losses)
        elif isinstance(event, Noticed):
            assert n_steps == event.step


def test_its_state_is_in_the_checkpoint_under_its_key():
    run, _ = watched()
    run.to_the_end()
    state = run.trainer.state_dict()
    again, diary = watched()
    again.trainer.observers.load_state_dict({"told": [], **{"diary": state["diary"]}})
    assert diary.lines == state["diary"] != []
    again.trainer.observers.load_state_dict({})  # an earlier version had no such observer
    assert diary.lines == state["diary"]


def test_a_hook_that_is_not_overridden_is_not_asked():
    assert overridden([Diary()], "before_step") == []
    assert len(overridden([Diary(), Diary()], "after_step")) == 2
