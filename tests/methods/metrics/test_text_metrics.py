"""Scores of texts, by cases that can be counted by hand."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from tests.engine.toys import methods
from workbench.engine.roles.task import NOT_ASKED


def metric(key: str) -> Any:
    return methods().find("metric", key, "tasks")()


def score(key: str, written: Sequence[str], right: Sequence[str], language: str = "en") -> float:
    return metric(key).score_texts(written, right, language)


def test_exact_match_counts_to_the_letter():
    assert score("exact-match", ["a", "b ", "C", "d"], ["a", "b", "c", "d"]) == 0.5


def test_token_accuracy_looks_at_what_is_asked():
    target = torch.tensor([[NOT_ASKED, 4, 5, NOT_ASKED], [NOT_ASKED, NOT_ASKED, 6, 1]])
    output = torch.tensor([[9, 4, 4, 9], [9, 9, 6, -1]])
    assert metric("token-accuracy").score(output, target) == 0.5
    assert metric("token-accuracy").chance(target) == 0.25


def test_length_ratio():
    assert score("length-ratio", ["abc", ""], ["ab", "cdef"]) == 0.5


def test_a_perfect_answer_of_under_four_words_has_a_chrf_of_100_and_no_bleu():
    assert score("chrf", ["vingt et un"], ["vingt et un"]) == pytest.approx(100)
    assert math.isnan(score("bleu", ["vingt et un"], ["vingt et un"]))
    assert score("bleu", ["one two three four"], ["one two three four"]) == pytest.approx(100)


def test_bleu_of_half_an_answer_is_the_brevity_penalty():
    right = ["one two three four five six seven eight"]
    assert score("bleu", ["one two three four"], right) == pytest.approx(100 * math.exp(1 - 2))


def test_letters_stand_for_words_where_nothing_parts_them():
    assert score("bleu", ["二十一万二百"], ["二十一万二百"], "zh") == pytest.approx(100)
    assert "tok:char" in metric("bleu").signature("ja")
    assert "tok:13a" in metric("bleu").signature("de")
