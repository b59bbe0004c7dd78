"""Stored: a run read back from its directory, and what of it is damaged."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.spec import preset
from workbench.spec.event import LAST, Began, Event
from workbench.spec.experiment import Spec
from workbench.store.claim import NAME as CLAIM
from workbench.store.claim import is_claimed
from workbench.store.errors import NotARunError
from workbench.store.journal import NAME as JOURNAL
from workbench.store.journal import JournalRead, read_journal
from workbench.store.json_file import JsonError, read_object
from workbench.store.outcome import Outcome, Status
from workbench.store.series import PATTERN as SERIES
from workbench.store.series import Series, series_and_damage

SPEC, ENVIRONMENT, SUMMARY, LABELS = "spec.yaml", "environment.json", "summary.json", "labels.json"
CHECKPOINT = "checkpoint"

#: The files of a run, but for the series, whose names are numbered.
FILES = (SPEC, ENVIRONMENT, JOURNAL, SUMMARY, LABELS, CLAIM)

#: Of many things that are wrong with one run, so many are said.
_MOST_TOLD = 3

#: How runs were computed whose environment does not say.
_FIRST_NUMERICS = 1


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run read back: `events` in order, the steps between two others in one block.

    `started` is a time in UTC as ISO 8601 writes it, empty where it is not known. `problem` says
    what of the run is damaged, empty where nothing is: `events` and all else are what is left.
    `numerics` are `workbench.spec.fingerprint`'s; a text where several went on with one run.
    """

    folder: Path
    run_id: str
    spec: Spec
    seed: int
    status: Status
    events: list[Event]
    outcome: Outcome
    started: str
    problem: str = ""
    numerics: int | str = _FIRST_NUMERICS
    labels: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def summary(self) -> dict[str, Any]:
        """What came of it, as in `summary.json`."""
        return summary_of(self.run_id, self.spec.name, self.seed, self.started, self.outcome)


def summary_of(run_id: str, name: str, seed: int, started: str, outcome: Outcome) -> dict[str, Any]:
    """What came of a run, as in `summary.json`."""
    head = {"run_id": run_id, "name": name, "seed": seed, "started": started}
    return {**head, **outcome.as_json()}


def checkpoint(folder: Path) -> Path:
    """Where the run in `folder` has its checkpoints."""
    return folder / CHECKPOINT


def read(folder: Path) -> StoredRun:
    """Read a run, whatever became of it. Raises NotARunError where not even its preset is left."""
    check_files(folder)
    spec = _spec(folder)
    try:
        history = read_events(folder)
        facts, wrong = _objects(folder)
    except OSError as error:
        raise NotARunError(folder, f"it cannot be read: {error}") from None
    outcome = outcome_of(history.events)
    if not (history.events and isinstance(history.events[-1], LAST)) and is_claimed(folder):
        outcome.status = "running"
    return StoredRun(
        folder=folder,
        run_id=folder.name,
        spec=spec,
        seed=spec.seeds[0],
        status=outcome.status,
        events=history.events,
        outcome=outcome,
        started=_text(facts[ENVIRONMENT].get("started")),
        problem=in_one_line([*history.problems, *wrong]),
        numerics=_numerics(facts[ENVIRONMENT].get("numerics"), history.numerics),
        labels=facts[LABELS],
    )


def outcome_of(events: Sequence[Event]) -> Outcome:
    """What came of the run that told these events."""
    outcome = Outcome()
    for event in events:
        outcome.take(event)
    return outcome


def in_one_line(problems: Sequence[str]) -> str:
    """What is wrong, in one line."""
    more = len(problems) - _MOST_TOLD
    return "; ".join([*problems[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else [])])


def check_files(folder: Path) -> None:
    """Raise NotARunError where something else lies in the place of a file of the run.

    A pipe would be waited for without end.
    """
    try:
        for path in (folder / SPEC, folder / JOURNAL, *folder.glob(SERIES)):
            if path.exists() and not path.is_file():
                raise NotARunError(folder, f"{path.name} is not a file")
    except OSError as error:
        raise NotARunError(folder, f"it cannot be read: {error}") from None


def _spec(folder: Path) -> Spec:
    if not (folder / SPEC).exists():
        raise NotARunError(folder, f"{SPEC} is missing")
    try:
        return preset.load(folder / SPEC)
    except preset.PresetError as error:
        raise NotARunError(
            folder, in_one_line([one.text(SPEC) for one in error.problems])
        ) from None


def _objects(folder: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The JSON files of a run, and what is wrong with them. Raises OSError."""
    objects: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    for name in (ENVIRONMENT, SUMMARY, LABELS):
        objects[name] = {}
        try:
            objects[name] = read_object(folder / name)
        except FileNotFoundError:
            # The others come when a run ended, and when the user says something of it.
            if name == ENVIRONMENT:
                wrong.append(f"{name} is missing")
        except JsonError as error:
            wrong.append(f"{name}: {error}")
    return objects, wrong


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _numerics(begun: object, later: set[int | None]) -> int | str:
    """How the run was computed; of one that another program went on with, both."""
    first = begun if type(begun) is int else _FIRST_NUMERICS
    known = {first, *(_FIRST_NUMERICS if one is None else one for one in later)}
    return first if len(known) == 1 else "+".join(map(str, sorted(known)))


@dataclass(slots=True)
class History:
    """Every event of a run that counts, what of it is damaged, and who computed it."""

    events: list[Event]
    problems: list[str]
    numerics: set[int | None]


def read_events(folder: Path) -> History:
    """The events of a run in order, the steps between two of them in one block. Raises OSError."""
    journal = read_journal(folder)
    series, problems = series_and_damage(folder)
    problems = [*journal.problems, *problems]
    series = _fitting(series, journal, folder, problems)
    events: list[Event] = []
    done = 0
    for event, after in journal.events:
        block = series.block(done, after) if series is not None else None
        if block is not None:
            events.append(block)
        done = max(done, after)
        events.append(event)
    is_over = bool(events) and isinstance(events[-1], LAST)
    n_steps = int(series.steps[-1]) + 1 if series is not None and len(series.steps) else 0
    if series is not None and not is_over and (block := series.block(done, n_steps)):
        events.append(block)
    # one that goes on from another run begins at the other's step
    n_done = done - (journal.events[0][0].step if journal.events else 0)
    if is_over and (n_known := 0 if series is None else len(series.steps)) < n_done:
        problems.append(f"of {n_done:,} steps {n_known:,} are left in {SERIES}")
    return History(events, problems, journal.numerics)


def _fitting(
    series: Series | None, journal: JournalRead, folder: Path, problems: list[str]
) -> Series | None:
    """The series, where it is of the run that the journal tells of; adds what is wrong."""
    began = next((event for event, _ in journal.events if isinstance(event, Began)), None)
    if began is None:
        others = (folder / SUMMARY).exists() or checkpoint(folder).exists()
        if series is not None or (others and not journal.is_there):
            lacks = "does not tell how the run began" if journal.is_there else "is missing"
            problems.append(f"{JOURNAL} {lacks}")
        return None
    if series is not None and series.tasks != tuple(task.name for task in began.tasks):
        problems.append(f"{SERIES} has other tasks than {JOURNAL}")
        return None
    return series


def started(folder: Path) -> str:
    """When the run was begun; empty where that cannot be read."""
    with contextlib.suppress(OSError, JsonError):
        return _text(read_object(folder / ENVIRONMENT).get("started"))
    return ""
