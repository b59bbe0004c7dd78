"""Result: what came of the runs, as tables and as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.tables import row, score, table
from workbench.spec.event import Began, Event
from workbench.spec.text import visible
from workbench.store.outcome import Outcome
from workbench.study.findings.run_facts import FactsOfEvents, RunFacts
from workbench.study.interval import estimate

if TYPE_CHECKING:
    from rich.table import Table

_KEYS = ("status", "steps", "seconds", "steps_per_second", "tasks", "matrix", "baseline", "summary")
#: What only some runs have.
_WHERE_THERE = ("zero_shot",)
#: Shares of the answers of a pair that was never taught.
SHARES = ("right", "other_language", "wrong")


class Result:
    """What came of one run, as far as its events have told."""

    def __init__(self, seed: int, root: Path) -> None:
        self.seed = seed
        self.root = root
        self.outcome = Outcome()
        self._facts = FactsOfEvents()

    def take(self, event: Event) -> None:
        """Take the next event."""
        self.outcome.take(event)
        self._facts.take(event)

    @property
    def facts(self) -> RunFacts:
        """What findings look at."""
        facts = self._facts.facts
        facts.delta_m = self.outcome.summary.get("delta_m")
        return facts

    @property
    def began(self) -> Began | None:
        """How it began; None if it failed before."""
        return self.outcome.began

    @property
    def path(self) -> Path | None:
        """The run's folder; None if it failed before it began."""
        return self.root / self.began.run_id if self.began is not None else None

    def as_json(self) -> dict[str, Any]:
        """The run as `--json` prints it."""
        data = self.outcome.as_json()
        head = {
            "run_id": self.began.run_id if self.began is not None else None,
            "path": str(self.path) if self.path is not None else None,
            "seed": self.seed,
        }
        more = {key: data[key] for key in _WHERE_THERE if key in data}
        return {**head, **{key: data[key] for key in _KEYS}, **more}


def document(results: Sequence[Result]) -> dict[str, Any]:
    """What `--json` prints of runs; of pairs that were never taught also the means over them."""
    runs = [result.as_json() for result in results]
    by_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for run in runs:
        for shares in run.get("zero_shot", ()):
            by_pair.setdefault((shares["source"], shares["target"]), []).append(shares)
    means = [
        {"source": source, "target": target}
        | {name: sum(row[name] for row in rows) / len(rows) for name in SHARES}
        for (source, target), rows in by_pair.items()
    ]
    return {"runs": runs, "zero_shot": means} if means else {"runs": runs}


def print_results(results: Sequence[Result]) -> None:
    """Print a table for each run, and one over the seeds where there are several."""
    for result in results:
        output.emit(_headline(result))
        tables = [_scores([result])]
        if result.began is not None and len(result.began.stages) > 1 and result.outcome.matrix:
            tables.append(_matrix(result, result.began))
        tables.append(_summary([result]))
        output.emit_tables(*(each for each in tables if each.row_count))
        if result.path is not None:
            output.emit(f"{visible(str(result.path))}\n")
    ended = [result for result in results if result.outcome.status == "done"]
    if len(ended) > 1:
        others = [f"seed {r.seed} {r.outcome.status}" for r in results if r not in ended]
        left_out = f" of {len(results)}, without {', '.join(others)}" if others else ""
        output.emit(f"mean ± sd over {len(ended)} seeds{left_out}")
        output.emit_tables(*(each for each in (_scores(ended), _summary(ended)) if each.row_count))


def _headline(result: Result) -> str:
    outcome = result.outcome
    parts = [f"{outcome.step:,} steps"]
    if outcome.seconds is not None:
        parts.append(f"{outcome.seconds:.1f} s")
    if outcome.steps_per_second is not None:
        parts.append(f"{outcome.steps_per_second:,.0f} steps/s")
    return f"seed {result.seed}: {outcome.status}, {', '.join(parts)}"


def _scores(results: Sequence[Result]) -> "Table":
    """Tasks down, metrics across."""
    by_seed = [result.outcome.tasks for result in results]
    tasks = list(dict.fromkeys(task for seed in by_seed for task in seed))
    metrics = list(dict.fromkeys(m for seed in by_seed for task in seed.values() for m in task))
    score_table = table("task", metrics)
    for task in tasks:
        scores = [[seed.get(task, {}).get(metric) for seed in by_seed] for metric in metrics]
        if any(value is not None for values in scores for value in values):
            row(score_table, task, *(_shown(values) for values in scores))
        if copied := results[0].outcome.copied.get(task):
            row(score_table, f"{task}, copied", *(_shown([copied.get(m)]) for m in metrics))
    return score_table


def _matrix(result: Result, began: Began) -> "Table":
    """Scores on each task after each stage, and before any training."""
    matrix_table = table("after stage", [task.name for task in began.tasks])
    names = ["(before)", *(stage.name for stage in began.stages)]
    rows = [result.outcome.baseline, *result.outcome.matrix]
    for name, values in zip(names, rows, strict=False):
        row(matrix_table, name, *(_shown([value]) for value in values))
    return matrix_table


def _summary(results: Sequence[Result]) -> "Table":
    summaries = [result.outcome.summary for result in results]
    summary_table = table("measure", ["value"])
    for name in dict.fromkeys(name for summary in summaries for name in summary):
        values = [summary.get(name) for summary in summaries]
        if any(value is not None for value in values):
            row(summary_table, name.replace("_", " "), _shown(values))
    return summary_table


def _shown(values: Sequence[float | None]) -> str:
    """One value, or mean ± standard deviation (of the sample) of several."""
    return score(estimate(values), len(values))
