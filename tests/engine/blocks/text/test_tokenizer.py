"""Vocabularies: every text comes back, whatever is in it; made alike each time; cached whole."""

import os
import pickle
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz import scaled
from workbench.engine.blocks.text import tokenizer
from workbench.engine.blocks.text.number_words import words
from workbench.engine.blocks.text.tokenizer import cache_folder, least_size, making
from workbench.engine.blocks.text.vocabulary import (
    CharacterVocabulary,
    Kind,
    PairVocabulary,
    UnusableTextError,
    Vocabulary,
    apart,
    from_json,
)
from workbench.spec.work import finished

TAGS = ("fr", "de")
TEXTS = [words(n, language) for n in range(0, 90_000, 301) for language in ("en", "fr", "zh")]

#: What hostile text is made of.
ODD = (
    "", " ", "   ", "\n", "\r\n", "\t", "\0", "\x1b[31m", "\ufeff", "\ufffd", "\uffff",
    "😀", "👩‍👩‍👧‍👦", "🇫🇷", "e\u0301", "a\u0308\u0323", "\u0301", "\u200b", "\u200d", "\u202eאב",
    "مائة ألف", "ﬁ", "Å", "한", "가", "𝔘", "二万", "deux",
    "<2fr>", "<pad>", "</s>", "<0x41>", "\U0010ffff",
)  # fmt: skip


def made(
    texts: Sequence[str] = TEXTS, tags: Sequence[str] = TAGS, kind: Kind = "bpe", size: int = 400
) -> Vocabulary:
    return finished(making(texts, tags, kind, size))


@pytest.fixture(scope="module")
def pairs() -> Vocabulary:
    """A vocabulary of pairs, made without a cache."""
    return PairVocabulary(
        TAGS,
        set("".join(TEXTS)),
        [("e", "n"), ("en", "t"), (" ", "m"), ("c", "ent"), ("二", "千"), ("r", " ")],
    )


def test_special_ids_come_first(pairs: Vocabulary):
    for vocabulary in (pairs, made(kind="characters")):
        assert (vocabulary.padding, vocabulary.end) == (0, 1)
        assert vocabulary.tags == {"fr": 2, "de": 3}
        assert vocabulary.text([0, 1, 2, 3]) == ""
        assert vocabulary.pieces([0, 1, 2, 3]) == ["<pad>", "</s>", "<2fr>", "<2de>"]
        used = {i for text in TEXTS for i in vocabulary.ids(text)}
        assert min(used) >= 4
        assert max(used) < vocabulary.size


@settings(max_examples=scaled(100))
@given(st.lists(st.one_of(st.sampled_from(ODD), st.text()), max_size=6).map("".join))
@example("".join(ODD))
def test_every_text_comes_back_from_pairs(text: str):
    pairs = _PAIRS
    ids = pairs.ids(text)
    assert pairs.text(ids) == unicodedata.normalize("NFC", text)
    assert all(0 <= i < pairs.size for i in ids)
    assert not {*pairs.tags.values(), pairs.padding, pairs.end} & set(ids)
    assert "".join(pairs.pieces(ids)).isprintable() or "\u200d" in text or "\u200c" in text


_PAIRS = PairVocabulary(TAGS, set("".join(TEXTS)), [("e", "n"), ("en", "t"), (" ", "m")])


@settings(max_examples=scaled(50))
@given(st.text())
def test_every_text_of_its_characters_comes_back_from_characters(text: str):
    vocabulary = CharacterVocabulary(TAGS, unicodedata.normalize("NFC", text))
    assert vocabulary.text(vocabulary.ids(text)) == unicodedata.normalize("NFC", text)


@settings(max_examples=scaled(100))
@given(st.lists(st.integers(0, _PAIRS.size - 1)))
def test_any_ids_have_a_text(ids: list[int]):
    text = _PAIRS.text(ids)
    text.encode()
    assert unicodedata.is_normalized("NFC", text)
    assert len(_PAIRS.pieces(ids)) == len(ids)


def test_bytes_that_are_no_text_are_shown():
    first_byte = _PAIRS.ids("é")[:1] if "é" not in "".join(TEXTS) else _PAIRS.ids("ß")[:1]
    assert _PAIRS.text(first_byte) == "\ufffd"
    assert _PAIRS.pieces(first_byte) == ["<0xC3>"]


