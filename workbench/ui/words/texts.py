"""Texts: what methods, presets and the training process say, in the language of the window.

Methods, presets and reasons of refusal are written in English where they belong, for the command
line and for files as well. Their translations lie beside each other in
`resources/translations/<language>/`, a file for each role, one for presets, one for what is
refused; without one a text stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, cast

import yaml

from workbench.spec.entry import Catalogue, Entry
from workbench.spec.files import shipped
from workbench.ui.words.language import language_in_use

#: The section of a role's file that serves all its methods, and the file that serves all roles.
SHARED = "shared"

Texts = Mapping[str, str]

#: A place in a template: `{words}` (and `{words2}`) is translated in its turn, any other is not.
_PLACE = re.compile(r"\{(\w+)\}")

#: What may stand in a place: not several reasons, which are told apart by a semicolon.
_VALUE = r"(?:(?!; ).)*"


def in_language(catalogue: Catalogue) -> Catalogue:
    """The catalogue with every text in the language of the window."""
    language = language_in_use()
    if language == "en":
        return catalogue
    return {key: _entry(entry, language) for key, entry in catalogue.items()}


def settings_in_language(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of settings that every setup has, in the language of the window."""
    language = language_in_use()
    return _schema(schema, {} if language == "en" else texts("setup", language))


def said(text: str) -> str:
    """Why something is refused, or what the training process tells, in the window's language."""
    language = language_in_use()
    return text if language == "en" or not text else reason(text, language)


def of_preset(text: str) -> str:
    """The name of a preset or what it is about; the user's own stand as they were written."""
    language = language_in_use()
    return text if language == "en" else texts("presets", language).get(text, text)


def texts_of(entry: Entry, language: str) -> Texts:
    """The translations that serve one method: its own before those of its role and of all."""
    of_role = sections(entry.role, language)
    return {**texts(SHARED, language), **of_role.get(SHARED, {}), **of_role.get(entry.key, {})}


@cache
def sections(name: str, language: str) -> Mapping[str, Texts]:
    """The translations of one role, by method."""
    return _file(name, language)


@cache
def texts(name: str, language: str) -> Texts:
    """The translations of a file without sections."""
    return _file(name, language)


def _file(name: str, language: str) -> Mapping[str, Any]:
    path = shipped("resources") / "translations" / language / f"{name}.yaml"
    if not path.is_file():
        return {}
    # written with the program, and large: the fast reader, where there is one
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = path.read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", yaml.load(text, loader)) or {}  # noqa: S506 - both are safe


def _entry(entry: Entry, language: str) -> Entry:
    known = texts_of(entry, language)
    fields = ("title", "summary", "formula", "helps", "group")
    changed: dict[str, Any] = {name: known.get(t := getattr(entry, name), t) for name in fields}
    return replace(entry, settings=_schema(entry.settings, known), **changed)


def _schema(schema: Mapping[str, Any], known: Texts) -> dict[str, Any]:
    """A JSON Schema with its settings' texts translated."""
    result = dict(schema)
    for part in ("properties", "$defs"):
        inner = cast("Mapping[str, Any]", schema.get(part, {}))
        if inner:
            result[part] = {name: _setting(each, known) for name, each in inner.items()}
    return result


def _setting(schema: Mapping[str, Any], known: Texts) -> dict[str, Any]:
    result = _schema(schema, known)
    for name in ("title", "description", "unit"):
        text = schema.get(name)
        if isinstance(text, str):
            result[name] = known.get(text, text)
    return result


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places for values, and its translation with the same places."""

    pattern: re.Pattern[str]
    translation: str

    @classmethod
    def of(cls, text: str, translation: str) -> "Template":
        """A template of a text in which places stand as `{name}`."""
        literals = _PLACE.split(text)
        pattern = "".join(
            f"(?P<{part}>{_VALUE})" if i % 2 else re.escape(part) for i, part in enumerate(literals)
        )
        return cls(re.compile(pattern, re.DOTALL), translation)


@cache
def _templates(language: str) -> tuple[Template, ...]:
    """The most particular come first: those with the most text of their own."""
    reasons = dict(texts("reasons", language))
    # what a method needs is told with its title, of a setting with the value that asks for it
    needs = [text for text in reasons if text.startswith("needs ")]
    reasons |= {f"{{words}} {text}": f"{{words}}{reasons[text]}" for text in needs}
    known = sorted(reasons, key=lambda text: -len(_PLACE.sub("", text)))
    return tuple(Template.of(text, reasons[text]) for text in known if _PLACE.search(text))


@lru_cache(maxsize=2048)
def reason(text: str, language: str) -> str:
    """A reason in a language; where it has no translation, as it is."""
    known = texts("reasons", language)
    if text in known:
        return known[text]
    for template in _templates(language):
        match = template.pattern.fullmatch(text)
        if match:
            return _filled(template.translation, dict(_values(match, language)))
    return _said_in_parts(text, language)


def _said_in_parts(text: str, language: str) -> str:
    """Several reasons at once, or a reason behind the place where it was found."""
    parts = text.split("; ")
    translated = [reason(part, language) for part in parts] if len(parts) > 1 else parts
    if translated != parts:
        return "；".join(translated)
    place, colon, rest = text.partition(": ")
    found = reason(rest, language) if colon else rest
    return f"{place}：{found}" if found != rest else text


def _filled(translation: str, values: Texts) -> str:
    """A translation with its values: what stands in braces besides is no place."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), translation)


def _values(match: re.Match[str], language: str) -> Iterator[tuple[str, str]]:
    for name, value in match.groupdict().items():
        yield name, reason(value, language) if name.startswith("words") else value
