"""Files for the families that need one: small real data, made once for all tests."""

import gzip
import io
import struct
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from workbench.engine.blocks.text.number_words import words
from workbench.engine.readers.downloads import SOURCES
from workbench.spec.user_files.sources import digest

PRESETS = Path(__file__).parents[2] / "presets"


@cache
def settings_of(key: str) -> dict[str, Any]:
    """The settings that a family needs to have tasks at all; empty where it needs none."""
    return _MAKERS[key]() if key in _MAKERS else {}


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="workbench-contracts-")


def _table() -> dict[str, Any]:
    file = PRESETS / "data" / "iris.csv"
    targets = {"species": "classes", "petal width": "values"}
    return {"file": str(file), "sha256": digest(file), "targets": targets}


def _arrays() -> dict[str, Any]:
    """The handwritten digits with whether each is even, and how much ink it has."""
    digits: Any = load_digits()
    file = Path(_folder().name) / "digits.npz"
    images = (digits.images * 15).astype(np.uint8)
    ink = images.mean((1, 2), dtype=np.float32)
    np.savez(file, images=images, even=digits.target % 2 == 0, ink=ink)
    targets = {"even": "classes", "ink": "values"}
    return {"file": str(file), "sha256": digest(file), "inputs": "images", "targets": targets}


def _pictures() -> dict[str, Any]:
    """Handwritten zeros and ones."""
    digits: Any = load_digits(n_class=2)
    folder = Path(_folder().name) / "pictures"
    for i, (image, answer) in enumerate(zip(digits.images, digits.target, strict=True)):
        path = folder / ("zero", "one")[answer] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((image * 15).astype(np.uint8)).save(path)
    return {"file": str(folder), "sha256": digest(folder), "size": 8, "colours": "grey"}


def _many_pictures() -> dict[str, Any]:
    """Handwritten digits upright and on their side, twenty classes."""
    digits: Any = load_digits()
    folder = Path(_folder().name) / "many pictures"
    for digit in range(10):
        for i, image in enumerate(digits.images[digits.target == digit][:12]):
            for turns in range(2):
                path = folder / f"{digit} turned {turns}" / f"{i}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(np.rot90(image * 15, turns).astype(np.uint8)).save(path)
    return {
        "file": str(folder), "sha256": digest(folder), "size": 8, "colours": "grey",
        "train_tasks": 500,
    }  # fmt: skip


def _sites() -> dict[str, Any]:
    """Readings of twelve sites, each with a slope of its own; one has too few."""
    file = Path(_folder().name) / "sites.csv"
    draw = np.random.default_rng(0)
    lines = ["site,heat,wind,yield"]
    for site in range(12):
        slope = draw.normal(0, 1, 2)
        for x in draw.normal(0, 1, (5 if site == 7 else 40, 2)):
            lines.append(f"site {site},{x[0]:.5f},{x[1]:.5f},{x @ slope + 3:.5f}")
    file.write_text("\n".join(lines) + "\n")
    return {"file": str(file), "sha256": digest(file), "group": "site", "target": "yield"}


def _sentences() -> dict[str, Any]:
    """Numbers in words, a row each, in three languages."""
    file = Path(_folder().name) / "numbers.tsv"
    lines = ["\t".join(("en", "fr", "de"))]
    lines += [
        "\t".join(words(number, code) for code in ("en", "fr", "de")) for number in range(200)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"file": str(file), "sha256": digest(file), "vocabulary": 320}


def _idx(path: Path, values: Any) -> None:
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(head + values.astype(np.uint8).tobytes()))


def _mnist(key: str) -> dict[str, Any]:
    """Small digits under the names of the large ones."""
    digits: Any = load_digits()
    folder = Path(_folder().name) / key
    folder.mkdir()
    images = (digits.images * 15).astype(np.uint8)
    parts = (images[:1400], digits.target[:1400], images[1400:], digits.target[1400:])
    for name, values in zip(SOURCES[key].files, parts, strict=True):
        _idx(folder / name, values)
    return {"folder": str(folder)}


def _cifar(key: str) -> dict[str, Any]:
    """Plain pictures whose colour tells the class."""
    folder = Path(_folder().name) / key
    folder.mkdir()
    draw = np.random.default_rng(0)
    n_classes, batches = (10, [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"])
    if key == "cifar-100":
        n_classes, batches = 100, ["train.bin", "test.bin"]
    (name,) = SOURCES[key].files
    with tarfile.open(folder / name, "w:gz") as archive:
        for batch in batches:
            fine = draw.integers(0, n_classes, 200 if n_classes == 10 else 500)
            pictures = np.repeat(fine[:, None], 3072, 1) * (250 // n_classes)
            pictures[:, 1024:] = draw.integers(0, 256, pictures[:, 1024:].shape)
            labels = fine[:, None] if n_classes == 10 else np.stack([fine // 5, fine], 1)
            content = np.concatenate([labels, pictures], 1).astype(np.uint8).tobytes()
            entry = tarfile.TarInfo(f"{key}/{batch}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return {"folder": str(folder)}


_MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "table": _table,
    "few-shot-table": _sites,
    "few-shot-pictures": _many_pictures,
    "arrays": _arrays,
    "pictures": _pictures,
    "sentences": _sentences,
    **{key: partial(_mnist, key) for key in ("mnist", "fashion-mnist", "kmnist")},
    **{key: partial(_cifar, key) for key in ("cifar-10", "cifar-100")},
}
