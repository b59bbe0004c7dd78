"""What users call things is shown as it is, and obeyed by nothing: commands and files."""

import ast
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests import fakes
from tests.contracts.hostile import ACTING, ALL, PLAIN, acting_in
from workbench import cli
from workbench.cli import output
from workbench.cli.progress import Progress
from workbench.spec.entry import Catalogue
from workbench.spec.event import Began, Event, Failed, Finished, Noticed
from workbench.spec.text import csv_bytes, file_stem, visible
from workbench.store.index import Index

ROOT = Path(__file__).parents[2]

Capture = pytest.CaptureFixture[str]


def told(name: str, seed: int = 0) -> Iterator[Event]:
    """A whole run whose tasks, stages, metrics and notices are called by a name."""
    new = {"first": name, "second": f"second {name}"}
    for event in fakes.run(seed):
        if isinstance(event, Began):
            tasks = tuple(replace(t, name=new[t.name], metric=name) for t in event.tasks)
            stages = tuple(
                replace(s, name=new[s.name], tasks=(new[s.tasks[0]],)) for s in event.stages
            )
            yield replace(event, tasks=tasks, stages=stages)
            yield Noticed(0, name, f"gave up on {name}")
        elif isinstance(event, Finished):
            scores = {new[task]: {name: item["accuracy"]} for task, item in event.scores.items()}
            yield replace(event, scores=scores)
        else:
            yield event


def preset(folder: Path, name: str) -> str:
    """A preset that is called by a name."""
    data = {"name": name, "about": name, "tasks": [{"family": "fake"}], "seeds": [0]}
    data |= {"curriculum": {"kind": "sequential"}}
    path = folder / "preset.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=False), encoding="utf-8")
    return str(path)


def folded(text: str) -> str:
    """Without the spaces that a table puts in."""
    return "".join(text.split())


def printed(capsys: Capture, *, has_lines: bool = True) -> str:
    """All that was written; no terminal would have obeyed any of it."""
    captured = capsys.readouterr()
    for text in captured:
        assert not acting_in(text, "\n" if has_lines else "")
    return captured.out + captured.err


@pytest.mark.parametrize("name", ALL)
def test_every_command_shows_a_name_as_it_is(name: str, tmp_path: Path, capsys: Capture) -> None:
    services = fakes.Services(fakes.Runner(lambda seed: told(name, seed)))
    path = preset(tmp_path, name)
    seen = folded(visible(name))
    is_named = "\x00" not in name and "\x07" not in name  # YAML has no way to write those
    path = path if is_named else preset(tmp_path, "plain")

    assert cli.main(services, ["run", path]) == 0
    text = printed(capsys)
    assert folded(text).count(seen) >= 4  # the table's task and metric, the matrix, the notice
    assert "Traceback" not in text

    assert cli.main(services, ["check", path]) == 0
    text = printed(capsys)
    assert visible(name) in text or not is_named

    index = Index.open()
    (row,) = index.rows()
    index.set_tag(row.run_id, name)
    assert cli.main(services, ["runs"]) == 0
    assert seen in folded(printed(capsys))

    other = Path(row.path).with_name("folder [b] \x1b[31m")
    Path(row.path).rename(other)
    assert cli.main(services, ["runs"]) == 0
    assert folded(visible(other.name)) in folded(printed(capsys))
    assert cli.main(services, ["compare", str(other)]) == 0
    assert seen in folded(printed(capsys))
    assert cli.main(services, ["resume", str(other)]) == 2
    assert visible(other.name) in printed(capsys)


@pytest.mark.parametrize("name", ALL)
def test_what_is_refused_is_quoted_as_it_is(name: str, tmp_path: Path, capsys: Capture) -> None:
    def fails(seed: int) -> Iterator[Event]:
        yield Failed(0, f"cannot: {name}", "", "tasks")

    services = fakes.Services(fakes.Runner(fails))
    assert cli.main(services, ["run", preset(tmp_path, "plain")]) == 2
    assert acting_in(name, "") or name in printed(capsys)
    for arguments in (
        [name],
        ["show", name],
        ["list", name],
        ["compare", name],
        ["check", name],
        ["run", preset(tmp_path, "plain"), "--seeds", name],
        ["run", preset(tmp_path, "plain"), "--set", name],
        ["run", preset(tmp_path, "plain"), "--set", f"{name}=1"],
        ["run", preset(tmp_path, "plain"), f"--{name}"],
    ):
        assert cli.main(services, arguments) in (2, 4), arguments
        text = printed(capsys)
        assert "Traceback" not in text
        assert text.strip()


