"""What languages are called, and which of some a text is in."""

import pytest

from workbench.ui.tabs.translate.languages import code_and_name, language_name, likely_source


def test_a_language_is_named_by_its_code() -> None:
    assert language_name("de") == "German"
    assert language_name("pt-BR") == "Portuguese"
    assert language_name("lv") == "Latvian"
    assert code_and_name("ar") == "ar · Arabic"


@pytest.mark.parametrize("code", ["even", "l4", "", "x", "qqq", "<b>"])
def test_what_is_no_language_has_no_name(code: str) -> None:
    assert language_name(code) == ""
    assert code_and_name(code) == code


def test_the_language_is_the_one_whose_letters_are_in_the_text() -> None:
    known = {
        "en": ["twenty-one", "three hundred"],
        "de": ["einundzwanzig", "dreihundert"],
        "ar": ["واحد وعشرون"],
        "digits": ["21", "300"],
    }
    assert likely_source("Three hundred", known) == "en"
    assert likely_source("dreihundert", known) == "de"
    assert likely_source("عشرون", known) == "ar"
    assert likely_source("30", known) == "digits"
    assert likely_source("", known) == "en"
    assert likely_source("x", {}) == ""
