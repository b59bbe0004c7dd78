"""Checkpoints: saves the run now and then, so that it can go on after a crash."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from workbench.engine.training import checkpoint
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.progress import Progress
from workbench.engine.update.update import Update
from workbench.spec.event import CheckpointSaved, Event, Noticed
from workbench.spec.files import words_of, write_whole
from workbench.spec.trained.description import FILE, ModelDescription

#: Seconds between checkpoints: the first comes early, later ones ever less often, up to this.
CHECKPOINT_SECONDS = 30.0

#: The folder, beside that of the others, of checkpoints that are kept.
KEPT = "kept"
_FIRST_SECONDS = 1.0


class Checkpoints(Observer):
    """Saves to `folder` what `state` gives; without a folder nothing is saved."""

    def __init__(
        self, folder: Path | None, update: Update, state: Callable[[], dict[str, Any]]
    ) -> None:
        self.folder = folder
        self.update = update
        self.state = state
        #: What the model is asked, written beside its checkpoints.
        self.description: ModelDescription | None = None
        self._saved_at = monotonic()
        self._save_after = min(_FIRST_SECONDS, CHECKPOINT_SECONDS)

    def before_step(self, at: Progress) -> Events:
        if self.folder is None or monotonic() - self._saved_at <= self._save_after:
            return ()
        return self.save(at)

    def keep(self, at: Progress) -> Iterator[Event]:
        """Save for good what a run with other settings may go on from; where it fails, say so."""
        if self.folder is None:
            return
        try:
            kept = self.folder.with_name(KEPT)
            checkpoint.keep(kept, at.step, self.update.model, self.state())
            self._describe(self.folder)
        except OSError as error:
            yield Noticed(at.step, "checkpoint", str(error))

    def save(self, at: Progress) -> Iterator[Event]:
        """Save now. Raises NotFiniteError where the parameters are not worth it, and OSError."""
        if self.folder is None:
            return
        self.update.check_parameters()
        path = checkpoint.save(self.folder, at.step, self.update.model, self.state())
        self._describe(self.folder)
        self._saved_at = monotonic()
        self._save_after = min(2 * self._save_after, CHECKPOINT_SECONDS)
        yield CheckpointSaved(at.step, str(path))

    def _describe(self, folder: Path) -> None:
        """Say once, beside the checkpoints in a run's folder, what the model is. Raises OSError."""
        path = folder.with_name(FILE)
        if self.description is None or folder.name != "checkpoint" or path.exists():
            return
        if not path.parent.is_dir():  # where the run was taken away, it stays away
            return
        try:
            text = self.description.model_dump_json(indent=1)
            write_whole(path, text.encode(), makes_folder=False)
        except OSError as error:
            why = words_of(error, path)
            raise OSError(f"the checkpoint could not be written to {folder}: {why}") from error
