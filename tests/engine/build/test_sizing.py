"""A budget of parameters: the same for every strategy, or refused."""

import time

import pytest
import torch

from tests.contracts.faces import JOINT, LIFELONG, SHARINGS, name_of, using
from tests.engine.toys import Run, given, methods, spec, task, teaching
from tests.methods.sharing.toys import apart, built, pictures, together
from workbench.engine.build.build import build
from workbench.engine.build.sizing import target_of, widths_of
from workbench.engine.roles.method import BadSpecError
from workbench.spec.entry import Entry
from workbench.spec.experiment import Budget, Choice, TaskChoice

HARD = Budget(match_parameters="hard")

CASES = {
    "own-heads": JOINT,
    "separate-inputs": LIFELONG,
    "views": TaskChoice(family="digits-views"),
}
every_case = pytest.mark.parametrize(
    ("entry", "tasks"),
    [
        pytest.param(entry, CASES[case], id=f"{case}-{name_of(entry)}")
        for entry in SHARINGS
        for case in CASES
        if (case == "views") == ("views" in entry.needs)
    ],
)


def grown(run: Run) -> int:
    """Parameters of a model when every stage has begun."""
    for number, stage in enumerate(run.trainer.stages):
        run.model.begin(number, stage.tasks)
    return sum(p.numel() for p in run.model.parameters())


@every_case
def test_every_strategy_is_sized_to_what_hard_sharing_has(entry: Entry, tasks: TaskChoice):
    encoder = Choice(kind="mlp", hidden=[64, 48])
    run = Run(using(entry, tasks=(tasks,), encoder=encoder, budget=HARD))
    target = target_of(as_given(encoder), list(run.trainer.update.tasks.values()), HARD)
    assert grown(run) == pytest.approx(target, rel=HARD.tolerance)


@pytest.mark.parametrize("kind", [e.key for e in SHARINGS if "views" not in e.needs])
def test_convolutions_are_scaled_too(kind: str):
    encoder = Choice(kind="cnn", channels=[8, 16], hidden=32)
    order = "sequential" if kind == "progressive" else "joint"
    chosen = given(
        sharing=Choice(kind=kind), encoder=encoder, curriculum=Choice(kind=order), budget=HARD
    )
    tasks = [pictures("a"), pictures("bb")]
    run = Run(chosen, teaching(lambda: tasks))
    assert grown(run) == pytest.approx(target_of(as_given(encoder), tasks, HARD), rel=0.02)


def as_given(choice: Choice):
    """The encoder with the widths in its settings."""
    catalogue = methods()
    return catalogue.find("encoder", choice.kind)(catalogue.settings("encoder", choice))


@pytest.mark.parametrize("make", [together, apart])
def test_the_target_is_exactly_hard_sharings_total(make):
    hard = built("hard", make)
    target = target_of(as_given(Choice(kind="mlp", hidden=[8, 8])), make(), HARD)
    assert sum(p.numel() for p in hard.model.parameters()) == target


def test_hard_sharing_keeps_its_widths_and_its_values():
    one = Run(spec(budget=HARD))
    two = Run(spec())
    for a, b in zip(one.model.parameters(), two.model.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("wanted", [5_000, 200_000])
def test_a_number_may_be_asked_for(wanted: int):
    chosen = spec(
        encoder=Choice(kind="mlp", hidden=[64, 64]),
        sharing=Choice(kind="mmoe"),
        budget=Budget(match_parameters="number", parameters=wanted),
    )
    assert grown(Run(chosen)) == pytest.approx(wanted, rel=0.02)


def test_widths_stay_multiples_of_what_the_strategy_needs():
    chosen = spec(
        encoder=Choice(kind="mlp", hidden=[128, 128]),
        sharing=Choice(kind="sluice", subspaces=4),
        budget=HARD,
    )
    run = Run(chosen)
    widths = [run.model.heads.by_name["·digit"].in_features]
    widths += [p.shape[0] for p in run.model.columns.parameters()]
    assert not any(width % 4 for width in widths)


def test_a_budget_that_cannot_be_met_is_refused_with_the_nearest():
    chosen = given(
        sharing=Choice(kind="separate"),
        encoder=Choice(kind="mlp", hidden=[2]),
        budget=Budget(match_parameters="hard", tolerance=0.001),
    )
    with pytest.raises(BadSpecError, match=r"separate cannot have .* the nearest are [\d,]+, at"):
        build(chosen, 0, teaching(together))


def test_an_encoder_without_widths_is_refused():
    chosen = spec(
        tasks=(TaskChoice(family="landscape"),),
        encoder=Choice(kind="point"),
        budget=HARD,
    )
    with pytest.raises(BadSpecError, match="point has no widths to scale"):
        build(chosen, 0, teaching(together))


def test_sizing_pictures_and_vectors_together_scales_both():
    chosen = given(
        sharing=Choice(kind="soft"),
        encoder=Choice(kind="auto", hidden=[32, 32], channels=[8, 8]),
        budget=HARD,
    )
    run = Run(chosen, teaching(lambda: [task("a"), pictures("b")]))
    assert max(widths_of(as_given(chosen.encoder))) == 32
    assert run.model.stages[-1].copies[0][0].out_features < 32


def test_it_takes_a_moment():
    started = time.process_time()
    build(
        spec(
            tasks=(JOINT,),
            encoder=Choice(kind="mlp", hidden=[128, 128]),
            sharing=Choice(kind="ple"),
            budget=HARD,
        ),
        0,
        teaching(together),
    )
    assert time.process_time() - started < 2
