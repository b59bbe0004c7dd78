"""Parameters, work and memory, known before anything is trained."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.contracts.faces import LIFELONG, SHARINGS, name_of, using
from tests.engine.toys import (
    Run,
    Scalar,
    discovered,
    given,
    methods,
    sgd,
    spec,
    split_digits,
    task,
    teaching,
)
from tests.methods.sharing.toys import apart, together
from workbench.engine.answers.dispatch import answer
from workbench.engine.build import build as session
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.retention import Retention
from workbench.spec.check import is_judged_built
from workbench.spec.cost import ModelCost, amount
from workbench.spec.entry import Entry
from workbench.spec.event import Failed
from workbench.spec.experiment import Budget, Choice, Probes, Spec, TaskChoice
from workbench.spec.question import Cost, RefusedError

every_sharing = pytest.mark.parametrize("entry", SHARINGS, ids=name_of)


def asked(chosen: Spec, found: Catalogue | None = None) -> ModelCost:
    return answer(Cost(chosen), found or methods(), lambda *_: None)


@every_sharing
def test_what_is_counted_is_what_a_run_has_in_the_end(entry: Entry):
    chosen = using(entry)
    cost = asked(chosen)
    run = Run(chosen)
    for number, stage in enumerate(run.trainer.stages):
        run.model.begin(number, stage.tasks)
    assert cost.parameters == sum(p.numel() for p in run.model.parameters())
    assert cost.shared_parameters == sum(p.numel() for p in run.model.shared_parameters())
    assert cost.structure == run.model.structure()
    assert cost.flops
    assert cost.memory
    assert not cost.reasons


def test_work_is_two_for_each_multiplication_and_addition():
    # One trunk 4 → 8 → 8 and two heads of two classes, on one input.
    chosen = given(encoder=Choice(kind="mlp", hidden=[8, 8]))
    assert asked(chosen, teaching(together)).flops == 2 * (4 * 8 + 8 * 8 + 2 * 8 * 2)


def test_work_is_told_for_one_example_where_tasks_see_examples_of_their_own():
    chosen = given(encoder=Choice(kind="mlp", hidden=[8, 8]))
    assert asked(chosen, teaching(apart)).flops == 2 * (4 * 8 + 8 * 8 + 8 * 2)


def test_convolutions_are_counted_at_every_place():
    from tests.methods.sharing.toys import pictures

    chosen = given(encoder=Choice(kind="cnn", channels=[4], grid=1, hidden=5))
    expected = 2 * (2 * 4 * 9 * 8 * 8 + 4 * 5 + 5 * 3)
    assert asked(chosen, teaching(lambda: [pictures("a")])).flops == expected


def test_memory_is_that_of_a_step():
    # 10 examples of 4 numbers and a class number, one layer of 6, two classes.
    chosen = given(
        encoder=Choice(kind="mlp", hidden=[6]),
        optimizer=sgd(0.1),
        training=spec().training.model_copy(update={"batch_size": 10}),
    )
    cost = asked(chosen, teaching(lambda: [task("a")]))
    n = 4 * 6 + 6 + 6 * 2 + 2
    batch = 10 * 4 * 4 + 10 * 8
    # kept for the backward pass: what came out of the layer, and the logarithms of the chances
    n_feature_bytes = 10 * 6 * 4 + 10 * 2 * 4
    assert cost.memory == pytest.approx(4 * n * 2 + batch + n_feature_bytes, abs=8)
    momentum = chosen.model_copy(update={"optimizer": sgd(0.1, momentum=0.9)})
    more = asked(momentum, teaching(lambda: [task("a")])).memory
    assert more == pytest.approx(cost.memory + 4 * n)


def test_a_larger_batch_takes_more_memory_and_no_more_work():
    one, two = (
        asked(spec(training=spec().training.model_copy(update={"batch_size": n})))
        for n in (16, 256)
    )
    assert one.flops == two.flops
    assert one.memory
    assert two.memory
    assert two.memory > one.memory


def test_a_budget_is_told_with_what_came_of_it():
    chosen = spec(encoder=Choice(kind="mlp", hidden=[64]), sharing=Choice(kind="mmoe"))
    cost = asked(chosen.model_copy(update={"budget": Budget(match_parameters="hard")}))
    assert cost.target
    assert cost.parameters == pytest.approx(cost.target, rel=0.02)
    assert len(cost.widths) == 1
    assert cost.widths[0] < 64


def test_growth_is_counted():
    chosen = using(next(entry for entry in SHARINGS if entry.key == "progressive"))
    assert chosen.tasks == (LIFELONG,)
    first = sum(p.numel() for p in Run(chosen).model.parameters())
    assert asked(chosen).parameters > first


def test_what_cannot_be_counted_says_why():
    class Peeking(Scalar):
        key = "peeking"

        def forward(self, batch: object) -> dict[str, Tensor]:
            if self.value.item() > 0:
                raise AssertionError
            return {}

    cost = asked(given(sharing=Choice(kind="peeking")), teaching(together, sharing=Peeking))
    assert cost.parameters == 1
    assert cost.flops is None
    assert cost.memory is None
    assert "meta" in cost.reasons["flops"]


def test_a_setup_that_cannot_be_built_is_refused_with_its_field():
    with pytest.raises(RefusedError, match="there is no 'none-such'") as caught:
        asked(spec(sharing=Choice(kind="none-such")))
    assert caught.value.field == "sharing.kind"


def regressions(**changes: Any) -> Spec:
    """Tasks that answer with numbers."""
    return spec(tasks=(TaskChoice(family="linnerud"),), **changes)


@pytest.mark.parametrize(
    "chosen",
    [
        *(split_digits(retention=Choice(kind=key)) for key in ("hat", "packnet")),
        regressions(curriculum=Choice(kind="sequential"), retention=Choice(kind="icarl")),
        split_digits(device="mps"),
        split_digits(sharing=Choice(kind="groups", groups="none-such")),
        spec(probes=Probes(layers=("none-such",))),
        regressions(curriculum=Choice(kind="drift", boundaries="adwin")),
        spec(
            balancing=Choice(kind="mgda", gradients_in="representation"),
            retention=Choice(kind="replay"),
            curriculum=Choice(kind="sequential"),
        ),
    ],
)
def test_what_a_run_refuses_is_refused_before_it_with_the_same_words(chosen: Spec):
    last = list(session.run(chosen, 0, methods()))[-1]
    assert isinstance(last, Failed)
    with pytest.raises(RefusedError) as caught:
        asked(chosen)
    assert caught.value.field == last.place
    assert f"{caught.value.field}: {caught.value.message}" == last.message
    known = {(entry.role, entry.key): entry for entry in discovered().entries()}
    assert is_judged_built(chosen, known)


def test_a_retention_method_that_looks_at_the_model_says_so():
    catalogue = methods().methods
    for method in (made for (role, _), made in catalogue.items() if role == "retention"):
        looks = method.prepare is not Retention.prepare
        assert method.is_judged_built == looks, method.key


def test_asking_draws_no_random_number():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    asked(spec(sharing=Choice(kind="ltb"), budget=Budget(match_parameters="hard")))
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (999.6, "1 k"), (25_610, "25.6 k"), (1_234_567, "1.23 M")],
)
def test_amounts_are_short(value: float, text: str):
    assert amount(value) == text
    assert amount(25_610, "B") == "25.6 kB"


def test_a_model_without_inputs_is_counted_too():
    chosen = Spec(tasks=(TaskChoice(family="landscape"),), encoder=Choice(kind="point"))
    cost = asked(chosen)
    assert (cost.parameters, cost.flops, cost.reasons) == (2, 0.0, {})
