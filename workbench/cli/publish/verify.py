"""Verify: makes a run again from its own record, and says whether it is the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli import BAD, DONE, INTERRUPTED, UNEQUAL, output
from workbench.cli.progress import Progress
from workbench.cli.services import Runner, Services
from workbench.publish.proof.comparison import Proof, compare, failed
from workbench.publish.proof.parts import Part
from workbench.publish.proof.scratch import scratch
from workbench.publish.record import Record, record
from workbench.spec.command import Stop
from workbench.spec.event import Event, Failed
from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.store.index import Index

#: So many of the conditions that differ are told in full on a terminal; JSON has all.
_MOST_TOLD = 30


def verify(services: Services, run: str, *, as_json: bool, is_quiet: bool) -> int:
    """Make a run again and compare; the exit code.

    Raises UnknownRunError, NotARunError and OSError.
    """
    recorded = record(Path(Index.open().find(run).path))
    status = recorded.stored.status
    if status == "running" or recorded.began is None:
        why = "is running" if status == "running" else "recorded nothing"
        output.remark(f"{recorded.run_id} {why}: there is nothing to verify")
        return BAD
    if recorded.stored.problem:
        output.remark(f"{recorded.run_id} is damaged: {recorded.stored.problem}")
    runner = services.runner()
    try:
        with scratch() as folder:
            proof = _proof(recorded, runner, folder, is_quiet=is_quiet)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        runner.close()
    if as_json:
        output.emit_json(
            {
                "run_id": recorded.run_id,
                "path": str(recorded.stored.folder),
                "seed": recorded.seed,
                "status": status,
                **proof.as_json(),
            }
        )
    else:
        _print(recorded, proof)
    return DONE if proof.is_equal else UNEQUAL


def _proof(recorded: Record, runner: Runner, folder: Path, *, is_quiet: bool) -> Proof:
    """The run made again under `folder`, and what comparing gave."""
    events = _as_far(recorded, runner, folder)
    failure: Failed | None = None
    with Progress(is_shown=not is_quiet) as progress:
        progress.begin(0, f"{recorded.stored.spec.name} again")
        for event in events:
            progress.take(0, event)
            failure = event if isinstance(event, Failed) else None
    made = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    again = record(made[0]) if made else None
    if failure is not None or again is None:
        has_failed = recorded.stored.status == "failed" and again is not None
        if not has_failed or again is None:
            return failed(recorded, again, failure.message if failure else "it did not begin")
    return compare(recorded, again)


def _as_far(recorded: Record, runner: Runner, folder: Path) -> Iterator[Event]:
    """The events of the same run; one that was cut short is stopped when it has come as far."""
    is_whole = recorded.stored.status in ("done", "diverged")
    has_stopped = False
    for event in runner.run(_as_recorded(recorded), recorded.seed, folder):
        yield event
        if not is_whole and not has_stopped and event.step > recorded.stored.outcome.step:
            runner.send(Stop())
            has_stopped = True


def _as_recorded(recorded: Record) -> Spec:
    """The run's setup, with the number of threads that it was computed with."""
    spec, began = recorded.stored.spec, recorded.began
    if began is None or spec.training.threads != "auto":
        return spec
    training = spec.training.model_copy(update={"threads": began.threads})
    return spec.model_copy(update={"training": training})


def _print(recorded: Record, proof: Proof) -> None:
    lines: list[str] = []
    verdict = "equal, bit for bit" if proof.is_equal else "not equal"
    lines.append(f"{recorded.run_id}: {verdict}")
    if proof.problem:
        lines.append(f"  {proof.problem}")
    lines += [f"  {_line(part)}" for part in proof.parts]
    lines += [f"  not compared: {reason}" for reason in proof.left_out]
    for name, (one, other) in proof.figures.items():
        lines.append(f"  {name}: {_value(one)} recorded, {_value(other)} made again")
    if proof.conditions:
        lines.append("  what is other than when it was recorded:")
        for each in proof.conditions[:_MOST_TOLD]:
            lines.append(f"    {each.name}: {_value(each.recorded)} then, {_value(each.now)} now")
        if (more := len(proof.conditions) - _MOST_TOLD) > 0:
            lines.append(f"    and {more} more")
    for line in lines:
        output.emit(visible(line))


def _line(part: Part) -> str:
    if part.is_equal:
        return f"{part.name}: {part.n:,} equal"
    parts = [f"{part.n_differ:,} of {part.n:,} differ"]
    if part.largest is not None:
        parts.append(f"by {part.largest:.3g} at most")
    if part.first:
        parts.append(f"first: {part.first}")
    if part.lacking:
        parts.append(part.lacking)
    return f"{part.name}: {', '.join(parts)}"


def _value(value: Any) -> str:
    return (
        "nothing" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    )
