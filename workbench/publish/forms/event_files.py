"""Event files: the numbers of runs as TensorBoard reads them, written without it.

An event file is a row of records: a length, its check sum, the bytes of an `Event` message and
their check sum (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto). Many
records of one length are made at once, as a table of bytes.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from workbench.publish.forms.check_sum import masked_sums
from workbench.publish.record import Record
from workbench.spec.event import Evaluated
from workbench.spec.text import file_stem

#: Steps of one curve that are written at once.
_STEPS = 50_000

Bytes = NDArray[np.uint8]


def write_event_files(chosen: Sequence[Record], folder: Path) -> Iterator[str]:
    """A folder with an event file for each run; yields the run's name often. Raises OSError."""
    for record in chosen:
        name = file_stem(record.run_id, "run")
        (folder / name).mkdir(parents=True, exist_ok=True)
        began = _seconds(record.stored.started)
        path = folder / name / f"events.out.tfevents.{int(began)}.workbench"
        with path.open("wb") as file:
            file.write(_records(_version(began)[None, :]).tobytes())
            for _ in _curves(record, began, file):
                yield record.run_id


def _seconds(started: str) -> float:
    """Seconds since 1970 at which a run began; 0 where that is not known."""
    try:
        return datetime.fromisoformat(started).timestamp()
    except ValueError:
        return 0.0


def _curves(record: Record, began: float, file: BinaryIO) -> Iterator[None]:
    series = record.series
    times = began + np.cumsum(series.seconds, dtype=np.float64)
    columns = [("learning rate", series.rates)]
    for j, task in enumerate(record.tasks):
        columns.append((f"loss/{task.name}", series.losses[:, j]))
        columns.append((f"weight/{task.name}", series.weights[:, j]))
    for tag, values in columns:
        for a in range(0, len(series.steps), _STEPS):
            part = slice(a, a + _STEPS)
            _write(file, tag, series.steps[part], values[part], times[part])
            yield
    for tag, steps, values in _evaluations(record):
        at = np.searchsorted(series.steps, steps, side="left").clip(0, max(len(times) - 1, 0))
        when = times[at] if len(times) else np.full(len(steps), began)
        _write(file, tag, steps, values, when)
        yield


def _evaluations(
    record: Record,
) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.float32]]]:
    events = record.events(Evaluated)
    for split in dict.fromkeys(event.split for event in events):
        of_split = [event for event in events if event.split == split]
        steps = np.asarray([event.step for event in of_split], dtype=np.int64)
        for j, task in enumerate(record.tasks):
            scores = np.asarray([event.scores[j] for event in of_split], dtype=np.float32)
            yield f"{split} {task.metric}/{task.name}", steps, scores
            losses = np.asarray([event.losses[j] for event in of_split], dtype=np.float32)
            yield f"{split} loss/{task.name}", steps, losses


def _write(
    file: BinaryIO,
    tag: str,
    steps: NDArray[np.int64],
    values: NDArray[np.float32],
    times: NDArray[np.float64],
) -> None:
    """Append a curve's points; those without a number are left out."""
    known = np.isfinite(values)
    steps, values, times = steps[known], values[known], times[known]
    lengths = np.maximum(1, -(-_n_bits(steps) // 7))
    for length in np.unique(lengths):
        mine = lengths == length
        messages = _messages(tag, steps[mine], values[mine], times[mine], int(length))
        file.write(_records(messages).tobytes())


def _n_bits(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.ceil(np.log2(steps.astype(np.float64) + 1)).astype(np.int64)


def _messages(
    tag: str,
    steps: NDArray[np.int64],
    values: NDArray[np.float32],
    times: NDArray[np.float64],
    length: int,
) -> Bytes:
    """`Event` messages [N, bytes] of points whose step takes `length` bytes.

    wall_time = 1 (double), step = 2 (varint), summary = 5 {value = 1 {tag = 1, simple_value = 2}}.
    """
    name = tag.encode("utf-8", "replace")
    inner = b"\x0a" + _varint(len(name)) + name + b"\x15"
    value = b"\x0a" + _varint(len(inner) + 4) + inner
    head = b"\x2a" + _varint(len(value) + 4) + value
    n = len(steps)
    sevens = (steps[:, None] >> (7 * np.arange(length))) & 0x7F
    sevens[:, :-1] |= 0x80
    return np.concatenate(
        [
            np.full((n, 1), 0x09, dtype=np.uint8),
            times.astype("<f8").view(np.uint8).reshape(n, 8),
            np.full((n, 1), 0x10, dtype=np.uint8),
            sevens.astype(np.uint8),
            np.tile(np.frombuffer(head, dtype=np.uint8), (n, 1)),
            values.astype("<f4").view(np.uint8).reshape(n, 4),
        ],
        axis=1,
    )


def _version(began: float) -> Bytes:
    """The first event of a file, which says how it is written (file_version = 3)."""
    text = b"brain.Event:2"
    message = b"\x09" + struct.pack("<d", began) + b"\x1a" + _varint(len(text)) + text
    return np.frombuffer(message, dtype=np.uint8)


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _records(messages: Bytes) -> Bytes:
    """Messages [N, L] of one length as records [N, L + 16]."""
    n, length = messages.shape
    head = np.frombuffer(struct.pack("<Q", length), dtype=np.uint8)
    head_sum = masked_sums(head[None, :]).view(np.uint8).reshape(1, 4)
    sums = masked_sums(messages).view(np.uint8).reshape(n, 4)
    return np.concatenate(
        [np.tile(head, (n, 1)), np.tile(head_sum, (n, 1)), messages, sums], axis=1
    )
