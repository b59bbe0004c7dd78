"""The house is kept: no file, function or folder grows until nobody can find their way in it."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_FILES = 300, 60, 20

#: A role's methods lie together: a method is one file, however many there are.
ROLES = "workbench/methods"


def modules(folder: Path = ROOT / "workbench") -> list[Path]:
    return sorted(folder.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions_over(source: str, most: int) -> set[str]:
    """The functions and methods of a module that have more lines than this."""
    return {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > most
    }


def test_no_file_is_too_long():
    too_many = {
        name_of(path)
        for path in modules()
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert not too_many, f"more than {MOST_LINES} lines"


def test_no_function_is_too_long():
    too_many = {
        f"{name_of(path)}: {name}"
        for path in modules()
        for name in functions_over(path.read_text(encoding="utf-8"), MOST_LINES_OF_A_FUNCTION)
    }
    assert not too_many, f"more than {MOST_LINES_OF_A_FUNCTION} lines"


def test_a_long_function_would_be_found():
    source = "class A:\n    def long(self):\n" + "        pass\n" * 3 + "def short():\n    pass\n"
    assert functions_over(source, 3) == {"long"}


def test_no_folder_is_too_full():
    folders = {path.parent for path in modules()}
    too_many = {
        name_of(folder): n
        for folder in folders
        if not name_of(folder).startswith(f"{ROLES}/")
        and (n := sum(path.name != "__init__.py" for path in folder.glob("*.py"))) > MOST_FILES
    }
    assert not too_many, f"more than {MOST_FILES} modules: make rooms"


def test_each_room_says_what_is_in_it():
    silent = [
        name_of(path)
        for path in modules()
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_ruff_sees_every_module():
    """A folder called build is left out by ruff itself, unless it is told otherwise."""
    command = [sys.executable, "-m", "ruff", "check", "--show-files", "workbench"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seen = {Path(line).resolve() for line in output.splitlines()}
    assert {path.resolve() for path in modules()} <= seen
