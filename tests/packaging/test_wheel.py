"""The built wheel, installed in a clean environment, has all it needs to run a preset."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).parents[2]


def run(command: list[str | Path], folder: Path) -> str:
    """Standard output of a command in `folder`, with a home of its own and no way back here."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment = {
        **inherited,
        "WORKBENCH_HOME": str(folder / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command} said:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a source distribution built from this checkout."""
    folder = tmp_path_factory.mktemp("built")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel in it; dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install = ["-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel]
    run([sys.executable, *install], folder)
    # Path files in a folder that a path file names are not read, so an editable install of this
    # checkout does not come along.
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_presets_resources_and_the_guide_are_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    here = {
        f"workbench/{path.relative_to(ROOT).as_posix()}"
        for name in ("presets", "resources", "docs/guide", "docs/methods", "docs/images")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    }
    here.add("workbench/docs/CHANGELOG.md")
    assert any(name.endswith(".yaml") for name in here)
    assert here - inside == set()


def test_nothing_but_the_program_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"workbench", f"mtl_workbench-{workbench.__version__}.dist-info"}


def test_the_wheel_has_the_version_of_the_program(wheel: Path) -> None:
    name = f"mtl_workbench-{workbench.__version__}.dist-info/METADATA"
    fields = HeaderParser().parsestr(zipfile.ZipFile(wheel).read(name).decode())
    assert (fields["Name"], fields["Version"]) == ("mtl-workbench", workbench.__version__)


def test_the_installed_program_is_not_this_checkout(environment: Path, tmp_path: Path) -> None:
    where = "import workbench; print(workbench.__file__)"
    shown = run([environment / "bin" / "python", "-c", where], tmp_path)
    assert Path(shown.strip()).is_relative_to(environment)


def test_the_installed_program_runs_a_preset(environment: Path, tmp_path: Path) -> None:
    command = [environment / "bin" / "workbench", "run", "see-forgetting"]
    shorter = ["--set", "training.epochs=1", "--set", "training.threads=1"]
    shown = run([*command, *shorter, "--out", "runs", "--json"], tmp_path)
    (result,) = json.loads(shown)["runs"]
    assert result["status"] == "done"
    assert len(result["matrix"]) == len(result["tasks"]) == 5
    assert Path(result["path"]).is_relative_to(tmp_path / "runs")


def test_the_installed_window_has_its_icons_and_presets(environment: Path, tmp_path: Path) -> None:
    count = (
        "from workbench.spec.files import gallery, shipped;"
        "print(len(gallery()), len(list(shipped('resources').rglob('*.svg'))))"
    )
    n_presets, n_icons = run([environment / "bin" / "python", "-c", count], tmp_path).split()
    assert int(n_presets) == len(list((ROOT / "presets").glob("*.yaml"))) > 0
    assert int(n_icons) > 0
