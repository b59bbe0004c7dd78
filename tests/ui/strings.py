"""Which texts of the window can be translated, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2] / "workbench"
SOURCE = ROOT / "ui"
#: Sentences that the command line says too: their modules name a CONTEXT, and are given a `tr`.
SPOKEN = ROOT / "study"
#: Whose tables are shown in the window, in words of their own.
REPORTERS = (ROOT / "engine", ROOT / "methods")


def found() -> list[tuple[str, str]]:
    """Context and text of everything that is translated, each once, in order."""
    pairs = {pair for path in sorted(SOURCE.rglob("*.py")) for pair in _Texts(path).read()}
    for path in SPOKEN.rglob("*.py"):
        pairs.update(_Texts(path).read())
    for folder in REPORTERS:
        for path in folder.rglob("*.py"):
            pairs.update(_of_tables(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(pairs)


def _of_tables(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The titles and meanings of the tables that a module reports."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Table", "figures"):
            for keyword in call.keywords:
                if keyword.arg in ("title", "meaning"):
                    text = _text_of(keyword.value)
                    assert text is not None, f"line {call.lineno}: a text that does not stand whole"
                    yield "Reports", text


def translations(path: Path) -> dict[tuple[str, str], str]:
    """What a .ts file has for each context and text; what is unfinished is left out."""
    translated: dict[tuple[str, str], str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text:
                key = context.findtext("name", ""), message.findtext("source", "")
                translated[key] = translation.text
    return translated


class _Texts:
    """The texts of one module. Each must stand there whole: a text put together has no key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.context = next(
            (
                context
                for statement in self.tree.body
                if isinstance(statement, ast.Assign) and (context := _context_of(statement))
            ),
            None,
        )

    def read(self) -> Iterator[tuple[str, str]]:
        for call in ast.walk(self.tree):
            if not isinstance(call, ast.Call):
                continue
            where = f"{self.path.name}:{call.lineno}"
            match call.func:
                case ast.Name(id="tr"):
                    text = _text_of(call.args[0])
                    assert self.context, f"{where}: a text without a context"
                    assert text is not None, f"{where}: only a text that stands whole is found"
                    yield self.context, text
                case ast.Attribute(value=ast.Name(id="self"), attr="tr"):
                    raise AssertionError(f"{where}: a text goes through the module's own tr")
                case ast.Attribute(value=ast.Name(id="QCoreApplication"), attr="translate"):
                    context, text = map(_text_of, call.args)
                    if context and text:  # else the function that all of them go through
                        yield context, text
                case _:
                    pass


def _context_of(statement: ast.Assign) -> str | None:
    """The context that a module sets: `tr = translator("…")`, or `CONTEXT = "…"` without Qt."""
    value = statement.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "translator":
        return _text_of(value.args[0])
    is_named = any(getattr(target, "id", "") == "CONTEXT" for target in statement.targets)
    return _text_of(value) if is_named else None


def _text_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
