"""Checkpoint: everything needed to go on bit for bit, on disk, whole or not at all.

A checkpoint is a folder with the model in safetensors and the rest in a file that `torch.load`
reads with `weights_only=True`: reading one never runs code. Its name is its step and a number: a
second one at the same step has the next, so that the first stands until the second is whole.

The one before the newest is kept too, and each has the sums of its files: where the newest turns
out to be damaged, a run goes on from the one before. That doubles what checkpoints take on disk.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import safetensors.torch
import torch

from workbench.engine.roles.sharing import Sharing
from workbench.spec.files import sync_folder, words_of, write_new

_MODEL, _STATE, _SUMS, _PARTIAL = "model.safetensors", "state.pt", "sums.json", ".partial-"
_ASIDE = ".damaged"
_NAME = re.compile(r"\d+-\d+")

#: Checkpoints of stage ends are kept beside the newest two, to go on from with other settings, as
#: long as they take so little.
KEPT_BYTES = 8_000_000


class DamagedError(Exception):
    """A checkpoint that cannot be read; the message says what is wrong with it."""


def save(
    folder: Path,
    step: int,
    model: Sharing,
    state: dict[str, Any],
    before: Sequence[Path] | None = None,
) -> Path:
    """Save a checkpoint under `folder`. Raises OSError (a full disk).

    The one before stays, or all of those `before`.
    """
    partial: Path | None = None
    try:
        # Not the folders above it: where the run was taken away, it stays away.
        folder.mkdir(exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=folder, prefix=_PARTIAL))
        sums: dict[str, dict[str, Any]] = {}
        for name, content in ((_MODEL, _model_bytes(model)), (_STATE, _state_bytes(state))):
            write_new(partial / name, content)
            sums[name] = _sum(content)
        write_new(partial / _SUMS, json.dumps(sums, indent=2).encode())
        umask = os.umask(0)
        os.umask(umask)
        partial.chmod(0o777 & ~umask)  # a folder for a while is its maker's alone; this one is kept
        final = partial.replace(_free(folder, step))
        sync_folder(folder)
    except BaseException as error:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        if isinstance(error, OSError):
            why = words_of(error, folder)
            raise OSError(f"the checkpoint could not be written to {folder}: {why}") from error
        raise
    staying = _steps(folder)[-2:] if before is None else [*before, final]
    for other in [*_steps(folder), *folder.glob(f"{_PARTIAL}*"), *folder.glob(f"*{_ASIDE}")]:
        if other not in staying:
            shutil.rmtree(other, ignore_errors=True)
    return final


def _model_bytes(model: Sharing) -> bytes:
    tensors = {name: values.detach().contiguous() for name, values in tensors_of(model).items()}
    return safetensors.torch.save(tensors)


def _state_bytes(state: dict[str, Any]) -> memoryview:
    buffer = io.BytesIO()
    torch.save({**state, "random": _random_state()}, buffer)
    return buffer.getbuffer()


def _sum(content: bytes | memoryview) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def keep(folder: Path, step: int, model: Sharing, state: dict[str, Any]) -> None:
    """Save a checkpoint that later ones do not take the place of, where it is small.

    Beyond `KEPT_BYTES` in all the first ones go; of a large model or memory none is kept. Raises
    OSError.
    """
    if _tensor_bytes(tensors_of(model)) + _tensor_bytes(state) > KEPT_BYTES:
        return
    kept = _steps(folder)
    newest = save(folder, step, model, state, before=kept)
    sizes = {path: _bytes(path) for path in [*kept, newest]}
    for path in [*kept, newest]:
        if sum(sizes.values()) <= KEPT_BYTES:
            return
        shutil.rmtree(path, ignore_errors=True)
        del sizes[path]


def _tensor_bytes(value: Any) -> int:
    """What the tensors in a state take, however deep."""
    if isinstance(value, torch.Tensor):
        return value.nbytes
    if isinstance(value, Mapping):
        return sum(map(_tensor_bytes, cast("Mapping[Any, Any]", value).values()))
    if isinstance(value, list | tuple):
        return sum(map(_tensor_bytes, cast("Sequence[Any]", value)))
    return 0


def _bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir())


def latest(folder: Path) -> Path | None:
    """The newest whole checkpoint under `folder`."""
    steps = _steps(folder)
    return steps[-1] if steps else None


def saved_steps(folder: Path) -> tuple[int, ...]:
    """The steps at which there are checkpoints under `folder`, the first one first."""
    return tuple(dict.fromkeys(_numbers(path)[0] for path in _steps(folder)))


def saved_at(folder: Path, step: int) -> Path | None:
    """The newest checkpoint that was saved at a step."""
    return next((path for path in reversed(_steps(folder)) if _numbers(path)[0] == step), None)


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
    """Read a checkpoint. Never runs code from it. Raises DamagedError."""
    try:
        model, state = (path / _MODEL).read_bytes(), (path / _STATE).read_bytes()
        if (path / _SUMS).exists():  # else an earlier version saved it
            _check_sums((path / _SUMS).read_bytes(), {_MODEL: model, _STATE: state})
    except OSError as error:
        name = Path(str(error.filename)).name
        is_missing = isinstance(error, FileNotFoundError)
        raise DamagedError(f"{name} is missing" if is_missing else words_of(error, path)) from None
    for name, content in ((_MODEL, model), (_STATE, state)):
        if not content:
            raise DamagedError(f"{name} is empty")
    name = _STATE
    try:
        read: dict[str, Any] = torch.load(io.BytesIO(state), weights_only=True)
        name = _MODEL
        return Saved(safetensors.torch.load(model), read)
    except Exception:  # noqa: BLE001 - what is wrong in a file shows as any error there is
        # Its words are not handed on: they advise to read the file in a way that may run code.
        raise DamagedError(f"{name} is cut short, or its bytes are not as written") from None


def _check_sums(sums_file: bytes, contents: dict[str, bytes]) -> None:
    """Raise DamagedError where a file is not as it was written."""
    try:
        sums: dict[str, dict[str, Any]] = json.loads(sums_file)
        wanted = {name: (int(sums[name]["bytes"]), str(sums[name]["sha256"])) for name in contents}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DamagedError(f"{_SUMS} cannot be read") from None
    for name, content in contents.items():
        n_bytes, digest = wanted[name]
        if len(content) != n_bytes:
            raise DamagedError(f"{name} has {len(content):,} bytes of {n_bytes:,}")
        if hashlib.sha256(content).hexdigest() != digest:
            raise DamagedError(f"{name}: its bytes are not as they were written")


def load_newest(folder: Path, *, sets_aside: bool = True) -> tuple[Saved | None, tuple[str, ...]]:
    """The newest checkpoint that can be read, None where there is none; what to say of others.

    Those that are damaged are set aside, so that they do not come after what the run does from
    here; not where the run is only asked something (`sets_aside` is False). Raises DamagedError
    where there are some and all are damaged.
    """
    wrong: list[str] = []
    damaged: list[Path] = []
    for path in reversed(_steps(folder)):
        step = _numbers(path)[0]
        try:
            saved = load(path)
        except DamagedError as error:
            wrong.append(f"the checkpoint at step {step:,} is damaged: {error}")
            damaged.append(path)
            continue
        for other in damaged if sets_aside else ():
            with contextlib.suppress(OSError):
                other.rename(other.with_name(other.name + _ASIDE))
        if wrong:
            wrong.append(f"going on from the one before, at step {step:,}")
        return saved, ("; ".join(wrong),) if wrong else ()
    if wrong:
        rest = f"there is none before it; remove {folder} to have the run begin from its start"
        raise DamagedError("; ".join([*wrong, rest]))
    return None, ()


def fits(saved: Saved, model: Sharing) -> bool:
    """Whether what the model has before its first stage was saved in the same shapes."""
    shapes = {name: values.shape for name, values in saved.values.items()}
    return all(shapes.get(n, x.shape) == x.shape for n, x in tensors_of(model).items())


def restore(saved: Saved, model: Sharing) -> None:
    """Put the saved values into a model of the same shape, and into the random generators."""
    restore_values(saved, model)
    random = saved.state["random"]
    torch.set_rng_state(random["cpu"])
    if "cuda" in random and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(random["cuda"])


def restore_values(saved: Saved, model: Sharing) -> None:
    """Put the saved values into a model of the same shape."""
    put_values(saved.values, model)


def put_values(values: Mapping[str, torch.Tensor], model: Sharing) -> None:
    """Put values by name, as `tensors_of` has them, into a model of the same shape."""
    with torch.no_grad():
        for name, target in tensors_of(model).items():
            target.copy_(values[name])


def _steps(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    checkpoints = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(checkpoints, key=_numbers)


def _numbers(path: Path) -> tuple[int, int]:
    step, _, number = path.name.partition("-")
    return int(step), int(number)


def _free(folder: Path, step: int) -> Path:
    taken = [number for its_step, number in map(_numbers, _steps(folder)) if its_step == step]
    return folder / f"{step:09d}-{max(taken, default=-1) + 1}"


def tensors_of(model: Sharing) -> dict[str, torch.Tensor]:
    """Parameters and buffers, each once: safetensors refuses tensors that share memory."""
    tensors: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for name, values in [*model.named_parameters(), *model.named_buffers()]:
        if id(values) not in seen:
            seen.add(id(values))
            tensors[name] = values
    return tensors


def _random_state() -> dict[str, Any]:
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state
