"""NPZ and IDX files, and everything that can be wrong with one."""

import gzip
import io
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.engine.readers import idx, npz
from workbench.engine.readers.errors import DataError
from workbench.spec.work import finished


class Trap:
    """What a pickle runs when it is opened."""

    sprung = False

    def __reduce__(self) -> Any:
        return (_spring, ())


def _spring() -> None:
    Trap.sprung = True


def npy(array: Any, **how: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **how)
    return buffer.getvalue()


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_arrays_come_back_as_they_were(tmp_path: Path, save: Any):
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    y = np.asfortranarray(np.arange(6).reshape(2, 3))
    save(tmp_path / "a.npz", x=x, y=y)
    result = finished(npz.read(tmp_path / "a.npz", ["x", "y"]))
    np.testing.assert_array_equal(result["x"], x)
    np.testing.assert_array_equal(result["y"], y)
    assert npz.headers(tmp_path / "a.npz")["x"].shape == (2, 3, 4)


def test_npz_objects_are_refused_and_never_opened(tmp_path: Path):
    objects = np.array([Trap()], dtype=object)
    path = archive(tmp_path / "a.npz", x=npy(objects, allow_pickle=True))
    pickle.dumps(Trap())
    with pytest.raises(DataError, match=r"a\.npz: array 'x' holds Python objects"):
        finished(npz.read(path, ["x"]))
    assert not Trap.sprung


def test_npz_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000,)}"
    bomb = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head) + 1) + head + b"\n"
    path = archive(tmp_path / "a.npz", x=bomb + bytes(1_000_000))
    with pytest.raises(DataError, match="GiB are read at most"):
        finished(npz.read(path, ["x"]))


def test_npz_with_more_than_its_header_says_is_refused_at_once(tmp_path: Path):
    path = archive(tmp_path / "a.npz", x=npy(np.zeros(3)) + bytes(100_000_000))
    with pytest.raises(DataError, match="more follow"):
        finished(npz.read(path, ["x"]))


def test_npz_with_less_than_its_header_says_is_refused(tmp_path: Path):
    path = archive(tmp_path / "a.npz", x=npy(np.zeros(300))[:-8])
    with pytest.raises(DataError, match="header of array 'x' says"):
        finished(npz.read(path, ["x"]))


def test_npz_that_is_none_and_arrays_that_are_not_there_are_refused(tmp_path: Path):
    (tmp_path / "b.npz").write_bytes(b"not a zip")
    with pytest.raises(DataError, match="is no NPZ file"):
        npz.headers(tmp_path / "b.npz")
    path = archive(tmp_path / "a.npz", x=npy(np.zeros(3)))
    with pytest.raises(DataError, match=r"has no array 'z' \(it has: x\)"):
        finished(npz.read(path, ["z"]))


def test_npz_that_is_damaged_is_refused(tmp_path: Path):
    path = tmp_path / "a.npz"
    np.savez(path, x=np.arange(1000))
    content = bytearray(path.read_bytes())
    content[2000] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match="array 'x' cannot be unpacked"):
        finished(npz.read(path, ["x"]))


#: A gzip file without its end; its time is fixed, for it names a test.
CUT_SHORT = gzip.compress(b"\0\0\x08\x01\0\0\0\x64" + bytes(100), mtime=0)[:-12]


def idx_file(path: Path, shape: tuple[int, ...], content: bytes, code: int = 8) -> Path:
    head = bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    path.write_bytes(
        gzip.compress(head + content, mtime=0) if path.suffix == ".gz" else head + content
    )
    return path


@pytest.mark.parametrize("name", ["a.idx", "a.idx.gz"])
def test_idx_gzipped_or_not(tmp_path: Path, name: str):
    path = idx_file(tmp_path / name, (2, 3), bytes(range(6)))
    np.testing.assert_array_equal(finished(idx.read(path)), np.arange(6).reshape(2, 3))
    assert idx.header(path).shape == (2, 3)


def test_idx_numbers_are_read_in_their_order_of_bytes(tmp_path: Path):
    path = idx_file(tmp_path / "a", (2,), struct.pack(">2i", 7, -8), code=0x0C)
    assert finished(idx.read(path)).tolist() == [7, -8]


@pytest.mark.parametrize("name", ["a.idx", "a.idx.gz"])
@pytest.mark.parametrize(
    ("n_bytes", "reason"), [(5, "only 5 follow"), (7, "more follow"), (10_000_000, "more follow")]
)
def test_idx_with_a_lying_header_is_refused(tmp_path: Path, name: str, n_bytes: int, reason: str):
    path = idx_file(tmp_path / name, (2, 3), bytes(n_bytes))
    with pytest.raises(DataError, match=f"header says 2 × 3, 6 bytes, but {reason}"):
        finished(idx.read(path))


def test_idx_that_would_not_fit_is_refused_before_it_is_read(tmp_path: Path):
    path = idx_file(tmp_path / "a.gz", (2**32 - 1, 2**10), bytes(10))
    with pytest.raises(DataError, match="GiB are read at most"):
        finished(idx.read(path))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "begins with nothing"),
        (b"PK\x03\x04", "is no IDX file"),
        (b"\0\0\x08\x02\0\0", "ends within its header"),
        (b"\0\0\x08\x01\0\0\0\0", "has nothing in it"),
        (
            gzip.compress(b"\0\0\x08\x01\0\0\0\x64" + bytes(100), mtime=0)[:-12],
            "cannot be unpacked",
        ),
        (b"\x1f\x8bnonsense", "cannot be unpacked"),
    ],
)
def test_idx_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: str):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match=reason):
        finished(idx.read(tmp_path / "a"))
