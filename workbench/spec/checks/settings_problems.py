"""Settings problems: what is wrong with a method's settings, by its JSON Schema and its rules."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from workbench.spec.documents.document import Problem, shown, unknown_key
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, TaskChoice
from workbench.spec.rules import broken

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
    "null": "null",
}


def settings_problems(
    entry: Entry, settings: Mapping[str, Any], prefix: str, beside: Sequence[str] | None = None
) -> list[Problem]:
    """What is wrong with a method's settings, by its JSON Schema.

    `beside` are the keys that stand with them; those of a choice where it is left out.
    """
    allowed = entry.settings.get("properties", {})
    problems: list[Problem] = []
    whole = TaskChoice.model_fields if entry.role == "tasks" else Choice.model_fields
    frame = whole if beside is None else beside
    for key in settings:
        if key not in allowed:
            problems.append(Problem(f"{prefix}.{key}", unknown_key(key, [*frame, *allowed])))
    known = {key: value for key, value in settings.items() if key in allowed}
    for error in _validator_of(json.dumps(entry.settings)).iter_errors(known):
        path = ".".join([prefix, *(str(part) for part in error.absolute_path)])
        problems.append(Problem(path, _explained(error)))
    if not problems:
        for setting, message in broken(entry.rules, entry.values(settings)):
            problems.append(Problem(f"{prefix}.{setting}", message))
    return problems


def _is_whole(_checker: Any, value: Any) -> bool:
    """Strict, as the settings models are: 2.0 is not whole, and true is not a number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_checker: Any, value: Any) -> bool:
    return _is_whole(_checker, value) or (isinstance(value, float) and math.isfinite(value))


@lru_cache(maxsize=1)
def _strict_validator() -> Any:
    # imported when first needed: a window is on the screen sooner without it
    from jsonschema import Draft202012Validator, validators

    checker = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_whole, "number": _is_number}
    )
    return cast("Any", validators).extend(Draft202012Validator, type_checker=checker)


@lru_cache(maxsize=256)
def _validator_of(schema: str) -> Any:
    return _strict_validator()(json.loads(schema))


def _explained(error: "ValidationError") -> str:
    return f"{_rule(error)}; found {shown(error.instance)}"


def _rule(error: "ValidationError") -> str:
    rule: Any = error.validator_value
    match str(error.validator):
        case "type":
            kinds: list[str] = [rule] if isinstance(rule, str) else list(rule)
            return "must be " + " or ".join(_TYPES.get(kind, kind) for kind in kinds)
        case "minimum":
            return f"must be at least {rule}"
        case "maximum":
            return f"must be at most {rule}"
        case "exclusiveMinimum":
            return f"must be more than {rule}"
        case "exclusiveMaximum":
            return f"must be less than {rule}"
        case "enum":
            return "must be one of " + ", ".join(str(value) for value in rule)
        case "const":
            return f"must be {rule}"
        case "minItems" | "minLength":
            return f"must have at least {rule} items"
        case "maxItems" | "maxLength":
            return f"must have at most {rule} items"
        case "anyOf":
            first, *others = dict.fromkeys(_rule(part) for part in error.context or ())
            return " or ".join([first, *(other.removeprefix("must be ") for other in others)])
        case _:
            return error.message
