"""Files of every kind, in memory: valid ones, and ones whose parts lie about each other."""

import datetime
import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import feather, parquet

from tests.engine.readers import made_sentences, made_workbooks


@cache
def valid(kind: str) -> list[bytes]:
    """Small files of a kind that a reader takes."""
    return _VALID[kind]()


def lying(kind: str, draw: Random) -> bytes:
    """A file of a kind that is put together from likely and unlikely parts."""
    return _LYING[kind](draw)


# text

_CELLS = (
    "1", "2.5", "-3", "1e308", "-1e999", "inf", "-inf", "nan", "NaN", "NA", "?", "-", ".", "", " ",
    "1,5", "1.234,56", "1,234.56", "1 234", "12:30:00", "9999-12-31", "0001-01-01", "2020-02-30",
    "31/12/2019", "1970-01-01 00:00:00.123456789", "true", "False", "ja", '"a, b"', '"x\ny"', '"',
    "é", "😀", "\u202eאב", "[/b]", "<b>x</b>", "=1+1", "\x1b[31m", "0x1F", "007", "1_000",
    "99999999999999999999", "\ufeff", "None", "<NA>", "sep=;", "#", "'", "\\", "\t", "\r",
)  # fmt: skip


def _csv() -> list[bytes]:
    plain = "a,b,c,day,y\n" + "".join(f"{i},{i / 7},x{i % 3},2020-01-{i + 1:02},{i % 2}\n"
                                      for i in range(20))  # fmt: skip
    german = "a;b;y\n" + "".join(f"{i},5;1.{i:03},25;ja\n" for i in range(20))
    tabs = "a\tb\n1\tx\n2\ty\n"
    quoted = '# by hand\n"a, m","b ""c""",y\n"x\ny",2,3\n,4,5\n'
    return [
        plain.encode(),
        german.encode("utf-8-sig"),
        tabs.encode(),
        quoted.encode(),
        plain.encode("utf-16"),
        ("sep=;\n" + german).encode(),
    ]


def _dirty_csv(draw: Random) -> bytes:
    mark = draw.choice((",", ";", "\t", "|"))
    n_columns = draw.choice((1, 2, 3, 5, 40))
    names = [draw.choice((*_CELLS, "x", "y", "id", "")) for _ in range(n_columns)]
    lines = [mark.join(names)]
    for _ in range(draw.choice((0, 1, 2, 5, 30))):
        width = n_columns + draw.choice((0,) * 30 + (1, -1))
        lines.append(mark.join(draw.choice(_CELLS) for _ in range(max(width, 0))))
    if draw.random() < 0.5:  # many cells of one kind
        old, new = draw.choice(_CELLS) or "1", draw.choice(_CELLS)
        lines[1:] = [line.replace(old, new) for line in lines[1:]]
    before = draw.choice(("", "", "", "\n", "# a\n", "#a,b\n", "sep=;\n", "\ufeff"))
    end = draw.choice(("\n", "\n", "\r\n", "\r"))
    encoding = draw.choice(("utf-8", "utf-8", "utf-8", "utf-16", "gb18030", "utf-16-le"))
    return (before + end.join(lines) + draw.choice(("", end))).encode(encoding, "replace")


# tables in columns


def _parquet_bytes(table: Any, **how: Any) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, **how)
    return buffer.getvalue()


def _columns() -> dict[str, Any]:
    day = datetime.date(9999, 12, 31)
    return {
        "i": pa.array([1, None, 3], pa.int64()),
        "f": pa.array([1.5, float("nan"), None], pa.float32()),
        "h": pa.array([1.5, 2, None], pa.float16()),
        "s": pa.array(["a", None, "é"]),
        "d": pa.array([day, datetime.date(1, 1, 1), None]),
        "t": pa.array([1, 2**62, None], pa.timestamp("ms")),
        "n": pa.array([1, 2**62, None], pa.timestamp("ns")),
        "o": pa.array([1, 2, None], pa.time32("s")),
        "u": pa.array([1, 2, None], pa.duration("s")),
        "l": pa.array([[1], [], None]),
        "r": pa.array([{"a": 1}, {"a": 2}, None]),
        "m": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int32())),
        "b": pa.array([b"\xff", b"", None]),
        "c": pa.array(["x", "y", "x"]).dictionary_encode(),
        "e": pa.array([Decimal("1.5"), Decimal(2), None], pa.decimal128(5, 2)),
        "v": pa.array([True, False, None]),
        "z": pa.nulls(3),
        "w": pa.array([2**64 - 1, 0, 1], pa.uint64()),
    }