def test_pieces_can_be_read(pairs: Vocabulary):
    assert pairs.pieces(pairs.ids("mille cent deux")) == [
        "m", "i", "l", "l", "e", "␣", "cent", "␣", "d", "e", "u", "x",
    ]  # fmt: skip
    assert pairs.pieces(pairs.ids("deux mille")) == ["d", "e", "u", "x", "␣m", "i", "l", "l", "e"]
    assert pairs.pieces(pairs.ids("\x1b\n")) == ["\\x1b", "\\n"]


def test_a_megabyte_in_a_line_comes_back():
    for line in ("a" * (1 << 20), (" ".join(TEXTS) + "𝔘😀") * 25):
        assert _PAIRS.text(_PAIRS.ids(line)) == unicodedata.normalize("NFC", line)


def test_a_megabyte_in_a_line_can_be_learned_from():
    line = " ".join(TEXTS * 40)
    assert len(line.encode()) > 1 << 20
    vocabulary = made([line], size=300)
    assert vocabulary.size == 300
    assert vocabulary.text(vocabulary.ids(line)) == line


@pytest.mark.parametrize("kind", ["bpe", "characters"])
def test_half_a_character_is_refused(kind: Kind):
    vocabulary = made(kind=kind)
    with pytest.raises(UnusableTextError, match=r"half a character \(U\+D83D, .*at place 3"):
        vocabulary.ids("ab\ud83d")
    with pytest.raises(UnusableTextError, match=r"text 2 has half a character"):
        made(["a", "\udc00"], kind=kind)


def test_unknown_characters_are_named():
    vocabulary = CharacterVocabulary(TAGS, "abc")
    with pytest.raises(UnusableTextError, match=r"'x' \(U\+0078\) is not among the 3 characters"):
        vocabulary.ids("axa")
    with pytest.raises(UnusableTextError, match=r"'\\n' \(U\+000A\), .* and 2 more are not among"):
        vocabulary.ids("a\nxyzuvw")


def test_pairs_shorten_texts_and_go_over_spaces():
    vocabulary = made(size=500)
    n_characters, n_ids = sum(map(len, TEXTS)), sum(len(vocabulary.ids(text)) for text in TEXTS)
    assert n_ids < n_characters / 3
    assert any(" " in piece.strip("␣") for piece in vocabulary.pieces(range(vocabulary.size)))
    assert vocabulary.size == 500


def test_digits_stand_alone():
    vocabulary = made(["on 2024 in 2024", "in 2024 days"] * 20, size=500)
    assert vocabulary.pieces(vocabulary.ids("in 2024 days")) == ["in␣", *"2024", "␣days"]


def test_few_texts_have_few_tokens():
    assert made(["abab", "abab"], size=1000).size == least_size(2) - 2 + len(
        ["a", "b", "ab", "abab"]
    )
    assert made([], size=300).size == least_size(2) - 2


def test_the_rarest_characters_leave_room_for_pairs():
    texts = ["".join(chr(0x4E00 + i) for i in range(1000)), *["一丁" * 3] * 50]
    vocabulary = made(texts, size=300)
    # 40 tokens beside the bytes: 20 characters, and the three pairs that there are among them
    assert vocabulary.size == 260 + 20 + 3
    assert len(vocabulary.ids("一丁一丁一丁")) == 1
    for text in texts:
        assert vocabulary.text(vocabulary.ids(text)) == text


def test_too_small_a_vocabulary_is_refused():
    with pytest.raises(ValueError, match="259 tokens is too small: 262 at least"):
        made(size=259)
    assert least_size(2) == 262


def test_a_tag_twice_is_refused():
    with pytest.raises(ValueError, match="a tag stands twice"):
        made(tags=["fr", "fr"])


_PRINT = """
from random import Random
from workbench.engine.blocks.text.tokenizer import making
from workbench.spec.work import finished
draw = Random(1)
texts = ["".join(draw.choices("abcdefgh áéí二三", k=30)) for _ in range(400)]
print(finished(making(texts, ["x"], "bpe", 290)).to_json())
"""


