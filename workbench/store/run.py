"""Run: one directory a run. `create` makes it, `record` fills it, `read` gives it back.

    spec.yaml          the preset of this run alone, with what was changed live
    environment.json   versions, platform, processor, threads, sums of the data, time
    events.jsonl       events that come seldom
    steps-000.arrow    the numbers of every step
    checkpoint/        written by the engine
    kept/              checkpoints of stage ends, for runs that go on from them
    start/             the checkpoint of another run that this one went on from
    summary.json       what came of it, once it ended
    recording.json     who is recording it, while somebody is
    labels.json        star and tag, where the user gave one

Small files are written whole or not at all, the others only grow, and reading is tolerant of a
tail that was cut short: whenever the process is killed, what was recorded can be read.
"""

import contextlib
import errno
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
from typing import Any

from workbench.spec import preset
from workbench.spec.command import intervention_of
from workbench.spec.event import (
    LAST,
    Adapted,
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
from workbench.spec.files import sync_folder, words_of, write_whole
from workbench.store import environment
from workbench.store.claim import Claim, ClaimedError
from workbench.store.errors import NotARunError
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.journal import Journal, read_journal
from workbench.store.json_file import JsonError, read_object
from workbench.store.outcome import Outcome
from workbench.store.series import SeriesWriter
from workbench.store.starts import parent
from workbench.store.stored_run import (
    ENVIRONMENT,
    SPEC,
    SUMMARY,
    StoredRun,
    checkpoint,
    read,
    started,
    summary_of,
)

__all__ = ["NotARunError", "StoredRun", "checkpoint", "create", "read", "record"]

#: What the system says where a disk, or a user's part of it, is full.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: A power cut takes at most so much with it; a killed process takes nothing.
_SYNC_SECONDS = 1.0


def create(spec: Spec, seed: int, root: Path | None = None, run_id: str | None = None) -> Path:
    """Make the directory of a new run under `root`, whole. Raises OSError."""
    root = runs_folder() if root is None else root
    now = datetime.now(UTC)
    run_id = run_id or new_name(spec, seed, now)
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


def new_name(spec: Spec, seed: int, now: datetime | None = None) -> str:
    """What a new run is called; no other is."""
    now = now or datetime.now(UTC)
    return f"{_slug(spec.name)}-s{seed}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "run"


def record(events: Iterable[Event], folder: Path, index: Index | None = None) -> Iterator[Event]:
    """Hand on every event of a run after writing it to `folder`.

    Began gets the name of the folder as its `run_id`. A folder that was recorded before is
    continued from the step that Began names. A disk that cannot be written to, or a folder that
    was taken away, ends the run with a Failed event. Whatever else ends this iterator early leaves
    an `interrupted` run.
    """
    source = iter(events)
    recorder = _Recorder(folder, index or Index())
    with contextlib.ExitStack() as at_the_end:
        at_the_end.callback(recorder.close)
        at_the_end.callback(getattr(source, "close", lambda: None))
        try:
            recorder.claim()
        except ClaimedError:
            yield Failed(0, f"{folder.name} is being recorded already, by a process that is alive")
            return
        except (OSError, preset.PresetError) as error:
            yield recorder.give_up(0, error)
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
        self._claim: Claim | None = None
        self._spec: Spec | None = None

    def claim(self) -> None:
        """Make the run this process's. Raises ClaimedError, OSError and PresetError."""
        self._claim = Claim(self.folder)
        self._spec = preset.load(self.folder / SPEC)

    def write(self, event: Event) -> list[Noticed]:
        """Write one event; returns what the user should know of it. Raises OSError."""
        if isinstance(event, Preparing):
            return []
        if isinstance(event, Finished) and self.series is None:
            return []  # it was stopped before it began: there is nothing to keep
        if self.journal is None:
            self.journal = Journal(self.folder)
        if isinstance(event, Began):
            return self._begin(event, self.journal)
        if self.series is None and self.journal.has_lines:
            # It failed before it could go on: the run stays what it was.
            return []
        if isinstance(event, Mapped) and event.is_timed:
            return []
        if isinstance(event, Adapted) and not event.ends_stage:
            event = replace(event, lines=(), classes=(), values=())
        self.outcome.take(event)
        if isinstance(event, StepsDone) and self.series is not None:
            self.series.append(event)
            self.after = event.step
        else:
            self.journal.append(event, self.after)
        if change := intervention_of(event):
            self._add_intervention(change)
        if isinstance(event, LAST):
            return self._end()
        if monotonic() - self.synced_at > _SYNC_SECONDS:
            self._sync()
        return []

    def give_up(self, step: int, error: Exception) -> Failed:
        """The end of a run that cannot be recorded any more."""
        if not self.folder.is_dir():
            failed = Failed(step, f"the run's folder is gone: {self.folder} was taken away")
        else:
            is_os = isinstance(error, OSError)
            reason = words_of(error, self.folder) if is_os else str(error)
            mend = "make room there" if is_os and error.errno in _NO_ROOM else "mend that"
            resume = f"`workbench resume {self.folder.name}`"
            failed = Failed(step, f"the run could not be recorded: {reason}; {mend}, then {resume}")
        self.outcome.take(failed)
        # The disk may have no room for this line either; without it the run is `interrupted`.
        with contextlib.suppress(OSError):
            if self.journal is not None:
                self.journal.append(failed, self.after)
        return failed

    def close(self) -> None:
        """Close the files and let the run go; one that has not ended is `interrupted` now."""
        for file in (self.series, self.journal):
            if file is not None:
                file.close()
        self._release()

    def _release(self) -> None:
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def _begin(self, event: Began, journal: Journal) -> list[Noticed]:
        if journal.has_lines:
            (self.folder / SUMMARY).unlink(missing_ok=True)
            journal.mark_resumed(event.step)
            for known, _ in read_journal(self.folder).events:
                self.outcome.take(known)
        else:
            self._complete_environment(event)
        journal.append(event, event.step)
        self.after = event.step
        self.outcome.take(event)
        self.outcome.status = "running"
        self.series = SeriesWriter(self.folder, [task.name for task in event.tasks], event.step)
        return self._register()

    def _complete_environment(self, event: Began) -> None:
        """Add to the environment what is known since the run began. Raises OSError."""
        path = self.folder / ENVIRONMENT
        with contextlib.suppress(FileNotFoundError, JsonError):  # damage is told when it is read
            facts = read_object(path)
            if self._spec is not None:
                facts |= environment.facts_of_run(event, self._spec) | parent(self.folder)
            write_whole(path, json.dumps(facts, indent=2).encode(), makes_folder=False)

    def _end(self) -> list[Noticed]:
        self._sync()
        notices: list[Noticed] = []
        try:
            summary = json.dumps(self._summary(), indent=2, allow_nan=False)
            write_whole(self.folder / SUMMARY, summary.encode(), makes_folder=False)
        except OSError as error:
            reason = words_of(error, self.folder)
            message = f"the run is stored, but {SUMMARY} could not be written: {reason}"
            notices.append(Noticed(self.outcome.step, "store", message))
        self._release()
        return notices

    def _summary(self) -> dict[str, Any]:
        spec = self._spec or preset.load(self.folder / SPEC)
        begun = started(self.folder)
        return summary_of(self.folder.name, spec.name, spec.seeds[0], begun, self.outcome)

    def _register(self) -> list[Noticed]:
        try:
            self.index.register(self.folder)
        except OSError as error:
            reason = words_of(error, self.index.folder)
            message = f"the run is stored, but not noted in the history: {reason}"
            return [Noticed(self.outcome.step, "store", message)]
        return []

    def _sync(self) -> None:
        if not self.folder.is_dir():
            # What is still open would be written to nowhere, to the end of the run.
            raise FileNotFoundError(errno.ENOENT, "it was taken away", str(self.folder))
        for file in (self.series, self.journal):
            if file is not None:
                file.sync()
        self.synced_at = monotonic()

    def _add_intervention(self, change: Intervention) -> None:
        """Write a live change into the run's preset, so that running that again replays it."""
        if self._spec is not None and change not in self._spec.interventions:
            changes = (*self._spec.interventions, change)
            self._spec = self._spec.model_copy(update={"interventions": changes})
            text = preset.text_of(self._spec)
            write_whole(self.folder / SPEC, text.encode(), makes_folder=False)


def _save(spec: Spec, folder: Path) -> None:
    """Write a run's preset, with files named from the root: a run may be moved, they stay."""
    write_whole(folder / SPEC, preset.text_of(spec).encode())
