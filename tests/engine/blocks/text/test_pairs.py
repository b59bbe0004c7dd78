"""Pairs of languages, and how many sentences each has."""

from typing import Any

import pytest

from workbench.engine.blocks.text.pairs import all_pairs, chosen_pairs, counts_of, pair_name
from workbench.engine.roles.method import BadSpecError

THREE = ["en", "fr", "de"]


def names(wanted: Any, languages: list[str] = THREE) -> str:
    return " ".join(map(pair_name, chosen_pairs(wanted, languages)))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("from-en", "en-fr en-de"),
        ("from-de", "de-en de-fr"),
        ("to-en", "fr-en de-en"),
        ("star", "en-fr fr-en en-de de-en"),
        ("ring", "en-fr fr-de de-en"),
        ("all", "en-fr en-de fr-en fr-de de-en de-fr"),
        ("en-fr", "en-fr"),
        (" en-fr , de-fr", "en-fr de-fr"),
        (["de-en", "fr-de"], "de-en fr-de"),
    ],
)
def test_pairs_are_planned_or_named(wanted: Any, expected: str):
    assert names(wanted) == expected


def test_codes_may_have_hyphens():
    languages = ["pt-br", "pt", "en"]
    assert names("from-pt-br", languages) == "pt-br-pt pt-br-en"
    assert chosen_pairs(["pt-br-pt"], languages) == [("pt-br", "pt")]
    assert len(set(map(pair_name, all_pairs(languages)))) == 6


@pytest.mark.parametrize(
    ("wanted", "languages", "field", "words"),
    [
        ("from-it", THREE, "pairs", "from-it: 'it' is not among en, fr, de"),
        ("en-it", THREE, "pairs", "'en-it' is no pair of en, fr, de, such as en-fr"),
        ("en-en", THREE, "pairs", "'en-en' is no pair"),
        ("circle", THREE, "pairs", "none of from-en, to-en, star, ring, all"),
        ("", THREE, "pairs", "'' is no pair"),
        ([], THREE, "pairs", "are none"),
        (["en-fr", "en-fr"], THREE, "pairs", "must differ; found en-fr twice"),
        ("all", ["en"], "languages", "fewer than two"),
    ],
)
def test_what_is_no_pair_is_refused(wanted: Any, languages: list[str], field: str, words: str):
    with pytest.raises(BadSpecError, match=words) as caught:
        chosen_pairs(wanted, languages)
    assert caught.value.field == field


STAR = chosen_pairs("star", THREE)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (50, [50, 50, 50, 50]),
        ([100, 20, 30], [20, 20, 30, 30]),
        ([1, 2, 3, 4], [1, 2, 3, 4]),
        ({}, [9, 9, 9, 9]),
        ({"de": 5}, [9, 9, 5, 5]),
        ({"de": 5, "en-de": 7}, [9, 9, 7, 5]),
        ({"fr-en": 20}, [9, 20, 9, 9]),
    ],
)
def test_each_pair_has_its_number(wanted: Any, expected: list[int]):
    assert counts_of(wanted, THREE, STAR, 9) == expected


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"it": 5}, "name 'it', which is neither a language nor a pair"),
        ({"fr-de": 5}, "name 'fr-de', which is neither"),
        ([1, 2], "are 2 numbers for 3 languages and 4 pairs"),
    ],
)
def test_numbers_that_fit_nothing_are_refused(wanted: Any, words: str):
    with pytest.raises(BadSpecError, match=words) as caught:
        counts_of(wanted, THREE, STAR, 9)
    assert caught.value.field == "sentences"
