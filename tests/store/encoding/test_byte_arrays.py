"""Arrays of bytes in JSON: short, and never larger than they say."""

import json

import numpy as np
import pytest

from workbench.store.encoding.byte_arrays import packed, unpacked


def test_an_array_comes_back_through_json_and_is_short():
    values = np.repeat(np.arange(64, dtype=np.uint8), 64).reshape(64, 64)
    text = json.dumps(packed(values))
    assert np.array_equal(unpacked(json.loads(text)), values)
    assert len(text) < 400


@pytest.mark.parametrize("shape", [[3], [5], [2**40]])
def test_content_of_another_size_is_refused(shape: list[int]):
    data = {**packed(np.zeros(4, dtype=np.uint8)), "shape": shape}
    with pytest.raises(ValueError, match="bytes were told"):
        unpacked(data)


def test_content_that_is_not_compressed_is_refused():
    with pytest.raises(ValueError, match="decompressing"):
        unpacked({"shape": [1], "zlib": "AAAA"})
