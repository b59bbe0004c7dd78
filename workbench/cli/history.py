"""History: the list of runs."""

from dataclasses import asdict

from workbench.cli import DONE, output
from workbench.cli.tables import column, row, text_table
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
    has_problems = any(found.problem for found in rows)
    if has_problems:
        column(table, "problem")
    for found in rows:
        star = "★ " if found.starred else ""
        scores = [_score(value) for value in (found.acc, found.forgetting, found.bwt)]
        texts = [found.tag, *([found.problem] if has_problems else [])]
        row(table, star + found.run_id, found.status, f"{found.steps:,}", *scores, *texts)
    output.emit_tables(table)
    return DONE


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
