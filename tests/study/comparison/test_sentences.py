"""What a comparison says in words: the answer, and what must be known of it."""

from collections.abc import Sequence
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import scaled
from tests.study.comparison.made import experiment, spec
from workbench.study.comparison.experiments import Comparison, Experiment
from workbench.study.comparison.sentences import (
    digits,
    headline,
    notes,
    probability,
    sentence,
    written,
)
from workbench.study.interval import estimate

BASE = [0.70, 0.72, 0.68, 0.71, 0.69]
CLOSE = [0.71, 0.71, 0.69, 0.71, 0.69]
BETTER = [0.80, 0.83, 0.77, 0.82, 0.79]


def plain(text: str) -> str:
    return text


def said(*many: Experiment, figure: int = 0, base: int = 0) -> str:
    comparison = Comparison(many, base)
    return headline(comparison, comparison.figures[figure], plain)


def noted(*many: Experiment) -> list[str]:
    comparison = Comparison(many, 0)
    return notes(comparison, comparison.figures[0], plain)


def test_no_difference_is_said_to_be_none_shown() -> None:
    text = said(experiment("fine-tuning", BASE, bwt=-0.1), experiment("EWC", CLOSE, bwt=-0.1))
    assert text == (
        "EWC keeps 0.002 more accuracy (mean of 2 tasks) than fine-tuning, 95 % interval "
        "−0.008 to 0.012 over 5 seeds: no difference shown (p = 0.62)."
    )


def test_a_difference_says_its_unit_its_sign_and_how_sure_it_is() -> None:
    text = said(experiment("a", BASE), experiment("b", BETTER), figure=1)
    assert text.startswith("b reaches 0.102 more accuracy on first than a, 95 % interval 0.0")
    assert text.endswith("over 5 seeds: better (p < 0.001, corrected for 2 comparisons).")
    losses = [
        experiment(name, scores, metric="mse", higher_is_better=False)
        for name, scores in (("a", BASE), ("b", BETTER))
    ]
    assert "reaches 0.102 more mse (mean of 2 tasks) than a" in said(*losses)
    assert "worse (p" in said(*losses)
    assert "reaches 0.102 less mse" in said(*losses, base=1)
    assert "better (p" in said(*losses, base=1)


def test_forgetting_and_backward_transfer_are_said_as_such() -> None:
    many = [experiment("a", BASE, bwt=-0.1), experiment("b", BETTER, bwt=-0.3)]
    assert said(*many, figure=1).startswith("b forgets 0.200 more than a")
    assert said(*many, figure=1, base=1).startswith("a forgets 0.200 less than b")
    assert said(*many, figure=2).startswith("b reaches 0.200 less backward transfer than a")


def test_several_are_counted_and_the_best_is_said() -> None:
    many = [
        experiment("a", BASE),
        experiment("b", BETTER),
        experiment("c", CLOSE),
        experiment("d", BETTER, metric="f1"),
        experiment("e", {0: 0.7}),
        experiment("f", BASE),
        experiment("g", {9: 0.7}),
        experiment("h", [0.5, 0.52, 0.47, 0.51, 0.49]),
    ]
    text = said(*many)
    assert text.startswith(
        "Against a, of 7 others: 1 better, 1 worse, 1 with no difference shown, "
        "1 equal on every seed, 1 on one seed, which shows nothing, "
        "1 without a finished seed in common, 1 that cannot be compared. b reaches 0.102 more"
    )
    assert "corrected for 4 comparisons" in text


def test_what_shows_nothing_says_so() -> None:
    one = experiment("a", {0: 0.7})
    assert said(one, experiment("b", {0: 0.75})) == (
        "b reaches 0.0500 more accuracy (mean of 2 tasks) than a, on one seed: no interval and "
        "no test, so it shows nothing."
    )
    assert said(experiment("a", BASE), experiment("b", BASE)) == (
        "b and a reach the same accuracy (mean of 2 tasks) on each of 5 seeds."
    )
    assert "no finished seed in common" in said(one, experiment("b", {1: 0.7}))
    assert said(one, experiment("b", BASE, metric="f1")) == "b and a cannot be compared."
    assert said(one).startswith("a: 0.700 accuracy (mean of 2 tasks) (seeds: 1), and nothing")
    assert said(experiment("a", [None])) == "a has no finished run yet."


