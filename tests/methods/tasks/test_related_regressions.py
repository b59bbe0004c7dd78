"""Related regressions: the cosine is the one asked for."""

from typing import Any

import pytest
import torch
from torch.nn.functional import cosine_similarity

from workbench.engine.roles.method import BadSpecError
from workbench.methods.tasks.related_regressions import RelatedRegressions


def family(**settings: Any) -> RelatedRegressions:
    return RelatedRegressions(RelatedRegressions.Settings(**settings))


@pytest.mark.parametrize("cosine", [-1.0, -0.5, 0.0, 0.3, 0.999, 1.0])
@pytest.mark.parametrize("dimension", [2, 10])
def test_two_true_weights_have_the_cosine_asked_for(cosine: float, dimension: int):
    a, b = family(cosine=cosine, dimension=dimension).weights()
    assert cosine_similarity(a, b, dim=0).item() == pytest.approx(cosine, abs=1e-9)
    assert (a.norm().item(), b.norm().item()) == pytest.approx((1, 1), abs=1e-9)


@pytest.mark.parametrize("cosine", [-0.25, 0.0, 0.7, 1.0])
def test_so_have_every_two_of_many(cosine: float):
    weights = family(n_tasks=5, cosine=cosine).weights()
    expected = torch.full((5, 5), cosine, dtype=torch.float64).fill_diagonal_(1.0)
    torch.testing.assert_close(weights @ weights.T, expected)


def test_without_noise_targets_are_the_weighted_inputs():
    made = family(noise=0.0)
    for item, weight in zip(made.tasks(), made.weights().float(), strict=True):
        for part in item.data.values():
            torch.testing.assert_close(part.target[:, 0], part.inputs["x"] @ weight)


def test_the_noise_is_as_large_as_asked_for():
    made = family(noise=0.5, samples=20_000)
    part = made.tasks()[0].data["train"]
    rest = part.target[:, 0] - part.inputs["x"] @ made.weights()[0].float()
    assert rest.std().item() == pytest.approx(0.5, rel=0.02)


def test_sizes_are_those_asked_for():
    tasks = family(n_tasks=3, samples=17, dimension=4).tasks()
    assert [item.name for item in tasks] == ["regression-1", "regression-2", "regression-3"]
    assert {len(item.data["train"]) for item in tasks} == {17}


def test_inputs_are_one_tensor_if_asked_for():
    for same_inputs in (True, False):
        a, b = (item.data["train"].inputs["x"] for item in family(same_inputs=same_inputs).tasks())
        assert (a is b) == same_inputs


def test_another_seed_draws_other_data():
    a, b = (family(data_seed=seed) for seed in (0, 1))
    assert not torch.equal(a.weights(), b.weights())
    assert not torch.equal(a.tasks()[0].data["test"].target, b.tasks()[0].data["test"].target)


@pytest.mark.parametrize(
    ("settings", "field", "message"),
    [
        (
            {"n_tasks": 3, "cosine": -0.6},
            "cosine",
            "must be at least -0.5 with 3 tasks; found -0.6",
        ),
        ({"n_tasks": 5, "dimension": 4}, "dimension", "must be at least n_tasks .5.; found 4"),
    ],
)
def test_what_no_geometry_allows_is_refused(settings: dict[str, Any], field: str, message: str):
    with pytest.raises(BadSpecError, match=message) as caught:
        family(**settings)
    assert caught.value.field == field
