"""Tables have a row an observation, whatever their form, and a spreadsheet only shows them."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.publish.made import HOSTILE, hostile, made, three
from workbench.publish.columns import batches_of, table_of
from workbench.publish.forms.columnar import write_parquet
from workbench.publish.forms.delimited import write_csv
from workbench.publish.record import Record, done_of, experiments, records
from workbench.publish.tables import TABLES
from workbench.spec.text import csv_text


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def runs(tmp_path: Path) -> list[Record]:
    return three(tmp_path / "runs")


def test_both_forms_hold_every_step_of_every_task_and_seed(
    runs: list[Record], tmp_path: Path
) -> None:
    list(write_csv(runs, tmp_path / "csv"))
    list(write_parquet(runs, tmp_path / "parquet"))
    read = parquet.read_table(tmp_path / "parquet" / "steps.parquet").to_pydict()
    rows = rows_of(tmp_path / "csv" / "steps.csv")
    assert len(rows) == len(read["step"]) == 3 * 40 * 2
    for i, row in enumerate(rows):
        run = runs[i // 80]
        step, j = divmod(i % 80, 2)
        loss = run.series.losses[step, j]
        assert (row["run"], int(row["seed"]), int(row["step"])) == (run.run_id, run.seed, step)
        assert row["task"] == run.tasks[j].name
        assert row["loss"] == "" if np.isnan(loss) else np.float32(row["loss"]) == loss
        assert read["loss"][i] is None if np.isnan(loss) else read["loss"][i] == loss


def test_every_table_is_the_same_in_both_forms(runs: list[Record], tmp_path: Path) -> None:
    list(write_csv(runs, tmp_path))
    list(write_parquet(runs, tmp_path))
    written = {path.stem for path in tmp_path.glob("*.csv")}
    assert written == {path.stem for path in tmp_path.glob("*.parquet")}
    assert {"runs", "settings", "steps", "evaluations", "matrix", "scores", "measures"} <= written
    for name in written:
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        rows = rows_of(tmp_path / f"{name}.csv")
        assert len(rows) == table.num_rows
        assert list(rows[0]) == table.schema.names == table_of(name, runs).schema.names


def test_tables_without_a_row_are_not_written(runs: list[Record], tmp_path: Path) -> None:
    list(write_csv(runs, tmp_path))
    assert not (tmp_path / "adaptation.csv").exists()
    assert set(TABLES) > {path.stem for path in tmp_path.glob("*.csv")}


def test_no_cell_of_a_hostile_run_begins_a_formula_or_breaks_a_row(tmp_path: Path) -> None:
    chosen = hostile(tmp_path / "runs")
    list(write_csv(chosen, tmp_path / "csv"))
    cells: list[str] = []
    for path in (tmp_path / "csv").glob("*.csv"):
        rows = rows_of(path)
        content = path.read_bytes()
        assert not {b"\0", b"\x1b", b"\r"} & {bytes([b]) for b in content}
        assert "\u202e" not in content.decode()
        assert len({len(row) for row in rows}) == 1
        assert all(None not in row.values() for row in rows)
        cells += [cell for row in rows for cell in row.values()]
    assert not [c for c in cells if c.lstrip()[:1] in ("=", "@", "+") and len(c) > 1]
    assert not [c for c in cells if c.startswith("-") and not c.replace("e-", "")[1:2].isdigit()]
    assert any(cell == csv_text(HOSTILE[0]) for cell in cells)


def test_parquet_keeps_every_name_as_it_is(tmp_path: Path) -> None:
    list(write_parquet(hostile(tmp_path / "runs"), tmp_path))
    names = parquet.read_table(tmp_path / "scores.parquet")["task"].to_pylist()
    assert set(names) == set(HOSTILE)


def test_a_long_run_comes_in_pieces_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.publish import tables

    monkeypatch.setattr(tables, "_STEPS", 7)
    sizes = [batch.num_rows for batch in batches_of("steps", records([made(tmp_path)]))]
    assert sizes == [14] * 5 + [10]


def test_runs_of_one_experiment_have_one_name_and_others_are_told_apart(tmp_path: Path) -> None:
    folders = [made(tmp_path, seed) for seed in (0, 1)]
    folders.append(made(tmp_path, 0, optimizer={"lr": 0.5}))
    groups = experiments(records([*folders, folders[0]]))
    assert [(name, len(runs)) for name, runs in groups.items()] == [
        ("Fake", 2),
        ("Fake (optimizer.lr=0.5)", 1),
    ]


def test_a_seed_counts_once_and_what_is_damaged_does_not(tmp_path: Path) -> None:
    folders = [made(tmp_path, 0), made(tmp_path, 0), made(tmp_path, 1)]
    assert [r.seed for r in done_of(records(folders))] == [0, 1]
    (folders[2] / "environment.json").write_text("{")
    assert [r.seed for r in done_of(records(folders))] == [0]


def test_what_went_wrong_is_told_without_where_this_machine_keeps_it(
    tmp_path: Path, home: Path
) -> None:
    from workbench.spec.event import Failed

    folder = made(tmp_path / "runs")
    events = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)[:-1]
    (folder / "events.jsonl").write_bytes(b"".join(events))
    (chosen,) = records([folder])
    chosen.stored.outcome.take(Failed(3, f"{folder}/x: full; {home}/y; {Path.home()}/z"))
    table: Any = table_of("runs", [chosen])
    (message,) = table["message"].to_pylist()
    assert message == f"{folder.name}/x: full; WORKBENCH_HOME/y; ~/z"


def test_a_table_of_no_run_has_its_columns() -> None:
    table: Any = table_of("steps", [])
    assert table.num_rows == 0
    assert table.schema.field("loss").type == pa.float32()
