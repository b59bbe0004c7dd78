"""Numbers in words: right, in one form, and never two numbers alike."""

import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from random import Random

import pytest

from tests.fuzz import scaled
from workbench.engine.blocks.text.number_words import LANGUAGES, N_NUMBERS, words

every_language = pytest.mark.parametrize("language", LANGUAGES)

#: What ICU writes too, spacing and hyphens aside; the first lines are what num2words gets wrong.
REFERENCE = [
    ("es", 21_210, "veintiún mil doscientos diez"),
    ("es", 71_000, "setenta y un mil"),
    ("es", 621_429, "seiscientos veintiún mil cuatrocientos veintinueve"),
    ("de", 201_268, "zweihunderteintausendzweihundertachtundsechzig"),
    ("it", 118, "centodiciotto"),
    ("it", 3, "tre"),
    ("it", 773, "settecentosettantatré"),
    ("it", 23_000, "ventitremila"),
    ("nl", 1_001, "duizendeen"),
    ("sv", 40, "fyrtio"),
    ("sv", 1_000, "ettusen"),
    ("sv", 981_000, "niohundraåttioettusen"),
    ("tr", 260_858, "iki yüz altmış bin sekiz yüz elli sekiz"),
    ("tr", 261_858, "iki yüz altmış bir bin sekiz yüz elli sekiz"),
    ("tr", 1_100, "bin yüz"),
    ("tr", 0, "sıfır"),
    ("cs", 245, "dvě stě čtyřicet pět"),
    ("cs", 999, "devět set devadesát devět"),
    ("hu", 102, "százkettő"),
    ("hu", 12_002, "tizenkétezer-kettő"),
    ("vi", 1_001, "một nghìn không trăm lẻ một"),
    ("vi", 1_011, "một nghìn không trăm mười một"),
    ("vi", 105_125, "một trăm lẻ năm nghìn một trăm hai mươi lăm"),
    ("zh", 0, "零"),
    ("zh", 10, "十"),
    ("zh", 110, "一百一十"),
    ("zh", 1_005, "一千零五"),
    ("zh", 10_100, "一万零一百"),
    ("zh", 110_043, "十一万零四十三"),
    ("zh", 953_106, "九十五万三千一百零六"),
    ("ar", 11, "أحد عشر"),
    ("ar", 26, "ستة وعشرون"),
    ("ar", 200, "مئتان"),
    ("ar", 2_000, "ألفان"),
    ("ar", 3_010, "ثلاثة آلاف وعشرة"),
    ("ar", 101_000, "مائة ألف وألف"),
    ("ar", 200_012, "مئتا ألف واثنا عشر"),
    ("en", 901_786, "nine hundred and one thousand, seven hundred and eighty-six"),
    ("fr", 280_281, "deux cent quatre-vingt mille deux cent quatre-vingt-un"),
    ("pt", 617_016, "seiscentos e dezassete mil e dezasseis"),
    ("pl", 22_001, "dwadzieścia dwa tysiące jeden"),
    ("ru", 41_002, "сорок одна тысяча два"),
    ("uk", 2_500, "дві тисячі п'ятсот"),
    ("lt", 21_000, "dvidešimt vienas tūkstantis"),
    ("fi", 999, "yhdeksänsataayhdeksänkymmentäyhdeksän"),
    ("id", 1_111, "seribu seratus sebelas"),
    ("kk", 250, "екі жүз елу"),
    ("he", 3_222, "שלושת אלפים מאתיים עשרים ושתיים"),
    ("fa", 221_021, "دویست و بیست و یک هزار و بیست و یک"),
    ("th", 21_021, "สองหมื่นหนึ่งพันยี่สิบเอ็ด"),
    ("ja", 123_456, "十二万三千四百五十六"),
    ("ko", 123_456, "십이만 삼천사백오십육"),
]


@pytest.mark.parametrize(("language", "number", "text"), REFERENCE)
def test_numbers_are_written_as_they_should_be(language: str, number: int, text: str):
    assert words(number, language) == unicodedata.normalize("NFC", text)


def test_every_language_has_a_reference():
    assert {language for language, _, _ in REFERENCE} == set(LANGUAGES)


def test_there_are_languages_of_many_scripts():
    asked = ["en", "fr", "de", "es", "it", "pt", "pl", "ru", "ar", "he", "zh", "ja", "ko", "tr"]
    assert set(asked) <= set(LANGUAGES)
    assert len({language.script for language in LANGUAGES.values()}) >= 5
    assert {code for code in LANGUAGES if LANGUAGES[code].is_right_to_left} == {"ar", "he", "fa"}


def check_one_to_one(language: str, numbers: Iterable[int]) -> None:
    seen: dict[str, int] = {}
    for number in numbers:
        text = words(number, language)
        assert seen.setdefault(text, number) == number, f"{text}: {seen[text]} and {number}"
    for text in seen:
        assert text.isprintable()
        assert " ".join(text.split(" ")) == text.strip()
    joined = "".join(seen)
    assert unicodedata.is_normalized("NFC", joined)
    assert not any(character.isdigit() for character in joined)


@every_language
def test_no_two_numbers_are_alike(language: str):
    """All small ones, those one digit apart at any place, and a sample of all."""
    draw = Random(f"{language} numbers")
    sample = [draw.randrange(N_NUMBERS) for _ in range(scaled(500))]
    near = [n - n // 10**k % 10 * 10**k + d * 10**k for n in sample[:50] for k in range(6)
            for d in range(10)]  # fmt: skip
    check_one_to_one(language, [*range(2_001), *sample, *near])


@pytest.mark.slow
@every_language
def test_no_two_of_many_numbers_are_alike(language: str):
    """A tenth of all numbers; all of them where WORKBENCH_FUZZ is 10."""
    n = min(scaled(N_NUMBERS // 10), N_NUMBERS)
    drawn = Random(language).sample(range(N_NUMBERS), n)
    check_one_to_one(language, sorted({*range(20_001), *drawn}))


@pytest.mark.parametrize("number", [-1, N_NUMBERS])
def test_other_numbers_are_refused(number: int):
    with pytest.raises(ValueError, match="numbers from 0 to 999,999"):
        words(number, "en")


def test_other_languages_are_refused():
    with pytest.raises(KeyError):
        words(1, "xx")


def test_the_library_is_imported_when_it_is_needed():
    code = (
        "import sys, workbench.engine.blocks.text.number_words; print('num2words' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
