"""Number words: whole numbers below a million, written out in many languages.

Most are num2words' own. What it gets wrong is mended here, and what it gets wrong in too many
places, or lacks, has a short rule of its own. Every language's words were compared with those of
ICU, another library, and each difference was looked into: what is left is spacing, hyphens and
forms that are both right. Portuguese is that of Portugal. Left out for what is wrong there:
Azerbaijani, Danish, Norwegian, Catalan, Romanian, Latvian; and what nothing vouches for.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from workbench.engine.blocks.text import languages
from workbench.engine.blocks.text.languages import Language

#: Every number written out is below it.
N_NUMBERS = 1_000_000

_Words = Callable[[int], str]


def words(number: int, language: str) -> str:
    """A number from 0 to 999,999 in words of a language of `LANGUAGES`.

    The text is in Unicode's composed form (NFC). Raises ValueError for another number, KeyError
    for another language.
    """
    if not 0 <= number < N_NUMBERS:
        raise ValueError(f"{number:,} is not written out: numbers from 0 to {N_NUMBERS - 1:,} are")
    return _speller(language)(number)


@cache
def _speller(language: str) -> _Words:
    """What writes out numbers in a language."""
    if language in _OWN:
        return _OWN[language]
    converter = _converter(_KEYS.get(language, language))
    mend = _MENDED.get(language)
    if mend is None:
        return converter
    return lambda number: mend(converter(number), number)


def _converter(key: str) -> _Words:
    """num2words' own writer of one language, without the names of numbers that are never asked."""
    from num2words import CONVERTER_CLASSES  # a tenth of a second, which few runs need

    converter: Any = type(CONVERTER_CLASSES[key])()
    if hasattr(converter, "cards"):  # it looks through all of them, up to 10^600, for each part
        cards = converter.cards
        converter.cards = type(cards)((n, card) for n, card in cards.items() if n <= N_NUMBERS)
    return converter.to_cardinal


# What num2words gets wrong


def _german(text: str, number: int) -> str:
    """201,000 is zweihunderteintausend, not …einstausend."""
    return text.replace("einstausend", "eintausend")


def _spanish(text: str, number: int) -> str:
    """71,000 is setenta y un mil, not … uno mil, and 621,000 has the accent that 21,000 has."""
    return text.replace("uno mil", "un mil").replace("veintiun mil", "veintiún mil")


def _italian(text: str, number: int) -> str:
    """118 is centodiciotto, not centodicotto; 23 and 103 end in an accent, 3 does not."""
    text = text.replace("dicotto", "diciotto")
    return f"{text[:-1]}é" if number > 3 and text.endswith("tre") else text


def _dutch(text: str, number: int) -> str:
    """1,001 is duizendeen: the accents tell the numeral from an article, beside a noun alone."""
    return text.replace("één", "een")


def _swedish(text: str, number: int) -> str:
    """40 is fyrtio, and three equal letters become two: ettusen."""
    return text.replace("förtio", "fyrtio").replace("etttusen", "ettusen")


def _czech(text: str, number: int) -> str:
    """200 is dvě stě, in two words, as all that follows is."""
    return re.sub(r"(?<=\w)(stě|sta|set)\b", r" \1", text)


def _hungarian(text: str, number: int) -> str:
    """102 is százkettő and 12,000 tizenkétezer: két stands before what it counts, alone."""
    return re.sub("két$", "kettő", text.replace("kettőezer", "kétezer"))


def _vietnamese(text: str, number: int) -> str:
    """1,011 is một nghìn không trăm mười một: the hundreds that are none are said."""
    thousands, rest = divmod(number, 1000)
    if not thousands or not 0 < rest < 100:
        return text
    write = _speller("vi")
    joint = "không trăm lẻ" if rest < 10 else "không trăm"
    return f"{write(1000 * thousands)} {joint} {write(rest)}"


_MENDED: Mapping[str, Callable[[str, int], str]] = {
    "cs": _czech,
    "de": _german,
    "es": _spanish,
    "hu": _hungarian,
    "it": _italian,
    "nl": _dutch,
    "sv": _swedish,
    "vi": _vietnamese,
}

#: num2words' keys that are no codes of languages.
_KEYS = {"kk": "kz"}


