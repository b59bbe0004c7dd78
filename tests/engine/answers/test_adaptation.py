"""How a recorded run's model adapts to a small task: as it did when it ended, or otherwise."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.distributions import heaps, waves
from tests.engine.toys import Run, given, methods, teaching, training
from workbench.engine.answers import saved_run
from workbench.engine.answers.dispatch import answer
from workbench.engine.build.catalogue import Catalogue
from workbench.spec.event import Adapted
from workbench.spec.experiment import Choice, Spec
from workbench.spec.question import Adapt, RefusedError
from workbench.spec.shown.adaptation import AdaptationAnswer, AdaptedLine


@dataclass(frozen=True)
class Ran:
    """A run that ended, and what it told at its end."""

    spec: Spec
    catalogue: Catalogue
    folder: Path
    adapted: Adapted

    def ask(self, **changes: Any) -> AdaptationAnswer:
        """A question about it, with these changes."""
        question = Adapt(self.spec, 0, str(self.folder), self.adapted.task)
        return answer(replace(question, **changes), self.catalogue, lambda done, text: None)


def run_of(folder: Path, learner: Choice, name: str = "waves") -> Ran:
    """A few steps with a learner on a distribution."""
    make = {"waves": waves, "heaps": heaps}[name]
    found = teaching(lambda: [make()])
    spec = given(learner=learner, training=training(batch_size=50))
    run = Run(spec, found, folder=folder / "checkpoint").to_the_end()
    told = [event for event in run.events if isinstance(event, Adapted)]
    return Ran(spec, found, folder, told[-1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where runs are recorded."""
    return tmp_path_factory.mktemp("runs")


def made(path: Path) -> Path:
    """A new folder."""
    path.mkdir()
    return path


@pytest.fixture(scope="module")
def maml(folder: Path) -> Ran:
    """A run of MAML on waves."""
    return run_of(made(folder / "maml"), Choice(kind="maml"))


@pytest.fixture(scope="module")
def prototypes(folder: Path) -> Ran:
    """A run of prototypes on heaps."""
    return run_of(made(folder / "protonet"), Choice(kind="protonet"), "heaps")


@pytest.mark.parametrize("index", [0, 5])
def test_at_the_runs_own_steps_and_rate_it_is_what_the_run_told(maml: Ran, index: int):
    told = maml.ask(index=index)
    assert told.inner_steps == maml.adapted.inner_steps
    assert np.array_equal(told.losses, maml.adapted.losses)
    assert told.shown == maml.adapted.lines[index]
    assert told.step == maml.adapted.step
    assert told.adapts_by_steps
    assert told.rate == 0.01


def test_prototypes_are_as_they_were_told_and_have_neither_steps_nor_rate(prototypes: Ran):
    told = prototypes.ask(index=2)
    assert told.shown == prototypes.adapted.classes[2]
    assert np.array_equal(told.losses, prototypes.adapted.losses)
    assert not told.adapts_by_steps
    assert told.rate is None
    with pytest.raises(RefusedError, match="adapts without inner steps"):
        prototypes.ask(steps=3)
    with pytest.raises(RefusedError, match="has no inner rate"):
        prototypes.ask(rate=0.1)
    with pytest.raises(RefusedError, match="tasks of one number"):
        prototypes.ask(points=((0.0, 1.0),))


def test_learned_rates_are_not_chosen(folder: Path):
    run = run_of(made(folder / "meta-sgd"), Choice(kind="meta-sgd"))
    told = run.ask(steps=2)
    assert told.adapts_by_steps
    assert told.rate is None
    with pytest.raises(RefusedError, match="has no inner rate"):
        run.ask(rate=0.1)


def test_more_steps_go_on_where_fewer_ended(maml: Ran):
    few, many = maml.ask(steps=4), maml.ask(steps=60)
    assert few.inner_steps == (0, 1, 2, 3, 4)
    assert np.array_equal(few.losses, maml.adapted.losses[:5])
    assert many.inner_steps[0] == 0
    assert many.inner_steps[-1] == 60
    assert len(many.inner_steps) == 21
    shared = many.inner_steps.index(9)
    assert np.allclose(many.losses[shared], maml.adapted.losses[9], rtol=1e-5)


def test_another_rate_is_of_this_answer_alone(maml: Ran):
    larger = maml.ask(rate=0.02, steps=1)
    assert larger.rate == 0.02
    assert isinstance(larger.shown, AdaptedLine)
    assert isinstance(maml.adapted.lines[0], AdaptedLine)
    first = maml.adapted.lines[0].answers
    assert np.array_equal(larger.shown.answers[0], first[0])
    assert not np.allclose(larger.shown.answers[1], first[1])
    assert np.array_equal(maml.ask().losses, maml.adapted.losses)


