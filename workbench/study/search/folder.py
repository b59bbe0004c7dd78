"""Folder: a sweep on the disk, in the home's `sweeps`. Its runs are ordinary runs of the store.

spec.yaml       the experiment, a preset
sweep.json      the space, the sampler, the objectives
journal.jsonl   Optuna's journal: every trial, from which a sweep goes on
state.json      how it stands, for those who look; made anew from the journal and the runs
recording.json  who makes it, while somebody does
"""

import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.spec.files import home, sync_folder, write_whole
from workbench.study.search.definition import Definition
from workbench.study.search.trial import State

SPEC, SWEEP, JOURNAL, STATE = "spec.yaml", "sweep.json", "journal.jsonl", "state.json"


class NotASweepError(Exception):
    """There is no sweep of that name, or its folder cannot be read as one."""


@dataclass(frozen=True, slots=True)
class SweepFolder:
    """The folder of one sweep; its name is the sweep's."""

    path: Path

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name

    @property
    def short_name(self) -> str:
        """The end of its name, by which its runs are known."""
        return self.name[-6:]

    @property
    def journal(self) -> Path:
        """Where Optuna writes."""
        return self.path / JOURNAL

    def definition(self) -> Definition:
        """What the sweep is. Raises NotASweepError."""
        try:
            data = json.loads((self.path / SWEEP).read_bytes())
            return Definition.from_json(data, (self.path / SPEC).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NotASweepError(f"{self.path} is no sweep that can be read: {error}") from None

    def has_axes(self, keys: Sequence[str]) -> bool:
        """Whether it sweeps just these, without a look at its preset; never an error."""
        try:
            axes = json.loads((self.path / SWEEP).read_bytes())["axes"]
            return [axis["key"] for axis in axes] == list(keys)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def state(self) -> State:
        """How it stood when that was last written; nothing where that cannot be read."""
        try:
            return State.from_json(json.loads((self.path / STATE).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return State()

    def seen(self) -> tuple[int, int]:
        """How its state's file looks from outside: another where it was written again."""
        try:
            facts = (self.path / STATE).stat()
        except OSError:
            return 0, 0
        return facts.st_mtime_ns, facts.st_ino

    def keep(self, state: State) -> None:
        """Write how it stands. Raises OSError."""
        data = json.dumps(state.to_json(), allow_nan=False, separators=(",", ":"))
        write_whole(self.path / STATE, data.encode(), makes_folder=False)

    def keep_definition(self, definition: Definition) -> None:
        """Write what it is: how many trials may have become more. Raises OSError."""
        write_whole(self.path / SWEEP, _text(definition), makes_folder=False)


def sweeps_folder() -> Path:
    """Where the sweeps are."""
    return home() / "sweeps"


def create(definition: Definition, title: str) -> SweepFolder:
    """A new sweep's folder, there whole or not at all. Raises OSError."""
    root = sweeps_folder()
    partial = root / f".new-{secrets.token_hex(6)}"
    partial.mkdir(parents=True)
    name = f"{_slug(title)}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    try:
        write_whole(partial / SPEC, definition.preset().encode())
        write_whole(partial / SWEEP, _text(definition))
        partial.rename(root / name)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_folder(root)
    return SweepFolder(root / name)


def _text(definition: Definition) -> bytes:
    data: dict[str, Any] = definition.to_json() | {"mark": definition.mark}
    return json.dumps(data, indent=2, allow_nan=False).encode()


def all_sweeps() -> list[SweepFolder]:
    """Every sweep of the home, newest first."""
    root = sweeps_folder()
    if not root.is_dir():
        return []
    paths = [path for path in root.iterdir() if (path / SWEEP).is_file() and path.name[0] != "."]
    return [SweepFolder(path) for path in sorted(paths, key=_when, reverse=True)]


def find(name: str) -> SweepFolder:
    """The sweep of this name, of one that begins so, or in this folder. Raises NotASweepError."""
    known = all_sweeps()
    exact = [sweep for sweep in known if sweep.name == name or str(sweep.path) == name]
    begins = exact or [s for s in known if name and s.name.startswith(name)]
    if len(begins) == 1:
        return begins[0]
    if begins:
        names = ", ".join(sweep.name for sweep in begins[:5])
        raise NotASweepError(f"'{name}' may mean {len(begins)} sweeps: {names}")
    there = ", ".join(sweep.name for sweep in known[:5]) or "none"
    raise NotASweepError(f"there is no sweep '{name}' (there is: {there})")


def marked(mark: str) -> SweepFolder | None:
    """The newest sweep of this mark, which one that is asked for again goes on with, or None.

    One whose preset is gone cannot be gone on with: it is passed over.
    """
    for sweep in all_sweeps():
        try:
            if json.loads((sweep.path / SWEEP).read_bytes()).get("mark") == mark:
                sweep.definition()
                return sweep
        except (OSError, ValueError, AttributeError, NotASweepError):
            continue
    return None


def _when(path: Path) -> str:
    match = re.search(r"\d{8}-\d{6}-[0-9a-f]+$", path.name)
    return match.group() if match else ""


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "sweep"
