"""Prequential accuracy: asked before it is learned, fading, and changing nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch

from tests.engine import toys
from tests.engine.toys import Run, split_digits, training
from workbench.engine.measure.prequential import Prequential
from workbench.engine.roles.task import Classes, Part, Values
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import DriftDetected, Reported
from workbench.spec.experiment import Choice, Probes, Spec, TaskChoice


def told(run: Run) -> list[Reported]:
    events = [event for event in run.events if isinstance(event, Reported)]
    return [event for event in events if event.source == "stream"]


def probes(**changes: Any) -> Probes:
    return Probes.model_validate({"every": 2, "prequential": True, "fading": 0.9, **changes})


class Always(torch.nn.Module):
    """Answers class 1, whatever it is asked."""

    def forward(self, batch: dict[str, Part]) -> dict[str, torch.Tensor]:
        assert not self.training
        return {name: torch.tensor([0.0, 1.0]).expand(len(p), 2) for name, p in batch.items()}


def stream(fading: float, **outputs: Any) -> Prequential:
    model = cast("Any", Always())
    tasks = {
        name: SimpleNamespace(lacks_answers=False, output=output, data={"train": range(100)})
        for name, output in outputs.items()
    }
    return Prequential(model, cast("Any", tasks), model, probes(fading=fading))


def batch(**targets: list[int]) -> dict[str, Part]:
    return {
        name: Part({"x": torch.zeros(len(item), 1)}, torch.tensor(item))
        for name, item in targets.items()
    }


def new(made: Prequential, **targets: list[int]) -> None:
    """Test on examples that did not come before."""
    drawn = {
        name: (~made.seen[name]).nonzero().squeeze(1)[: len(item)]
        for name, item in targets.items()
        if name in made.seen
    }
    made.test(batch(**targets), drawn)


def values(made: Prequential, name: str = "prequential accuracy") -> dict[str, float]:
    (event,) = made.report(1)
    (table,) = [table for table in event.tables if table.name == name]
    return dict(zip(table.rows, table.values[:, 0].tolist(), strict=True))


def test_errors_fade_as_the_papers_formula_has_it():
    made = stream(0.8, a=Classes(2))
    targets = [1, 0, 0, 1, 1, 0, 1]
    new(made, a=targets[:3])
    new(made, a=targets[3:])
    factors = 0.8 ** np.arange(len(targets) - 1, -1, -1)
    expected = 1 - (factors * (np.array(targets) == 0)).sum() / factors.sum()
    assert values(made) == {"a": pytest.approx(expected)}


def test_without_fading_it_is_the_mean_and_the_stream_is_all_of_it():
    made = stream(1.0, a=Classes(2), b=Classes(2), c=Values(1))
    new(made, a=[1, 0, 0, 0])
    assert values(made) == pytest.approx({"a": 0.25, "b": np.nan, "stream": 0.25}, nan_ok=True)
    new(made, b=[1, 1], c=[0, 0])
    assert values(made) == pytest.approx({"a": 0.25, "b": 1.0, "stream": 0.5})
    new(made, c=[0])
    assert values(made)["stream"] == 0.5


def test_an_example_counts_at_its_first_sight_and_for_training_when_it_comes_again():
    made = stream(1.0, a=Classes(2), b=Classes(2))
    made.test(batch(a=[1, 0, 0]), {"a": torch.tensor([4, 7, 1])})
    (event,) = made.report(1)
    assert [table.name for table in event.tables] == ["prequential accuracy"]
    made.test(batch(a=[0, 1, 0]), {"a": torch.tensor([7, 2, 1])})
    assert values(made)["a"] == pytest.approx(2 / 4)
    assert values(made)["stream"] == pytest.approx(2 / 4)
    assert values(made, "training accuracy") == pytest.approx(
        {"a": 0.0, "b": np.nan, "stream": 0.0}, nan_ok=True
    )


@pytest.mark.parametrize(
    "curriculum",
    [{"kind": "sequential"}, {"kind": "repeating"}, {"kind": "blurred"}, {"kind": "joint"}],
    ids=lambda curriculum: curriculum["kind"],
)
def test_what_comes_again_leaves_the_prequential_accuracy_as_it_is(curriculum: dict[str, Any]):
    """Two epochs count as many examples as there are, and the second as many again."""
    chosen = split_digits(
        curriculum=Choice(**curriculum),
        probes=probes(every=0, fading=1.0),
        training=training(epochs=2, evaluate_every=0),
    )
    run = Run(chosen).to_the_end()
    made = run.trainer.observers.stream
    assert made is not None
    n_visits = 2 if curriculum["kind"] == "repeating" else 1
    for name, task in run.trainer.update.tasks.items():
        n, longest = len(task.data["train"]), curriculum["kind"] == "joint"
        assert made.sums["prequential accuracy"][name][1] == n
        again = made.sums["training accuracy"][name][1]
        assert again >= n if longest else again == (2 * n_visits - 1) * n


def test_an_example_is_asked_before_it_is_learned():
    chosen = split_digits(
        curriculum=Choice(kind="online", batch_size=10), probes=probes(every=1, fading=1.0)
    )
    run = Run(chosen)
    update, seen = run.trainer.update, []
    draw = run.trainer.plan.samplers[0].draw

    def noting() -> Any:
        drawn = draw()
        (name,) = drawn
        update.model.eval()
        with torch.no_grad():
            right = update.model(drawn)[name].argmax(-1) == drawn[name].target
        update.model.train()
        seen.extend(right.tolist())
        return drawn

    run.trainer.plan.samplers[0].draw = noting
    run.to_the_end()
    steps = run.trainer.began.stages[0].steps
    first = [event for event in told(run) if event.step == steps]
    assert first[0].tables[0].values[0, 0] == pytest.approx(np.mean(seen))


@pytest.mark.parametrize(
    "retention", ["none", "der++", "gdumb", "icarl", "slda", "generative-replay"]
)
def test_a_run_is_the_same_with_and_without_it(retention: str):
    plain, probed = (
        Run(split_digits(retention=Choice(kind=retention), probes=chosen)).to_the_end()
        for chosen in (probes(prequential=False), probes())
    )
    rest = [
        event
        for event in probed.events
        if not (isinstance(event, Reported) and event.source == "stream")
    ]
    assert joined(rest) == joined(plain.events)
    assert toys.same(plain.parameters, probed.parameters)
    assert told(probed)
    assert not told(plain)


def test_it_is_told_at_probes_and_at_the_ends_of_stages():
    run = Run(
        split_digits(probes=probes(every=3), training=training(evaluate_every=0))
    ).to_the_end()
    steps = run.trainer.began.stages[0].steps
    expected = set(range(3, steps + 1, 3)) | {steps}
    assert {event.step for event in told(run) if event.step <= steps} == expected


@pytest.mark.parametrize("point", [3, 4, 5, 10])
def test_a_resumed_run_goes_on_bit_for_bit(point: int, tmp_path: Path):
    chosen = split_digits(probes=probes(every=1))
    whole = Run(chosen).to_the_end()
    first = Run(chosen, folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    second = Run(chosen, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)


def test_tasks_that_answer_with_numbers_have_none():
    made = toys.teaching(lambda: [toys.task("line", output=Values(1))])
    run = Run(toys.given(probes=probes()), made).to_the_end()
    assert not told(run)


def turning(detector: str, **changes: Any) -> Spec:
    """A boundary that jumps by a right angle half way, every point seen once."""
    family = TaskChoice(family="drifting-stream", n_stretches=4, samples=400, angle=90)
    return toys.spec(
        tasks=(family,),
        curriculum=Choice(kind="online", batch_size=10),
        optimizer=toys.sgd(0.1),
        probes=probes(every=0, prequential=False, detector=detector),
        **changes,
    )


def found(run: Run) -> list[DriftDetected]:
    return [event for event in run.events if isinstance(event, DriftDetected)]


@pytest.mark.parametrize("detector", ["adwin", "page-hinkley", "ddm"])
def test_a_boundary_that_jumps_is_found_soon(detector: str):
    *early, event = found(Run(turning(detector)).to_the_end())
    assert all(detector == "ddm" and false.step < 10 for false in early)
    assert 80 <= event.step < 120
    assert (event.task, event.detector) == ("stretch-3", detector)


@pytest.mark.parametrize("detector", ["adwin", "page-hinkley", "ddm"])
def test_detection_changes_nothing_and_survives_a_resume(detector: str, tmp_path: Path):
    plain = Run(turning("none")).to_the_end()
    whole = Run(turning(detector)).to_the_end()
    *_, drift = found(whole)
    rest = [e for e in whole.events if e not in told(whole) and not isinstance(e, DriftDetected)]
    assert joined(rest) == joined(plain.events)
    for point in (47, drift.step, drift.step + 1):
        folder = tmp_path / str(point)
        stop = {point: [Stop()]}
        first = Run(turning(detector), folder=folder, commands=stop).to_the_end()
        second = Run(turning(detector), folder=folder, resume=True).to_the_end()
        assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)


def test_an_answer_that_is_no_number_is_wrong():
    made = stream(1.0, a=Classes(2))
    made.answer = lambda _: {"a": torch.full((3, 2), torch.nan)}
    new(made, a=[0, 0, 0])
    assert values(made) == {"a": 0.0}