def _parquet() -> list[bytes]:
    columns = _columns()
    long = pa.table({"a": list(range(300)), "b": [f"t{i % 5}" for i in range(300)]})
    return [
        _parquet_bytes(pa.table(columns)),
        _parquet_bytes(pa.table({k: columns[k] for k in "ifsd"}), compression="none"),
        _parquet_bytes(long, row_group_size=100, compression="gzip"),
        _parquet_bytes(pa.table([columns["i"], columns["s"]], names=["x", "x"])),
    ]


def _odd_parquet(draw: Random) -> bytes:
    columns = _columns()
    chosen = draw.choices(list(columns), k=draw.choice((1, 2, 5)))
    names = [draw.choice(("x", "y", "", " x", "a.b", "é" * 300, "=1+1")) for _ in chosen]
    table = pa.table([columns[key] for key in chosen], names=names)
    if draw.random() < 0.2:
        table = table.slice(0, 0)
    content = _parquet_bytes(table, compression=draw.choice(("none", "snappy", "gzip")))
    if draw.random() < 0.5:  # a length of the footer that is none
        length = draw.choice((0, 1, 2**31, 2**32 - 1, len(content), draw.randrange(len(content))))
        content = content[:-8] + struct.pack("<I", length) + content[-4:]
    return content


def _feather_bytes(table: Any, **how: Any) -> bytes:
    buffer = io.BytesIO()
    feather.write_feather(table, buffer, **how)
    return buffer.getvalue()


def _feather() -> list[bytes]:
    columns = _columns()
    plain = pa.table({k: columns[k] for k in "ifsdtlrbcv"})
    long = pa.table({"a": list(range(300)), "b": [f"t{i % 5}" for i in range(300)]})
    return [
        _feather_bytes(plain, compression="uncompressed"),
        _feather_bytes(plain, compression="zstd"),
        _feather_bytes(long, compression="lz4", chunksize=50),
    ]


