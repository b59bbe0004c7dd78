"""Phrases: aligned, seeded, and in no language two of one text."""

import datetime
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest

from workbench.engine.blocks.text import phrases
from workbench.engine.blocks.text.phrases import (
    KINDS,
    LANGUAGES,
    MOST_OF_KIND,
    Amount,
    Date,
    Distance,
    Listing,
    Meaning,
    Phrases,
    making,
    said,
)
from workbench.spec.work import finished

every_language = pytest.mark.parametrize("code", LANGUAGES)


def made(*codes: str, n: int = 40, **choices: object) -> Phrases:
    return finished(making(codes, n, **choices))  # type: ignore[arg-type]


def text(meaning: Meaning, code: str) -> str:
    return said(meaning, phrases._locale(code))


DAY = datetime.date(1987, 3, 21)


@pytest.mark.parametrize(
    ("meaning", "code", "expected"),
    [
        (Date(DAY, has_weekday=True), "en", "Saturday, March 21, 1987"),
        (Date(DAY, has_weekday=False), "de", "21. März 1987"),
        (Date(DAY, has_weekday=True), "ru", "суббота, 21 марта 1987 г."),
        (Date(DAY, has_weekday=True), "zh", "1987年3月21日星期六"),
        (Amount(21, "length-kilometer"), "ru", "21 километр"),
        (Amount(22, "length-kilometer"), "ru", "22 километра"),
        (Amount(25, "length-kilometer"), "pl", "25 kilometrów"),
        (Amount(1, "duration-hour"), "fr", "1 heure"),
        (Amount(2, "duration-hour"), "ar", "ساعتان"),
        (Distance(-3, "day"), "fr", "il y a 3 jours"),
        (Distance(400, "month"), "de", "in 400 Monaten"),
        (Distance(-999, "second"), "en", "999 seconds ago"),
        (Listing(("FR", "JP", "IT"), is_choice=False), "es", "Francia, Japón e Italia"),
        (Listing(("FR", "HN"), is_choice=True), "es", "Francia u Honduras"),
        (Listing(("FR", "JP"), is_choice=False), "cs", "Francie a Japonsko"),
        (Listing(("FR", "JP", "IT"), is_choice=False), "fa", "فرانسه، ژاپن، و ایتالیا"),
    ],
)
def test_meanings_are_said_as_they_should_be(meaning: Meaning, code: str, expected: str):
    assert text(meaning, code) == expected


def test_there_are_twenty_languages():
    assert len(LANGUAGES) >= 20


def test_each_language_says_every_phrase_in_its_own_script():
    items = made(*LANGUAGES, n=24).items
    starts = {"Latin": "LATIN", "Japanese": ("CJK", "HIRAGANA", "KATAKANA"), "Han": "CJK"}
    for code, language in LANGUAGES.items():
        letters = [c for item in items if item.kind == "list" for c in item.texts[code]]
        named = [unicodedata.name(c) for c in letters if c.isalpha()]
        prefix = starts.get(language.script, language.script.upper())
        assert sum(name.startswith(prefix) for name in named) > 0.9 * len(named), code


def everything() -> Iterator[Meaning]:
    """All amounts and distances, each country in a list, and some years of days."""
    for count in range(1, 1000):
        for unit in phrases._UNITS:
            yield Amount(count, unit)
        for unit in phrases._SECONDS:
            yield from (Distance(count, unit), Distance(-count, unit))


def others() -> Iterator[Meaning]:
    for country in phrases._COUNTRIES.split():
        for is_choice in (False, True):
            yield from (Listing((country, "PT"), is_choice), Listing(("PT", country), is_choice))
    for year in (1901, 2024, 2100):
        for day in range(0, 365, 3):
            date = datetime.date(year, 1, 1) + datetime.timedelta(days=day)
            yield from (Date(date, has_weekday=False), Date(date, has_weekday=True))


def check_one_to_one(code: str, meanings: Iterator[Meaning]) -> None:
    locale = phrases._locale(code)
    seen: dict[str, Meaning] = {}
    for meaning in meanings:
        said_text = said(meaning, locale)
        assert seen.setdefault(said_text, meaning) == meaning, f"{said_text}: {seen[said_text]}"
        assert said_text == " ".join(said_text.split())
    joined = "".join(seen)
    assert unicodedata.is_normalized("NFC", joined)
    # U+200C stands between Persian letters that are not joined: it belongs to the spelling.
    assert joined.replace("\u200c", "").isprintable()


@every_language
def test_no_two_phrases_are_alike(code: str):
    check_one_to_one(code, others())


@pytest.mark.slow
@every_language
def test_no_two_of_all_amounts_and_distances_are_alike(code: str):
    check_one_to_one(code, everything())


def test_phrases_are_aligned_and_unlike():
    result = made("en", "ja", "ar", n=400)
    assert result.n_left_out == 0
    assert Counter(item.kind for item in result.items) == dict.fromkeys(KINDS, 100)
    for code in ("en", "ja", "ar"):
        assert len({item.texts[code] for item in result.items}) == 400
    for item in result.items:
        assert list(item.texts) == ["en", "ja", "ar"]
        assert item.texts["en"] == text(item.meaning, "en")


def test_what_would_read_alike_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Listing, "text", lambda self, locale: " or ".join(sorted(self.countries)))
    monkeypatch.setattr(phrases, "_COUNTRIES", "DE FR IT JP ES")
    result = made("en", n=20, kinds=["list"])
    assert result.n_left_out > 0
    assert len({item.texts["en"] for item in result.items}) == 20


def test_the_same_seed_makes_the_same_phrases_whatever_the_languages():
    alone, together = made("en", n=50, seed=3), made("fr", "en", n=50, seed=3)
    assert [i.meaning for i in alone.items] == [i.meaning for i in together.items]
    assert alone == made("en", n=50, seed=3)
    assert alone != made("en", n=50, seed=4)


def test_kinds_are_chosen():
    assert {item.kind for item in made("en", kinds=["time", "date"]).items} == {"time", "date"}


def test_progress_is_told():
    work = making(["en"], 600)
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration:
            break
    assert [share for share, _ in told] == [0, 256 / 600, 512 / 600]


def test_every_phrase_of_a_kind_can_be_had():
    assert len(made("en", n=MOST_OF_KIND, kinds=["time"]).items) == MOST_OF_KIND


def test_more_phrases_than_there_are_are_refused():
    with pytest.raises(ValueError, match="too many: at most"):
        made("en", n=MOST_OF_KIND + 1, kinds=["unit"])


@pytest.mark.parametrize(("code", "kind"), [("xx", "date"), ("en", "weather")])
def test_other_languages_and_kinds_are_refused(code: str, kind: str):
    with pytest.raises(KeyError):
        made(code, kinds=[kind])
