"""The filter of the history: what it means, and what it refuses."""

import contextlib
import random
import re

import pytest

from tests.fuzz import scaled
from workbench.spec.run_row import RunRow
from workbench.spec.score import Score
from workbench.study.listed_run import ListedRun
from workbench.study.run_filter import FilterError, parse

SETTINGS = {
    "tasks": "digits-split",
    "retention.kind": "ewc",
    "retention.strength": 100.0,
    "balancing.kind": "fixed",
    "optimizer.kind": "adam",
    "optimizer.lr": 0.001,
    "training.threads": "auto",
    "heads.norm": False,
}


def listed(**more: object) -> ListedRun:
    facts = {
        "run_id": "see-forgetting-s3",
        "name": "See forgetting",
        "seed": 3,
        "status": "done",
        "started": "2026-11-30T12:00:00+00:00",
        "seconds": 12.5,
        "steps": 400,
        "acc": 0.85,
        "forgetting": None,
        "bwt": -0.2,
        "path": "/runs/a",
        "tag": "paper, figure 2",
        "starred": True,
        "note": "the one with [brackets]",
        "scores": (Score("digit", "accuracy", 0.9, True),),
        "measures": {"fwt": 0.1},
    }
    return ListedRun(RunRow(**{**facts, **more}), SETTINGS)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "forgetting see",
        "EWC",
        "digits-split",
        '"see forgetting"',
        "acc>0.8",
        "acc>=0.85 acc<=0.85 acc:0.85 acc=0.85",
        "acc:0.1,0.85",
        "acc!=0.8",
        "-acc<0.8",
        "fwt>0",
        "score.digit>0.8",
        "seed:3 seed:1,2,3",
        "retention:ewc",
        "retention:EWC",
        "retention:e*",
        "retention.kind=ewc",
        "-retention:none",
        "retention!=none",
        "strength>50",
        "retention.strength:100.0",
        "optimizer.lr<0.01 lr:0.001",
        "training.threads:auto",
        "norm:false",
        "tag:paper",
        'tag:"figure 2"',
        "tag:other,paper",
        "tags:PAPER",
        "status:done,stopped",
        "name:forget",
        "note:[brackets]",
        "starred:yes pinned:no -baseline:yes",
        "started:2026-11 started>=2026-11-29 started<2026-12 started>2026-10",
        "time>10",
        "tasks:digits*",
        "-forgetting>0.5",
    ],
)
def test_the_run_is_meant(text: str) -> None:
    assert parse(text, SETTINGS).matches(listed())


@pytest.mark.parametrize(
    "text",
    [
        "nowhere",
        "-ewc",
        "acc<0.8",
        "acc>0.85",
        "acc!=0.85",
        "forgetting>0",
        "forgetting<0",
        "forgetting!=0",
        "score.digit>0.95",
        "score.none>0",
        "retention:none",
        "retention:ew",
        "retention=EWC",
        "tag:figure",
        "strength:10.0",
        "starred:no",
        "started<2026",
        "status:running forgetting",
        "note:[b]",
        "name:?",
    ],
)
def test_the_run_is_not_meant(text: str) -> None:
    assert not parse(text, SETTINGS).matches(listed())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("acc>", "acc> lacks a value"),
        ("acc>high", "acc is a number; found high"),
        ("acc>0.1,0.2", "compares with one number"),
        ("status>done", "status is a text"),
        ('"see', "a quote is not closed"),
        ("retenton:ewc", "no run has a field retenton; did you mean retention?"),
        ("strenght>1", "did you mean strength?"),
        ("starred:maybe", "starred is yes or no"),
    ],
)
def test_what_says_nothing_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(FilterError, match=re.escape(reason)):
        parse(text, SETTINGS)


def test_before_the_settings_are_known_no_name_is_refused() -> None:
    assert not parse("sometimes:yes").matches(ListedRun(listed().row))
    assert parse("forgetting").matches(ListedRun(listed().row))


def test_any_text_is_a_filter_or_is_refused() -> None:
    chance = random.Random(0)
    signs = 'acc>0.8:"-=!<*?[]()|\\ \t,.'
    pieces = [*signs, "tag", "lr", "started", "yes", "1e9", "nan", "π", "\0"]
    for _ in range(scaled(2000)):
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        with contextlib.suppress(FilterError):
            assert parse(text, SETTINGS).matches(listed()) in (True, False)
