"""A run as it was saved: put together again, to be asked."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import torch

from workbench.engine.build.build import building
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.loading import run_to_end
from workbench.engine.training import checkpoint
from workbench.engine.training.trainer import Trainer
from workbench.spec.experiment import Spec
from workbench.spec.question import RefusedError, Tell

#: The run asked about last, where its checkpoint was saved.
_kept: dict[tuple[str, str, int, Catalogue], Trainer] = {}


def run_as_saved(
    spec: Spec, seed: int, run: str, catalogue: Catalogue, tell: Tell, step: int | None = None
) -> Trainer:
    """The run in the folder `run` where it was saved at `step`, or last; kept for the next time.

    Raises RefusedError where there is no such checkpoint, or it is damaged; BadSpecError.
    """
    folder = Path(run) / "checkpoint"
    at = checkpoint.latest(folder) if step is None else checkpoint.saved_at(folder, step)
    if at is None:
        known = ", ".join(f"{known:,}" for known in checkpoint.saved_steps(folder))
        if step is not None and known:
            raise RefusedError(f"this run was not saved at step {step:,}; it was at {known}")
        raise RefusedError("this run has no checkpoint to ask: it was cut short before the first")
    key = (str(at), spec.model_dump_json(), seed, catalogue)
    if key not in _kept:
        tell(None, "reading the run's checkpoint")
        try:
            saved = (
                checkpoint.load_newest(folder, sets_aside=False)[0]
                if step is None
                else checkpoint.load(at)
            )
        except checkpoint.DamagedError as error:
            raise RefusedError(str(error)) from None
        threads = torch.get_num_threads()
        try:
            with torch.random.fork_rng():  # a checkpoint has the run's own chance with it
                trainer = run_to_end(building(spec, seed, catalogue, at=saved), tell)
        finally:
            torch.set_num_threads(threads)
        _kept.clear()
        _kept[key] = trainer
    return _kept[key]


@contextmanager
def in_its_threads(trainer: Trainer) -> Generator[None]:
    """Another number of threads would round differently than the run did."""
    before = torch.get_num_threads()
    torch.set_num_threads(trainer.began.threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