def test_notes_say_who_has_no_say() -> None:
    status = {1: "diverged", 3: "diverged", 4: "stopped"}
    (diverged, stopped, few) = noted(experiment("a", BASE), experiment("b", BETTER, status=status))
    assert diverged == "b: 2 of 5 seeds diverged (1, 3); the rest alone has a say."
    assert stopped == "b: 1 of 5 seeds did not come to their end (4) and have no say."
    assert few == "With 2 seeds Wilcoxon's p cannot fall below 0.5: it takes 6 to reach 0.05."
    (unlike,) = noted(experiment("a", BASE), experiment("b", BASE, setup=spec(noise=0.3)))
    assert unlike == (
        "b is not subtracted from a: its data or splits are others (tasks.0.noise=0.3)."
    )
    (unpaired,) = noted(experiment("a", {0: 0.7}), experiment("b", {1: 0.7}))
    assert "no finished seed in common" in unpaired
    lost = noted(experiment("a", BASE), experiment("b", [0.7, None, 0.7, 0.8, None]))
    assert "b and a: 2 of 5 seeds have no finite accuracy (mean of 2 tasks) of both." in lost
    assert noted(experiment("a", [*BASE, 0.7]), experiment("b", [*BETTER, 0.8])) == []


def test_a_test_that_does_not_agree_is_said() -> None:
    # one seed of six is a little worse: five signs of six are not enough
    apart = [0.30, 0.31, 0.29, 0.30, 0.32, -0.01]
    base, other = [0.5] * 6, [0.5 + each for each in apart]
    (note,) = noted(experiment("a", base), experiment("b", other))
    assert note.startswith("b: Wilcoxon's test")


@pytest.mark.parametrize(
    ("values", "places"),
    [([0.1, 0.2], 2), ([0.5], 3), ([0.001, 0.0011], 5), ([100.0, 300.0], 0), ([0.0, 0.0], 3)],
)
def test_decimals_follow_what_the_interval_leaves_open(
    values: Sequence[float], places: int
) -> None:
    known = estimate(values)
    assert known is not None
    assert digits(known) == places


def test_numbers_are_written_as_people_write_them() -> None:
    assert written(-0.0001, 2) == "0.00"
    assert written(-0.5, 2) == "−0.50"
    assert written(-2.5e20, 2) == "−2.500e+20"
    assert [probability(p) for p in (0.0004, 0.0123, 0.3)] == ["p < 0.001", "p = 0.012", "p = 0.30"]


ODD = st.lists(
    st.one_of(st.floats(-2, 2), st.sampled_from([None, float("nan"), float("inf"), 1e300])),
    min_size=0,
    max_size=7,
)


@settings(max_examples=scaled(30))
@given(st.lists(ODD, min_size=1, max_size=5), st.booleans())
def test_whatever_was_reached_is_said_whole(groups: list[list[float | None]], higher: bool) -> None:
    many = [experiment(f"e{i}", scores, higher_is_better=higher) for i, scores in enumerate(groups)]
    comparison = Comparison(many, 0)
    texts: list[str] = []
    for figure in comparison.figures:
        texts += [headline(comparison, figure, plain), *notes(comparison, figure, plain)]
        differences = comparison.differences(figure)
        for each, difference in zip(many, differences, strict=True):
            if difference is not None:
                texts.append(sentence(each, many[0], figure, difference, plain))
    for text in texts:
        assert text.endswith(".")
        assert [name for _, name, _, _ in Formatter().parse(text) if name is not None] == []
        assert "nan" not in text
        assert "inf" not in text.replace("infin", "")
