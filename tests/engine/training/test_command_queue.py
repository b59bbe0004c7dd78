"""Pause, step, stop and live changes, from another thread and to the step."""

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.toys import Run, same, spec, split_digits, training
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Command, Pause, Resume, SetRate, SetWeight, StepOnce, Stop
from workbench.spec.event import Event, Finished, Intervened, Noticed, StageBegan, StepsDone
from workbench.spec.experiment import Intervention

PATIENCE_SECONDS = 30


class Background:
    """A run in a thread of its own, and what it tells."""

    def __init__(self, run: Run) -> None:
        self.control = run.trainer.interruptions.control
        self._told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._work, args=(run,))

    def _work(self, run: Run) -> None:
        for event in run.trainer.run():
            self._told.put(event)

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.control.send(command)

    def next(self, kind: type[Event]) -> Any:
        """The next event of a kind."""
        while not isinstance(event := self._told.get(timeout=PATIENCE_SECONDS), kind):
            pass
        return event


@pytest.fixture
def background() -> Iterator[Background]:
    """A long run that waits before its first step."""
    background_run = Background(Run(spec(training=training(epochs=10_000))))
    background_run.send(Pause())
    background_run.thread.start()
    yield background_run
    background_run.send(Stop())
    background_run.thread.join(PATIENCE_SECONDS)
    assert not background_run.thread.is_alive()


def test_a_paused_run_takes_one_step_at_a_time(background: Background):
    background.next(StageBegan)
    for step in (1, 2, 3):
        background.send(StepOnce())
        block = background.next(StepsDone)
        assert (block.step, len(block.losses)) == (step, 1)


def test_each_wish_for_a_step_counts(background: Background):
    background.send(StepOnce(), StepOnce(), StepOnce(), SetRate(0.5))
    assert background.next(Intervened).step == 0
    steps = 0
    while steps < 3:
        steps = background.next(StepsDone).step
    background.send(SetRate(0.25))
    assert background.next(Intervened).step == 3


def test_changes_while_paused_hold_from_the_next_step(background: Background):
    background.send(SetWeight("parity", 3.0), SetRate(0.5))
    assert background.next(Intervened) == Intervened(0, "parity", 3.0)
    assert background.next(Intervened) == Intervened(0, None, 0.5)
    background.send(StepOnce())
    block = background.next(StepsDone)
    assert block.weights.tolist() == [[1.0, 3.0]]
    assert block.rates.tolist() == [0.5]


def test_a_resumed_run_goes_on_by_itself(background: Background):
    background.send(Resume())
    while background.next(StepsDone).step < 300:
        pass
    background.send(Pause(), SetRate(0.5))
    step = background.next(Intervened).step
    background.send(SetRate(0.25))
    assert background.next(Intervened).step == step


def test_a_paused_run_can_be_stopped(background: Background):
    background.send(StepOnce(), Stop())
    last = background.next(Finished)
    assert last.status == "stopped"
    assert last.step == 0


@pytest.mark.parametrize("step", [0, 1, 10, 39])
def test_stop_takes_effect_within_one_step(step: int):
    run = Run(spec(training=training(epochs=2)), commands={step: [Stop()]}).to_the_end()
    assert (run.last.status, run.last.step) == ("stopped", step)
    assert sum(len(e.losses) for e in run.events if isinstance(e, StepsDone)) == step


def test_a_stopped_run_tells_the_stages_that_ended():
    run = Run(split_digits(), commands={6: [Stop()]}).to_the_end()
    assert run.last.matrix.shape == (1, 3)
    assert run.last.summary["acc"] is not None


LIVE = {
    0: [SetWeight("2-3", 2.0)],
    2: [SetRate(0.02), SetWeight("0-1", 0.25)],
    4: [SetRate(0.001)],
    7: [Pause(), SetWeight("4-5", 3.0), Resume()],
    11: [SetRate(0.03)],
}


def test_a_spec_with_the_changes_made_live_gives_the_same_run():
    live = Run(split_digits(), commands=LIVE).to_the_end()
    made = [event for event in live.events if isinstance(event, Intervened)]
    assert [event.step for event in made] == [0, 2, 2, 4, 7, 11]
    changes = tuple(
        Intervention(step=event.step, lr=event.value)
        if event.task is None
        else Intervention(step=event.step, task=event.task, weight=event.value)
        for event in made
    )
    replayed = Run(split_digits(interventions=changes)).to_the_end()
    assert joined(replayed.events) == joined(live.events)
    assert same(replayed.parameters, live.parameters)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (SetWeight("nobody", 1.0), "no task 'nobody'"),
        (SetWeight("digit", -1.0), "greater than or equal to 0"),
        (SetWeight("digit", float("nan")), "finite"),
        (SetRate(0.0), "greater than 0"),
        (SetRate(float("inf")), "finite"),
    ],
)
def test_a_change_that_no_spec_could_have_is_not_made(command: Command, reason: str):
    run = Run(spec(), commands={3: [command]}).to_the_end()
    (notice,) = [event for event in run.events if isinstance(event, Noticed)]
    assert (notice.step, notice.source) == (3, "control")
    assert reason in notice.message
    assert same(run.parameters, Run(spec()).to_the_end().parameters)


def test_interventions_after_the_last_step_are_told():
    late = (Intervention(step=5, lr=0.01), Intervention(step=20, lr=0.01))
    run = Run(spec(interventions=late)).to_the_end()
    assert isinstance(run.last, Finished)
    (notice,) = [event for event in run.events if isinstance(event, Noticed)]
    assert notice.source == "interventions"
    assert notice.message.endswith("steps: 20")
