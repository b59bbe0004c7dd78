"""Language codes: which languages a file of sentences has, by its columns, names or attributes."""

import re
from collections.abc import Sequence
from pathlib import Path

from workbench.engine.readers.errors import DataError

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
#: Endings of files beside aligned ones that might be codes of languages, and are none.
_OTHER_ENDINGS = frozenset(
    {"ids", "txt", "tsv", "csv", "tmx", "xml", "zip", "gz", "md", "log", "tab"}
)


def is_code(text: str) -> bool:
    """Whether a text may be the code of a language, such as en or pt-BR."""
    return bool(_LANGUAGE.fullmatch(text))


def files_beside(path: Path) -> dict[str, Path]:
    """The files that are called as this one but for the language, itself among them, by code."""
    start = f"{path.stem}."
    names = [entry.name for entry in path.parent.iterdir() if entry.name.startswith(start)]
    codes = [name.removeprefix(start) for name in sorted(names)]
    return {code: path.parent / f"{start}{code}" for code in codes if _is_ending(code)}


def is_one_of_several(path: Path) -> bool:
    """Whether a file is one of several with a language each, by their names.

    Raises DataError where it is named as one and is alone, and OSError.
    """
    code = path.suffix.removeprefix(".")
    if not _is_ending(code):
        return False
    is_alone = len(files_beside(path)) < 2
    if is_alone and len(code) == 2:
        other = f"{path.stem}.{'fr' if code == 'en' else 'en'}"
        raise DataError(path, f"has no file beside it in another language, called alike ({other})")
    return not is_alone


def _is_ending(text: str) -> bool:
    return is_code(text) and text.lower() not in _OTHER_ENDINGS


def language_alone(code: str) -> str:
    """The language alone of a code that also names a country or script."""
    return re.split("[-_]", code.lower())[0]


def wanted_codes(path: Path, codes: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """The languages to be read, with the code that the file has for each.

    A file's en-US is taken for en, unless it has another English. Raises DataError.
    """
    plain = [code.lower().replace("_", "-") for code in codes]
    if len(set(plain)) < len(plain):
        twice = next(code for code in plain if plain.count(code) > 1)
        raise DataError(path, f"names the language '{twice}' twice")
    firsts = [language_alone(code) for code in plain]
    short = [
        first if firsts.count(first) == 1 else code
        for first, code in zip(firsts, plain, strict=True)
    ]
    all_there = dict(zip(short, codes, strict=True)) | dict(zip(plain, codes, strict=True))
    left_out = [code for code in languages if code not in all_there]
    if left_out:
        raise DataError(path, f"has no '{left_out[0]}'; there is {', '.join(short) or 'none'}")
    chosen = languages or short
    if len(set(chosen)) < 2:
        raise DataError(path, f"has texts in {chosen[0]} alone: a translation needs two languages")
    return {code: all_there[code] for code in chosen}
