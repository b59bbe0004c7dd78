"""Catalogue commands: list, show and check, in well under a second.

Only a choice that shows in the model alone whether it fits is checked with torch.
"""

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbench.cli import BAD, DONE, output
from workbench.cli.services import Services
from workbench.cli.tables import row, text_table
from workbench.spec import preset as presets
from workbench.spec.check import (
    check_whole,
    is_judged_built,
    parts,
    refuse,
    remarks,
)
from workbench.spec.checks.preset_schema import preset_schema
from workbench.spec.entry import ROLES, Entry, by_role
from workbench.spec.text import visible

if TYPE_CHECKING:
    from rich.table import Table


def check(services: Services, preset: str, *, has_cost: bool = False) -> int:
    """Say that a preset is right; returns the exit code. Raises PresetError if it is not."""
    from workbench.cli.first_look import first_looks
    from workbench.spec.cost import line_of
    from workbench.spec.question import Cost, RefusedError

    document, catalogue = presets.read(preset), services.catalogue()
    spec = check_whole(document, catalogue)
    for remark in remarks(spec, catalogue):  # known at once, before anything is built
        placed = document.problem(parts(remark.field), f"warning: {remark.message}")
        output.remark(placed.text(document.source))
    looks = list(first_looks(spec, services))
    for words in looks:
        output.remark(f"note: {visible(words)}")
    cost = None
    if has_cost or is_judged_built(spec, catalogue):
        try:
            cost = services.runner().ask(Cost(spec))
        except RefusedError as error:
            refuse(document, error.field, error.message)
    output.emit(f"{visible(preset)}: '{visible(spec.name)}' can be run")
    for notice in cost.notices if cost is not None else ():
        if notice not in looks:
            output.remark(f"note: {visible(notice)}")
    if has_cost and cost is not None:
        output.emit(line_of(cost))
    return DONE


def print_schema(services: Services) -> int:
    """Print the JSON Schema of a preset; returns the exit code."""
    output.emit_json(preset_schema(services.catalogue()))
    return DONE


def list_methods(services: Services, role: str, *, as_json: bool) -> int:
    """List the entries of one role, or of all; returns the exit code."""
    if role and role not in ROLES:
        near = difflib.get_close_matches(role, ROLES, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        output.remark(f"there is no role '{role}'{hint} (there is: {', '.join(ROLES)})")
        return BAD
    catalogue = services.catalogue()
    roles = [role] if role else list(ROLES)
    entries = [entry for name in roles for entry in by_role(catalogue, name)]
    if as_json:
        output.emit_json({"entries": [entry.to_json() for entry in entries]})
        return DONE
    table = text_table("role", "key", "title", "summary", "needs", whole=("role", "key"))
    for entry in entries:
        summary = f"cannot be used: {entry.broken}" if entry.broken else entry.summary
        row(table, entry.role, entry.key, entry.title, summary, ", ".join(entry.needs))
    output.emit_tables(table)
    for entry in entries:
        for warning in entry.warnings:
            output.remark(f"warning: {entry.role} {visible(f'{entry.key} {warning}')}")
    return DONE


def show(services: Services, key: str) -> int:
    """Show every entry of this key, or of role.key; returns the exit code."""
    entries = list(services.catalogue().values())
    matches = [entry for entry in entries if key in (entry.key, f"{entry.role}.{entry.key}")]
    if not matches:
        near = difflib.get_close_matches(key, [entry.key for entry in entries], n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `workbench list` names them all"
        output.remark(f"there is no method '{key}'{hint}")
        return BAD
    for entry in matches:
        output.emit("\n".join(visible(line) for line in _description(entry)))
        if entry.settings.get("properties"):
            output.emit_tables(_settings(entry))
    return DONE


def _description(entry: Entry) -> list[str]:
    lines = [f"{entry.title} ({entry.role}: {entry.key})", entry.summary]
    facts = {
        "cannot be used": entry.broken,
        "warning": "; ".join(entry.warnings),
        "formula": entry.formula,
        "helps": entry.helps,
        "paper": " · ".join(text for text in (entry.paper, entry.link) if text),
        "needs": ", ".join(entry.needs),
        "task-free": "works where nobody says where a stage ends" if entry.is_task_free else "",
        "gives": ", ".join(entry.gives),
        "tasks": ", ".join(entry.tasks),
    }
    return lines + [f"{name}: {text}" for name, text in facts.items() if text]


def _settings(entry: Entry) -> "Table":
    properties: Mapping[str, Mapping[str, Any]] = entry.settings["properties"]
    table = text_table("setting", "default", "allowed", "unit", "meaning", whole=("setting",))
    for name, schema in properties.items():
        default = value_text(schema["default"]) if "default" in schema else "(required)"
        unit, meaning = schema.get("unit", ""), schema.get("description", "")
        row(table, name, default, allowed(schema), unit, meaning)
    return table


def allowed(schema: Mapping[str, Any]) -> str:
    """What a setting may be, in a few words."""
    if "anyOf" in schema:
        return " or ".join(allowed(part) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(value_text(value) for value in schema["enum"])
    if "const" in schema:
        return value_text(schema["const"])
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {schema[name]}" for name, sign in signs.items() if name in schema]
    items = f" of {allowed(schema['items'])}" if isinstance(schema.get("items"), dict) else ""
    return ", ".join([str(schema.get("type", "anything")) + items, *bounds])


def value_text(value: Any) -> str:
    """A default or an allowed value, as a preset has it."""
    import json

    return value if isinstance(value, str) else json.dumps(value)