# Languages with a rule of their own: num2words writes 260,858 and 261,858 alike in Turkish, takes
# 101,000 in Arabic for 100 × 1,000,000, and has no Chinese.

_TURKISH_UNITS = ["", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
_TURKISH_TENS = ["", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]


def _turkish(number: int) -> str:
    def below_thousand(n: int) -> list[str]:
        hundreds, rest = divmod(n, 100)
        named = [_TURKISH_UNITS[hundreds] if hundreds > 1 else "", "yüz" if hundreds else ""]
        return [*named, _TURKISH_TENS[rest // 10], _TURKISH_UNITS[rest % 10]]

    thousands, rest = divmod(number, 1000)
    parts = below_thousand(thousands) if thousands > 1 else []
    parts += ["bin" if thousands else "", *below_thousand(rest)]
    return " ".join(part for part in parts if part) or "sıfır"


_HAN_DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """Simplified, as it is read: 10 is 十, 110 is 一百一十, and one 零 stands for any gap."""

    def below_myriad(n: int) -> str:
        text, has_gap = "", False
        for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = n // unit % 10
            if digit:
                text += ("零" if has_gap and text else "") + _HAN_DIGITS[digit] + name
            has_gap = not digit
        return text

    myriads, rest = divmod(number, 10_000)
    text = below_myriad(myriads) + "万" if myriads else ""
    if rest:
        text += ("零" if myriads and rest < 1000 else "") + below_myriad(rest)
    return (text or "零").removeprefix("一") if text.startswith("一十") else text or "零"


_ARABIC_UNITS = [
    "صفر",
    "واحد",
    "اثنان",
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
]
_ARABIC_TENS = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
_ARABIC_HUNDREDS = [
    "مائة",
    "مئتان",
    "ثلاثمائة",
    "أربعمائة",
    "خمسمائة",
    "ستمائة",
    "سبعمائة",
    "ثمانمائة",
    "تسعمائة",
]
_AND = " و"


def _arabic(number: int) -> str:
    """Standard Arabic, masculine, without vowel marks but for the accusative of ألفًا."""
    if not number:
        return _ARABIC_UNITS[0]
    thousands, rest = divmod(number, 1000)
    parts = _arabic_thousands(thousands) if thousands else []
    return _AND.join([*parts, *_arabic_parts(rest)])


def _arabic_parts(n: int) -> list[str]:
    """The words of a number below a thousand, which "and" joins."""
    hundreds, rest = divmod(n, 100)
    parts = [_ARABIC_HUNDREDS[hundreds - 1]] if hundreds else []
    if 0 < rest <= 10:
        parts.append(_ARABIC_UNITS[rest])
    elif 10 < rest < 20:
        first = {11: "أحد", 12: "اثنا"}.get(rest, _ARABIC_UNITS[rest - 10])
        parts.append(f"{first} عشر")
    elif rest:
        parts += [_ARABIC_UNITS[rest % 10]] if rest % 10 else []
        parts.append(_ARABIC_TENS[rest // 10 - 2])
    return parts


def _arabic_thousands(n: int) -> list[str]:
    """Thousands from 1 to 999: what is counted has the form that the last two digits ask for."""
    hundreds, rest = divmod(n, 100)
    if rest in (0, 1, 2):  # hundreds of thousands, and then one thousand, or two
        before = _ARABIC_HUNDREDS[hundreds - 1].replace("مئتان", "مئتا") if hundreds else ""
        counted = ["", "ألف", "ألفان"][rest]
        return [*([f"{before} ألف"] if before else []), *([counted] if counted else [])]
    noun = "آلاف" if rest <= 10 else "ألفًا"
    return [f"{_AND.join(_arabic_parts(n))} {noun}"]


_OWN: Mapping[str, _Words] = {"ar": _arabic, "tr": _turkish, "zh": _chinese}

#: Danish is wrong in num2words; Greek and Hindi it has not.
_LEFT_OUT = ("da", "el", "hi")

#: The languages that numbers are written out in, by their codes.
LANGUAGES: Mapping[str, Language] = {
    code: language for code, language in languages.LANGUAGES.items() if code not in _LEFT_OUT
}
