"""Predict: what the model of a run, or those of its seeds, say of the rows of a file."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.cli import BAD, DONE, output
from workbench.cli.services import Services
from workbench.spec.question import Predict, RefusedError
from workbench.spec.run_row import RunRow
from workbench.spec.trained.prediction import Prediction, document_of, over_seeds
from workbench.spec.trained.written import csv_of, write_prediction
from workbench.store.index import Index
from workbench.store.index_row import row_at
from workbench.store.stored_run import read
from workbench.study.interval import t_quantile


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a run, a file, the rows to adapt to, the step, and whether of every seed."""

    run: str
    file: Path
    support: Path | None = None
    step: int | None = None
    has_seeds: bool = False


def predict(
    services: Services, asked: Asked, out: Path | None, *, as_json: bool, is_quiet: bool
) -> int:
    """Predict; the exit code. Raises UnknownRunError, NotARunError and OSError."""
    if out is not None and out.suffix.lower() not in (".csv", ".parquet"):
        output.remark(f"--out wants a file that ends in .csv or .parquet; found '{out.name}'")
        return BAD
    index = Index.open()
    rows = _seeds_of(index, asked.run) if asked.has_seeds else [index.find(asked.run)]
    try:
        prediction = _predicted(services, rows, asked, is_quiet=is_quiet)
    except RefusedError as error:
        output.remark(str(error))
        return BAD
    if not is_quiet:
        for notice in prediction.notices:
            output.remark(notice)
    if out is not None:
        write_prediction(prediction, out)
    if as_json:
        runs = [{"run_id": row.run_id, "path": row.path, "seed": row.seed} for row in rows]
        output.emit_json({"runs": runs, "file": str(asked.file), **document_of(prediction)})
    elif out is None:
        output.emit(csv_of(prediction))
    return DONE


def _seeds_of(index: Index, text: str) -> list[RunRow]:
    """The run that is named, and those of its setup on other seeds, the newest of each.

    They are in the history, or beside it in its folder.
    """
    named = index.find(text)
    beside = sorted(path for path in Path(named.path).parent.iterdir() if path.is_dir())
    there = [row for path in beside if (row := row_at(path)) is not None]
    by_seed: dict[int, RunRow] = {named.seed: named}
    for row in [*index.rows(), *reversed(there)]:
        if row.fingerprint and row.fingerprint == named.fingerprint and row.status == "done":
            by_seed.setdefault(row.seed, row)
    return [by_seed[seed] for seed in sorted(by_seed)]


def _predicted(
    services: Services, rows: Sequence[RunRow], asked: Asked, *, is_quiet: bool
) -> Prediction:
    """What the models of these runs say together. Raises RefusedError."""
    runner = services.runner()
    is_shown = not is_quiet and sys.stderr.isatty()

    def tell(share: float | None, text: str) -> None:
        if is_shown:
            output.show_state(text if share is None else f"{text}: {share:.0%}")

    told: list[Prediction] = []
    try:
        for row in rows:
            stored = read(Path(row.path))
            question = Predict(
                stored.spec,
                stored.seed,
                row.path,
                str(asked.file),
                (),
                str(asked.support or ""),
                asked.step,
            )
            told.append(runner.ask(question, tell))
    finally:
        if is_shown:
            output.show_state(None)
    return over_seeds(told, t_quantile(len(told) - 1) if len(told) > 1 else 0.0)
