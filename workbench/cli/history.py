"""History: the list of runs."""

from dataclasses import asdict

from workbench.cli import DONE, output
from workbench.cli.tables import column, number, row, text_table
from workbench.spec.text import visible
from workbench.store.index import Index


def list_runs(*, as_json: bool) -> int:
    """Print every run, newest first; returns the exit code. Raises OSError."""
    rows = Index.open().rows()
    if as_json:
        output.emit_json({"runs": [asdict(row) for row in rows]})
        return DONE
    if not rows:
        output.emit("no runs yet: `workbench run PRESET` makes one")
        return DONE
    table = text_table("run", "status", whole=("run", "status"))
    for name in ("steps", "acc", "forgetting", "bwt"):
        column(table, name, is_whole=True, justify="right")
    column(table, "tag")
    for run_row in rows:
        star = "★ " if run_row.starred else ""
        scores = [number(value) for value in (run_row.acc, run_row.forgetting, run_row.bwt)]
        steps = f"{run_row.steps:,}"
        row(table, star + run_row.run_id, run_row.status, steps, *scores, run_row.tag)
    output.emit_tables(table)
    for run_row in rows:
        if run_row.problem:  # a sentence: beside long names no column has room for it
            output.emit(visible(f"{run_row.run_id} is damaged: {run_row.problem}"))
    return DONE
