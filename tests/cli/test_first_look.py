"""What a preset's files are is said by check before anything is built, and without torch."""

import subprocess
import sys
from pathlib import Path

from tests.cli.printed import Capture
from workbench import cli
from workbench.__main__ import Services
from workbench.spec.question import Columns


def preset_of(folder: Path, tasks: str, more: str = "") -> str:
    path = folder / "p.yaml"
    path.write_text(f"version: 1\nname: Mine\ntasks:\n  - {tasks}\n{more}")
    return str(path)


def checked(preset: str, capsys: Capture) -> list[str]:
    assert cli.main(Services(), ["check", preset]) == 0
    return capsys.readouterr().err.splitlines()


def test_how_a_table_is_read_is_said(tmp_path: Path, capsys: Capture):
    rows = "".join(f"{i % 7},5;{i % 2};{i % 3}\n" for i in range(60))
    (tmp_path / "a.csv").write_text(f"size;part;part\n{rows}")
    tasks = "{family: table, file: a.csv, inputs: [size, part], targets: {part (2): classes}}"
    printed = checked(preset_of(tmp_path, tasks), capsys)
    words = "a.csv: CSV, read with encoding utf-8, separator semicolon, decimal comma"
    assert printed[0] == f"workbench: note: {words}"
    assert any("is called 'part (2)'" in line for line in printed)
    assert len(printed) == len(set(printed))  # what is known at first is not said again


def test_what_is_left_out_of_sentences_is_said_once(tmp_path: Path, capsys: Capture):
    rows = "".join(f"word {i}\tmot {i}\n" for i in range(60))
    (tmp_path / "a.tsv").write_text(f"en\tfr\n{rows}\tmot\n")
    tasks = "{family: sentences, file: a.tsv, vocabulary: 280}"
    encoder = "encoder: {kind: transformer, width: 8, blocks: 1, heads: 2}\n"
    printed = checked(preset_of(tmp_path, tasks, encoder), capsys)
    assert printed[0] == "workbench: note: a.tsv: TSV, read with encoding utf-8"
    assert printed.count("workbench: note: 1 row left out: a side is empty (line 62)") == 1


def test_files_of_families_within_others_are_looked_at_too(tmp_path: Path, capsys: Capture):
    (tmp_path / "a.csv").write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(60)))
    of = "{family: table, file: a.csv, inputs: [a], targets: {y: classes}}"
    printed = checked(preset_of(tmp_path, f"{{family: subset, of: {of}}}"), capsys)
    assert printed[0].startswith("workbench: note: a.csv: CSV, read with")


def test_a_file_that_cannot_be_read_is_left_to_the_reading(tmp_path: Path):
    (tmp_path / "a.en").write_text("alone\n")
    assert Services().first_look(Columns(str(tmp_path / "a.none"), is_quick=True)) is None
    facts = Services().first_look(Columns(str(tmp_path / "a.en"), is_quick=True))
    assert facts is not None
    assert facts.problem


def test_a_first_look_needs_no_torch(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    code = (
        "import sys; from workbench.__main__ import Services; "
        "from workbench.spec.question import Columns; "
        f"facts = Services().first_look(Columns({str(tmp_path / 'a.csv')!r}, is_quick=True)); "
        "assert facts.n_rows == 1; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
