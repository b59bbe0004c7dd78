"""Pictures: a folder with a folder for each class."""

import warnings
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from workbench.engine.readers.errors import DataError, check_size
from workbench.spec.user_files.sources import files_in

#: Formats that are opened; none of them can hold a program.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")

#: Pixels of one picture at most: larger ones are bombs, or want a smaller copy first.
MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures [N, C, H, W] as bytes, and the class of each [N], a position in `names`."""

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    names: tuple[str, ...]


def listed(path: Path) -> dict[str, list[Path]]:
    """The pictures of each class, in order. Raises DataError and OSError."""
    if not path.is_dir():
        raise DataError(path, "is no folder; choose the folder that holds one for each class")
    by_class: dict[str, list[Path]] = {}
    for file in files_in(path):
        parts = file.relative_to(path).parts
        if len(parts) == 1 and is_picture(file):
            raise DataError(path, f"{parts[0]} lies in no folder of a class")
        if len(parts) == 1:
            continue
        by_class.setdefault(parts[0], []).append(file)
    if not by_class:
        raise DataError(path, "has no folders with pictures in it")
    if len(by_class) == 1:
        raise DataError(
            path, f"has one class only, '{next(iter(by_class))}': nothing to tell apart"
        )
    return by_class


def is_picture(file: Path) -> bool:
    """Whether a file is a picture, by its name."""
    Image.init()
    return Image.EXTENSION.get(file.suffix.lower()) in FORMATS


def strays(path: Path) -> tuple[str, ...]:
    """What is said of files that lie beside the classes' folders and are no pictures."""
    names = [file.name for file in files_in(path) if file.parent == path]
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return (f"beside the folders: {', '.join(names[:3])}{more}; not looked at",) if names else ()


def read(path: Path, size: int, is_grey: bool) -> Generator[float, None, Pictures]:
    """Every picture, cut to a square about its middle and scaled to `size` pixels a side.

    Yields the share that is read. Raises DataError and OSError.
    """
    by_class = listed(path)
    n_channels = 1 if is_grey else 3
    total = sum(len(files) for files in by_class.values())
    check_size(path, 4 * total * n_channels * size * size)
    images = np.empty((total, n_channels, size, size), dtype=np.uint8)
    classes = np.empty(total, dtype=np.int64)
    done = 0
    for i, files in enumerate(by_class.values()):
        for file in files:
            images[done], classes[done] = picture(file, path, size, is_grey), i
            done += 1
            yield done / total
    return Pictures(images, classes, tuple(by_class))


def picture(file: Path, folder: Path, size: int, is_grey: bool) -> NDArray[np.uint8]:
    """One picture, [C, size, size]. Raises DataError."""
    place = file.relative_to(folder).as_posix()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that are not looked at
            with Image.open(file, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    sides = f"{opened.width} × {opened.height} pixels"
                    raise DataError(folder, f"{sides} are more than is read", place=place)
                upright = ImageOps.exif_transpose(opened)
                fitted = ImageOps.fit(upright.convert("L" if is_grey else "RGB"), (size, size))
    except UnidentifiedImageError:
        known = ", ".join(FORMATS)
        raise DataError(folder, f"is no picture ({known})", place=place) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(folder, f"cannot be read as a picture: {error}", place=place) from None
    values = np.asarray(fitted, dtype=np.uint8)
    return values[None] if is_grey else values.transpose(2, 0, 1)
