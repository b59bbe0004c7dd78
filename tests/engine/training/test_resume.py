"""A run that was interrupted and resumed equals one that was not, bit for bit."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from tests.engine.toys import Run, same, sgd, spec, split_digits, training
from workbench.engine.training.observers import checkpoints
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Began, CheckpointSaved, Finished
from workbench.spec.experiment import (
    Choice,
    Heads,
    Intervention,
    Optimizer,
    Schedule,
    Spec,
    TaskChoice,
)

#: Three stages of four steps, or one of twenty.
LIFELONG = training(evaluate_every=3)
JOINT = training(evaluate_every=7)


def scheduled(kind: str) -> Optimizer:
    return Optimizer(schedule=Schedule(kind=kind))


PAIRS = ("0-1", "2-3", "4-5", "6-7")

SPECS: dict[str, Callable[[], Spec]] = {
    "joint": lambda: spec(training=JOINT),
    "pcgrad": lambda: spec(training=JOINT, balancing=Choice(kind="pcgrad")),
    "momentum": lambda: spec(training=JOINT, optimizer=sgd(0.1, momentum=0.9)),
    "separate": lambda: spec(training=JOINT, sharing=Choice(kind="separate")),
    # Random numbers are drawn in every forward pass.
    "dropout": lambda: split_digits(
        training=LIFELONG,
        encoder=Choice(kind="mlp", hidden=[16, 16], norm=True, dropout=0.3),
        heads=Heads(hidden=(8,), dropout=0.3),
        retention=Choice(kind="der", memory=20, batch_size=8),
    ),
    "cosine": lambda: split_digits(training=LIFELONG, optimizer=scheduled("cosine")),
    "one-cycle": lambda: split_digits(training=LIFELONG, optimizer=scheduled("one-cycle")),
    "replay": lambda: split_digits(
        training=LIFELONG, retention=Choice(kind="replay", memory=20, batch_size=8)
    ),
    "ewc": lambda: split_digits(training=LIFELONG, retention=Choice(kind="ewc", examples=8)),
    # In the second stage the first group rests: the shared parameters are cut.
    "rests": lambda: spec(
        tasks=tuple(TaskChoice(family="digits-split", task=pair) for pair in PAIRS),
        curriculum=Choice(kind="blocked", size=2),
        sharing=Choice(kind="groups", groups="0-1, 2-3 | 4-5, 6-7"),
        balancing=Choice(kind="mgda"),
        training=LIFELONG,
        optimizer=Optimizer(weight_decay=0.1),
    ),
    "interventions": lambda: split_digits(
        training=LIFELONG,
        interventions=(
            Intervention(step=0, task="0-1", weight=2.0),
            Intervention(step=5, lr=0.01),
            Intervention(step=5, task="2-3", weight=0.5),
            Intervention(step=8, lr=0.02),
        ),
    ),
}

#: First and last step of a stage, the steps around them, and the middle.
POINTS = dict.fromkeys(SPECS, (0, 1, 3, 4, 5, 8, 11))
POINTS["rests"] = (3, 4, 5, 7)
POINTS["dropout"] = (3, 5, 8)
for _name in ("joint", "pcgrad", "momentum", "separate"):
    POINTS[_name] = (0, 1, 13, 19)

CASES = [(name, point) for name, points in POINTS.items() for point in points]


@cache
def uninterrupted(name: str) -> Run:
    return Run(SPECS[name]()).to_the_end()


def assert_went_on(first: Run, second: Run, whole: Run) -> None:
    """`first`, without its end, and `second`, without its Began, are `whole`."""
    assert isinstance(second.events[0], Began)
    events = [event for event in first.events if not isinstance(event, Finished)]
    assert joined(events + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


@pytest.mark.parametrize(("name", "point"), CASES)
def test_after_a_stop(name: str, point: int, tmp_path: Path):
    first = Run(SPECS[name](), folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    assert first.last.status == "stopped"
    assert first.last.step == point
    torch.manual_seed(99)
    second = Run(SPECS[name](), folder=tmp_path, resume=True)
    assert second.trainer.began.step == point
    assert_went_on(first, second.to_the_end(), uninterrupted(name))


@pytest.mark.parametrize("name", SPECS)
def test_after_a_kill_at_any_checkpoint(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoints, "CHECKPOINT_SECONDS", -1.0)
    killed = Run(SPECS[name](), folder=tmp_path / "run")
    received: dict[int, int] = {}
    for event in killed.trainer.run():
        killed.events.append(event)
        if isinstance(event, CheckpointSaved) and event.step in POINTS[name]:
            shutil.copytree(event.path, tmp_path / str(event.step) / Path(event.path).name)
            received[event.step] = len(killed.events)
    assert tuple(received) == POINTS[name]
    assert joined(killed.events) == joined(uninterrupted(name).events)
    monkeypatch.undo()
    for point, n_told in received.items():
        first = Run(SPECS[name]())
        first.events = killed.events[:n_told]
        second = Run(SPECS[name](), folder=tmp_path / str(point), resume=True).to_the_end()
        assert_went_on(first, second, uninterrupted(name))


def test_several_times_in_a_row(tmp_path: Path):
    name = "replay"
    events = Run(SPECS[name](), folder=tmp_path, commands={2: [Stop()]}).to_the_end().events[:-1]
    for point in (5, 9):
        again = Run(SPECS[name](), folder=tmp_path, resume=True, commands={point: [Stop()]})
        events += again.to_the_end().events[1:-1]
    last = Run(SPECS[name](), folder=tmp_path, resume=True).to_the_end()
    assert joined(events + last.events[1:]) == joined(uninterrupted(name).events)
    assert same(last.parameters, uninterrupted(name).parameters)


def test_a_finished_run_resumed_finishes_again(tmp_path: Path):
    first = Run(SPECS["ewc"](), folder=tmp_path).to_the_end()
    again = Run(SPECS["ewc"](), folder=tmp_path, resume=True).to_the_end()
    assert again.last == first.last
    assert same(again.parameters, first.parameters)


def test_a_run_cut_short_before_its_first_checkpoint_is_resumed_from_the_start(tmp_path: Path):
    again = Run(SPECS["ewc"](), folder=tmp_path, resume=True).to_the_end()
    assert joined(again.events) == joined(uninterrupted("ewc").events)
