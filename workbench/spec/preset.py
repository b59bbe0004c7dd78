"""Presets: YAML to Spec and back, with errors that name the line."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from workbench.spec.documents.document import (
    Document,
    Path_,
    PresetError,
    Problem,
    dotted,
    parse,
    resolve_scalars,
)
from workbench.spec.documents.explain import explained
from workbench.spec.experiment import CHOICES, VERSION, Budget, Heads, Probes, Spec
from workbench.spec.files import gallery, write_whole
from workbench.spec.settings import Frozen
from workbench.spec.user_files.sources import with_absolute_files, with_relative_files

__all__ = [
    "Document",
    "PresetError",
    "Problem",
    "data_of",
    "dotted",
    "load",
    "parse",
    "read",
    "save",
    "spec_of",
    "text_of",
    "with_data",
    "with_values",
]

MAX_BYTES = 1_000_000


def read(path: Path | str) -> Document:
    """Read a preset file, or a shipped preset by its name. Raises PresetError."""
    source = str(path)
    try:
        path = Path(path)
        if not path.suffix and not path.exists():
            path = next((shipped for shipped in gallery() if shipped.stem == source), path)
            source = str(path)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PresetError([Problem("", f"cannot be read: {reason}")], source) from None
    except ValueError as error:
        raise PresetError([Problem("", f"cannot be read: {error}")], source) from None
    if len(raw) > MAX_BYTES:
        limit = f"larger than {MAX_BYTES // 1_000_000} MB: this is not a preset"
        raise PresetError([Problem("", limit)], source)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PresetError([Problem("", "not UTF-8 text", line)], source) from None
    return replace(parse(text, source), folder=path.parent)


def with_values(document: Document, assignments: Iterable[str]) -> Document:
    """The document with `a.b=value` applied in turn; values are read as YAML.

    Setting `x.kind` to another method drops the settings of the one before. Raises PresetError.
    """
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        path = tuple(int(p) if p.isdecimal() else p for p in name.strip().split("."))
        if not equals or not all(str(part) for part in path):
            message = f"--set wants a.b=value; found '{assignment}'"
            raise PresetError([Problem("", message)], document.source)
        value = parse(f"value: {text}", f"--set {name}").data["value"]
        data = _assigned(document.data, path, value, f"--set {name}")
        other_lines = {p: line for p, line in document.lines.items() if p[: len(path)] != path}
        made = {path[:i]: None for i in range(1, len(path) + 1) if path[:i] not in other_lines}
        document = replace(document, data=data, lines={**other_lines, **made})
    return document


def with_data(document: Document, changes: Mapping[Path_, Any]) -> Document:
    """The document with each value at its path, in turn. Raises PresetError.

    As in `with_values`, another method of a choice drops the settings of the one before; another
    optimizer keeps its rate.
    """
    data = document.data
    for path, value in changes.items():
        part = data.get(str(path[0]))
        keeps = path[-1] == "kind" and path[0] not in CHOICES and isinstance(part, dict)
        data = _assigned(data, path, value, dotted(path))
        if keeps and len(path) == 2:
            data[str(path[0])] = {**cast("dict[str, Any]", part), "kind": value}
    return replace(document, data=data)


def _assigned(data: Any, path: Path_, value: Any, source: str) -> Any:
    """A copy of `data` with `value` at `path`; containers on the way are copied, not changed."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(data, list):
        items = list(cast("list[Any]", data))
        if not isinstance(head, int) or head >= len(items):
            message = f"'{head}' is no position in a list of {len(items)}"
            raise PresetError([Problem("", message)], source)
        items[head] = _assigned(items[head], rest, value, source)
        return items
    if data is not None and not isinstance(data, dict):
        raise PresetError([Problem("", f"'{head}' is set inside a plain value")], source)
    result: dict[str, Any] = dict(cast("dict[str, Any]", data or {}))
    if head == "kind" and not rest and result.get("kind") != value:
        result = {}
    result[str(head)] = _assigned(result.get(str(head)), rest, value, source)
    return result


def spec_of(document: Document) -> Spec:
    """The Spec a document describes. Raises PresetError with every problem found."""
    data = document.data
    version = data.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        message = f"written for format {version}; this program reads up to {VERSION}: update it"
        raise PresetError([document.problem(("version",), message)], document.source)
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        raise PresetError(explained(document, error.errors()), document.source) from None
    endless = [*_endless(data)]
    if endless:
        message = "must be a finite number; found {}"
        problems = [document.problem(path, message.format(value)) for path, value in endless]
        raise PresetError(problems, document.source)
    return with_absolute_files(spec, document.folder)


