"""Explain: what is wrong with a document, in the words of whoever wrote it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from workbench.spec.documents.document import Document, Path_, Problem, shown, unknown_key
from workbench.spec.experiment import Spec

#: What pydantic's kind of error means, in the words that `check` uses for methods' settings.
_RULES: Mapping[str, str] = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": "must be a map",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "string_too_short": "must have at least {min_length} letters",
    "string_too_long": "must have at most {max_length} letters",
    # The device is the one field with a pattern.
    "string_pattern_mismatch": "must be auto, cpu, cuda, cuda:N or mps",
}


def explained(document: Document, errors: Iterable[ErrorDetails]) -> list[Problem]:
    """Pydantic's errors as problems, one a place.

    An error that follows from another is left out: a list counts as too short when an item of
    it is bad. The errors of a field with several forms, a number or 'auto', become one.
    """
    by_place: dict[Path_, list[ErrorDetails]] = {}
    for error in errors:
        place = tuple(part for part in error["loc"] if not _is_branch(part))
        by_place.setdefault(place, []).append(error)
    problems: list[Problem] = []
    for place, place_errors in by_place.items():
        has_inner = any(other != place and other[: len(place)] == place for other in by_place)
        if not (has_inner and place_errors[0]["type"] == "too_short"):
            problems.append(document.problem(place, _message(place, place_errors)))
    return problems


def _message(place: Path_, errors: list[ErrorDetails]) -> str:
    kind = errors[0]["type"]
    if kind == "extra_forbidden":
        return unknown_key(str(place[-1]), _siblings(place))
    if kind == "missing":
        return "required, but missing"
    first, *others = dict.fromkeys(_rule(error) for error in errors)
    rule = " or ".join([first, *(other.removeprefix("must be ") for other in others)])
    return f"{rule}; found {shown(errors[0].get('input'))}"


def _rule(error: ErrorDetails) -> str:
    rule = _RULES.get(error["type"])
    if rule is None:
        return error["msg"].removeprefix("Value error, ")
    values: Mapping[str, Any] = error.get("ctx", {})
    plain = {k: f"{v:g}" if isinstance(v, float) else v for k, v in values.items()}
    return rule.format_map(plain)


def _is_branch(part: str | int) -> bool:
    """Pydantic names the branch of a union in the location; it is no part of the file."""
    return isinstance(part, str) and (
        part in ("int", "constrained-int") or part.startswith(("literal[", "tuple[", "form:"))
    )


def _siblings(path: Path_) -> list[str]:
    model: Any = Spec
    for part in path[:-1]:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            arguments: tuple[Any, ...] = getattr(annotation, "__args__", ())
            model = next((a for a in arguments if hasattr(a, "model_fields")), annotation)
    return list(getattr(model, "model_fields", {}))
