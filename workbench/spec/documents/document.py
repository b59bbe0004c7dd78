"""Document: a preset as it is written, read from YAML without trusting it.

Aliases and tags are refused before anything is built, and nothing but text, numbers, booleans,
null, lists and maps can come out.
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.reader import ReaderError

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
    """A preset as written: its data, and the line (from 1) of each path in it.

    A path that no line of the file gives, such as one set on the command line, has None. `folder`
    is where the preset lies; what it names by a relative path is looked for there.
    """

    data: dict[str, Any]
    lines: Mapping[Path_, int | None] = field(default_factory=dict[Path_, int | None])
    source: str = ""
    folder: Path | None = None

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


#: Tag, pattern and first letters of each scalar that is not text.
_SCALARS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
)


_InC: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _QuickLoader(_InC):
    """The same in C, a few times as fast; what it says of an error is less plain."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


def resolve_scalars(kind: Any) -> None:
    """Make a PyYAML loader or dumper tell scalars from text by YAML 1.2's rules."""
    for tag, pattern, letters in _SCALARS:
        whole = re.compile(rf"^(?:{pattern})$")
        kind.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", whole, list(letters))
    kind.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])


def _construct_int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    """Decimal only: a leading zero does not mean octal, as it does in YAML 1.1."""
    return int(str(loader.construct_scalar(node)))


for _kind in (_Loader, _QuickLoader):
    resolve_scalars(_kind)
    _kind.add_constructor("tag:yaml.org,2002:int", _construct_int)


#: Halves of a character, which YAML can spell and no text can hold.
_HALF = re.compile("[\ud800-\udfff]")


def _screen(text: str, source: str, kind: Any) -> None:
    """Refuse, from the flat stream of parser events, what must not even be built."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=kind), 1):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise PresetError([Problem("", "aliases (*name) are not allowed", line)], source)
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise PresetError([Problem("", f"tags ({tag}) are not allowed", line)], source)
        if isinstance(event, yaml.ScalarEvent) and _HALF.search(event.value):
            raise PresetError([Problem("", "half a character (\\uD800 to \\uDFFF)", line)], source)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent) and count > 2:
            raise PresetError([Problem("", "a preset is one document", line)], source)
        if depth > MAX_DEPTH or count > MAX_NODES:
            rule = f"nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else "too large"
            raise PresetError([Problem("", f"{rule}: this is not a preset", line)], source)


def _plain(node: yaml.Node, loader: yaml.SafeLoader, path: Path_, lines: dict[Path_, int]) -> Any:
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


def _read(text: str, source: str, kind: Any) -> tuple[Any, dict[Path_, int]]:
    _screen(text, source, kind)
    loader = kind(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path_, int] = {}
        if node is None:
            return {}, {(): 1}
        return _plain(node, loader, (), lines), lines
    finally:
        loader.dispose()


def parse(text: str, source: str = "preset") -> Document:
    """Read a preset's text. Raises PresetError, with the line."""
    try:
        try:
            data, lines = _read(text, source, _QuickLoader)
        except yaml.YAMLError:
            data, lines = _read(text, source, _Loader)
    except PresetError as error:
        raise PresetError(error.problems, source) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        line = mark.line + 1 if mark is not None else None
        if isinstance(error, ReaderError):  # it knows the place in the text alone
            line = text[: error.position].count("\n") + 1
        raise PresetError([Problem("", f"not YAML: {reason}", line)], source) from None
    if not isinstance(data, dict):
        type_name = type(data).__name__
        problem = Problem("", f"a preset is a map of keys to values; found {type_name}", 1)
        raise PresetError([problem], source)
    return Document(cast("dict[str, Any]", data), lines, source)


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """What to say of a key that is not allowed, with the nearest one that is."""
    names = sorted(allowed)
    near = difflib.get_close_matches(key, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    listed = ", ".join(names) if names else "none"
    return f"unknown key{hint} (allowed: {listed})"


def shown(value: Any) -> str:
    """A found value for an error message, short."""
    text = json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
