"""Phrases: dates, amounts, relative times and lists of countries, aligned in many languages.

The texts are those of Unicode's locale data (CLDR), by Babel; digits are European ones everywhere,
and dates are of the Gregorian calendar. Two things are made plain, for they are invisible: spaces
that do not break a line become spaces, and marks of the writing direction are left out. Texts are
in the composed form (NFC).
"""

import datetime
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, ClassVar

from workbench.engine.blocks.text import languages
from workbench.engine.blocks.text.languages import Language
from workbench.engine.roles.loading import LoadProgress

#: The languages that phrases are made in, by their codes.
LANGUAGES: Mapping[str, Language] = languages.LANGUAGES

#: Babel's names of locales that are not the code of the language.
_LOCALES = {"pt": "pt_PT", "zh": "zh_Hans"}

_SPACES = re.compile("[\u00a0\u2009\u202f]")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

#: Amounts and distances in time go up to here: larger ones would be written with marks.
_MOST = 999

_UNITS = (
    "duration-second",
    "duration-minute",
    "duration-hour",
    "duration-day",
    "duration-week",
    "duration-month",
    "duration-year",
    "length-centimeter",
    "length-meter",
    "length-kilometer",
    "mass-gram",
    "mass-kilogram",
    "volume-liter",
    "area-square-meter",
    "speed-kilometer-per-hour",
    "digital-megabyte",
)

#: Units of time, and the seconds that Babel counts for one.
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}

_COUNTRIES = (
    "AF AL DZ AR AM AU AT AZ BD BE BO BR BG KH CM CA CL CN CO CR HR CU CZ DK EC EG EE ET FI FR GE "
    "DE GH GR GT HT HN HU IS IN ID IQ IR IE IL IT JM JP JO KZ KE KW LA LV LB LY LT LU MG MY ML MT "
    "MX MN MA MZ NP NL NZ NI NG NO OM PK PA PY PE PH PL PT QA RO RU RW SN RS SG SK SI SO ES SE CH "
    "SY TZ TH TN TR UG UA UY UZ VE VN YE ZM ZW"
)

#: Two whole centuries.
_FIRST_DAY, _LAST_DAY = datetime.date(1901, 1, 1), datetime.date(2100, 12, 31)


class Meaning(ABC):
    """What a phrase says, in no language."""

    kind: ClassVar[str]

    @classmethod
    @abstractmethod
    def drawn(cls, draw: Random) -> "Meaning":
        """One of the many there are."""

    @abstractmethod
    def text(self, locale: Any) -> str:
        """What it is called in a locale of Babel's, as Babel writes it."""


@dataclass(frozen=True, slots=True)
class Date(Meaning):
    """A day from 1901 to 2100, with the day of the week or without."""

    kind = "date"
    day: datetime.date
    has_weekday: bool

    @classmethod
    def drawn(cls, draw: Random) -> "Date":
        n_days = (_LAST_DAY - _FIRST_DAY).days + 1
        day = _FIRST_DAY + datetime.timedelta(days=draw.randrange(n_days))
        return cls(day, draw.random() < 0.5)

    def text(self, locale: Any) -> str:
        from babel.dates import format_date

        return format_date(self.day, "full" if self.has_weekday else "long", locale)


@dataclass(frozen=True, slots=True)
class Amount(Meaning):
    """So many of a unit, in the form that the number asks for."""

    kind = "unit"
    count: int
    unit: str

    @classmethod
    def drawn(cls, draw: Random) -> "Amount":
        return cls(_count(draw), draw.choice(_UNITS))

    def text(self, locale: Any) -> str:
        from babel.units import format_unit

        return format_unit(self.count, self.unit, "long", locale=locale)


@dataclass(frozen=True, slots=True)
class Distance(Meaning):
    """So many units of time ago, where the count is negative, or from now."""

    kind = "time"
    count: int
    unit: str

    @classmethod
    def drawn(cls, draw: Random) -> "Distance":
        return cls(_count(draw) * draw.choice((-1, 1)), draw.choice(tuple(_SECONDS)))

    def text(self, locale: Any) -> str:
        from babel.dates import format_timedelta

        distance = datetime.timedelta(seconds=self.count * _SECONDS[self.unit])
        unit: Any = self.unit
        return format_timedelta(distance, unit, _MOST + 1, add_direction=True, locale=locale)


