"""Presets: YAML to Spec and back, with errors that name the line.

Reading is safe on any file: the size is bounded, aliases and tags are refused before anything is
built, and nothing but text, numbers, booleans, null, lists and maps can come out.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workbench.spec.experiment import CHOICES, VERSION, Spec
from workbench.spec.files import gallery, write_whole

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 20_000

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a spec: the field, what was found, what is allowed."""

    field: str
    message: str
    line: int | None = None

    def text(self, source: str = "") -> str:
        """One line: source, line, field and message, as far as they are known."""
        place = source + (f":{self.line}" if self.line is not None else "")
        return ": ".join(part for part in (place, self.field, self.message) if part)


class PresetError(Exception):
    """A preset that cannot be used; `problems` says why."""

    def __init__(self, problems: Iterable[Problem], source: str = "") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__("\n".join(problem.text(source) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """A preset as written: its data, and the line (from 1) of each path in it."""

    data: dict[str, Any]
    lines: Mapping[Path_, int] = field(default_factory=dict[Path_, int])
    source: str = ""

    def line(self, path: Path_) -> int | None:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def problem(self, path: Path_, message: str) -> Problem:
        """A problem at `path`, with its line."""
        return Problem(dotted(path), message, self.line(path))


def dotted(path: Iterable[str | int]) -> str:
    """`("tasks", 0, "weight")` as `tasks.0.weight`."""
    return ".".join(str(part) for part in path)


class _Loader(yaml.SafeLoader):
    """Scalars as YAML 1.2 reads them: 1e-3 is a number; only true and false are booleans."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])


def _construct_int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    """Decimal only: a leading zero does not mean octal, as it does in YAML 1.1."""
    return int(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)


def _screen(text: str, source: str) -> None:
    """Refuse, from the flat stream of parser events, what must not even be built."""
    depth = count = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        count += 1
        if isinstance(event, yaml.AliasEvent):
            raise PresetError([Problem("", "aliases (*name) are not allowed", line)], source)
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise PresetError([Problem("", f"tags ({tag}) are not allowed", line)], source)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent) and count > 2:
            raise PresetError([Problem("", "a preset is one document", line)], source)
        if depth > MAX_DEPTH or count > MAX_NODES:
            rule = f"nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else "too large"
            raise PresetError([Problem("", f"{rule}: this is not a preset", line)], source)


def _plain(node: yaml.Node, loader: _Loader, path: Path_, lines: dict[Path_, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise PresetError([Problem(dotted(path), "a key is a single word", line)])
            key = str(key_node.value)
            if key in result:
                raise PresetError([Problem(dotted((*path, key)), "given twice", line)])
            lines[(*path, key)] = line
            result[key] = _plain(value_node, loader, (*path, key), lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(v, loader, (*path, i), lines) for i, v in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        line = node.start_mark.line + 1
        raise PresetError([Problem(dotted(path), f"not a value: {error}", line)]) from None


def parse(text: str, source: str = "preset") -> Document:
    """Read a preset's text. Raises PresetError, with the line."""
    try:
        _screen(text, source)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Path_, int] = {}
            data = {} if node is None else _plain(node, loader, (), lines)
        finally:
            loader.dispose()
    except PresetError as error:
        raise PresetError(error.problems, source) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        line = mark.line + 1 if mark is not None else None
        raise PresetError([Problem("", f"not YAML: {reason}", line)], source) from None
    if not isinstance(data, dict):
        found = type(data).__name__
        problem = Problem("", f"a preset is a map of keys to values; found {found}", 1)
        raise PresetError([problem], source)
    return Document(cast("dict[str, Any]", data), lines, source)


def read(path: Path | str) -> Document:
    """Read a preset file, or a shipped preset by its name. Raises PresetError."""
    path = Path(path)
    if not path.suffix and not path.exists():
        path = next((found for found in gallery() if found.stem == str(path)), path)
    source = str(path)
    try:
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
    return parse(text, source)


def with_values(document: Document, assignments: Iterable[str]) -> Document:
    """The document with `a.b=value` applied in turn; values are read as YAML.

    Setting `x.kind` to another method drops the settings of the one before. Raises PresetError.
    """
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        path = tuple(int(p) if p.isdigit() else p for p in name.strip().split("."))
        if not equals or not all(str(part) for part in path):
            message = f"--set wants a.b=value; found '{assignment}'"
            raise PresetError([Problem("", message)], document.source)
        value = parse(f"value: {text}", f"--set {name}").data["value"]
        data = _assigned(document.data, path, value, f"--set {name}")
        document = replace(document, data=data)
    return document


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
        return Spec.model_validate(data)
    except ValidationError as error:
        problems = [_explained(document, details) for details in error.errors()]
        raise PresetError(problems, document.source) from None


def _explained(document: Document, details: ErrorDetails) -> Problem:
    path: Path_ = tuple(part for part in details["loc"] if not _is_branch(part))
    found = details.get("input")
    kind = details["type"]
    if kind == "extra_forbidden":
        message = unknown_key(str(path[-1]), _siblings(path))
    elif kind == "missing":
        message = "required, but missing"
    else:
        message = f"{details['msg'].removeprefix('Value error, ')}; found {shown(found)}"
    return document.problem(path, message)


def _is_branch(part: str | int) -> bool:
    """Pydantic names the branch of a union in the location; it is no part of the file."""
    return isinstance(part, str) and (part == "int" or part.startswith(("literal[", "tuple[")))


def _siblings(path: Path_) -> list[str]:
    model: Any = Spec
    for part in path[:-1]:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            arguments: tuple[Any, ...] = getattr(annotation, "__args__", ())
            model = next((a for a in arguments if hasattr(a, "model_fields")), annotation)
    return list(getattr(model, "model_fields", {}))


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """What to say of a key that is not allowed, with the nearest one that is."""
    names = sorted(allowed)
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(names) if names else "none"
    return f"unknown key{hint} (allowed: {listed})"


def shown(value: Any) -> str:
    """A found value for an error message, short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def load(path: Path | str) -> Spec:
    """Read a preset file into a Spec, without checking methods. Raises PresetError."""
    return spec_of(read(path))


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
        tasks.append({**head, **{k: v for k, v in dumped.items() if k not in ("task", "family")}})
    result["tasks"] = tasks
    for role in CHOICES:
        result[role] = full[role]
    for part in ("optimizer", "training"):
        model = getattr(spec, part)
        defaults = type(model)().model_dump(mode="json")
        always = {"kind", "lr", "epochs", "batch_size"}
        result[part] = {
            k: v for k, v in full[part].items() if k in always or v != defaults.get(k)
        }
    result["seeds"] = full["seeds"]
    if spec.device != "cpu":
        result["device"] = spec.device
    if spec.interventions:
        result["interventions"] = [
            {k: v for k, v in change.items() if v is not None} for change in full["interventions"]
        ]
    return result


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


_Dumper.add_representer(_Line, _line_map)
_Dumper.add_representer(_LineList, _line_list)


def text_of(spec: Spec) -> str:
    """A Spec as the text of a preset; `parse` and `spec_of` give an equal Spec back."""
    data = data_of(spec)
    data = {key: _Line(v) if isinstance(v, dict) else v for key, v in data.items()}
    for key in ("tasks", "interventions"):
        if key in data:
            data[key] = [_Line(item) for item in data[key]]
    data["seeds"] = _LineList(data["seeds"])
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)


def save(spec: Spec, path: Path) -> None:
    """Write a Spec as a preset file, whole or not at all. Raises OSError."""
    write_whole(path, text_of(spec).encode())