def test_it_adapts_to_points_of_ones_own(maml: Ran):
    points = ((-2.0, 1.0), (0.0, 3.0), (2.0, 1.0))
    told = maml.ask(points=points, steps=50)
    line = told.shown
    assert isinstance(line, AdaptedLine)
    assert np.allclose(line.x, [x for x, _ in points])
    assert np.allclose(line.y, [y for _, y in points])
    assert told.losses.shape == (len(told.inner_steps), 1)
    assert told.losses[-1, 0] < 0.6 * told.losses[0, 0]
    near = np.interp([x for x, _ in points], line.axis, line.answers[0])
    assert told.losses[0, 0] == pytest.approx(np.square(near - line.y).mean(), rel=0.05)
    assert line.axis[0] < -4.5
    assert line.axis[-1] > 4.5
    wide = maml.ask(points=((9.0, 0.0),)).shown
    assert isinstance(wide, AdaptedLine)
    assert wide.axis[-1] == 9.0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"task": "other"}, "has no task other"),
        ({"index": 20}, "has 20 small tasks"),
        ({"index": -1}, "numbered from 0"),
        ({"steps": -1}, "0 to 1,000 inner steps"),
        ({"steps": 5000}, "not 5,000"),
        ({"rate": 0.0}, "above 0"),
        ({"rate": float("nan")}, "above 0"),
        ({"points": ((0.0, float("inf")),)}, "two finite numbers"),
        ({"points": ((0.0, 0.0),) * 1001}, "at most 1,000 points"),
        ({"folder": "/nowhere"}, "has no checkpoint to ask"),
    ],
)
def test_what_cannot_be_asked_is_refused(maml: Ran, changes: dict[str, Any], why: str):
    with pytest.raises(RefusedError, match=why):
        maml.ask(**changes)


def test_a_learner_that_does_not_adapt_is_refused(folder: Path):
    found = teaching(lambda: [waves()])
    spec = given(training=training(batch_size=50))
    where = made(folder / "gradient")
    Run(spec, found, folder=where / "checkpoint").to_the_end()
    with pytest.raises(RefusedError, match="does not adapt"):
        answer(Adapt(spec, 0, str(where), "waves"), found, lambda done, text: None)


def test_asking_changes_neither_the_run_nor_the_chance_of_others(maml: Ran, tmp_path: Path):
    checkpoints = maml.folder / "checkpoint"
    before = {p: p.read_bytes() for p in checkpoints.rglob("*") if p.is_file()}
    saved_run._kept.clear()
    chance, threads = torch.get_rng_state(), torch.get_num_threads()
    maml.ask()
    assert torch.equal(torch.get_rng_state(), chance)
    assert torch.get_num_threads() == threads
    assert {p: p.read_bytes() for p in checkpoints.rglob("*") if p.is_file()} == before


def test_a_damaged_checkpoint_is_passed_over_and_left_where_it_is(folder: Path):
    run = run_of(made(folder / "damaged"), Choice(kind="maml"))
    newest, *others = sorted((run.folder / "checkpoint").iterdir(), reverse=True)
    for other in others:
        shutil.rmtree(other)
    later = newest.with_name("000000099-0")
    later.mkdir()
    for file in newest.iterdir():
        (later / file.name).write_bytes(file.read_bytes()[:-7])
    assert np.array_equal(run.ask().losses, run.adapted.losses)
    assert later.is_dir()
    for file in newest.iterdir():
        file.write_bytes(b"")
    saved_run._kept.clear()
    with pytest.raises(RefusedError, match="is damaged"):
        run.ask()
    assert sorted(p.name for p in (run.folder / "checkpoint").iterdir()) == [
        newest.name,
        later.name,
    ]


def test_the_run_asked_about_last_is_read_once(maml: Ran, monkeypatch: pytest.MonkeyPatch):
    maml.ask()
    monkeypatch.setattr(saved_run, "building", lambda *of, **more: pytest.fail("read again"))
    maml.ask(steps=3)
    maml.ask(points=((0.0, 1.0),))


LEARNERS = [
    method
    for (role, _), method in sorted(methods().methods.items())
    if role == "learner" and method.adapts
]


@pytest.mark.parametrize("kind", LEARNERS, ids=lambda kind: kind.key)
def test_every_learner_says_what_of_its_inner_loop_may_be_chosen(kind: type[Any]):
    learner = kind(kind.Settings())
    assert learner.adapts_by_steps == (0 in learner.shown_after)
    if not learner.adapts_by_steps or learner.learns_rates:
        assert learner.inner_rate is None
        return
    rate = learner.inner_rate
    assert learner.at_rate(3 * rate).inner_rate == 3 * rate
    assert learner.inner_rate == rate
