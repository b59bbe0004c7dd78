"""Picture rows: pictures of a user's as inputs, in memory or in a file."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.array_inputs import array_preparation, inputs_by_split
from workbench.engine.blocks.tasks.row_store import Making, RowStore
from workbench.engine.blocks.tasks.splits import Splits, row_keys
from workbench.engine.numerics.row_file import RowFile
from workbench.engine.readers import pictures
from workbench.engine.readers.errors import check_size
from workbench.engine.roles.task import Image
from workbench.spec.cost import amount
from workbench.spec.trained.preparation import PicturePreparation

#: Bytes that a number of a picture takes in memory: as a byte, and in single precision.
_BYTES_A_NUMBER = 5
#: From how many bytes on pictures are not held in memory.
_LARGE = 2**30
#: Pictures that are looked at together.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are seen: `size` pixels a side, in three channels or one."""

    size: int
    is_grey: bool

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width."""
        return (1 if self.is_grey else 3, self.size, self.size)

    @property
    def kind(self) -> Image:
        """The same as a kind of inputs."""
        return Image(*self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Pictures [N, C, H, W] as bytes, in memory or in a file, and a number for each [N].

    Pictures that are equal have the same number; others hardly ever do.
    """

    images: NDArray[np.uint8] | RowFile
    keys: NDArray[np.uint64]


def store_of(files: Sequence[Path], look: Look, inputs_in: str, room: int) -> RowStore | None:
    """Where pictures lie when they are seen so, or will; None: they are held in memory.

    `room` are the bytes of memory there are. Raises OSError.
    """
    n_bytes = _BYTES_A_NUMBER * len(files) * int(np.prod(look.shape))
    is_large = n_bytes > min(_LARGE, room // 2)
    if inputs_in == "memory" or (inputs_in == "auto" and not is_large):
        return None
    return RowStore(files, {"pictures": [look.size, look.is_grey]})


def seen(
    files: Sequence[Path], folder: Path, look: Look, store: RowStore | None
) -> Generator[float, None, Seen]:
    """Pictures as they are seen; yields the share that is read. Raises DataError and OSError."""
    if store is None:
        check_size(folder, 4 * len(files) * int(np.prod(look.shape)))
        images = np.empty((len(files), *look.shape), dtype=np.uint8)
        for i, file in enumerate(files):
            images[i] = pictures.picture(file, folder, look.size, look.is_grey)
            yield (i + 1) / len(files)
        return Seen(images, _keys(images))
    rows = RowFile(store.rows, len(files), look.shape, is_bytes=True)
    arrays = store.arrays(rows.n_bytes)
    if arrays is None or "keys" not in arrays:
        arrays = yield from _written(files, folder, look, store)
    return Seen(rows, arrays["keys"])


def _written(
    files: Sequence[Path], folder: Path, look: Look, store: RowStore
) -> Generator[float, None, dict[str, NDArray[Any]]]:
    keys: list[NDArray[np.uint64]] = []
    with Making(store) as making:
        with (making.folder / store.rows.name).open("wb") as out:
            for start in range(0, len(files), _AT_ONCE):
                some = files[start : start + _AT_ONCE]
                block = np.empty((len(some), *look.shape), dtype=np.uint8)
                for i, file in enumerate(some):
                    block[i] = pictures.picture(file, folder, look.size, look.is_grey)
                    yield (start + i + 1) / len(files)
                block.tofile(out)
                keys.append(_keys(block))
        arrays = {"keys": np.concatenate(keys)}
        making.finish({}, arrays)
    return arrays


def _keys(images: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return row_keys(images.reshape(len(images), -1).T, len(images))


def inputs_of(
    made: Seen, look: Look, splits: Splits, *, is_standardised: bool
) -> tuple[PicturePreparation, dict[str, Tensor]]:
    """The inputs of each split, and how pictures became them, by the training ones alone."""
    images = made.images
    if isinstance(images, RowFile):
        mean, deviation = (0.0,), (255.0,)
        if is_standardised:
            mean, deviation = _spread(images, splits["train"])
    else:
        learned = array_preparation(
            images, look.kind, splits["train"], is_standardised=is_standardised
        )
        mean, deviation = learned.mean, learned.deviation
    preparation = PicturePreparation(
        size=look.size, is_grey=look.is_grey, mean=mean, deviation=deviation
    )
    if isinstance(images, RowFile):
        return preparation, RowStore.inputs(images.scaled_by(mean, deviation), splits)
    return preparation, inputs_by_split(images, look.kind, splits, preparation)


def _spread(
    images: RowFile, train: NDArray[np.int64]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and deviation of each channel of the training pictures, from counts of their bytes."""
    n_channels = images.shape[0]
    counts = np.zeros((n_channels, 256), dtype=np.int64)
    rows = np.sort(train)
    for start in range(0, len(rows), _AT_ONCE):
        block = images.raw(rows[start : start + _AT_ONCE])
        for channel in range(n_channels):
            counts[channel] += np.bincount(block[:, channel].reshape(-1), minlength=256)
    values = np.arange(256, dtype=np.float64)
    total = counts.sum(1)
    mean = (counts @ values) / total
    squares = np.stack([(values - centre) ** 2 for centre in mean])
    deviation = np.sqrt((counts * squares).sum(1) / total)
    deviation[deviation == 0] = 1.0  # a channel of one value is only centred
    return tuple(mean.tolist()), tuple(deviation.tolist())


def where_they_lie(made: Seen) -> tuple[str, ...]:
    """What is said of pictures in a file."""
    if not isinstance(made.images, RowFile):
        return ()
    size = amount(made.images.n_bytes, "B")
    words = f"pictures are kept in a file as they are seen: {made.images.n_rows:,}, {size}"
    return (f"{words}; each batch is read ahead of its step",)
