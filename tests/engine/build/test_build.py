"""From a Spec to a run, and a run to its events."""

import pytest
import torch

from tests.contracts.files import settings_of
from tests.engine.toys import (
    Run,
    given,
    methods,
    same,
    spec,
    split_digits,
    task,
    teaching,
    training,
)
from workbench.engine.build import build as session
from workbench.engine.training.command_queue import CommandQueue
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Began, Evaluated, Failed, Finished, Preparing, StepsDone
from workbench.spec.experiment import Choice, Intervention, Spec, TaskChoice


def failure(chosen: Spec) -> Failed:
    (event,) = session.run(chosen, 0, methods())
    assert isinstance(event, Failed)
    return event


def test_the_events_of_a_small_run():
    run = Run(split_digits(training=training(epochs=1, evaluate_every=3))).to_the_end()
    began = run.events[0]
    assert isinstance(began, Began)
    assert [stage.name for stage in began.stages] == ["0-1", "2-3", "4-5"]
    assert [(type(event).__name__, event.step) for event in joined(run.events)] == [
        ("Began", 0),
        ("Evaluated", 0),
        ("Evaluated", 0),
        *[
            (kind, first + step)
            for first in (0, 4, 8)
            for kind, step in (
                ("StageBegan", 0),
                # Nothing grows here: how the model is put together is told once.
                *([("Structured", 0)] if first == 0 else []),
                ("StepsDone", 3),
                ("Evaluated", 3),
                ("StepsDone", 4),
                ("Evaluated", 4),
                ("Evaluated", 4),
                # From the second stage on there is a past to be like, or not.
                *([("Reported", 4)] if first else []),
            )
        ],
        ("Finished", 12),
    ]


def test_losses_of_tasks_that_are_not_learned_are_nan():
    run = Run(split_digits()).to_the_end()
    block = next(event for event in run.events if isinstance(event, StepsDone))
    assert (block.losses[0] == block.losses[0]).tolist() == [True, False, False]


def test_the_same_spec_and_seed_give_equal_events():
    one, two = Run(spec()).to_the_end(), Run(spec()).to_the_end()
    assert joined(one.events) == joined(two.events)
    assert same(one.parameters, two.parameters)


def test_another_seed_gives_another_start_and_another_order():
    one, two = Run(spec(), seed=0), Run(spec(), seed=1)
    assert not same(one.parameters, two.parameters)
    first = [run.trainer.plan.samplers[0].draw()["digit"].target for run in (one, two)]
    assert not torch.equal(*first)


def test_methods_that_draw_numbers_do_not_change_start_and_order():
    plain = Run(split_digits())
    other = Run(split_digits(retention=Choice(kind="replay"), balancing=Choice(kind="pcgrad")))
    assert same(plain.parameters, other.parameters)
    first = [run.trainer.plan.samplers[0].draw()["0-1"].target for run in (plain, other)]
    assert torch.equal(*first)


def test_balancing_draws_the_same_whatever_retention_draws():
    def draw(retention: Choice) -> torch.Tensor:
        update = Run(split_digits(retention=retention)).trainer.update
        torch.rand(5, generator=update.retention.generator)
        return torch.rand(5, generator=update.balancing.generator)

    assert torch.equal(draw(Choice(kind="none")), draw(Choice(kind="replay")))


def test_evaluate_every_zero_evaluates_at_stage_ends_only():
    run = Run(split_digits(training=training(evaluate_every=0))).to_the_end()
    steps = [(e.split, e.step) for e in run.events if isinstance(e, Evaluated) and e.stage >= 0]
    assert steps == [(split, step) for step in (4, 8, 12) for split in ("val", "test")]


def test_a_batch_may_be_larger_than_the_data():
    run = Run(
        given(training=training(batch_size=1000, epochs=3)), teaching(lambda: [task("a", 7)])
    ).to_the_end()
    assert isinstance(run.last, Finished)
    assert run.last.step == 3


