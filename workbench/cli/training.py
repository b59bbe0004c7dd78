"""Training: run and resume, with a progress bar, Ctrl+C, and the result at the end."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import typer

from workbench.cli import BAD, output
from workbench.cli.findings import findings_of, print_findings
from workbench.cli.headless import Headless
from workbench.cli.result import Result, print_results
from workbench.cli.result import document as as_document
from workbench.cli.services import HERE, Place, Pool, Services
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.cost import line_of
from workbench.spec.documents.document import Document
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job, n_cores, n_that_fit
from workbench.spec.question import CancelledError, Cost, Needs, RefusedError
from workbench.spec.score import Score
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.stored_run import read
from workbench.study.transfer import known_delta_m

_MAX_SEEDS = 1000

#: More processes than this at once are a slip of the finger.
MOST_JOBS = 256


def seeds_of(text: str) -> list[int]:
    """`0,1,2` or `0..4` as numbers. Raises typer.BadParameter."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("..")
        try:
            a, b = int(first), int(last if ".." in part else first)
        except ValueError:
            raise typer.BadParameter(f"--seeds wants 0,1,2 or 0..4; found '{text}'") from None
        if a < 0 or b < a or b - a >= _MAX_SEEDS:
            rule = f"a range runs up from 0 or more, {_MAX_SEEDS} seeds at most"
            raise typer.BadParameter(f"--seeds: {rule}; found '{part.strip()}'")
        seeds += range(a, b + 1)
    return seeds


def n_jobs_of(text: str) -> int | None:
    """`--jobs` as a number, None for auto. Raises typer.BadParameter."""
    if text == "auto":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        rule = f"wants auto, or a number from 1 to {MOST_JOBS}"
        raise typer.BadParameter(f"--jobs {rule}; found '{text}'")
    return int(text)


def train(
    services: Services,
    preset: str,
    changes: list[str],
    out: Path | None,
    *,
    n_jobs: int | None = 1,
    on: Place = HERE,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Run every seed of a preset; returns the exit code. Raises PresetError.

    Up to `n_jobs` seeds train side by side, each in a process of its own; None: as many as there
    is room for. One alone trains in this process.
    """
    whole = presets.with_values(presets.read(preset), changes)
    return train_document(
        services, whole, out, n_jobs=n_jobs, on=on, as_json=as_json, is_quiet=is_quiet
    )


def train_document(
    services: Services,
    document: Document,
    out: Path | None,
    *,
    n_jobs: int | None = 1,
    on: Place = HERE,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """`train` of a preset that was read. Raises PresetError."""
    spec = check_whole(document, services.catalogue())
    root = runs_folder() if out is None else out.absolute()
    most = min(n_jobs or n_cores(), len(spec.seeds))
    if on.address:
        most = min(n_jobs or len(spec.seeds), len(spec.seeds))
        try:
            pool = services.cluster(on.address, most, on.resources)
        except RefusedError as error:
            output.remark(str(error))
            return BAD
        headless = _side_by_side(pool, spec, root, services, is_quiet=is_quiet)
    elif most > 1:
        most_that_fit = most if n_jobs is None else 0
        pool = services.pool(most)
        headless = _side_by_side(pool, spec, root, services, most_that_fit, is_quiet=is_quiet)
    else:
        headless = _one_by_one(services, spec, root, is_quiet=is_quiet)
    return _concluded(headless, spec, as_json=as_json)


def _one_by_one(services: Services, spec: Spec, root: Path, *, is_quiet: bool) -> Headless:
    """Train one seed after the other in this process."""
    runner = services.runner()
    with Headless(runner, is_quiet=is_quiet) as headless:
        if not is_quiet:
            _tell_cost(headless, spec)
        for i, seed in enumerate(spec.seeds, 1):
            result = headless.follow(runner.run(spec, seed, root), spec.name, seed, root)
            if result.outcome.status == "done":
                _add_delta_m(services, spec, result)
            if headless.is_spec_bad or headless.is_interrupted:
                headless.has_skipped = i < len(spec.seeds)
                break
    return headless


def _side_by_side(
    pool: Pool, spec: Spec, root: Path, services: Services, most: int = 0, *, is_quiet: bool
) -> Headless:
    """Train several seeds at once; with `most` no more than that and than there is room for."""

    def ended(result: Result) -> None:
        if result.outcome.status == "done":
            _add_delta_m(services, spec, result)

    with Headless(None, pool=pool, is_quiet=is_quiet) as headless:
        needs = None
        with contextlib.suppress(RefusedError):  # why there can be no run, the run itself says
            needs = pool.ask(Needs(spec, spec.seeds[0]))
            if not is_quiet:
                output.remark(line_of(pool.ask(Cost(spec))))
        if needs is not None and most:
            pool.limit(n_that_fit(most, n_cores(), needs))
        threads = needs.threads if needs is not None else None
        jobs = [Job(spec, seed, root=root, threads=threads) for seed in spec.seeds]
        headless.follow_all(jobs, root, ended)
    return headless


def _tell_cost(headless: Headless, spec: Spec) -> None:
    """Say what the model takes. Why there can be none, the run itself says."""

    def listen(_done: float | None, _text: str) -> None:
        if headless.is_interrupted:
            raise CancelledError

    with contextlib.suppress(RefusedError, CancelledError):
        output.remark(line_of(headless.runner.ask(Cost(spec), listen)))


def go_on(services: Services, run: str, *, as_json: bool, is_quiet: bool) -> int:
    """Go on with a run; returns the exit code. Raises UnknownRunError, NotARunError, OSError."""
    folder = Path(Index.open().find(run).path)
    stored = read(folder)
    if stored.status in ("running", "done"):
        why = "is done" if stored.status == "done" else "is running, in another process"
        output.remark(f"{stored.run_id} {why}: there is nothing to resume")
        return BAD
    if stored.problem:
        output.remark(f"{stored.run_id} is damaged ({stored.problem}); going on with what is left")
    runner = services.runner()
    with Headless(runner, is_quiet=is_quiet) as headless:
        headless.follow(runner.resume(folder), stored.spec.name, stored.seed, folder.parent)
    return _concluded(headless, stored.spec, as_json=as_json)


def _concluded(headless: Headless, spec: Spec, *, as_json: bool) -> int:
    """Print what there is; the exit code of the worst that happened."""
    if as_json:
        output.emit_json(as_document(headless.results))
    else:
        print_results(headless.results)
        print_findings(findings_of(spec, headless.results))
    return headless.code


def _add_delta_m(services: Services, spec: Spec, result: Result) -> None:
    """Fill in Δm, where every task's run alone is there on the same seed."""
    index = Index.open()

    def scores_alone(alone: Spec) -> Sequence[Score] | None:
        row = index.find_done(alone, result.seed)
        return row.scores if row is not None else None

    outcome = result.outcome
    facts = outcome.began.tasks if outcome.began is not None else ()
    outcome.summary["delta_m"] = known_delta_m(
        spec, services.catalogue(), outcome.scores, facts, scores_alone
    )
