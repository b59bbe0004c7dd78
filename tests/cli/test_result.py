"""What is printed of pairs of languages that were never taught."""

from pathlib import Path

import pytest

from workbench.cli.result import Result, document
from workbench.spec.shown.written import AnswerShares


def ran(seed: int, *shares: AnswerShares) -> Result:
    result = Result(seed, Path("runs"))
    result.outcome.shares = shares
    return result


def share(right: float, *, is_taught: bool) -> AnswerShares:
    return AnswerShares("fr-de", "fr", "de", right, 0.25, 0.75 - right, 20, is_taught)


def test_shares_of_what_was_never_taught_are_means_over_the_seeds():
    told = document([ran(seed, share(seed / 4, is_taught=False)) for seed in (0, 1)])
    (mean,) = told["zero_shot"]
    assert mean == pytest.approx(
        {"source": "fr", "target": "de", "right": 0.125, "other_language": 0.25, "wrong": 0.625}
    )
    assert [run["zero_shot"][0]["right"] for run in told["runs"]] == [0.0, 0.25]


def test_without_such_pairs_there_is_nothing_to_say():
    assert list(document([ran(0, share(0.5, is_taught=True))])) == ["runs"]
