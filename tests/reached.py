"""Which lines the tests reach, at next to no cost, in the format that `coverage report` reads.

A tracer is called at every line of every test, and made them take a third longer. Here a statement
that notes a line stands in each stretch of statements that run one after the other, in the watched
rooms, put there when they are imported; line numbers stay what they are, and nothing of it is
written to the disk's cache. What an error cuts short is taken for not reached as a whole.
"""

import ast
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).parents[1]
#: Names the rooms of workbench to watch, with commas between; unset, nothing is watched.
ROOMS = "WORKBENCH_REACHED"
#: What the list of a module's lines is called in it.
NOTES = "__reached__"

#: Which noted lines of each file were reached.
noted_in: dict[str, list[bool]] = {}
#: The lines of each file that are reached with a noted one, itself among them.
stretches_of: dict[str, dict[int, set[int]]] = {}


def lines_of(path: str) -> set[int]:
    """The lines of a file that were reached."""
    stretches = stretches_of.get(path, {})  # none of a module that cannot be read as Python
    return {line for i, is_on in enumerate(noted_in[path]) if is_on for line in stretches[i]}


#: Statements after which the next one is not always reached, or not from above.
_BRANCHING = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith,
    ast.Match, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip


class _Noting(ast.NodeTransformer):
    """Puts notes between statements; `stretches` are the lines that each noted line stands for.

    Simple statements that follow each other have one note, before the last of them: where it is
    reached, all were.
    """

    def __init__(self) -> None:
        self.stretches: dict[int, set[int]] = {}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):  # a lambda's body is one expression
                setattr(node, name, self._noted(node if name == "body" else None, block))
        return node

    def _noted(self, owner: ast.AST | None, block: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        lines: set[int] = set()
        if isinstance(owner, ast.ExceptHandler):
            made.append(self._note({owner.lineno}, owner))
        if isinstance(owner, ast.match_case):
            made.append(self._note({owner.pattern.lineno}, owner.pattern))
        for i, statement in enumerate(block):
            if _must_be_first(statement, i):
                made.append(statement)
                continue
            decorators = getattr(statement, "decorator_list", [])
            lines |= {statement.lineno, *(decorator.lineno for decorator in decorators)}
            if statement is block[-1] or isinstance(statement, _BRANCHING):
                made.append(self._note(lines, statement))
                lines = set()
            made.append(statement)
        return made

    def _note(self, lines: set[int], place: ast.AST) -> ast.stmt:
        """`__reached__[line] = True`, at that place."""
        line = max(lines)
        self.stretches.setdefault(line, set()).update(lines)
        target = ast.Subscript(ast.Name(NOTES, ast.Load()), ast.Constant(line), ast.Store())
        made = ast.Assign([target], ast.Constant(True))
        for node in ast.walk(made):
            ast.copy_location(node, place)
        return made


def _must_be_first(statement: ast.stmt, i: int) -> bool:
    """Whether it is a docstring, or an import from the future."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return i == 0 and is_text


class Loader(SourceFileLoader):
    """Loads a module whose statements note their lines."""

    def get_code(self, fullname: str) -> CodeType:
        noting = _Noting()
        tree = noting.visit(ast.parse(self.get_data(self.path), self.path))
        stretches_of[self.path] = noting.stretches
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        n_lines = self.get_data(self.path).count(b"\n") + 2
        module.__dict__[NOTES] = noted_in.setdefault(self.path, [False] * n_lines)
        super().exec_module(module)


class _Finder(MetaPathFinder):
    """Finds the modules of the watched rooms."""

    def __init__(self, rooms: Sequence[str]) -> None:
        self.prefixes = tuple(f"workbench.{room}." for room in rooms)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not f"{fullname}.".startswith(self.prefixes):
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and isinstance(found.loader, SourceFileLoader):
            found.loader = Loader(found.loader.name, found.loader.path)
        return found


def _rooms() -> list[str]:
    return [room for room in os.environ.get(ROOMS, "").split(",") if room]


def watch() -> None:
    """Watches the rooms that the environment names; none of them may have been imported."""
    if _rooms():
        finder = _Finder(_rooms())
        early = [name for name in sys.modules if f"{name}.".startswith(finder.prefixes)]
        assert not early, f"imported before they were watched: {early}"
        sys.meta_path.insert(0, finder)


def write() -> None:
    """Writes what this process reached beside what others did, for `coverage combine`."""
    if _rooms():
        from coverage import CoverageData

        data = CoverageData(str(ROOT / ".coverage"), suffix=True)
        data.add_lines({path: sorted(lines_of(path)) for path in noted_in})
        data.touch_files([str(path) for path in _files()])
        data.write()


def _files() -> Iterator[Path]:
    """Every module of the watched rooms, whether anything imports it or not."""
    for room in _rooms():
        yield from (ROOT / "workbench" / room).rglob("*.py")