@dataclass(frozen=True, slots=True)
class Listing(Meaning):
    """Two or three countries, joined by "and" or by "or"."""

    kind = "list"
    countries: tuple[str, ...]
    is_choice: bool

    @classmethod
    def drawn(cls, draw: Random) -> "Listing":
        chosen = draw.sample(_COUNTRIES.split(), draw.choice((2, 3)))
        return cls(tuple(chosen), draw.random() < 0.5)

    def text(self, locale: Any) -> str:
        from babel.lists import format_list

        names = [locale.territories[country] for country in self.countries]
        text = format_list(names, "or" if self.is_choice else "standard", locale)
        return _spanish(text) if locale.language == "es" else text


_MEANINGS: Mapping[str, type[Meaning]] = {m.kind: m for m in (Date, Amount, Distance, Listing)}

#: The kinds of phrases there are.
KINDS = tuple(_MEANINGS)

#: How many phrases of a kind there may be: half of those of a kind, so that drawing ends.
MOST_OF_KIND = min(len(_UNITS), 2 * len(_SECONDS)) * _MOST // 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """One meaning and its text in each language."""

    meaning: Meaning
    texts: Mapping[str, str]

    @property
    def kind(self) -> str:
        """A name of `KINDS`."""
        return self.meaning.kind


@dataclass(frozen=True, slots=True)
class Phrases:
    """Aligned phrases; `n_left_out` more were drawn that read as another one does in a language.

    So in every language no two phrases have one text: from any language to any other is a function.
    """

    items: tuple[Phrase, ...]
    n_left_out: int


def making(
    codes: Sequence[str], n: int, kinds: Iterable[str] = KINDS, seed: int = 0
) -> Generator[LoadProgress, None, Phrases]:
    """`n` different phrases, of the kinds in turn, in each of the languages; yields how far it is.

    Raises KeyError for another language or kind, ValueError for more than `MOST_OF_KIND` of one.
    """
    chosen = [_MEANINGS[kind] for kind in kinds]
    locales = {code: _locale(code) for code in codes}
    if n > MOST_OF_KIND * len(chosen):
        raise ValueError(f"{n:,} phrases are too many: at most {MOST_OF_KIND:,} of each kind")
    draw, items, n_left_out = Random(seed), list[Phrase](), 0
    drawn = set[Meaning]()
    taken = {code: set[str]() for code in codes}
    while len(items) < n:
        if len(items) % 256 == 0:
            yield len(items) / n, "making phrases"
        meaning = chosen[len(items) % len(chosen)].drawn(draw)
        if meaning in drawn:
            continue
        drawn.add(meaning)
        texts = {code: said(meaning, locale) for code, locale in locales.items()}
        if any(text in taken[code] for code, text in texts.items()):
            n_left_out += 1
            continue
        for code, text in texts.items():
            taken[code].add(text)
        items.append(Phrase(meaning, texts))
    return Phrases(tuple(items), n_left_out)


def said(meaning: Meaning, locale: Any) -> str:
    """A meaning's text in a locale of Babel's, without what cannot be seen."""
    text = _DIRECTION_MARKS.sub("", _SPACES.sub(" ", meaning.text(locale)))
    return unicodedata.normalize("NFC", text)


@cache
def _locale(code: str) -> Any:
    from babel import Locale  # a tenth of a second, which few runs need

    return Locale.parse(_LOCALES.get(LANGUAGES[code].code, code))


def _count(draw: Random) -> int:
    """A number from 1 to 999, small ones as likely as large: they have the forms of their own."""
    return draw.randint(1, 30) if draw.random() < 0.25 else draw.randint(1, _MOST)


def _spanish(text: str) -> str:
    """Before its own sound, y becomes e, and o becomes u."""
    return re.sub(r" o (?=O|Ho)", " u ", re.sub(r" y (?=I|Hi)", " e ", text))
