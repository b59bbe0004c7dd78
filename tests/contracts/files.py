"""Files for the families that need one: small real data, made once for all tests."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from workbench.spec.sources import digest

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
    digits = load_digits()
    file = Path(_folder().name) / "digits.npz"
    images = (digits.images * 15).astype(np.uint8)
    ink = images.mean((1, 2), dtype=np.float32)
    np.savez(file, images=images, even=digits.target % 2 == 0, ink=ink)
    targets = {"even": "classes", "ink": "values"}
    return {"file": str(file), "sha256": digest(file), "inputs": "images", "targets": targets}


def _pictures() -> dict[str, Any]:
    """Handwritten zeros and ones."""
    digits = load_digits(n_class=2)
    folder = Path(_folder().name) / "pictures"
    for i, (image, answer) in enumerate(zip(digits.images, digits.target, strict=True)):
        path = folder / ("zero", "one")[answer] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((image * 15).astype(np.uint8)).save(path)
    return {"file": str(folder), "sha256": digest(folder), "size": 8, "colours": "grey"}


_MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "table": _table,
    "arrays": _arrays,
    "pictures": _pictures,
}
