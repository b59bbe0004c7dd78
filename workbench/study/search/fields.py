"""Fields: what a setting may be, by its dotted name, from the catalogue's schemas."""

from collections.abc import Mapping
from typing import Any, cast

from workbench.spec.entry import Catalogue, by_role
from workbench.spec.experiment import CHOICES, Spec
from workbench.spec.experiments.nested import nested, settings_of
from workbench.study.search.space import shown

Schema = Mapping[str, Any]


def schema_of(spec: Spec, catalogue: Catalogue, key: str) -> Schema:
    """The JSON Schema of one setting of `spec`; empty where nothing is known of it."""
    head, *rest = key.split(".")
    if head in CHOICES and len(rest) == 1:
        if rest == ["kind"]:
            return {"enum": [entry.key for entry in by_role(catalogue, head) if not entry.broken]}
        entry = catalogue.get((head, spec.choice(head).kind))
        return _property(entry.settings if entry is not None else {}, rest)
    if (
        head == "tasks"
        and len(rest) >= 2
        and rest[0].isdecimal()
        and int(rest[0]) < len(spec.tasks)
    ):
        choice = spec.tasks[int(rest[0])]
        own = _of_family(choice.family, choice.settings, rest[1:], catalogue)
        return own or _property(_frame(), ["tasks", "0", *rest[1:]])
    return _property(_frame(), [head, *rest])


def _of_family(
    family: str, settings: Mapping[str, Any], path: list[str], catalogue: Catalogue
) -> Schema:
    """The schema of a setting of a family, or of one within it."""
    entry = catalogue.get(("tasks", family))
    if entry is None:
        return {}
    for place, data in nested(entry.values(settings)):
        head = place.split(".")
        if path[: len(head)] == head and len(path) > len(head):
            inner = settings_of(data)
            return _of_family(str(data.get("family")), inner, path[len(head) :], catalogue)
    return _property(entry.settings, path)


def is_whole(spec: Spec, catalogue: Catalogue, key: str) -> bool:
    """Whether a setting takes whole numbers alone."""
    schema = schema_of(spec, catalogue, key)
    kinds = [schema, *schema.get("anyOf", ())]
    return any(k.get("type") == "integer" for k in kinds) and not any(
        k.get("type") == "number" for k in kinds
    )


def value_of(spec: Spec, key: str, schema: Schema) -> Any:
    """What a setting is in `spec`: its default where it is left out."""
    head, *rest = key.split(".")
    data: Any = spec.model_dump().get(head)
    for part in rest:
        if isinstance(data, list | tuple):
            rows = cast("list[Any]", data)
            data = rows[int(part)] if part.isdecimal() and int(part) < len(rows) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return schema.get("default") if data is None else data


def suggestion(schema: Schema, value: Any) -> str:
    """A space to begin with, from what a setting may be and is: to be changed by the user.

    Choices where they are listed. Numbers of a wide range go over powers, from a tenth of the value
    to ten times as much; others over what is allowed.
    """
    if choices := _choices(schema):
        return ",".join(shown(choice) for choice in choices)
    low, high, is_int = _bounds(schema)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    if low is not None and high is not None and 0 < high - low <= (64 if is_int else 1):
        return f"{'int' if is_int else 'float'}:{low:g}:{high:g}"
    least = value / 10 if value > 0 else (0.001 if not is_int else 1)
    most = value * 10 if value > 0 else (1 if not is_int else 100)
    if is_int:
        least, most = max(round(least), 1), max(round(most), 2)
    least = max(least, low) if low is not None and low > 0 else least
    most = min(most, high) if high is not None else most
    return f"log:{least:g}:{most:g}" if 0 < least < most else ""


def _choices(schema: Schema) -> list[Any]:
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("type") == "boolean":
        return [False, True]
    return []


def _bounds(schema: Schema) -> tuple[float | None, float | None, bool]:
    """Least, largest, and whether it is whole; an end that cannot be had is none."""
    is_int = schema.get("type") == "integer"
    low, high = schema.get("minimum"), schema.get("maximum")
    if (above := schema.get("exclusiveMinimum")) is not None:
        low = above + 1 if is_int else above
    if (below := schema.get("exclusiveMaximum")) is not None:
        high = below - 1 if is_int else None
    return low, high, is_int


def _frame() -> Schema:
    return Spec.model_json_schema()


def _property(root: Schema, path: list[str]) -> Schema:
    """The schema at a path, references followed."""
    schema: Schema = root
    for part in path:
        schema = _followed(schema, root)
        if part.isdecimal():
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part, {})
    return _followed(schema, root)


def _followed(schema: Schema, root: Schema) -> Schema:
    reference = str(schema.get("$ref", ""))
    for wrapped in schema.get("anyOf", ()):
        inner = cast("Schema", wrapped)
        if not reference and "$ref" in inner:
            reference = str(inner["$ref"])
    name = reference.removeprefix("#/$defs/")
    return {**root.get("$defs", {}).get(name, {}), **schema} if name else schema
