"""Differences between texts, letter by letter, of any script and length."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.tabs.translate.differences import LONGEST, differences, letters, shortened

texts = st.text(max_size=40)


@given(texts, texts)
def test_the_stretches_of_a_text_are_the_text(right: str, written: str) -> None:
    for text, stretches in zip((right, written), differences(right, written), strict=True):
        assert "".join(part for part, _ in stretches) == text


@given(texts, texts)
def test_without_the_marked_stretches_both_are_the_same(right: str, written: str) -> None:
    first, second = (
        "".join(part for part, is_other in stretches if not is_other)
        for stretches in differences(right, written)
    )
    assert first == second
    if right == written:
        assert first == right


@given(st.text("ab", min_size=150, max_size=300), st.text("ab", min_size=150, max_size=300))
def test_of_long_texts_what_begins_and_ends_alike_is_the_same(right: str, written: str) -> None:
    first, second = differences(right, written)
    assert "".join(part for part, _ in first) == right
    assert "".join(part for part, _ in second) == written
    same = ["".join(part for part, other in each if not other) for each in (first, second)]
    assert same[0] == same[1]
    assert sum(is_other for _, is_other in first) <= 1


def test_a_letter_goes_with_its_marks() -> None:
    assert letters("e\u0301a") == ["e\u0301", "a"]
    assert letters("👨\u200d👩x") == ["👨\u200d👩", "x"]
    assert differences("cafe\u0301", "cafe")[0] == [("caf", False), ("e\u0301", True)]


def test_what_is_long_is_shortened() -> None:
    huge = "a" * 1_000_000
    assert len(shortened(huge)) == LONGEST + 1
    assert differences(huge, huge) == ([(shortened(huge), False)],) * 2
