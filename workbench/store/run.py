"""Run: one directory a run. `create` makes it, `record` fills it, `read` gives it back.

    spec.yaml          the preset of this run alone, with what was changed live
    environment.json   versions, platform, time
    events.jsonl       events that come seldom
    steps-000.arrow    the numbers of every step
    checkpoint/        written by the engine
    summary.json       what came of it, once it ended
    recording.json     who is recording it, while somebody is
    labels.json        star and tag, where the user gave one

Small files are written whole or not at all, the others only grow, and reading is tolerant of a
tail that was cut short: whenever the process is killed, what was recorded can be read.
"""

import contextlib
import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from workbench.spec import preset
from workbench.spec.event import (
    LAST,
    Began,
    Event,
    Failed,
    Finished,
    Mapped,
    Noticed,
    Preparing,
    StepsDone,
)
from workbench.spec.experiment import Intervention, Spec
from workbench.spec.files import sync_folder, write_whole
from workbench.spec.replay import intervention_of
from workbench.store import environment
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.journal import Journal, read_journal
from workbench.store.outcome import Outcome
from workbench.store.problem import NotARunError
from workbench.store.row import row_of
from workbench.store.series import SeriesWriter
from workbench.store.stored import (
    ENVIRONMENT,
    SPEC,
    SUMMARY,
    StoredRun,
    checkpoint,
    read,
    started,
)

__all__ = ["NotARunError", "StoredRun", "checkpoint", "create", "read", "record"]

#: A power cut takes at most so much with it; a killed process takes nothing.
_SYNC_SECONDS = 1.0


def create(spec: Spec, seed: int, root: Path | None = None, run_id: str | None = None) -> Path:
    """Make the directory of a new run under `root`, whole. Raises OSError."""
    root = runs_folder() if root is None else root
    now = datetime.now(UTC)
    if run_id is None:
        run_id = f"{_slug(spec.name)}-s{seed}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    partial = root / f".new-{secrets.token_hex(6)}"
    partial.mkdir(parents=True)
    try:
        facts = {"started": now.isoformat(timespec="seconds"), **environment.facts()}
        _save(spec.model_copy(update={"seeds": (seed,)}), partial)
        write_whole(partial / ENVIRONMENT, json.dumps(facts, indent=2).encode())
        partial.rename(root / run_id)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_folder(root)
    return root / run_id


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "run"


def record(events: Iterable[Event], folder: Path, index: Index | None = None) -> Iterator[Event]:
    """Hand on every event of a run after writing it to `folder`.

    Began gets the name of the folder as its `run_id`. A folder that was recorded before is
    continued from the step that Began names. A disk that cannot be written to ends the run with
    a Failed event. Whatever else ends this iterator early leaves an `interrupted` run.
    """
    source = iter(events)
    recorder = _Recorder(folder, index or Index())
    with contextlib.ExitStack() as at_the_end:
        at_the_end.callback(recorder.close)
        at_the_end.callback(getattr(source, "close", lambda: None))
        if environment.is_recording(folder):
            yield Failed(0, f"{folder.name} is being recorded already, by a process that is alive")
            return
        for event in source:
            if isinstance(event, Began):
                event = replace(event, run_id=folder.name)
            try:
                notices = recorder.write(event)
            except OSError as error:
                yield recorder.give_up(event.step, error)
                return
            if isinstance(event, LAST):
                yield from notices
                yield event
            else:
                yield event
                yield from notices


