"""Aligned files: files of which line n of one says what line n of another does, by their names.

They are called alike but for the language, as Moses and OPUS have them: `news.en`, `news.fr`. Who
names one of them reads several, so what they hold is more than what is in the one that is named.
"""

import hashlib
import re
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.spec.documents.document import Problem
from workbench.spec.experiment import Spec
from workbench.spec.experiments.nested import nested
from workbench.spec.user_files.sources import FILES, digesting
from workbench.spec.work import finished

#: The setting of a family that has the sum of the files that are read beside the one it names.
BESIDE = "beside_sha256"

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
#: Endings of files beside aligned ones that might be codes of languages, and are none.
_OTHER_ENDINGS = frozenset(
    {"ids", "txt", "tsv", "csv", "tmx", "xml", "zip", "gz", "md", "log", "tab", "dat"}
    | {"npz", "npy", "idx", "pq", "ods"}
)


def is_code(text: str) -> bool:
    """Whether a text may be the code of a language, such as en or pt-BR."""
    return bool(_LANGUAGE.fullmatch(text))


def is_ending(text: str) -> bool:
    """Whether the ending of a file's name may be the code of a language."""
    return is_code(text) and text.lower() not in _OTHER_ENDINGS


def files_beside(path: Path) -> dict[str, Path]:
    """The files that are called as this one but for the language, itself among them, by code.

    Raises OSError.
    """
    start = f"{path.stem}."
    names = [entry.name for entry in path.parent.iterdir() if entry.name.startswith(start)]
    codes = [name.removeprefix(start) for name in sorted(names)]
    return {code: path.parent / f"{start}{code}" for code in codes if is_ending(code)}


def language_alone(code: str) -> str:
    """The language alone of a code that also names a country or script."""
    return re.split("[-_]", code.lower())[0]


def wanted_codes(codes: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """The languages to be read, all of a file's where none are named, with its code for each.

    A file's en-US is taken for en, unless it has another English. Raises ValueError, with a
    sentence of which the file is the subject.
    """
    plain = [code.lower().replace("_", "-") for code in codes]
    if len(set(plain)) < len(plain):
        twice = next(code for code in plain if plain.count(code) > 1)
        raise ValueError(f"names the language '{twice}' twice")
    firsts = [language_alone(code) for code in plain]
    short = [
        first if firsts.count(first) == 1 else code
        for first, code in zip(firsts, plain, strict=True)
    ]
    all_there = dict(zip(short, codes, strict=True)) | dict(zip(plain, codes, strict=True))
    left_out = [code for code in languages if code not in all_there]
    if left_out:
        raise ValueError(f"has no '{left_out[0]}'; there is {', '.join(short) or 'none'}")
    chosen = languages or short
    if len(set(chosen)) < 2:
        alone = f"texts in {chosen[0]} alone" if chosen else "texts in no language"
        raise ValueError(f"has {alone}: a translation needs two languages")
    return {code: all_there[code] for code in chosen}


def others_of(path: Path, languages: Sequence[str]) -> list[Path]:
    """The files that are read beside one of aligned files; none where it is read alone.

    Raises OSError; what is wrong with the languages is for whoever reads them to say.
    """
    if not is_ending(path.suffix.removeprefix(".")):
        return []
    files = files_beside(path)
    try:
        read = [files[code] for code in wanted_codes(list(files), languages).values()]
    except ValueError:
        return []
    return [file for file in read if file.name != path.name]


def digesting_beside(path: Path, languages: Sequence[str]) -> Generator[float, None, str]:
    """SHA-256 of the names and contents of the files that are read beside one; empty: of none.

    Yields the share that is read. Raises OSError.
    """
    others = others_of(path, languages)
    whole = hashlib.sha256()
    for i, file in enumerate(others):
        work = digesting(file)
        while True:
            try:
                share = next(work)
            except StopIteration as end:
                whole.update(f"{file.suffix}\0{end.value}\n".encode())
                break
            yield (i + share) / len(others)
    return whole.hexdigest() if others else ""


def changing_beside(
    path: Path, languages: Sequence[str], expected: str
) -> Generator[float, None, str]:
    """Why what is read beside a file is not the expected, by its sum; empty where it is.

    Yields the share that is read.
    """
    try:
        actual = yield from digesting_beside(path, languages)
    except (OSError, ValueError) as error:
        return f"what is beside {path} cannot be read: {getattr(error, 'strerror', None) or error}"
    if actual == expected.strip().lower():
        return ""
    return (
        f"what is read beside {path} has changed since this was set up: its SHA-256 begins with "
        f"{actual[:12] or 'nothing'}, not {expected.strip().lower()[:12]}; choose the file again "
        "to take it as it is"
    )


def is_known(settings: Mapping[str, Any], name: str) -> bool:
    """Whether what a file of the settings holds is known by its sum, with all that is read with it.

    Then that decides, and not where the file lies.
    """
    file = settings.get(name)
    if not settings.get(FILES[name]):
        return False
    is_several = name == "file" and isinstance(file, str) and is_ending(Path(file).suffix[1:])
    return not is_several or bool(settings.get(BESIDE))


def sums_in(settings: Mapping[str, Any], place: str) -> dict[str, str]:
    """The sums that a family's settings, and those of families within it, give of files.

    By the place of the setting that names the file, or of that of the files beside it.
    """
    sums = {
        f"{place}.{name}": str(settings[hash_name])
        for name, hash_name in FILES.items()
        if settings.get(hash_name)
    }
    if settings.get(BESIDE):
        sums[f"{place}.{BESIDE}"] = str(settings[BESIDE])
    for within, data in nested(settings):
        sums |= sums_in(data, f"{place}.{within}")
    return sums


def named_in(settings: Mapping[str, Any]) -> list[str]:
    """The files that a family's settings, and those of families within it, read."""
    names = [str(settings[name]) for name in FILES if settings.get(name)]
    if settings.get("file"):
        try:
            beside = others_of(Path(str(settings["file"])), settings.get("languages") or ())
        except OSError:  # what is not there any more is named all the same
            beside = []
        names += [str(file) for file in beside]
    return names + [file for _, data in nested(settings) for file in named_in(data)]


def changed_beside(spec: Spec) -> list[Problem]:
    """Files read beside others that are not what the spec was written for. Reads them whole."""
    return [
        problem
        for i, choice in enumerate(spec.tasks)
        for problem in _changed(choice.settings, f"tasks.{i}")
    ]


def _changed(settings: Mapping[str, Any], place: str) -> list[Problem]:
    problems: list[Problem] = []
    file, expected = settings.get("file"), settings.get(BESIDE)
    if file and isinstance(expected, str) and expected:
        languages = settings.get("languages") or ()
        reason = finished(changing_beside(Path(str(file)), languages, expected))
        problems += [Problem(f"{place}.file", reason)] if reason else []
    for within, data in nested(settings):
        problems += _changed(data, f"{place}.{within}")
    return problems
