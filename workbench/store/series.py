"""Series: the numbers of every step, by column, in a file that survives being cut anywhere.

A segment (`steps-000.arrow`) is an Arrow IPC stream: a schema, then one record batch for each
block of steps. A resumed run starts a new segment; the rows of older ones from its first step on
are superseded, and left where they are.
"""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import Floats, StepsDone
from workbench.store.append import AppendFile

PATTERN = "steps-*.arrow"

#: Steps [N], and values [N, 2T + 2]: losses, weights, rate, seconds.
_Rows = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True, slots=True)
class Series:
    """Rows in order of `steps` [N]: `losses` and `weights` [N, T], `rates` and `seconds` [N]."""

    tasks: tuple[str, ...]
    steps: NDArray[np.int64]
    losses: Floats
    weights: Floats
    rates: Floats
    seconds: Floats

    def block(self, first: int, end: int) -> StepsDone | None:
        """The rows of steps `first` to `end` − 1 as one event; None if there are none."""
        a, b = np.searchsorted(self.steps, (first, end))
        if a == b:
            return None
        return StepsDone(
            step=int(self.steps[b - 1]) + 1,
            losses=self.losses[a:b],
            weights=self.weights[a:b],
            rates=self.rates[a:b],
            train_seconds=float(self.seconds[a:b].sum(dtype=np.float64)),
        )


class SeriesWriter:
    """Appends blocks of steps to a new segment."""

    def __init__(self, folder: Path, tasks: Sequence[str], first_step: int) -> None:
        """Begin the next segment in `folder`. Raises OSError."""
        import pyarrow as pa

        self._pa = pa
        self._schema = _schema(tasks, first_step)
        self._file = AppendFile(folder / f"steps-{_next_number(folder):03d}.arrow")
        self._file.append(memoryview(self._schema.serialize()))

    def append(self, block: StepsDone) -> None:
        """Add a block; once this returns, only a power cut can take it away. Raises OSError."""
        n_steps = len(block.losses)
        if n_steps == 0:
            return
        share = np.full(n_steps, block.train_seconds / n_steps, dtype=np.float32)
        columns: list[NDArray[Any]] = [np.arange(block.first_step, block.step, dtype=np.int64)]
        columns += [*_columns(block.losses), *_columns(block.weights), block.rates, share]
        batch = self._pa.record_batch([*columns], schema=self._schema)
        self._file.append(memoryview(batch.serialize()))

    def sync(self) -> None:
        """Have everything on the disk itself. Raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """Close the segment."""
        self._file.close()


def _columns(table: Floats) -> list[Floats]:
    return list(np.ascontiguousarray(table.T))


# pyarrow comes without types: what is made of it is Any.
def _schema(tasks: Sequence[str], first_step: int) -> Any:
    import pyarrow as pa

    single = pa.float32()
    fields = [pa.field("step", pa.int64())]
    fields += [pa.field(f"loss: {task}", single) for task in tasks]
    fields += [pa.field(f"weight: {task}", single) for task in tasks]
    fields += [pa.field("rate", single), pa.field("seconds", single)]
    return pa.schema(fields, {"tasks": json.dumps(list(tasks)), "first_step": str(first_step)})


def _next_number(folder: Path) -> int:
    """A number after those of all segments: where one was lost, none is written into."""
    numbers = (path.stem.rpartition("-")[2] for path in _segments(folder))
    return max((int(number) + 1 for number in numbers if number.isdecimal()), default=0)


def _segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(PATTERN), key=lambda path: (len(path.name), path.name))


def read_series(folder: Path) -> Series | None:
    """Every row that counts; None before the first segment. Raises OSError.

    Of a segment cut short, every whole block is read.
    """
    return series_and_damage(folder)[0]


def series_and_damage(folder: Path) -> tuple[Series | None, list[str]]:
    """What `read_series` reads, and what is damaged beside it, in words. Raises OSError.

    A segment that was cut short is no damage: a kill leaves one.
    """
    tasks: tuple[str, ...] | None = None
    segments: list[_Rows] = []
    problems: list[str] = []
    for path in _segments(folder):
        try:
            read = _read_segment(path)
        except _DamageError as error:
            problems.append(f"{path.name}: {error}")
            continue
        if read is None:
            continue
        if tasks is not None and read[0] != tasks:
            problems.append(f"{path.name}: its tasks are others than those before")
            continue
        tasks, first_step, rows = read
        segments = [_before(old, first_step) for old in segments]
        segments.append(rows)
    if tasks is None:
        return None, problems
    n_tasks = len(tasks)
    values = np.concatenate([values for _, values in segments])
    series = Series(
        tasks=tasks,
        steps=np.concatenate([steps for steps, _ in segments]),
        losses=values[:, :n_tasks],
        weights=values[:, n_tasks : 2 * n_tasks],
        rates=values[:, -2],
        seconds=values[:, -1],
    )
    return series, problems


class _DamageError(Exception):
    """A segment that holds something else than a kill can have left."""


def _before(rows: _Rows, step: int) -> _Rows:
    end = np.searchsorted(rows[0], step)
    return rows[0][:end], rows[1][:end]


def _read_segment(path: Path) -> tuple[tuple[str, ...], int, _Rows] | None:
    """Tasks, first step and rows of a segment; None if not even its schema is whole."""
    import pyarrow as pa

    content = path.read_bytes()
    try:
        reader = pa.ipc.open_stream(content)
    except (pa.ArrowException, EOFError, OSError):
        return None
    try:
        notes: dict[bytes, bytes] = dict(reader.schema.metadata or {})
        names = json.loads(notes[b"tasks"])
        tasks = tuple(str(name) for name in names)
        first_step = int(notes[b"first_step"])
    except (KeyError, ValueError, TypeError, RecursionError):
        raise _DamageError("it does not say what its columns are") from None
    if not reader.schema.equals(_schema(tasks, first_step), check_metadata=False):
        raise _DamageError("its columns are not those of a run")
    batches: list[Any] = []
    # A stream that was cut ends in an error; what came before it is whole.
    with contextlib.suppress(pa.ArrowException, OSError, MemoryError):
        for batch in reader:
            # Lengths come from the file: they are held against the buffers before these are read.
            batch.validate(full=True)
            if any(column.null_count for column in batch.columns):
                break
            batches.append(batch)
    steps, values = _rows(reader.schema, batches)
    if len(steps) and (int(steps[0]) < first_step or bool((np.diff(steps) <= 0).any())):
        raise _DamageError("its steps are out of order")
    return tasks, first_step, (steps, values)


def _rows(schema: Any, batches: list[Any]) -> _Rows:
    import pyarrow as pa

    # one column of all batches at once: a run of a million steps has thousands of them
    table = pa.Table.from_batches(batches, schema)
    n_values = len(schema) - 1
    steps = np.array(table.column(0).to_numpy(), dtype=np.int64)
    values = np.empty((table.num_rows, n_values), dtype=np.float32)
    for i in range(n_values):
        values[:, i] = table.column(i + 1).to_numpy()
    return steps, values