@pytest.mark.parametrize("name", PLAIN)
def test_the_catalogue_is_shown_as_it_is(name: str, capsys: Capture) -> None:
    entry = fakes.entry("balancing", "odd", settings={"s": {"type": "string", "description": name}})
    entry = replace(entry, title=name, summary=name, formula=name, broken=f"no {name}")

    class Services(fakes.Services):
        """Knows one method more."""

        def catalogue(self) -> Catalogue:
            """All of them."""
            return {**fakes.CATALOGUE, ("balancing", "odd"): entry}

    assert cli.main(Services(), ["list", "balancing"]) == 0
    assert folded(name) in folded(printed(capsys))
    assert cli.main(Services(), ["show", "odd"]) == 0
    assert folded(printed(capsys)).count(folded(name)) >= 4


@pytest.mark.parametrize("name", ALL)
def test_progress_shows_a_name_as_it_is(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress(is_shown=True) as progress:
        progress.begin(0, name)
        for event in told(name):
            progress.take(0, event)
        bar = progress._bar  # pyright: ignore[reportPrivateUsage]  # what rich is given to show
        assert bar is not None
        assert bar.tasks[0].description == visible(name)
    output.show_state(name)
    assert capsys.readouterr().err.endswith(visible(name))


def test_only_the_rooms_for_it_write_to_the_terminal() -> None:
    """Rich's tables and columns, consoles and print: a new place must go through the rooms."""
    allowed = {
        "output.py": {"print", "Console"},
        "tables.py": {"add_row", "add_column", "Table", "Text"},
        "progress.py": {"Console"},
    }
    guarded = {"print", "Console", "add_row", "add_column", "Table", "Text", "rprint", "echo"}
    for path in sorted((ROOT / "workbench" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                is_open = called not in guarded or called in allowed.get(path.name, ())
                is_table = ast.unparse(node.func) == "console.print" and path.name == "output.py"
                assert is_open or is_table, f"{path.name}:{node.lineno}: {called}"


@pytest.mark.parametrize("name", ALL)
def test_a_csv_file_holds_text_and_numbers_and_no_formula(name: str) -> None:
    numbers = [-0.5, 1e-30, float("nan"), 3]
    data = csv_bytes(["step", name], [[name, number] for number in numbers])
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    assert not head[1].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert [row[1] for row in rows] == [str(number) for number in numbers]
    assert head[1].removeprefix("'") == visible(name, keeps="\n")
    assert rows[0][0].removeprefix("'") == visible(name, keeps="\n")


@pytest.mark.parametrize("begin", list("=+-@\t\r＝＋－＠"))
def test_what_a_spreadsheet_would_calculate_is_marked_as_text(begin: str) -> None:
    (head,) = csv.reader(io.StringIO(csv_bytes([f"{begin}1+cmd|' /C calc'!A0"], []).decode()))
    assert head[0][0] in "'\\"


@pytest.mark.parametrize("text", ["-0.5", "+1", "-1e-3", "-inf", "-0"])
def test_numbers_in_text_stay_numbers(text: str) -> None:
    assert csv_bytes([text], [[text]]) == f"{text}\n{text}\n".encode()


@pytest.mark.parametrize(
    "name",
    [*ALL, "..", ".", "", "/", "CON", "nul.txt", "com1", "x" * 300, "中" * 300, "a/b\\c:d", "-rf"],
)
def test_a_file_named_after_something_is_in_its_folder(name: str, tmp_path: Path) -> None:
    stem = file_stem(name, "preset")
    path = tmp_path / f"{stem}.yaml"
    path.write_text("x")
    assert path.parent == tmp_path
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    assert not acting_in(stem, "")
    assert not stem.startswith((".", "-"))
    assert stem.split(".")[0].lower() not in ("con", "nul", "com1", "prn", "aux")
    assert len(path.name.encode()) < 200


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_name_is_left_as_it_is(name: str) -> None:
    assert visible(name) == name


@pytest.mark.parametrize("name", ACTING)
def test_what_acts_is_written_as_an_escape(name: str) -> None:
    assert not acting_in(visible(name), "")
    assert visible(name) != name
