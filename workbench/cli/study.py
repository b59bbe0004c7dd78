"""Study: transfer and sweep, which make the runs that are missing and say what all of them say."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from workbench.cli import BAD, output
from workbench.cli.headless import Headless
from workbench.cli.services import Services
from workbench.cli.tables import grid, interval, numbers, percent, row, score, table
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.experiment import Spec
from workbench.spec.score import Score
from workbench.spec.text import visible
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.study.sweep import Sweep, plan_sweep, sweep_of
from workbench.study.transfer import Planned, Transfer, plan_transfer, transfer_of

if TYPE_CHECKING:
    from workbench.spec.entry import Catalogue


def transfer(
    services: Services,
    preset: str,
    changes: list[str],
    out: Path | None,
    *,
    has_pairs: bool,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Measure what learning together does to each task; returns the exit code."""
    spec, catalogue = _read(services, preset, changes)
    with _Bench(services, out, is_quiet=is_quiet) as bench:
        names = bench.names_of(spec)
        try:
            plan = plan_transfer(spec, catalogue, names, has_pairs=has_pairs)
        except ValueError as error:
            output.remark(str(error))
            return bench.headless.code or BAD
        bench.make(plan.runs())
    found = transfer_of(plan, bench.results)
    if as_json:
        output.emit_json({"transfer": _transfer_json(found), "runs": bench.listed})
    else:
        _print_transfer(found)
    return bench.headless.code


def sweep(
    services: Services,
    preset: str,
    changes: list[str],
    out: Path | None,
    *,
    n_points: int,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Try fixed weights over all their proportions; returns the exit code."""
    spec, catalogue = _read(services, preset, changes)
    with _Bench(services, out, is_quiet=is_quiet) as bench:
        names = bench.names_of(spec)
        try:
            plan = plan_sweep(spec, catalogue, n_points, names)
        except ValueError as error:
            output.remark(str(error))
            return bench.headless.code or BAD
        bench.make(plan.runs())
    found = sweep_of(plan, bench.results)
    if as_json:
        output.emit_json({"sweep": _sweep_json(found), "runs": bench.listed})
    else:
        _print_sweep(found)
    return bench.headless.code


def _read(services: Services, preset: str, changes: list[str]) -> "tuple[Spec, Catalogue]":
    document = presets.with_values(presets.read(preset), changes)
    catalogue = services.catalogue()
    return check_whole(document, catalogue), catalogue


class _Bench:
    """Runs that are found in the history, and those that are made because they are not."""

    def __init__(self, services: Services, out: Path | None, *, is_quiet: bool) -> None:
        self.runner = services.runner()
        self.headless = Headless(self.runner, is_quiet=is_quiet)
        self.index = Index.open()
        self.root = runs_folder() if out is None else out.absolute()
        self.results: dict[tuple[str, int], Sequence[Score]] = {}
        self.listed: list[dict[str, Any]] = []
        self.is_over = False

    def __enter__(self) -> "_Bench":
        self.headless.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.headless.__exit__(*error)

    def names_of(self, spec: Spec) -> list[str] | None:
        """What a run of the experiment calls its tasks; None if it could not be run."""
        first = Planned(spec, spec.seeds[0], "all tasks")
        self.make([first])
        found = self.results.get(first.key)
        return [score.task for score in found] if found is not None else None

    def make(self, planned: Sequence[Planned]) -> None:
        """Find or run each of these, until one fails or the user has had enough."""
        for at, run in enumerate(planned, 1):
            if run.key in self.results:
                continue
            if self.is_over:
                self.headless.has_skipped = True
                return
            self._make_one(run, f"{at}/{len(planned)} {run.label}")

    def _make_one(self, run: Planned, title: str) -> None:
        row = self.index.found(run.spec, run.seed)
        if row is not None:
            self.results[run.key] = row.scores
            self._list(run, row.run_id, row.path, "done", is_found=True)
            return
        events = self.runner.run(run.spec, run.seed, self.root)
        result = self.headless.follow(events, title, run.seed, self.root)
        outcome = result.outcome
        if outcome.status == "done":
            self.results[run.key] = outcome.scores
        began = outcome.began
        path = str(result.path) if result.path is not None else None
        run_id = began.run_id if began is not None else None
        self._list(run, run_id, path, outcome.status, is_found=False)
        self.is_over = outcome.status in ("failed", "stopped") or self.headless.is_interrupted

    def _list(
        self, run: Planned, run_id: str | None, path: str | None, status: str, *, is_found: bool
    ) -> None:
        head = {"run_id": run_id, "path": path, "label": run.label, "seed": run.seed}
        self.listed.append({**head, "status": status, "found": is_found})


def _transfer_json(found: Transfer) -> dict[str, Any]:
    groups = found.groups
    return {
        "tasks": [
            {"task": task, "change": numbers(change)}
            for task, change in zip(found.tasks, found.changes, strict=True)
        ],
        "delta_m": numbers(found.delta_m),
        "pairwise": [[numbers(cell) for cell in row] for row in found.pairwise]
        if found.has_pairs
        else None,
        "groups": None if groups is None else [[found.tasks[t] for t in g] for g in groups],
        "gain": found.gain,
        "seeds": list(found.seeds),
    }


def _sweep_json(found: Sweep) -> dict[str, Any]:
    return {
        "tasks": list(found.tasks),
        "metrics": list(found.metrics),
        "higher_is_better": list(found.higher_is_better),
        "points": [
            {
                "label": point.label,
                "weights": None if point.weights is None else list(point.weights),
                "scores": [numbers(cell) for cell in point.scores],
                "best_by_validation": point.is_best,
                "non_dominated": point.is_on_front,
            }
            for point in found.points
        ],
    }


def _print_transfer(found: Transfer) -> None:
    n = len(found.seeds)
    output.emit(f"change of each task against learning alone, over {n} seed{'s' * (n != 1)}")
    changes = table("task", ["change", "95 % interval"])
    for task, change in zip(found.tasks, found.changes, strict=True):
        row(changes, task, percent(change), interval(change))
    row(changes, "Δm", percent(found.delta_m), interval(found.delta_m))
    output.emit_tables(changes)
    if found.has_pairs:
        output.emit("in pairs: what learning with the row does to the column")
        cells = [[percent(cell) for cell in row] for row in found.pairwise]
        output.emit_tables(grid("with", found.tasks, cells))
    if found.groups is not None and found.gain is not None:
        names = [visible(task) for task in found.tasks]
        text = " | ".join(", ".join(names[t] for t in group) for group in found.groups)
        change = 100 * found.gain / len(found.tasks)
        output.emit(f"suggested groups: {text}  ({change:+.2f} % a task expected)")
        if len(found.groups) > 1:
            groups = " | ".join(", ".join(found.tasks[t] for t in g) for g in found.groups)
            setting = quote(visible(f"sharing.groups={groups}"))
            output.emit(f"--set sharing.kind=groups --set {setting}")


def _print_sweep(found: Sweep) -> None:
    heads = [f"{t} ({m})" for t, m in zip(found.tasks, found.metrics, strict=False)]
    points = table(f"weights {' : '.join(found.tasks)}", [*(heads or found.tasks), ""])
    for point in found.points:
        marks = ["on the front"] if point.is_on_front else []
        marks += ["best by validation"] if point.is_best else []
        row(points, point.label, *(score(cell) for cell in point.scores), ", ".join(marks))
    output.emit_tables(points)
