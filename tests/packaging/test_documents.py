"""README's commands are those that CI runs, and the documents lead to what exists."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import workbench
from workbench.spec.preset import parse, spec_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CI = ROOT / ".ci" / "run"
NAMES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
DOCUMENTS = (*NAMES, *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md")))


def blocks(document: str, language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """README's commands that make their own virtual environment."""
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("python3 -m venv .venv && ")]


def test_one_command_opens_the_window_one_runs_headless_and_one_tests() -> None:
    ends = [line.rpartition(" && ")[2] for line in commands()]
    assert ends == [
        ".venv/bin/workbench see-forgetting",
        ".venv/bin/workbench run see-forgetting",
        ".venv/bin/python -m pytest -n auto",
    ]


def test_every_command_installs_the_pinned_versions() -> None:
    assert all("pip install -c constraints.txt " in line for line in commands())


def test_ci_takes_its_test_command_from_the_readme() -> None:
    script = CI.read_text()
    match = re.search(r"test_command=\"\$\((sed .*)\)\"", script)
    assert match is not None
    shown = subprocess.run(
        match[1], shell=True, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == commands()[-1]
    assert '-c "$test_command"' in script


def test_ci_can_be_executed() -> None:
    assert os.access(CI, os.X_OK)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(name: str) -> None:
    document = ROOT / name
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "docs/decisions.md"])
def test_what_tells_of_the_rooms_names_only_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    floors = "spec|engine|methods|store|runner|cli|ui|study"
    named = re.findall(rf"`((?:{floors})/[\w/.]+)`", text)
    assert named
    assert [path for path in named if not (ROOT / "workbench" / path).exists()] == []


def test_the_preset_in_the_readme_is_a_preset() -> None:
    (text,) = blocks(README, "yaml")
    assert spec_of(parse(text)).balancing.kind == "pcgrad"


def test_the_changelog_tells_of_this_version() -> None:
    assert f"\n## {workbench.__version__}" in (ROOT / "CHANGELOG.md").read_text()