class _Recorder:
    """The open files of one run that is being recorded."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.folder = folder
        self.index = index
        self.outcome = Outcome()
        self.journal: Journal | None = None
        self.series: SeriesWriter | None = None
        self.after = 0
        self.synced_at = monotonic()

    def write(self, event: Event) -> list[Noticed]:
        """Write one event; returns what the user should know of it. Raises OSError."""
        if isinstance(event, Preparing):
            return []
        if isinstance(event, Finished) and self.series is None:
            return []  # it was stopped before it began: there is nothing to keep
        if self.journal is None:
            self.journal = Journal(self.folder)
            environment.claim(self.folder)
        if isinstance(event, Began):
            return self._begin(event, self.journal)
        if self.series is None and self.journal.has_lines:
            # It failed before it could go on: the run stays what it was.
            return []
        if isinstance(event, Mapped) and event.is_timed:
            return []
        self.outcome.take(event)
        if isinstance(event, StepsDone) and self.series is not None:
            self.series.append(event)
            self.after = event.step
        else:
            self.journal.append(event, self.after)
        if change := intervention_of(event):
            _add_intervention(self.folder, change)
        if isinstance(event, LAST):
            return self._end()
        if monotonic() - self.synced_at > _SYNC_SECONDS:
            self._sync()
        return []

    def give_up(self, step: int, error: OSError) -> Failed:
        """The end of a run that cannot be recorded any more."""
        place = error.filename or self.folder
        reason = error.strerror or str(error)
        mend = f"make room there, then `workbench resume {self.folder.name}`"
        failed = Failed(step, f"the run could not be recorded: {place}: {reason}; {mend}")
        self.outcome.take(failed)
        # The disk may have no room for this line either; without it the run is `interrupted`.
        with contextlib.suppress(OSError):
            if self.journal is not None:
                self.journal.append(failed, self.after)
        return failed

    def close(self) -> None:
        """Close the files; a run that has not ended is `interrupted` from now on."""
        for file in (self.series, self.journal):
            if file is not None:
                file.close()
        if self.journal is not None and self.outcome.status not in ("done", "stopped"):
            environment.release(self.folder)
            if self.outcome.status == "running":
                self.outcome.status = "interrupted"
            if self.outcome.began is not None:
                self._index()

    def _begin(self, event: Began, journal: Journal) -> list[Noticed]:
        if journal.has_lines:
            (self.folder / SUMMARY).unlink(missing_ok=True)
            journal.mark_resumed(event.step)
            for known, _ in read_journal(self.folder):
                self.outcome.take(known)
        journal.append(event, event.step)
        self.after = event.step
        self.outcome.take(event)
        self.outcome.status = "running"
        self.series = SeriesWriter(self.folder, [task.name for task in event.tasks], event.step)
        return self._index()

    def _end(self) -> list[Noticed]:
        self._sync()
        environment.release(self.folder)
        notices = self._index()
        try:
            summary = json.dumps(self._stored().summary, indent=2, allow_nan=False)
            write_whole(self.folder / SUMMARY, summary.encode())
        except OSError as error:
            message = f"the run is stored, but {SUMMARY} could not be written: {error}"
            notices.append(Noticed(self.outcome.step, "store", message))
        return notices

    def _stored(self) -> StoredRun:
        spec = preset.load(self.folder / SPEC)
        return StoredRun(
            folder=self.folder,
            run_id=self.folder.name,
            spec=spec,
            seed=spec.seeds[0],
            status=self.outcome.status,
            events=[],
            outcome=self.outcome,
            started=started(self.folder),
        )

    def _index(self) -> list[Noticed]:
        try:
            self.index.put(row_of(self._stored()))
        except OSError as error:
            message = f"the run is stored, but the history could not be updated: {error}"
            return [Noticed(self.outcome.step, "store", message)]
        return []

    def _sync(self) -> None:
        for file in (self.series, self.journal):
            if file is not None:
                file.sync()
        self.synced_at = monotonic()


def _add_intervention(folder: Path, change: Intervention) -> None:
    """Write a live change into the run's preset, so that running that again replays it."""
    spec = preset.load(folder / SPEC)
    if change not in spec.interventions:
        changes = (*spec.interventions, change)
        _save(spec.model_copy(update={"interventions": changes}), folder)


def _save(spec: Spec, folder: Path) -> None:
    """Write a run's preset, with files named from the root: a run may be moved, they stay."""
    write_whole(folder / SPEC, preset.text_of(spec).encode())
