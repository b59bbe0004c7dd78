"""Storage: Optuna's journal of a sweep, mended where a kill or a power cut left it torn."""

import json
import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.storages.journal._file import BaseJournalFileLock

from workbench.study.search.definition import Definition

if TYPE_CHECKING:
    from optuna import Study

_NAME = "sweep"
#: Where a journal goes of which a line in the middle is damaged.
_DAMAGED = ".damaged"


class _HeldAlready(BaseJournalFileLock):
    """Who makes a sweep holds its claim, a lock of the system's: the journal needs none of its own.

    Optuna's own locks are files, which stay behind when their process is killed.
    """

    def acquire(self) -> bool:
        """It is held."""
        return True

    def release(self) -> None:
        """It is held as long as the process lives."""


def open_study(journal: Path, definition: Definition) -> "Study":
    """The study in a journal, made where there is none yet. The caller holds the sweep's claim.

    Raises OSError.
    """
    mend(journal)
    logging.getLogger("optuna").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = JournalStorage(JournalFileBackend(str(journal), lock_obj=_HeldAlready()))
        ways: list[Literal["maximize", "minimize"]] = [
            "maximize" if each.is_up else "minimize" for each in definition.objectives
        ]
        return optuna.create_study(
            storage=storage, study_name=_NAME, directions=ways, load_if_exists=True
        )


def mend(journal: Path) -> int:
    """Cut off what is no whole line at the end; how many bytes went. Raises OSError.

    Where a line before is damaged, what follows cannot be trusted: the journal is kept aside and
    goes on from the line before. Trials that are lost so find their runs in the store again.
    """
    if not journal.is_file():
        return 0
    text = journal.read_bytes()
    sound = 0
    for line in text.splitlines(keepends=True):
        if not line.endswith(b"\n") or not _is_entry(line):
            break
        sound += len(line)
    if sound == len(text):
        return 0
    if b"\n" in text[sound:]:
        journal.with_name(journal.name + _DAMAGED).write_bytes(text)
    with journal.open("r+b") as file:
        file.truncate(sound)
        file.flush()
        os.fsync(file.fileno())
    return len(text) - sound


def _is_entry(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
