"""Study: transfer, which makes the runs that are missing and says what all of them say."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import BAD, output
from workbench.cli.headless import Headless
from workbench.cli.result import Result
from workbench.cli.services import Pool, Services
from workbench.cli.study_tables import print_transfer, transfer_json
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.entry import by_role
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job, n_cores, n_that_fit
from workbench.spec.question import ListTasks, Needs, RefusedError
from workbench.spec.score import Score
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.study.transfer import Planned, plan_transfer, transfer_of

if TYPE_CHECKING:
    from workbench.spec.entry import Catalogue
    from workbench.spec.event import TaskFacts


def transfer(
    services: Services,
    preset: str,
    changes: list[str],
    out: Path | None,
    *,
    metrics: Sequence[str],
    has_pairs: bool,
    n_jobs: int | None = 1,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Measure what learning together does to each task; returns the exit code.

    Up to `n_jobs` runs train side by side; None: as many as there is room for.
    """
    spec, catalogue = _read(services, preset, changes)
    unknown = [metric for metric in metrics if ("metric", metric) not in catalogue]
    if unknown:
        known = ", ".join(entry.key for entry in by_role(catalogue, "metric"))
        output.remark(f"--metric: there is no metric '{unknown[0]}' (there is: {known})")
        return BAD
    with _Bench(services, out, n_jobs, is_quiet=is_quiet) as bench:
        try:
            facts = bench.tasks_of(spec)
            plan = plan_transfer(spec, catalogue, facts, has_pairs=has_pairs)
        except (ValueError, RefusedError) as error:
            output.remark(str(error))
            return bench.headless.code or BAD
        bench.make(plan.runs())
    result = transfer_of(plan, bench.results, catalogue, metrics)
    if as_json:
        output.emit_json({"transfer": transfer_json(result), "runs": bench.listed})
    else:
        print_transfer(result, len(spec.seeds), metrics)
    return bench.headless.code


def _read(services: Services, preset: str, changes: list[str]) -> "tuple[Spec, Catalogue]":
    document = presets.with_values(presets.read(preset), changes)
    catalogue = services.catalogue()
    return check_whole(document, catalogue), catalogue


class _Bench:
    """Runs that are found in the history, and those that are made because they are not."""

    def __init__(
        self, services: Services, out: Path | None, n_jobs: int | None, *, is_quiet: bool
    ) -> None:
        n_children = n_jobs or n_cores()
        self.n_jobs = n_jobs
        self.pool = services.pool(n_children) if n_children > 1 else None
        self.runner = services.runner() if self.pool is None else None
        self.headless = Headless(self.runner, pool=self.pool, is_quiet=is_quiet)
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

    def tasks_of(self, spec: Spec) -> "Sequence[TaskFacts]":
        """What the experiment calls its tasks and how long it learns each. Raises RefusedError."""
        return (self.pool or self.headless.runner).ask(ListTasks(spec))

    def make(self, planned: Sequence[Planned]) -> None:
        """Find or run each of these, until one fails or the user has had enough."""
        if self.pool is not None:
            self._make_side_by_side(self.pool, planned)
            return
        for at, run in enumerate(planned, 1):
            if run.key in self.results or self._find(run):
                continue
            if self.is_over:
                self.headless.has_skipped = True
                return
            self._make_one(run, f"{at}/{len(planned)} {run.label}")

    def _find(self, run: Planned) -> bool:
        """Take a run from the history, if it is there."""
        row = self.index.find_done(run.spec, run.seed)
        if row is not None:
            self.results[run.key] = row.scores
            self._list(run, row.run_id, row.path, "done", is_found=True)
        return row is not None

    def _make_one(self, run: Planned, title: str) -> None:
        events = self.headless.runner.run(run.spec, run.seed, self.root)
        self._take(run, self.headless.follow(events, title, run.seed, self.root))

    def _make_side_by_side(self, pool: Pool, planned: Sequence[Planned]) -> None:
        missing: dict[tuple[str, int], Planned] = {}
        for run in planned:
            if run.key not in missing and run.key not in self.results and not self._find(run):
                missing[run.key] = run
        runs = list(missing.values())
        if not runs:
            return
        threads = None
        with contextlib.suppress(RefusedError):  # why there can be no run, the run itself says
            needs = pool.ask(Needs(runs[0].spec, runs[0].seed))
            threads = needs.threads
            if self.n_jobs is None:
                pool.limit(n_that_fit(n_cores(), n_cores(), needs))
        jobs = [Job(run.spec, run.seed, run.label, self.root, threads) for run in runs]
        self.headless.follow_all(jobs, self.root, lambda result: self._end(pool, result))
        for number, result in self.headless.by_number.items():
            self._take(runs[number], result)

    def _end(self, pool: Pool, result: Result) -> None:
        """Where one fails, what would be compared with it is not run."""
        if result.outcome.status in ("failed", "stopped"):
            pool.stop()

    def _take(self, run: Planned, result: Result) -> None:
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
