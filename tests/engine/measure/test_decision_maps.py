"""Maps of the plane: determined by the spec, free where nobody looks, and changing nothing."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.toys import methods
from workbench.engine.build.build import build, run
from workbench.engine.measure.decision_maps import MOST_TASKS, SIDE, DecisionMaps, is_in_plane
from workbench.engine.training.command_queue import CommandQueue
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Pause, Stop, WatchPlanes
from workbench.spec.event import Event, Mapped, Plotted, StepsDone
from workbench.spec.experiment import Spec
from workbench.spec.preset import parse, spec_of

PRESET = """
version: 1
name: Boundaries
tasks:
  - {{family: boundaries-2d, n_tasks: {n}, rotation: {rotation}, samples: 64}}
curriculum: {{kind: {curriculum}}}
sharing: {{kind: {sharing}}}
training: {{epochs: 2, batch_size: 32, threads: 1, evaluate_every: 0}}
"""


def spec(
    curriculum: str = "sequential", sharing: str = "hard", n: int = 2, rotation: int = 30
) -> Spec:
    text = PRESET.format(curriculum=curriculum, sharing=sharing, n=n, rotation=rotation)
    return spec_of(parse(text))


def told(of: Spec, control: CommandQueue | None = None) -> list[Event]:
    return list(run(of, 0, methods(), control))


def maps(events: list[Event]) -> list[Mapped]:
    return [event for event in events if isinstance(event, Mapped)]


def test_planes_are_told_once_and_maps_before_training_and_at_every_stage_end():
    events = told(spec())
    (plotted,) = [event for event in events if isinstance(event, Plotted)]
    assert [plane.task for plane in plotted.planes] == ["boundary-1", "boundary-2"]
    first, second = plotted.planes
    assert (first.x, first.y) == (second.x, second.y)
    assert first.points.shape == (64, 2)
    assert first.points[:, 0].min() > first.x[0]
    assert [(m.step, m.stage, m.is_timed) for m in maps(events)] == [
        (0, -1, False),
        (4, 0, False),
        (8, 1, False),
    ]
    assert maps(events)[0].maps[0].classes.shape == (SIDE, SIDE)


def test_tasks_without_a_plane_tell_nothing():
    digits = spec_of(
        parse(
            "version: 1\ntasks:\n - {family: digits-attributes, task: digit}\n"
            "training: {epochs: 1, threads: 1}\n"
        )
    )
    assert not [event for event in told(digits) if isinstance(event, Plotted | Mapped)]


def test_the_map_is_what_the_model_answers_there():
    trainer = build(spec("joint"), 0, methods())
    events = trainer.observers.maps.begun(0)
    plotted, mapped = events
    assert isinstance(plotted, Plotted)
    assert isinstance(mapped, Mapped)
    plane, result = plotted.planes[0], mapped.maps[0]
    x = np.linspace(*plane.x, SIDE)[10]
    y = np.linspace(*plane.y, SIDE)[50]
    task = trainer.update.tasks["boundary-1"]
    part = task.data["train"][:1]
    place = type(part)({"point": torch.tensor([[x, y]], dtype=torch.float32)}, part.target)
    share, cls = trainer.model({"boundary-1": place})["boundary-1"].softmax(1).max(1)
    assert result.classes[50, 10] == cls.item()
    assert result.shares[50, 10] == pytest.approx(share.item(), abs=1 / 255)


@pytest.mark.parametrize("sharing", ["hard", "separate", "cross-stitch", "mmoe", "ple", "mtan"])
@pytest.mark.parametrize("rotation", [0, 30], ids=["one-input", "own-inputs"])
def test_every_way_of_sharing_is_mapped(sharing: str, rotation: int):
    maps_made = maps(told(spec("joint", sharing, rotation=rotation)))
    assert [len(event.maps) for event in maps_made] == [2, 2]


def test_being_watched_changes_nothing_but_timed_maps():
    control = CommandQueue()
    control.send(WatchPlanes(True))
    watched = told(spec(), control)
    timed = [m for m in maps(watched) if m.is_timed]
    assert timed
    assert joined(watched) == joined(told(spec()))


def test_a_paused_run_is_mapped_at_once():
    control = CommandQueue()
    control.send(Pause())
    control.send(WatchPlanes(True))
    events = run(spec(), 0, methods(), control)
    seen: list[Any] = []
    for event in events:
        seen.append(event)
        if isinstance(event, Mapped) and event.is_timed:
            control.send(Stop())
    assert not [event for event in seen if isinstance(event, StepsDone)]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_timed_maps_come_twice_a_second_at_most_and_cost_a_fifth_of_the_time():
    trainer, clock = build(spec("joint"), 0, methods()), Clock()
    seconds = 0.01

    def answer(batch: Any) -> Any:
        clock.now += seconds
        return trainer.model(batch)

    planes = DecisionMaps(trainer.model, trainer.update.tasks, answer, clock)
    assert not planes.are_due
    assert len(planes.watch(True, 0, 0)) == 1
    clock.now = 0.5
    assert not planes.are_due
    clock.now = 0.52
    assert planes.are_due
    seconds = 1.0
    planes.maps(0, 0, is_timed=True)
    clock.now += 3.9
    assert not planes.are_due
    clock.now += 0.2
    assert planes.are_due
    assert planes.watch(False, 0, 0) == []
    clock.now += 10
    assert not planes.are_due


def test_a_model_in_training_stays_in_training_and_draws_no_random_number():
    trainer = build(spec("joint"), 0, methods())
    trainer.model.train()
    before = torch.random.get_rng_state()
    trainer.observers.maps.maps(0, 0)
    assert trainer.model.training
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_model_that_has_gone_astray_is_sure_of_nothing():
    trainer = build(spec(), 0, methods())
    for parameter in trainer.model.parameters():
        parameter.data.fill_(torch.nan)
    (event,) = (e for e in trainer.observers.maps.maps(0, 0) if isinstance(e, Mapped))
    assert all(not item.certainties.any() for item in event.maps)


def test_of_very_many_tasks_the_first_are_mapped():
    trainer = build(spec("joint", n=MOST_TASKS + 3), 0, methods())
    assert len(trainer.observers.maps.tasks) == MOST_TASKS


def test_only_two_numbers_and_classes_make_a_plane():
    trainer = build(spec("joint"), 0, methods())
    assert all(is_in_plane(task) for task in trainer.update.tasks.values())
    iris = methods().find("tasks", "iris")
    assert not any(is_in_plane(task) for task in iris(iris.Settings()).tasks())
