"""The guide says what is true: its commands parse, and what it names exists."""

import importlib
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.packaging.test_documents import blocks
from workbench.cli import commands
from workbench.cli.options import all_changes
from workbench.engine.build import build, catalogue
from workbench.spec import preset
from workbench.spec.check import check_whole
from workbench.spec.entry import Catalogue
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Training
from workbench.spec.files import gallery
from workbench.ui.dialogs.guide import contents

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in sorted(GUIDE.glob("*.md"))}

#: What a page writes where the reader puts a name of his own.
PLACES = {"RUN", "COMMAND", "DIR"}


def lines() -> list[str]:
    """Every command of the program in the guide, without what the shell does with its output."""
    shells = [
        line for text in TEXTS.values() for b in blocks(text, "sh") for line in b.splitlines()
    ]
    return sorted({line.partition(" > ")[0] for line in shells if line.startswith("workbench ")})


@pytest.fixture(scope="module")
def entries() -> Catalogue:
    return {(entry.role, entry.key): entry for entry in catalogue.discover().entries()}


def parsed(line: str) -> tuple[str, dict[str, Any]]:
    """The command's name and what it was given. Raises what typer raises."""
    command: Any = typer.main.get_command(commands._app())
    words = shlex.split(line)[1:]
    context = command.make_context("workbench", list(words))
    name, inner, rest = command.resolve_command(context, words)
    return name, inner.make_context(name, rest, parent=context).params


@pytest.mark.parametrize("line", lines())
def test_a_command_parses_and_what_it_names_exists(line: str, entries: Catalogue) -> None:
    name, given = parsed(line)
    if "preset" in given:
        more = (given.get(option, "") for option in ("seeds", "device", "threads"))
        changes = all_changes(given.get("changes"), *more)
        if "balancing.kind=softened" in changes:  # which is written on the page itself
            changes.remove("balancing.kind=softened")
        check_whole(preset.with_values(preset.read(given["preset"]), changes), entries)
    named = {*given.get("runs", ()), given.get("run", "RUN"), given.get("key") or "RUN"}
    keys = {key for _, key in entries}
    assert named <= keys | PLACES, name
    assert given.get("role", "") in {"", *(role for role, _ in entries)}


def test_there_are_commands_of_every_kind() -> None:
    kinds = {line.split()[1] for line in lines()}
    assert kinds >= {
        "run",
        "check",
        "list",
        "show",
        "runs",
        "resume",
        "compare",
        "transfer",
        "sweep",
    }


def test_presets_and_methods_that_are_named_in_running_text_exist(entries: Catalogue) -> None:
    known = {path.stem for path in gallery()} | {key for _, key in entries}
    settings = {name for entry in entries.values() for name in entry.defaults()}
    shown = {"task", "class", "scenario"}  # values of a setting
    for page in GUIDE.glob("*.md"):
        text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        named = set(re.findall(r"`([a-z0-9]+(?:[-+][a-z0-9+]+)+)`", text))
        presets = set(re.findall(r"presets? `([^`]+)`", text))
        assert named - known - settings - shown == set(), page.name
        assert presets - known == set(), page.name


def test_titles_of_presets_that_are_named_are_those_of_the_gallery() -> None:
    titles = {preset.load(path).name for path in gallery()}
    named = {"See forgetting", "Two tasks that fight", "Replay remembers"}
    assert named <= titles
    for title in named:
        assert any(f"*{title}*" in text for text in TEXTS.values()), title


def test_the_preset_of_the_page_on_data_is_the_shipped_one() -> None:
    (text,) = blocks(TEXTS["your-own-data"], "yaml")
    shown, shipped = preset.spec_of(preset.parse(text)), preset.load(_path("bring-my-data"))
    assert shown.tasks[0].settings["targets"] == shipped.tasks[0].settings["targets"]
    assert (shown.balancing, shown.optimizer, shown.training) == (
        shipped.balancing,
        shipped.optimizer,
        shipped.training,
    )


def _path(name: str) -> Path:
    return next(path for path in gallery() if path.stem == name)


def test_every_page_is_reached_from_the_first_and_leads_on() -> None:
    listed = [path for _, path in contents(ROOT / "docs")]
    assert {path.name for path in listed if path.parent == GUIDE} == {
        path.name for path in GUIDE.glob("*.md")
    }
    *pages, last = [path for path in listed[1:] if path.parent == GUIDE]
    for page, following in zip(pages, [*pages[1:], last], strict=True):
        assert "Next: [" in page.read_text().splitlines()[-1], page.name
        assert f"({following.name})" in page.read_text().splitlines()[-1], page.name


def test_links_stay_among_what_is_shipped_with_the_program() -> None:
    shipped = [ROOT / "docs" / name for name in ("guide", "methods", "images")]
    for folder in shipped[:2]:
        for page in folder.glob("*.md"):
            for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
                target = (page.parent / link).resolve()
                assert target.is_file(), f"{page.name}: {link}"
                assert target.parent in shipped, f"{page.name}: {link}"


def test_the_page_on_python_runs_from_its_first_block_to_its_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = blocks(TEXTS["python"], "python")
    assert len(page) >= 5
    script = tmp_path / "page.py"
    script.write_text("\n".join(page), encoding="utf-8")
    names = runpy.run_path(str(script))
    assert [result.status for result in (*names["plain"], *names["replay"])] == ["done"] * 6
    assert names["result"].matrix.shape == (2, 2)
    assert "stage 1 at step" in capsys.readouterr().out


@pytest.fixture
def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[catalogue.Catalogue]:
    """The catalogue with the method of the page on extending in its folder."""
    (source,) = blocks(TEXTS["extend"], "python")
    assert "workbench/methods/balancing/softened.py" in TEXTS["extend"]
    (tmp_path / "softened.py").write_text(source)
    package = importlib.import_module("workbench.methods.balancing")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield catalogue.discover()
    sys.modules.pop("workbench.methods.balancing.softened", None)


def test_the_method_of_the_page_on_extending_learns(extended: catalogue.Catalogue) -> None:
    spec = preset.load(_path("two-tasks-that-fight")).model_copy(
        update={"balancing": Choice(kind="softened"), "training": Training(epochs=1, threads=1)}
    )
    assert isinstance(list(build.run(spec, 0, extended))[-1], Finished)
