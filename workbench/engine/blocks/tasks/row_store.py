"""Row store: inputs that were prepared once, in a file of the program's own, to be read from there.

Each is a folder under the program's data, named after what decides its content: the files it was
made of, with their sizes and times, and the settings. It is made beside and put there when it is
whole, so that two runs may make it at once, and none finds half of it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.numerics.row_file import RowFile
from workbench.engine.roles.rows.on_demand import FileRows, OnDemand
from workbench.spec.files import home

#: Changed when the same settings make other inputs, so that older ones are made anew.
_VERSION = 1
#: Rows that are put side by side at once, by what they take in bytes.
_BLOCK_BYTES = 16 * 2**20
#: Stores that no run has used for so long are taken away when another is made.
_KEPT_SECONDS = 30 * 24 * 3600.0


class RowStore:
    """The folder of one set of inputs, whether it is made already or not."""

    def __init__(self, files: Sequence[Path], settings: Mapping[str, Any]) -> None:
        self.folder = home() / "cache" / "rows" / _key(files, settings)

    @property
    def is_made(self) -> bool:
        """Whether the inputs lie there."""
        return (self.folder / "made.json").is_file()

    @staticmethod
    def inputs(rows: RowFile, splits: Splits) -> dict[str, Tensor]:
        """The inputs of each split's rows, read when they are used."""
        return {
            split: OnDemand(FileRows(rows, torch.from_numpy(positions)))
            for split, positions in splits.items()
        }

    def saved(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What was kept beside the rows: plain facts, and arrays. Raises OSError."""
        facts = json.loads((self.folder / "made.json").read_text(encoding="utf-8"))
        with np.load(self.folder / "arrays.npz", allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
        os.utime(self.folder)  # it was used today
        return facts, kept

    def arrays(self, n_bytes: int) -> dict[str, NDArray[Any]] | None:
        """The arrays beside `n_bytes` of rows; None where there are none, or they were damaged."""
        if not self.is_made:
            return None
        try:
            if self.rows.stat().st_size == n_bytes:
                return self.saved()[1]
        except (OSError, ValueError, BadZipFile):
            pass  # it is made anew
        self.take_away()
        return None

    def take_away(self) -> None:
        """Delete it, so that it is made anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def rows(self) -> Path:
        """The file of the rows."""
        return self.folder / "rows.bin"


class Making:
    """A store that is being made; what is left unfinished is taken away."""

    def __init__(self, store: RowStore) -> None:
        self.store = store
        root = store.folder.parent
        root.mkdir(parents=True, exist_ok=True)
        _take_away_old(root)
        self.folder = Path(tempfile.mkdtemp(prefix=".", dir=root))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Put the store there, with what is kept beside the rows. Raises OSError."""
        np.savez(self.folder / "arrays.npz", allow_pickle=False, **arrays)
        (self.folder / "made.json").write_text(json.dumps(facts), encoding="utf-8")
        with contextlib.suppress(OSError):  # somebody else made the same meanwhile
            self.folder.rename(self.store.folder)
        if not self.store.is_made:
            raise OSError(f"{self.store.folder} could not be made")


class ColumnsInFile:
    """Features of a table that come one after the other, put side by side in a file."""

    def __init__(self, making: Making, n_rows: int) -> None:
        self._making, self.n_rows, self.n_columns = making, n_rows, 0
        self._columns = making.folder / "columns.bin"

    def add(self, column: NDArray[np.float32]) -> None:
        """Take the next feature of every row [N]. Raises OSError."""
        with self._columns.open("ab") as file:
            np.ascontiguousarray(column).tofile(file)
        self.n_columns += 1

    def by_split(self, splits: Splits) -> Generator[float, None, dict[str, Tensor]]:
        """The features of each split's rows, in the file that will be the store's."""
        yield from self._side_by_side(self._making.folder / "rows.bin")
        self._columns.unlink()
        return self._making.store.inputs(self.rows_at(self._making.store.rows), splits)

    def rows_at(self, path: Path) -> RowFile:
        """The rows, once they lie in a file."""
        return RowFile(path, self.n_rows, (self.n_columns,))

    def _side_by_side(self, path: Path) -> Generator[float, None, None]:
        at_once = max(1, _BLOCK_BYTES // (4 * self.n_columns))
        with self._columns.open("rb") as columns, path.open("wb") as rows:
            for start in range(0, self.n_rows, at_once):
                yield start / self.n_rows
                n = min(at_once, self.n_rows - start)
                block = np.empty((n, self.n_columns), np.float32)
                for j in range(self.n_columns):
                    block[:, j] = _piece(columns, 4 * (j * self.n_rows + start), n)
                block.tofile(rows)


def _piece(file: BinaryIO, at: int, n: int) -> NDArray[np.float32]:
    file.seek(at)
    return np.frombuffer(file.read(4 * n), np.float32)


def _key(files: Sequence[Path], settings: Mapping[str, Any]) -> str:
    """What decides the content of a store, in a few letters. Raises OSError."""
    facts = [(str(f.absolute()), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    whole = json.dumps([_VERSION, facts, dict(settings)], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _take_away_old(root: Path) -> None:
    now = time.time()
    for folder in root.iterdir():
        with contextlib.suppress(OSError):  # another process may have been there first
            if now - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