def _odd_feather(draw: Random) -> bytes:
    columns = _columns()
    chosen = draw.choices(list(columns), k=draw.choice((1, 2, 5)))
    table = pa.table([columns[key] for key in chosen], names=[f"c{i}" for i in range(len(chosen))])
    how = draw.choice(("uncompressed", "lz4", "zstd"))
    content = bytearray(_feather_bytes(table, compression=how))
    for _ in range(draw.choice((1, 3, 8))):  # lengths and offsets stand in eights
        at = draw.randrange(1, len(content) // 8) * 8
        value = draw.choice((0, 1, 2**31, 2**40, 2**63 - 1, -1, -(2**63)))
        content[at : at + 8] = struct.pack("<q", value)
    return bytes(content)


# arrays

_SIZES = (0, 1, 2, 3, 60, 255, 2**16, 2**31 - 1, 2**32 - 1)


def _npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def _zip(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, how)
    return buffer.getvalue()


def _npz() -> list[bytes]:
    arrays = {
        "x.npy": _npy(np.arange(60.0).reshape(20, 3)),
        "y.npy": _npy(np.arange(20) % 2 == 0),
        "s.npy": _npy(np.array(["cat", "dog"] * 10)),
        "f.npy": _npy(np.asfortranarray(np.arange(40, dtype=">i4").reshape(20, 2))),
    }
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return [_zip(arrays, how) for how in ways]


def _odd_npz(draw: Random) -> bytes:
    members: dict[str, bytes] = {}
    for name in draw.sample(("x", "y", "z", "a/b", "é", ""), draw.choice((1, 2, 3))):
        descr = draw.choice(
            ("'<f8'", "'>i4'", "'|b1'", "'|u1'", "'<U3'", "'|S0'", "'|O'", "'<c16'", "'<M8[ns]'",
             "[('a', '<f8')]", "'x'", "''", "'<U999999'", "'|S3'", "'<f2'", "'<f16'")
        )  # fmt: skip
        n_axes = draw.choice((0, 1, 1, 2, 2, 3, 4, 65))
        shape = ", ".join(str(draw.choice(_SIZES)) for _ in range(n_axes))
        shape += "," if n_axes == 1 else ""
        order = draw.choice(("True", "False", "None"))
        head = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': ({shape}), }}\n".encode()
        version = draw.choice((1, 1, 2, 3, 9))
        length = draw.choice((len(head),) * 6 + (0, 2**16 - 1))
        size = struct.pack("<H" if version == 1 else "<I", length)
        values = draw.choice((b"", draw.randbytes(draw.randrange(600)), bytes(480)))
        members[f"{name}.npy"] = b"\x93NUMPY" + bytes([version, 0]) + size + head + values
    if draw.random() < 0.1:
        members["read.me"] = b"hello"
    content = _zip(members, draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    if draw.random() < 0.4:  # a central directory that lies: of version, way, size or place
        at = content.rfind(b"PK\x01\x02") + draw.choice((4, 6, 8, 10, 20, 24, 42))
        content = content[:at] + draw.choice((b"\xff\xff", b"\x63\0", b"\0\0")) + content[at + 2 :]
    return content


def _npy_files() -> list[bytes]:
    return [_npy(np.arange(60.0).reshape(20, 3)), _npy(np.arange(20) % 3), _npy(np.ones((4, 2, 2)))]


def _odd_npy(draw: Random) -> bytes:
    content = draw.choice(_npy_files())
    head = draw.choice((b"<f8", b"|O8", b"<U9", b"<c8", b">i2"))
    return content.replace(b"<f8", head).replace(b"(20,", draw.choice((b"(20,", b"(99,", b"(-1,")))


def _gzipped() -> list[bytes]:
    return [gzip.compress(content, mtime=0) for content in _csv()[:3]]


def _odd_gzipped(draw: Random) -> bytes:
    content = gzip.compress(_dirty_csv(draw), mtime=0)
    return content + draw.choice((b"", b"", bytes(9), b"\x1f\x8b\x08", content))


def _idx_bytes(code: int, shape: tuple[int, ...], values: bytes) -> bytes:
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values


def _idx() -> list[bytes]:
    files = [
        _idx_bytes(8, (4, 3, 2), bytes(range(24))),
        _idx_bytes(0x0D, (4, 2), struct.pack(">8f", *range(8))),
        _idx_bytes(0x0C, (5,), struct.pack(">5i", *range(5))),
    ]
    return [*files, *(gzip.compress(file, mtime=0) for file in files)]


def _odd_idx(draw: Random) -> bytes:
    shape = tuple(draw.choice(_SIZES) for _ in range(draw.choice((0, 1, 1, 2, 3, 4, 8, 65, 255))))
    code = draw.choice((8, 9, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0))
    content = _idx_bytes(code, shape, draw.randbytes(draw.randrange(400)))
    if draw.random() < 0.5:
        content = gzip.compress(content, mtime=0)
        content += draw.choice((b"", b"", bytes(9), b"\x1f\x8b\x08", content))
    return content


# archives and pictures


def _tar(entries: dict[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _cifar() -> list[bytes]:
    content = bytes(range(256)) * 13
    entries = {"c/a.bin": content[:3073], "c/readme": b"x", "c/b.bin": content[:3073]}
    forms = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
    return [gzip.compress(_tar(entries, form), mtime=0) for form in forms]


def _odd_cifar(draw: Random) -> bytes:
    n_bytes = draw.choice((0, 3073, 3074, 6146, 100))
    content = _tar({"a.bin": bytes(n_bytes), "x/b.bin": bytes(3073)}, tarfile.GNU_FORMAT)
    field = draw.choice((b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"-0000000012\0"))
    kind = draw.choice(b"0LKxg1257S\0")
    head = bytearray(content[:512])
    if draw.random() < 0.7:
        head[124:136] = field
    if draw.random() < 0.5:
        head[156] = kind
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    return gzip.compress(bytes(head) + content[512:], mtime=0)


_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")


def _picture_bytes(form: str, mode: str, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, form)
    return buffer.getvalue()


def _picture() -> list[bytes]:
    return [_picture_bytes(form, "L" if form == "GIF" else "RGB", (9, 7)) for form in _FORMATS]


def _odd_picture(draw: Random) -> bytes:
    form, mode = draw.choice((("PNG", "RGBA"), ("PNG", "1"), ("PNG", "P"), ("PNG", "I;16"),
                              ("TIFF", "F"), ("TIFF", "CMYK"), ("JPEG", "CMYK")))  # fmt: skip
    size = draw.choice(((1, 1), (1, 300), (9, 7)))
    buffer = io.BytesIO()
    gradient = Image.linear_gradient("L").resize(size)
    (gradient if mode == "I;16" else gradient.convert(mode)).save(buffer, form)
    content = bytearray(buffer.getvalue())
    if form == "PNG" and draw.random() < 0.5:  # sides that are not those of the pixels
        content[16:24] = struct.pack(">2I", draw.choice(_SIZES), draw.choice(_SIZES))
    return bytes(content)


_VALID: dict[str, Callable[[], list[bytes]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "npz": _npz,
    "npy": _npy_files,
    "feather": _feather,
    "workbook": made_workbooks.valid,
    "gzipped": _gzipped,
    "dialect": _csv,
    "idx": _idx,
    "cifar": _cifar,
    "picture": _picture,
    **made_sentences.VALID,
}
_LYING: dict[str, Callable[[Random], bytes]] = {
    "csv": _dirty_csv,
    "parquet": _odd_parquet,
    "npz": _odd_npz,
    "npy": _odd_npy,
    "feather": _odd_feather,
    "workbook": made_workbooks.lying,
    "gzipped": _odd_gzipped,
    "dialect": _dirty_csv,
    "idx": _odd_idx,
    "cifar": _odd_cifar,
    "picture": _odd_picture,
    **made_sentences.LYING,
}
