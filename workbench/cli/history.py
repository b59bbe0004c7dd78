"""History: the list of runs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workbench.cli import BAD, DONE, output
from workbench.cli.tables import column, number, numbers, row, score, text_table
from workbench.spec.run_row import RunRow
from workbench.spec.text import visible
from workbench.store.index import Index
from workbench.study.compare import Group, grouped
from workbench.study.listed_run import ListedRun
from workbench.study.run_filter import FilterError, parse

#: The measures that a group of seeds is told by.
MEASURED = ("acc", "forgetting", "bwt")


def list_runs(terms: Sequence[str] = (), *, as_json: bool, by_group: bool = False) -> int:
    """Print the runs that a filter means, newest first; returns the exit code. Raises OSError.

    With `by_group` the seeds of one experiment are one line.
    """
    index = Index.open()
    rows = index.rows()
    if terms:
        try:
            rows = _meant(index, rows, " ".join(terms))
        except FilterError as error:
            output.remark(str(error))
            return BAD
    if by_group and as_json:
        output.emit_json({"groups": [_group_json(group) for group in grouped(rows)]})
        return DONE
    if as_json:
        output.emit_json({"runs": [asdict(row) for row in rows]})
        return DONE
    if not rows and terms:
        output.emit("no run is meant by that")
        return DONE
    if not rows:
        output.emit("no runs yet: `workbench run PRESET` makes one")
        return DONE
    _print_groups(grouped(rows)) if by_group else _print_runs(rows)
    for run_row in rows:
        if run_row.problem:  # a sentence: beside long names no column has room for it
            output.emit(visible(f"{run_row.run_id} is damaged: {run_row.problem}"))
    return DONE


def _print_runs(rows: Sequence[RunRow]) -> None:
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


def _print_groups(groups: Sequence[Group]) -> None:
    """A line an experiment: its seeds, how far they are, and means ± standard deviations."""
    table = text_table("experiment", "seeds", "status", whole=("seeds", "status"))
    for name in MEASURED:
        column(table, name, is_whole=True, justify="right")
    for group in groups:
        scores = [score(group.measure(key), len(group.done)) for key in MEASURED]
        row(table, group.name, _seeds(group), _status(group), *scores)
    output.emit_tables(table)


def _seeds(group: Group) -> str:
    """The seeds, those that follow each other as a range."""
    parts: list[list[int]] = []
    for seed in sorted(group.seeds):
        if parts and parts[-1][-1] + 1 == seed:
            parts[-1].append(seed)
        else:
            parts.append([seed])
    return ",".join(f"{p[0]}..{p[-1]}" if len(p) > 2 else ",".join(map(str, p)) for p in parts)


def _status(group: Group) -> str:
    """The one that all runs have, or how many of them are done."""
    statuses = {run.status for run in group.rows}
    n_done, n = len(group.done), len(group.rows)
    return statuses.pop() if len(statuses) == 1 else f"{n_done} of {n} done"


def _group_json(group: Group) -> dict[str, Any]:
    head = {"name": group.name, "fingerprint": group.rows[0].fingerprint}
    statuses = {str(run.seed): run.status for run in group.rows}
    runs = {str(run.seed): run.run_id for run in group.rows}
    measures = {key: numbers(group.measure(key)) for key in MEASURED}
    return {**head, "seeds": list(group.seeds), "status": statuses, "runs": runs, **measures}


def _meant(index: Index, rows: Sequence[RunRow], text: str) -> list[RunRow]:
    known = index.settings(rows)
    paths = {path for settings in known.values() for path in settings}
    wanted = parse(text, paths)
    return [one for one in rows if wanted.matches(ListedRun(one, known.get(one.path, {})))]
