"""History: the list of runs."""

from dataclasses import asdict

from workbench.cli import DONE, output
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
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("run", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for name in ("steps", "acc", "forgetting", "bwt"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("tag")
    has_problems = any(row.problem for row in rows)
    if has_problems:
        table.add_column("problem", overflow="fold")
    for row in rows:
        star = "★ " if row.starred else ""
        scores = [_score(value) for value in (row.acc, row.forgetting, row.bwt)]
        # Text: what the user named is no markup.
        texts = [Text(row.tag), *([Text(row.problem)] if has_problems else [])]
        table.add_row(Text(star + row.run_id), row.status, f"{row.steps:,}", *scores, *texts)
    output.emit_rich(table)
    return DONE


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
