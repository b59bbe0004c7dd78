"""Changes to the bytes of a file, as disks, networks and editors make them, and worse."""

from collections.abc import Callable
from random import Random

#: Numbers that programs trip over, by their bytes.
_ODD = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\xff\xff\xff\x7f",
)


def changed(content: bytes, draw: Random) -> bytes:
    """The content with some changes."""
    for _ in range(draw.choice((1, 1, 1, 2, 4, 16))):
        content = draw.choice(_CHANGES)(content, draw)
    return content


def _flip(content: bytes, draw: Random) -> bytes:
    if not content:
        return content
    at = _place(content, draw)
    return content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1 :]


def _overwrite(content: bytes, draw: Random) -> bytes:
    at, odd = draw.randrange(len(content) + 1), draw.choice(_ODD)
    return content[:at] + odd + content[at + len(odd) :]


def _insert(content: bytes, draw: Random) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.randbytes(draw.randrange(1, 9)) + content[at:]


def _leave_out(content: bytes, draw: Random) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + content[at + draw.randrange(1, 64) :]


def _cut(content: bytes, draw: Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def _repeat(content: bytes, draw: Random) -> bytes:
    start = draw.randrange(len(content) + 1)
    piece = content[start : start + draw.randrange(1, 256)]
    at = draw.randrange(len(content) + 1)
    return content[:at] + piece * draw.choice((1, 1, 2, 8)) + content[at:]


def _place(content: bytes, draw: Random) -> int:
    """A place, near an end as often as anywhere: there are the headers."""
    n = len(content)
    near = min(n, 64)
    return draw.choice((draw.randrange(n), draw.randrange(near), n - 1 - draw.randrange(near)))


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _flip,
    _flip,
    _overwrite,
    _overwrite,
    _insert,
    _leave_out,
    _cut,
    _repeat,
)
