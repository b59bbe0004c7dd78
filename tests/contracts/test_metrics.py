"""What every metric must be: a model whose outputs are no numbers is never praised for it."""

import math
from typing import cast

import pytest
import torch
from torch import Tensor

from tests.contracts.faces import name_of
from tests.engine.texts import text_tasks
from tests.engine.toys import methods
from workbench.engine.build.catalogue import discover
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes, Labels, PixelClasses, PixelDirections
from workbench.engine.roles.texts.text_metric import TextAnswers, TextMetric, text_score
from workbench.spec.entry import Entry

ALL = [entry for entry in discover().entries() if entry.role == "metric"]


def is_of_texts(entry: Entry) -> bool:
    return issubclass(methods().find("metric", entry.key), TextMetric)


ENTRIES = [entry for entry in ALL if not is_of_texts(entry)]
TEXT_ENTRIES = [entry for entry in ALL if is_of_texts(entry)]
every_text_metric = pytest.mark.parametrize("entry", TEXT_ENTRIES, ids=name_of)
every_metric = pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
N = 12


def made(entry: Entry) -> Metric:
    return cast("Metric", methods().find("metric", entry.key)())


def case(metric: Metric) -> tuple[Tensor, Tensor]:
    """Perfect outputs and their targets, of the first kind that the metric takes."""
    generator = torch.Generator().manual_seed(0)
    classes = torch.arange(N) % 3
    scores = 50 * torch.eye(3)[classes]  # as sure as right
    values = torch.rand(N, 2, generator=generator) + 1
    pixels = torch.arange(N * 4).view(N, 2, 2) % 3
    directions = torch.nn.functional.normalize(torch.randn(N, 3, 2, 2, generator=generator), dim=1)
    pixel_scores = 5 * torch.eye(3)[pixels].permute(0, 3, 1, 2)
    for kind, item in (
        (Classes, (scores, classes)),
        (PixelClasses, (pixel_scores, pixels)),
        (PixelDirections, (directions, directions)),
        (Labels, (scores, scores.clamp(0, 1))),
    ):
        if kind in metric.outputs:
            return item
    return values, values


def is_worse(metric: Metric, score: float, than: float) -> bool:
    return math.isnan(score) or (score < than if metric.higher_is_better else score > than)


@every_metric
def test_outputs_that_are_no_numbers_score_nothing(entry: Entry):
    metric = made(entry)
    output, target = case(metric)
    perfect = metric.score(output, target)
    score = metric.score(torch.full_like(output, torch.nan), target)
    assert math.isnan(score) or (metric.higher_is_better and score == 0)
    assert math.isfinite(perfect)


@every_metric
def test_a_single_nan_never_helps(entry: Entry):
    metric = made(entry)
    output, target = case(metric)
    perfect = metric.score(output, target)
    for at in ((0, 0), (0, -1), (N - 1, 0)):
        harmed = output.clone()
        harmed[at] = torch.nan
        assert is_worse(metric, metric.score(harmed, target), perfect)


@every_metric
def test_a_constant_target_does_not_make_nan_right(entry: Entry):
    metric = made(entry)
    output, target = case(metric)
    output, target = output[:1].expand_as(output), target[:1].expand_as(target)
    score = metric.score(torch.full_like(output, torch.nan), target)
    assert math.isnan(score) or (metric.higher_is_better and score == 0)


@every_metric
def test_a_metric_does_not_change_what_it_is_given(entry: Entry):
    metric = made(entry)
    output, target = case(metric)
    before = output.clone(), target.clone()
    metric.score(output, target)
    metric.chance(target)
    assert torch.equal(output, before[0])
    assert torch.equal(target, before[1])


@every_metric
def test_every_score_is_in_the_range_that_is_told(entry: Entry):
    metric = made(entry)
    perfect, target = case(metric)
    low, high = metric.score_range
    generator = torch.Generator().manual_seed(1)
    wrong = [scale * torch.randn(perfect.shape, generator=generator) for scale in (0.1, 1, 100)]
    scores = [metric.score(output, target) for output in (perfect, -perfect, *wrong)]
    assert all(low is None or score >= low - 1e-6 for score in scores)
    assert all(high is None or score <= high + 1e-6 for score in scores)
    best = high if metric.higher_is_better else low
    assert best is None or scores[0] == pytest.approx(best)


@every_text_metric
def test_nothing_is_written_better_than_what_is_right(entry: Entry):
    metric, task = made(entry), text_tasks(N)[0]
    target = task.data["test"].target
    right = [[token for token in row if token >= 0] for row in target.tolist()]
    worse = (
        TextAnswers(torch.full_like(target, -1), [[]] * N),
        TextAnswers(target.flip(0), right[::-1]),
        TextAnswers(target.roll(1, 1), [[*row, *row] for row in right]),
    )
    perfect = text_score(metric, task, TextAnswers(target, right), target)
    for answers in worse:
        score = text_score(metric, task, answers, target)
        low, high = metric.score_range
        assert math.isnan(score) or (low or 0) <= score <= (high or math.inf)
        if metric.has_zero and not math.isnan(score):
            assert score < perfect
    first = text_score(metric, task, TextAnswers(target, right[:5]), target)
    assert math.isnan(first) == math.isnan(perfect)


@every_text_metric
def test_of_texts_that_were_not_written_there_is_no_score(entry: Entry):
    metric, task = made(entry), text_tasks(N)[0]
    target = task.data["test"].target
    score = text_score(metric, task, TextAnswers(target, []), target)
    assert math.isnan(score) == (cast("TextMetric", metric).reads == "written")
