"""Views: several looks at one example, fused."""

import copy
from typing import Any

import pytest
import torch

from tests.contracts.faces import CATALOGUE
from tests.engine.toys import SPLITS, Run, given, sgd, task, teaching, training
from tests.methods.sharing.toys import reached, shake
from workbench.engine.blocks.sharing.views import (
    canonical_correlations,
    correlation_of_views,
    distance_of_views,
)
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Image, InputKind, Part, Task, Vector
from workbench.spec.check import FACTS, problems
from workbench.spec.experiment import Choice, Spec, TaskChoice

KINDS = ["views-early", "views-late", "views-coreg", "views-dcca", "views-gated"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def seen(missing: float = 0.0) -> list[Task]:
    """Two tasks on the same two views, of different sizes."""
    generator = torch.Generator().manual_seed(0)
    tasks: list[dict[str, Part]] = [{}, {}]
    maps = [torch.randn(2, n, generator=generator) for n in (5, 3)]
    for split in SPLITS:
        cause = torch.randn(24, 2, generator=generator)
        wide, narrow = (
            cause @ one + 0.1 * torch.randn(24, one.shape[1], generator=generator) for one in maps
        )
        narrow = narrow * (torch.rand(24, 1, generator=generator) >= missing)
        for i, data in enumerate(tasks):
            data[split] = Part({"wide": wide, "narrow": narrow}, (cause[:, i] > 0).long())
    kinds: dict[str, InputKind] = {"wide": Vector(5), "narrow": Vector(3)}
    return [Task(name, kinds, Classes(2), data) for name, data in zip("ab", tasks, strict=True)]


def built(kind: str, make: Any = seen, **settings: Any) -> Run:
    chosen = given(
        sharing=Choice(kind=kind, **settings),
        encoder=Choice(kind="mlp", hidden=[8, 8], activation="tanh"),
        optimizer=sgd(0.3),
        training=training(epochs=8, batch_size=8, evaluate_every=0),
    )
    return Run(chosen, teaching(make))


@pytest.mark.parametrize("rho", [(0.9, 0.5, 0.1), (0.99, 0.0, 0.7)])
def test_the_canonical_correlations_of_a_gaussian_are_recovered(rho: tuple[float, ...]):
    generator = torch.Generator().manual_seed(0)
    n, k = 200_000, len(rho)
    wanted = torch.tensor(rho, dtype=torch.float64)
    x, noise = torch.randn(2, n, k, generator=generator, dtype=torch.float64)
    y = wanted * x + (1 - wanted.square()).sqrt() * noise
    mixed = [
        values @ torch.randn(k, k, generator=generator, dtype=torch.float64) + 3
        for values in (x, y)
    ]
    correlations = canonical_correlations(*mixed, ridge=0.0)
    torch.testing.assert_close(
        correlations, wanted.sort(descending=True).values, atol=0.006, rtol=0
    )


def test_training_for_correlation_finds_the_common_cause():
    # Two views of five numbers that have one cause in common, with correlation .9.
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(2, 4000, 5, generator=generator, dtype=torch.float64)
    y[:, 3] = 0.9 * x[:, 1] + (1 - 0.81) ** 0.5 * y[:, 3]
    maps = [torch.randn(5, 1, generator=generator, dtype=torch.float64) for _ in range(2)]
    for values in maps:
        values.requires_grad_()
    optimizer = torch.optim.Adam(maps, lr=0.05)
    for _ in range(200):
        optimizer.zero_grad()
        outputs = torch.stack([x @ maps[0], y @ maps[1]])
        loss = -correlation_of_views(outputs, 1e-6)
        loss.backward()
        optimizer.step()
    assert -loss.item() == pytest.approx(0.9, abs=0.02)


def test_equal_correlations_have_a_finite_gradient():
    x = torch.randn(50, 3, requires_grad=True)
    canonical_correlations(x, x, 1e-3).sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_a_single_example_does_not_correlate():
    assert canonical_correlations(torch.ones(1, 2), torch.ones(1, 2), 0.01).sum() == 0


def test_distance_is_summed_over_every_two_views():
    x = torch.randn(3, 6, 4)
    expected = sum((x[i] - x[j]).square().sum(1).mean() for i, j in [(0, 1), (0, 2), (1, 2)])
    torch.testing.assert_close(distance_of_views(x), expected)


@every_kind
def test_tasks_share_the_trunks_and_keep_their_heads(kind: str):
    run = built(kind)
    shake(run.model)
    reach = reached(run)
    both = reach["a"] & reach["b"]
    assert {name.partition(".")[0] for name in both} <= {"trunk", "trunks", "projections"}
    assert {name.partition(".")[0] for name in reach["a"] - both} <= {
        "heads",
        "scores",
        "offsets",
    }
    assert reach["a"] | reach["b"] == {name for name, _ in run.model.named_parameters()}


@pytest.mark.parametrize("kind", ["views-coreg", "views-dcca"])
def test_each_task_may_read_a_view_of_its_own(kind: str):
    run = built(kind, reads="own")
    reach = reached(run)
    assert not reach["a"] & reach["b"]
    owned = {id(p) for p in run.model.task_parameters("a")}
    assert owned == {id(p) for name, p in run.model.named_parameters() if name in reach["a"]}


@pytest.mark.parametrize("kind", ["views-coreg", "views-dcca"])
def test_tied_views_agree_more(kind: str):
    def agreement(run: Run) -> float:
        model = run.model.eval()
        features = model.trunks(seen()[0].data["test"].inputs).detach()
        if kind == "views-coreg":
            return -(distance_of_views(features) / features.var()).item()
        return correlation_of_views(model.projections(features), 0.01).item()

    settings = {} if kind == "views-coreg" else {"components": 2}
    loose, tied = (built(kind, strength=s, **settings).to_the_end() for s in (0.0, 1.0))
    assert agreement(tied) > agreement(loose)


@pytest.mark.parametrize("kind", ["views-coreg", "views-dcca"])
def test_the_tie_is_that_of_the_batch_learned_from_and_taken_once(kind: str):
    run = built(kind)
    batch = run.trainer.plan.samplers[0].draw()
    run.model.train()
    run.model(batch)
    copy.deepcopy(run.model)
    assert run.model.regulariser() is not None
    assert run.model.regulariser() is None
    run.model.eval()
    run.model(batch)
    assert run.model.regulariser() is None


@pytest.mark.parametrize("kind", ["views-early", "views-coreg", "views-dcca"])
def test_a_missing_view_is_refused_with_the_reason(kind: str):
    with pytest.raises(BadSpecError, match=r"train examples lack narrow: views-late and"):
        built(kind, lambda: seen(0.5))


@pytest.mark.parametrize("settings", [{}, {"fusion": "product"}])
@pytest.mark.parametrize("kind", ["views-late", "views-gated"])
def test_a_missing_view_has_no_say(kind: str, settings: dict[str, str]):
    if settings and kind == "views-gated":
        return
    model = built(kind, lambda: seen(0.5), **settings).to_the_end().model.eval()
    part = seen()[0].data["test"]
    blind = Part({**part.inputs, "narrow": torch.zeros(24, 3)}, part.target)
    before = model({"a": blind})["a"]
    with torch.no_grad():
        for p in model.trunks.parts(1)[0].parameters():
            p.add_(1.0)
    torch.testing.assert_close(model({"a": blind})["a"], before)
    nothing = Part({view: torch.zeros_like(x) for view, x in part.inputs.items()}, part.target)
    assert model({"a": nothing})["a"].isfinite().all()


def test_late_fusion_is_the_mean_of_the_views_answers():
    model = built("views-late").model
    part = seen()[0].data["test"]
    features = model.trunks(part.inputs)
    both = [heads({"a": x})["a"] for heads, x in zip(model.heads, features, strict=True)]
    torch.testing.assert_close(model({"a": part})["a"], (both[0] + both[1]) / 2)


def test_a_product_of_experts_weighs_by_precision():
    model = built("views-late", fusion="product").model
    with torch.no_grad():
        # softplus of these is 3 and 1
        for part, precision in zip(model.precisions, (3.0, 1.0), strict=True):
            part[0].bias.copy_(torch.tensor(precision).expm1().log())
    part = seen()[0].data["test"]
    features = model.trunks(part.inputs)
    both = [heads({"a": x})["a"] for heads, x in zip(model.heads, features, strict=True)]
    torch.testing.assert_close(model({"a": part})["a"], (3 * both[0] + both[1]) / 4)


def test_dropped_views_leave_one_that_is_there():
    model = built("views-gated", dropout=0.9).model
    there = torch.tensor([[True, True, False], [True, False, True]]).repeat(1, 100)
    torch.manual_seed(0)
    shown = model._dropped(there)
    assert shown.any(0).all()
    assert not (shown & ~there).any()
    assert shown[:, ::3].float().mean() < 0.6


def test_pictures_are_put_together_by_channels():
    picture: dict[str, InputKind] = {"left": Image(1, 4, 4), "right": Image(2, 4, 4)}
    inputs = {"left": torch.rand(6, 1, 4, 4), "right": torch.rand(6, 2, 4, 4)}
    data = dict.fromkeys(SPLITS, Part(inputs, torch.arange(6) % 2))
    run = Run(
        given(
            sharing=Choice(kind="views-early"), encoder=Choice(kind="cnn", channels=[3], hidden=4)
        ),
        teaching(lambda: [Task("a", picture, Classes(2), data)]),
    )
    assert run.model.by_channel
    run.to_the_end()


@every_kind
def test_tasks_of_one_view_are_refused(kind: str):
    with pytest.raises(BadSpecError, match="needs tasks of several views; a has one: x"):
        built(kind, lambda: [task("a")])


@pytest.mark.parametrize("kind", ["hard", "soft", "mmoe", "progressive"])
def test_other_strategies_refuse_several_views(kind: str):
    with pytest.raises(BadSpecError, match="several: wide, narrow"):
        built(kind)


def test_tasks_must_see_the_same_views():
    def differing() -> list[Task]:
        a, b = seen()
        b.inputs = {"wide": Vector(5), "other": Vector(3)}
        return [a, b]

    with pytest.raises(BadSpecError, match=r"a has wide, narrow, b has wide, other"):
        built("views-late", differing)


@pytest.mark.parametrize("kind", ["views-coreg", "views-dcca"])
def test_ties_of_one_pass_are_refused_where_small_tasks_adapt(kind: str):
    spec = Spec(
        tasks=(TaskChoice(family="digits-views"),),
        sharing=Choice(kind=kind),
        learner=Choice(kind="maml"),
    )
    (problem,) = problems(spec, CATALOGUE)
    assert problem.field == "sharing.kind"
    assert problem.message.endswith(FACTS["single-update"])
