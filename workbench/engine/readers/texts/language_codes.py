"""Language codes: which languages a file of sentences has, by its columns, names or attributes."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from workbench.engine.readers.errors import DataError
from workbench.spec.user_files import aligned
from workbench.spec.user_files.aligned import files_beside, is_ending, language_alone


@cache
def _known() -> frozenset[str]:
    from babel import Locale  # a tenth of a second, which few files need

    return frozenset(Locale("en").languages)


def is_language(code: str) -> bool:
    """Whether a code is that of a language that is known, such as en, pt-BR or yue."""
    return aligned.is_code(code) and language_alone(code) in _known()


def is_one_of_several(path: Path) -> bool:
    """Whether a file is one of several with a language each, by their names.

    Raises DataError where it is named as one and is alone, and OSError.
    """
    code = path.suffix.removeprefix(".")
    if not is_ending(code):
        return False
    is_alone = len(files_beside(path)) < 2
    if is_alone and len(code) == 2:
        other = f"{path.stem}.{'fr' if code == 'en' else 'en'}"
        raise DataError(path, f"has no file beside it in another language, called alike ({other})")
    return not is_alone


def wanted_codes(path: Path, codes: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """As `aligned.wanted_codes`, of a file. Raises DataError."""
    try:
        return aligned.wanted_codes(codes, languages)
    except ValueError as error:
        raise DataError(path, str(error)) from None
