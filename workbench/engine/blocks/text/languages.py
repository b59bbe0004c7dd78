"""Languages: what the languages that texts are made in are called, and how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code of ISO 639, its name in itself and in English, and its script.

    `is_right_to_left` is how its script runs.
    """

    code: str
    name: str
    english: str
    script: str
    is_right_to_left: bool = False


_ALL = (
    Language("en", "English", "English", "Latin"),
    Language("fr", "français", "French", "Latin"),
    Language("de", "Deutsch", "German", "Latin"),
    Language("es", "español", "Spanish", "Latin"),
    Language("it", "italiano", "Italian", "Latin"),
    Language("pt", "português", "Portuguese", "Latin"),
    Language("nl", "Nederlands", "Dutch", "Latin"),
    Language("sv", "svenska", "Swedish", "Latin"),
    Language("da", "dansk", "Danish", "Latin"),
    Language("fi", "suomi", "Finnish", "Latin"),
    Language("hu", "magyar", "Hungarian", "Latin"),
    Language("pl", "polski", "Polish", "Latin"),
    Language("cs", "čeština", "Czech", "Latin"),
    Language("lt", "lietuvių", "Lithuanian", "Latin"),
    Language("tr", "Türkçe", "Turkish", "Latin"),
    Language("id", "Bahasa Indonesia", "Indonesian", "Latin"),
    Language("vi", "Tiếng Việt", "Vietnamese", "Latin"),
    Language("ru", "русский", "Russian", "Cyrillic"),
    Language("uk", "українська", "Ukrainian", "Cyrillic"),
    Language("kk", "қазақша", "Kazakh", "Cyrillic"),
    Language("el", "Ελληνικά", "Greek", "Greek"),
    Language("he", "עברית", "Hebrew", "Hebrew", is_right_to_left=True),
    Language("ar", "العربية", "Arabic", "Arabic", is_right_to_left=True),
    Language("fa", "فارسی", "Persian", "Arabic", is_right_to_left=True),
    Language("hi", "हिन्दी", "Hindi", "Devanagari"),
    Language("th", "ไทย", "Thai", "Thai"),
    Language("zh", "中文", "Chinese", "Han"),
    Language("ja", "日本語", "Japanese", "Japanese"),
    Language("ko", "한국어", "Korean", "Hangul"),
)

#: Every language that a text is made in, by its code.
LANGUAGES: Mapping[str, Language] = {language.code: language for language in _ALL}
