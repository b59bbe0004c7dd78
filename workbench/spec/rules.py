"""Rules: what a method's settings ask of each other, told so that no method need be imported.

A JSON Schema says what each setting may be by itself. What two of them may be together is a rule
of the settings model; it goes into the catalogue with the schema, so that the window and `check`
refuse what a run would, at once and in the same words.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbench.spec.documents.document import shown

Relation = Literal["<", "<=", ">", ">=", "in", "differ"]

_RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, allowed: value in allowed,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Mod: lambda a, b: a % b,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {"max": max, "min": min, "len": len}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that settings ask of each other.

    The value of `setting` must stand in `relation` to that of `bound`, an expression of numbers,
    lists, other settings' names, + - * / % ==, max, min and len; or, with `differ`, its items must
    differ from each other. `says` is told where it does not: a format string of the settings, of
    `bound`'s value, and of `twice`, an item that is there twice. With `warns` it is a remark and no
    refusal.
    """

    setting: str
    relation: Relation
    bound: str = ""
    says: str = "must differ; found {twice} twice"
    warns: bool = False


def broken(
    rules: Iterable[Rule], values: Mapping[str, Any], *, warns: bool = False
) -> Iterator[tuple[str, str]]:
    """Setting and message of each rule that these values of all settings break.

    Of the rules that only warn, or of the others. The schema allows each value by itself.
    """
    for rule in rules:
        if rule.warns != warns:
            continue
        value = values[rule.setting]
        if rule.relation == "differ":
            twice = next((item for i, item in enumerate(value) if item in value[:i]), None)
            if twice is not None:
                yield rule.setting, rule.says.format(twice=_text(twice))
            continue
        bound = _value(ast.parse(rule.bound, mode="eval").body, values)
        if not _RELATIONS[rule.relation](value, bound):
            known = {name: _text(operand) for name, operand in {**values, "bound": bound}.items()}
            yield rule.setting, rule.says.format(**known)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """What an expression comes to. Nothing is run but what is named here."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return values[name]
        case ast.List(items):
            return [_value(item, values) for item in items]
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, values)
        case ast.BinOp(left, kind, right) if type(kind) in _OPERATORS:
            return _OPERATORS[type(kind)](_value(left, values), _value(right, values))
        case ast.Compare(left, [ast.Eq()], [right]):
            return _value(left, values) == _value(right, values)
        case ast.Call(ast.Name(name), arguments, []) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
        case _:
            raise ValueError(f"a rule cannot say {ast.unparse(node)!r}")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else shown(value)
