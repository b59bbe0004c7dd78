"""Preset schema: the JSON Schema of a preset, for editors."""

from collections.abc import Mapping
from typing import Any

from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiment import CHOICES, Spec
from workbench.spec.experiments.nested import OF


def preset_schema(catalogue: Catalogue) -> dict[str, Any]:
    """JSON Schema of a preset: the frame, with every method's own settings."""
    schema: dict[str, Any] = Spec.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Workbench preset"
    for role in CHOICES:
        field = schema["properties"][role]
        variants = [
            _variant(e, {"kind": {"const": e.key}}, ["kind"]) for e in by_role(catalogue, role)
        ]
        schema["properties"][role] = {
            "description": field.get("description", ""),
            "oneOf": variants,
        }
    frame: dict[str, Any] = schema["$defs"]["TaskChoice"]["properties"]
    families = [
        _variant(e, {**frame, "family": {"const": e.key}}, ["family"])
        for e in by_role(catalogue, "tasks")
    ]
    schema["properties"]["tasks"]["items"] = {"oneOf": families}
    within = [
        _variant(e, {"family": {"const": e.key}, "task": frame["task"]}, ["family"])
        for e in by_role(catalogue, "tasks")
    ]
    schema["$defs"]["Source"] = {"oneOf": within}
    for name in ("Choice", "TaskChoice"):
        schema["$defs"].pop(name, None)
    return schema


def _variant(entry: Entry, own: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "title": entry.title,
        "description": entry.summary,
        "properties": {**own, **_referring(entry.settings.get("properties", {}))},
        "required": required,
        "additionalProperties": False,
    }


def _referring(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in which a family within another is any family."""
    source = {"$ref": "#/$defs/Source"}
    result = dict(properties)
    if OF in result:
        keys = {"title", "description", "default", "minItems", "maxItems"}
        own = {key: value for key, value in result[OF].items() if key in keys}
        is_list = result[OF].get("type") == "array"
        result[OF] = {**own, **({"type": "array", "items": source} if is_list else source)}
    return result