def _endless(data: dict[str, Any]) -> Iterator[tuple[Path_, float]]:
    """Infinite and undefined numbers among the settings of methods, which a Spec takes as they are.

    No setting may be one, and what is written of it would not be read back.
    """
    left: list[tuple[Path_, Any]] = [((role,), data.get(role)) for role in ("tasks", *CHOICES)]
    while left:
        path, value = left.pop(0)
        if isinstance(value, float) and not math.isfinite(value):
            yield path, value
        elif isinstance(value, dict):
            left += [((*path, key), item) for key, item in cast("dict[str, Any]", value).items()]
        elif isinstance(value, list):
            left += [((*path, i), item) for i, item in enumerate(cast("list[Any]", value))]


def load(path: Path | str) -> Spec:
    """Read a preset file into a Spec, without checking methods. Raises PresetError."""
    return spec_of(read(path))


#: What an entry of a task has beside its family's settings, and is said of it in its own way.
_OWN = ("task", "family", "head", "loss", "metrics")


#: What a start says by itself, whichever of its forms it has.
_START_DEFAULTS = (("step", None), ("freeze", "none"))


def data_of(spec: Spec) -> dict[str, Any]:
    """A Spec as plain data, without what equals the default."""
    full: dict[str, Any] = spec.model_dump(mode="json")
    result: dict[str, Any] = {"version": spec.version, "name": spec.name}
    if spec.about:
        result["about"] = spec.about
    tasks: list[dict[str, Any]] = []
    for choice, dumped in zip(spec.tasks, full["tasks"], strict=True):
        head = {"family": choice.family}
        if choice.task is not None:
            head["task"] = choice.task
        more = {k: v for k, v in dumped.items() if k not in _OWN}
        if choice.head is not None:
            more["head"] = dumped["head"]
        if choice.metrics is not None:
            more["metrics"] = dumped["metrics"]
        if choice.loss is not None:
            more["loss"] = _changed(choice.loss, dumped["loss"], always=("kind",))
        tasks.append({**head, **more})
    result["tasks"] = tasks
    for role in CHOICES:
        result[role] = full[role]
        if role == "sharing" and spec.heads != Heads():
            result["heads"] = _changed(spec.heads, full["heads"])
    for part in ("optimizer", "training"):
        always = ("kind", "lr", "epochs", "batch_size")
        result[part] = _changed(getattr(spec, part), full[part], always)
    if spec.probes != Probes():
        result["probes"] = full["probes"]
    if spec.budget != Budget():
        result["budget"] = _changed(spec.budget, full["budget"])
    result["seeds"] = full["seeds"]
    if spec.device != "cpu":
        result["device"] = spec.device
    if spec.interventions:
        result["interventions"] = [
            {k: v for k, v in change.items() if v is not None} for change in full["interventions"]
        ]
    if spec.start is not None:
        kept = full["start"].items()
        result["start"] = {k: v for k, v in kept if (k, v) not in _START_DEFAULTS}
    return result


def _changed(part: Frozen, dumped: dict[str, Any], always: Sequence[str] = ()) -> dict[str, Any]:
    """What a part of a Spec says that is not its default, and what it says `always`."""
    defaults = type(part)().model_dump(mode="json")
    return {k: v for k, v in dumped.items() if k in always or v != defaults.get(k)}


class _Dumper(yaml.SafeDumper):
    """Block style, with each choice and each task on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Line(dict[str, Any]):
    """A map to be written on one line."""


class _LineList(list[Any]):
    """A list to be written on one line."""


def _line_map(dumper: yaml.SafeDumper, data: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


def _line_list(dumper: yaml.SafeDumper, data: _LineList) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    """Text in which YAML 1.1 sees line breaks that are none is written with escapes."""
    style = '"' if any(mark in data for mark in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


# Beside PyYAML's own rules of YAML 1.1: text that either takes for something else is quoted.
resolve_scalars(_Dumper)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Line, _line_map)
_Dumper.add_representer(_LineList, _line_list)


def text_of(spec: Spec) -> str:
    """A Spec as the text of a preset; `parse` and `spec_of` give an equal Spec back.

    Files are named as the Spec names them: from the root.
    """
    data: dict[str, Any] = {
        key: _Line(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
        for key, value in data_of(spec).items()
    }
    for key in ("tasks", "interventions"):
        if key in data:
            data[key] = [_Line(item) for item in data[key]]
    data["seeds"] = _LineList(data["seeds"])
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)


def save(spec: Spec, path: Path) -> None:
    """Write a Spec as a preset file, whole or not at all. Raises OSError.

    Files of the user's that lie in the preset's folder, or beside it, are named relative to it.
    """
    write_whole(path, text_of(with_relative_files(spec, path.parent)).encode())
