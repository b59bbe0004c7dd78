"""Checkpoint: everything needed to go on bit for bit, on disk, whole or not at all.

A checkpoint is a folder with the model in safetensors and the rest in a file that `torch.load`
reads with `weights_only=True`: reading one never runs code. Its name is its step and a number: a
second one at the same step has the next, so that the first stands until the second is whole.
"""

# torch's own types are partly unknown.
# pyright: reportUnknownVariableType=false

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from workbench.engine.roles.sharing import Sharing
from workbench.spec.files import sync_folder

_MODEL, _STATE, _PARTIAL = "model.safetensors", "state.pt", ".partial-"
_NAME = re.compile(r"\d+-\d+")


def save(folder: Path, step: int, model: Sharing, state: dict[str, Any]) -> Path:
    """Save a checkpoint under `folder` and drop older ones. Raises OSError (a full disk)."""
    partial: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=folder, prefix=_PARTIAL))
        tensors = {name: values.detach().contiguous() for name, values in _tensors(model).items()}
        save_file(tensors, partial / _MODEL)
        torch.save({**state, "random": _random_state()}, partial / _STATE)
        for name in (_MODEL, _STATE):
            _sync(partial / name)
        final = partial.replace(_free(folder, step))
        sync_folder(folder)
    except BaseException as error:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        if _is_disk_error(error):
            raise OSError(f"the checkpoint could not be written to {folder}: {error}") from error
        raise
    for other in [*_steps(folder), *folder.glob(f"{_PARTIAL}*")]:
        if other != final:
            shutil.rmtree(other, ignore_errors=True)
    return final


def latest(folder: Path) -> Path | None:
    """The newest whole checkpoint under `folder`."""
    found = _steps(folder)
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint read back: the model's values, and the state of all the rest."""

    values: dict[str, torch.Tensor]
    state: dict[str, Any]

    @property
    def threads(self) -> int:
        """The thread count it was computed with: another could round differently."""
        return self.state["threads"]

    @property
    def n_begun(self) -> int:
        """How many stages had begun."""
        return self.state["stage"] + (1 if self.state["is_begun"] else 0)

    @property
    def plan(self) -> dict[str, Any]:
        """The stages, and how far their data are drawn; an earlier version saved that alone."""
        return self.state.get("plan") or {"samplers": self.state["samplers"]}


def load(path: Path) -> Saved:
    """Read a checkpoint. Never runs code from it."""
    state: dict[str, Any] = torch.load(path / _STATE, weights_only=True)
    return Saved(load_file(path / _MODEL), state)


def restore(saved: Saved, model: Sharing) -> None:
    """Put the saved values into a model of the same shape, and into the random generators."""
    with torch.no_grad():
        for name, target in _tensors(model).items():
            target.copy_(saved.values[name])
    random = saved.state["random"]
    torch.set_rng_state(random["cpu"])
    if "cuda" in random and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(random["cuda"])


def _steps(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=_numbers)


def _numbers(path: Path) -> tuple[int, int]:
    step, _, number = path.name.partition("-")
    return int(step), int(number)


def _free(folder: Path, step: int) -> Path:
    taken = [number for found, number in map(_numbers, _steps(folder)) if found == step]
    return folder / f"{step:09d}-{max(taken, default=-1) + 1}"


def _tensors(model: Sharing) -> dict[str, torch.Tensor]:
    """Parameters and buffers, each once: safetensors refuses tensors that share memory."""
    found: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for name, values in [*model.named_parameters(), *model.named_buffers()]:
        if id(values) not in seen:
            seen.add(id(values))
            found[name] = values
    return found


def _random_state() -> dict[str, Any]:
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_disk_error(error: BaseException) -> bool:
    """safetensors and torch wrap a failed write in errors of their own."""
    text = str(error).lower()
    return isinstance(error, OSError) or any(
        sign in text for sign in ("no space", "os error", "i/o", "failed writ", "unexpected pos")
    )
