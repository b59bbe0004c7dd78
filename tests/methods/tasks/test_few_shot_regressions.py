"""Few-shot regressions: what joint training can reach is what the settings say."""

from typing import Any

import pytest
import torch

from workbench.engine.roles.task import Task
from workbench.methods.tasks.few_shot_regressions import VARIANCE, FewShotRegressions


def family(**settings: Any) -> FewShotRegressions:
    return FewShotRegressions(FewShotRegressions.Settings(**settings))


def made(**settings: Any) -> Task:
    (task,) = family(**settings).tasks()
    return task


@pytest.mark.parametrize("seed", range(5))
def test_the_function_varies_as_much_as_is_said(seed: int):
    x = torch.linspace(-5, 5, 2001)
    f = family(data_seed=seed).function(x)
    assert f.square().mean().item() == pytest.approx(VARIANCE, rel=1e-3)
    # smooth: over a hundredth of the range it changes by a small share of its deviation
    assert f.unfold(0, 20, 1).diff(dim=1).sum(1).abs().max() < 0.5 * VARIANCE**0.5


def test_opposite_tasks_are_one_function_with_either_sign():
    chosen = family(train_tasks=100)
    for part in chosen.tasks()[0].data.values():
        signs = (part.target / chosen.function(part.inputs["x"])).squeeze(2)
        torch.testing.assert_close(signs, signs[:, :1].sign().expand_as(signs))
        assert signs[:, 0].sum().abs() <= 0.1  # half of them each


def test_without_adapting_nothing_beats_the_variance():
    part = made().data["train"]
    x, y = part.inputs["x"].flatten(), part.target.flatten()
    # The best answer by place is the mean of what there is, in each of a hundred stretches.
    place = ((x + 5) * 10).long().clamp(0, 99)
    n = torch.bincount(place).float()
    mean = torch.bincount(place, y) / n
    assert (y - mean[place]).square().mean().item() == pytest.approx(VARIANCE, rel=0.02)
    assert mean.abs().max() < 0.2


@pytest.mark.parametrize("cosine", [0.0, 0.5, 0.9, 1.0])
def test_related_tasks_have_the_cosine_that_was_asked_for(cosine: float):
    chosen = family(relation="related", cosine=cosine, dimension=8)
    weights = chosen.weights("train", 2000)
    torch.testing.assert_close(weights.norm(dim=1), torch.ones(2000))
    cosines = weights @ weights.T
    mean = (cosines.sum() - 2000) / (2000 * 1999)
    assert mean.item() == pytest.approx(cosine, abs=0.01)


def test_what_related_tasks_cost_who_does_not_adapt_and_who_does():
    chosen = family(relation="related", cosine=0.6, noise=0.5, train_tasks=5000)
    part = chosen.tasks()[0].data["train"]
    common = 0.6**0.5 * chosen.common()
    shared = (part.inputs["x"] @ common).unsqueeze(2)
    assert (part.target - shared).square().mean().item() == pytest.approx(0.4 + 0.25, rel=0.03)
    own = part.inputs["x"] @ chosen.weights("train", 5000).unsqueeze(2)
    assert (part.target - own).square().mean().item() == pytest.approx(0.25, rel=0.03)


def test_weights_that_are_held_out_are_not_trained_on():
    chosen = family(relation="related")
    train = chosen.weights("train", 20_000)
    for split in ("val", "test"):
        assert torch.cdist(chosen.weights(split, 100), train).min() > 1e-3


def test_signs_apart_are_two_distributions_with_one_head():
    chosen = family(signs="apart", train_tasks=50)
    plus, minus = chosen.tasks()
    assert (plus.name, minus.name, plus.head) == ("plus", "minus", minus.head)
    for task, sign in ((plus, 1), (minus, -1)):
        for part in task.data.values():
            x = part.inputs["x"]
            torch.testing.assert_close(part.target, sign * chosen.function(x))
    assert not torch.equal(plus.data["train"].inputs["x"], minus.data["train"].inputs["x"])


def test_signs_of_related_tasks_are_never_apart():
    assert [t.name for t in family(relation="related", signs="apart").tasks()] == ["regression"]
