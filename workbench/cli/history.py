"""History: the list of runs."""

from collections.abc import Sequence
from dataclasses import asdict

from workbench.cli import BAD, DONE, output
from workbench.cli.tables import column, number, row, text_table
from workbench.spec.run_row import RunRow
from workbench.spec.text import visible
from workbench.store.index import Index
from workbench.study.listed_run import ListedRun
from workbench.study.run_filter import FilterError, parse


def list_runs(terms: Sequence[str] = (), *, as_json: bool) -> int:
    """Print the runs that a filter means, newest first; returns the exit code. Raises OSError."""
    index = Index.open()
    rows = index.rows()
    if terms:
        try:
            rows = _meant(index, rows, " ".join(terms))
        except FilterError as error:
            output.remark(str(error))
            return BAD
    if as_json:
        output.emit_json({"runs": [asdict(row) for row in rows]})
        return DONE
    if not rows and terms:
        output.emit("no run is meant by that")
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


def _meant(index: Index, rows: Sequence[RunRow], text: str) -> list[RunRow]:
    known = index.settings(rows)
    paths = {path for settings in known.values() for path in settings}
    wanted = parse(text, paths)
    return [one for one in rows if wanted.matches(ListedRun(one, known.get(one.path, {})))]