def test_the_same_texts_make_the_same_vocabulary_in_any_process(tmp_path: Path):
    printed = set[str]()
    for i, threads in enumerate(("1", "4")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": str(i),
            "RAYON_NUM_THREADS": threads,
            "WORKBENCH_HOME": str(tmp_path / threads),
        }
        done = subprocess.run(
            [sys.executable, "-c", _PRINT],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1


@pytest.mark.parametrize("kind", ["bpe", "characters"])
def test_vocabularies_are_packed_and_written(kind: Kind):
    vocabulary = made(kind=kind)
    for copy in (pickle.loads(pickle.dumps(vocabulary)), from_json(vocabulary.to_json())):  # noqa: S301
        assert copy == vocabulary
        assert copy.tags == vocabulary.tags
        assert [copy.ids(text) for text in TEXTS] == [vocabulary.ids(text) for text in TEXTS]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"kind": "words"}', '{"kind": "bpe", "tags": []}', "null", '"x"',
     '{"kind": "bpe", "tags": ["a"], "characters": "ab", "merges": [["a", "c"]]}',
     '{"kind": "bpe", "tags": ["a"], "characters": "ab", "merges": [["a"]]}'],
)  # fmt: skip
def test_what_is_no_vocabulary_is_refused(text: str):
    with pytest.raises(ValueError, match="this is no vocabulary"):
        from_json(text)


def test_vocabularies_are_told_apart():
    english, french = made(["one two"] * 3), made(["un deux"] * 3)
    first, second = apart([english, french])
    assert set(first.ids("one")).isdisjoint(second.ids("one"))
    assert first.size == english.size
    assert second.size == english.size + french.size - 4
    assert second.tags == first.tags == english.tags
    assert max(second.ids("un deux\x00é")) < second.size
    for vocabulary in (first, second):
        assert vocabulary.text(vocabulary.ids("un deux é 😀")) == "un deux é 😀"
        assert from_json(vocabulary.to_json()) == vocabulary
    assert second.text(first.ids("one")) == ""
    assert set(second.pieces(first.ids("one"))) == {"<other>"}
    others = [second.size - 1, second.size + 5]
    assert first.text(others) == ""
    assert first.pieces(others) == ["<other>", "<other>"]
    assert second.pieces([0, 1, 2]) == ["<pad>", "</s>", "<2fr>"]


# the cache


def count_trainings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls = list[int]()
    merges = tokenizer._merges

    def counted(*arguments):  # type: ignore[no-untyped-def]
        calls.append(1)
        return merges(*arguments)

    monkeypatch.setattr(tokenizer, "_merges", counted)
    return calls


def test_a_vocabulary_is_made_once(monkeypatch: pytest.MonkeyPatch):
    calls = count_trainings(monkeypatch)
    first = made()
    assert made() == first
    assert len(calls) == 1
    made(TEXTS[1:])
    made(tags=["fr"])
    made(size=401)
    made(kind="characters")
    assert len(calls) == 4
    assert len(list(cache_folder().iterdir())) == 5


def test_a_damaged_one_is_made_anew(monkeypatch: pytest.MonkeyPatch):
    calls, first, draw = count_trainings(monkeypatch), made(), Random(0)
    (path,) = cache_folder().iterdir()
    whole = path.read_bytes()
    for content in (b"", b"\n", b"\xff" * 9, whole[:-1], whole.replace(b'"e"', b'"f"', 1),
                    whole[:70] + draw.randbytes(50)):  # fmt: skip
        path.write_bytes(content)
        calls.clear()
        assert made() == first
        assert calls == [1]
        assert path.read_bytes() == whole


def test_without_a_cache_it_is_made_all_the_same(home: Path):
    home.write_text("a file where the folder should be")
    assert made().size == 400


def test_progress_is_told_and_it_can_be_ended():
    work = making(TEXTS * 5, TAGS, "bpe", 500)
    told = [next(work) for _ in range(3)]
    assert told[0] == (0.0, "reading texts")
    assert {text for _, text in told} <= {"reading texts", "counting characters", "making tokens"}
    work.close()
    for share, _ in told:
        assert share is None or 0 <= share <= 1
