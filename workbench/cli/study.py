"""Study: transfer, which makes the runs that are missing and says what all of them say."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import BAD, output
from workbench.cli.headless import Headless
from workbench.cli.services import Services
from workbench.cli.study_tables import print_transfer, transfer_json
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.entry import by_role
from workbench.spec.experiment import Spec
from workbench.spec.question import ListTasks, RefusedError
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
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Measure what learning together does to each task; returns the exit code."""
    spec, catalogue = _read(services, preset, changes)
    unknown = [metric for metric in metrics if ("metric", metric) not in catalogue]
    if unknown:
        known = ", ".join(entry.key for entry in by_role(catalogue, "metric"))
        output.remark(f"--metric: there is no metric '{unknown[0]}' (there is: {known})")
        return BAD
    with _Bench(services, out, is_quiet=is_quiet) as bench:
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

    def tasks_of(self, spec: Spec) -> "Sequence[TaskFacts]":
        """What the experiment calls its tasks and how long it learns each. Raises RefusedError."""
        return self.headless.runner.ask(ListTasks(spec))

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
        row = self.index.find_done(run.spec, run.seed)
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
