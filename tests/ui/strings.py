"""Which texts of the window can be translated, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2] / "workbench"
SOURCE = ROOT / "ui"
#: Whose tables are shown in the window, in words of their own.
REPORTERS = (ROOT / "engine", ROOT / "methods")


def found() -> list[tuple[str, str]]:
    """Context and text of everything that is translated, each once, in order."""
    pairs = {pair for path in sorted(SOURCE.rglob("*.py")) for pair in _Texts(path).read()}
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
    told: dict[tuple[str, str], str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text:
                key = context.findtext("name", ""), message.findtext("source", "")
                told[key] = translation.text
    return told


class _Texts:
    """The texts of one module. Each must stand there whole: a text put together has no key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.context = next(
            (
                _text_of(call.args[0])
                for function in ast.walk(self.tree)
                if isinstance(function, ast.FunctionDef) and function.name == "_tr"
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
            ),
            None,
        )

    def read(self) -> Iterator[tuple[str, str]]:
        yield from self._of(self.tree, "")

    def _of(self, node: ast.AST, owner: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.FunctionDef) and node.name in ("_tr", "translated"):
            return
        if isinstance(node, ast.Call):
            key = self._key(node, owner)
            if key is not None:
                context, text = key
                where = f"{self.path.name}:{node.lineno}"
                assert context, f"{where}: a text without a context"
                assert text is not None, f"{where}: only a text that stands there whole is found"
                yield context, text
        inner = node.name if isinstance(node, ast.ClassDef) else owner
        for child in ast.iter_child_nodes(node):
            yield from self._of(child, inner)

    def _key(self, call: ast.Call, owner: str) -> tuple[str | None, str | None] | None:
        match call.func:
            case ast.Name(id="_tr"):
                return self.context, _text_of(call.args[0])
            case ast.Attribute(value=ast.Name(id="self"), attr="tr"):
                return owner, _text_of(call.args[0])
            case ast.Attribute(value=ast.Name(id="QCoreApplication"), attr="translate"):
                return _text_of(call.args[0]), _text_of(call.args[1])
            case _:
                return None


def _text_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
