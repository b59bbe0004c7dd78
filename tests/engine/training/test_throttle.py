"""A pace holds steps back and changes nothing else."""

import pytest

from tests.engine.toys import Run, same, spec, split_digits
from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.interruptions import Interruptions
from workbench.engine.training.throttle import Throttle
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Pause, Resume, SetPace, SetRate, Stop
from workbench.spec.event import Noticed


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class WaitingControl(CommandQueue):
    """Waits by moving the clock; `then` is sent in the middle of the first wait."""

    def __init__(self, clock: Clock, then: object = None) -> None:
        super().__init__()
        self.clock, self.then = clock, then
        self.waits: list[float | None] = []

    def wait(self, seconds: float | None = None) -> None:
        self.waits.append(seconds)
        assert seconds is not None
        if self.then is None:
            self.clock.now += seconds
        else:
            self.clock.now += seconds / 2
            self.send(self.then)  # pyright: ignore[reportArgumentType]
            self.then = None


def paced(control: WaitingControl, steps_per_second: float, n_steps: int) -> list[int]:
    """The steps before which there was something to do."""
    interruptions = Interruptions(control, [], ["a"], Throttle(control.clock))
    control.send(SetPace(steps_per_second))
    stops: list[int] = []
    for step in range(n_steps):
        if interruptions.are_due(step):
            stops.append(step)
            list(interruptions.between_steps(step))
    return stops


@pytest.mark.parametrize(("rate", "n_stops"), [(10, 21), (100, 5), (2000, 1)])
def test_steps_come_at_the_pace_in_bursts_of_a_twentieth_of_a_second(rate: int, n_stops: int):
    clock = Clock()
    stops = paced(WaitingControl(clock), rate, 21)
    assert len(stops) == n_stops
    assert clock.now == pytest.approx(100 + stops[-1] / rate)


def test_without_a_pace_no_step_is_looked_at():
    interruptions = Interruptions(CommandQueue(), [], ["a"])
    assert not any(interruptions.are_due(step) for step in range(1000))


@pytest.mark.parametrize("asked", [Stop(), SetPace(None), SetRate(0.5)])
def test_a_command_is_obeyed_in_the_middle_of_a_wait(asked: object):
    control = WaitingControl(Clock(), asked)
    interruptions = Interruptions(control, [], ["a"], Throttle(control.clock))
    control.send(SetPace(1))
    list(interruptions.between_steps(0))
    list(interruptions.between_steps(1))
    assert control.waits[0] == pytest.approx(1.0)
    assert interruptions.is_stopped == (asked == Stop())
    assert len(control.waits) == (2 if asked == SetRate(0.5) else 1)


def test_time_lost_elsewhere_is_not_made_up_for():
    clock = Clock()
    throttle = Throttle(clock)
    throttle.set(10, 0)
    clock.now += 60
    assert throttle.seconds_left(1) == 0
    assert throttle.seconds_left(2) == pytest.approx(0.1)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_pace_that_is_none_is_told_and_not_kept(rate: float):
    run = Run(spec(), commands={3: [SetPace(rate)]}).to_the_end()
    (notice,) = [event for event in run.events if isinstance(event, Noticed)]
    assert "more than 0 steps a second" in notice.message


def test_events_and_parameters_are_the_same_with_a_pace():
    commands = {0: [SetPace(5000)], 4: [SetPace(2000)], 7: [Pause(), Resume()], 9: [SetPace(None)]}
    slow = Run(split_digits(), commands=commands).to_the_end()
    quick = Run(split_digits()).to_the_end()
    assert joined(slow.events) == joined(quick.events)
    assert same(slow.parameters, quick.parameters)