def test_one_task_alone_can_be_learned_with_every_balancing():
    for kind in ("fixed", "pcgrad"):
        run = Run(given(balancing=Choice(kind=kind)), teaching(lambda: [task("a")])).to_the_end()
        assert isinstance(run.last, Finished)


def test_validation_between_steps_does_not_change_what_is_learned():
    seldom, often = (
        Run(spec(training=training(evaluate_every=every))).to_the_end() for every in (0, 1)
    )
    assert same(seldom.parameters, often.parameters)


def test_the_reader_of_events_takes_no_training_time(monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr("workbench.engine.training.step_buffer.perf_counter", lambda: now[0])
    monkeypatch.setattr("workbench.engine.training.step_buffer._STEPS", 5)
    run = Run(spec(training=training(evaluate_every=0)))
    for event in run.trainer.run():
        run.events.append(event)
        now[0] += 100.0
    assert run.last.train_seconds == 0.0


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        (spec(balancing=Choice(kind="nothing")), "balancing.kind: there is no 'nothing'"),
        (spec(device="cuda:7"), "device"),
        (
            spec(interventions=(Intervention(step=0, task="nobody", weight=1.0),)),
            "interventions.0.task: there is no task 'nobody' (there is: digit, parity)",
        ),
        (spec(encoder=Choice(kind="mlp", hidden=[0])), "encoder.hidden.0: "),
        (spec(tasks=(TaskChoice(family="nothing"),)), "tasks.0.family: there is no 'nothing'"),
    ],
)
def test_a_spec_that_cannot_run_fails_with_the_field(chosen: Spec, reason: str):
    if chosen.device != "cpu" and torch.cuda.is_available():
        pytest.skip("this machine has CUDA devices")
    assert failure(chosen).message.startswith(reason)


def test_an_error_in_a_method_fails_the_run_with_its_step_and_traceback():
    from workbench.engine.roles.balancing import Balancing

    class Breaks(Balancing):
        """Gives up at the third step."""

        key = "breaks"
        n = 0

        def weigh(self, step: object) -> torch.Tensor:
            self.n += 1
            if self.n == 3:
                raise ZeroDivisionError("a solver gave up")
            return torch.ones(2)

    catalogue = teaching(list, balancing=Breaks)
    *_, last = session.run(spec(balancing=Choice(kind="breaks")), 0, catalogue)
    assert isinstance(last, Failed)
    assert (last.step, last.message) == (2, "ZeroDivisionError: a solver gave up")
    assert "in weigh" in last.details


def test_a_run_that_nobody_reads_does_nothing():
    events = Run(spec()).trainer.run()
    assert isinstance(next(events), Began)
    assert isinstance(next(events), Evaluated)
    events.close()


def test_reading_data_is_told_before_the_run_and_makes_no_difference(
    monkeypatch: pytest.MonkeyPatch,
):
    choice = TaskChoice(family="table", **settings_of("table"))
    spec = Spec(tasks=(choice,), training=training(epochs=1))
    plain = list(session.run(spec, 0, methods()))
    monkeypatch.setattr(session, "PREPARING_SECONDS", 0.0)
    events = list(session.run(spec, 0, methods()))
    before = [event for event in events if isinstance(event, Preparing)]
    assert "checking iris.csv" in [event.text for event in before]
    assert all(event.done is None or 0 <= event.done <= 1 for event in before)
    assert events[: len(before)] == before
    assert joined(events) == joined(plain)


def test_a_stop_is_heard_while_data_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "PREPARING_SECONDS", 0.0)
    choice = TaskChoice(family="table", **settings_of("table"))
    control = CommandQueue()
    events = session.run(Spec(tasks=(choice,), training=training()), 0, methods(), control)
    assert isinstance(next(events), Preparing)
    control.send(Stop())
    (last,) = events
    assert isinstance(last, Finished)
    assert (last.status, last.step, last.matrix.shape) == ("stopped", 0, (0, 0))
