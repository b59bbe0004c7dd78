"""Packed: arrays of bytes as short JSON."""

import base64
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(values: NDArray[np.uint8]) -> dict[str, Any]:
    """An array of bytes as its shape and its compressed content."""
    content = base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes()))
    return {"shape": list(values.shape), "zlib": content.decode("ascii")}


def unpacked(data: Mapping[str, Any]) -> NDArray[np.uint8]:
    """The array that `packed` was given. Raises ValueError where the content is another size."""
    shape = tuple(int(n) for n in data["shape"])
    size = math.prod(shape)
    # One byte more is asked for, to see content that is larger than it says.
    try:
        content = zlib.decompressobj().decompress(base64.b64decode(data["zlib"]), size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(content) != size:
        raise ValueError(f"{size} bytes were told, {len(content)} or more are there")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)
