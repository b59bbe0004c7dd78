"""Append: a file that only grows, each piece handed to the kernel in one go.

A killed process loses nothing that was appended; a power cut loses at most what came after the
last `sync`.
"""

import contextlib
import os
from pathlib import Path


class AppendFile:
    """A file to append to. A piece that does not fit on the disk is taken back whole."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises OSError."""
        self.path = path
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags, 0o666)
        self._size = os.lseek(self._handle, 0, os.SEEK_END)
        self._is_synced = True

    def append(self, piece: bytes | memoryview) -> None:
        """Add a piece, whole or not at all. Raises OSError, such as a full disk."""
        rest = memoryview(piece)
        try:
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self.cut(self._size)
            raise OSError(error.errno, error.strerror, str(self.path)) from None
        self._size += len(piece)
        self._is_synced = False

    def cut(self, size: int) -> None:
        """Keep only the first `size` bytes. Raises OSError."""
        os.ftruncate(self._handle, size)
        os.lseek(self._handle, size, os.SEEK_SET)
        self._size = size

    def sync(self) -> None:
        """Have everything on the disk itself. Raises OSError."""
        if not self._is_synced:
            os.fsync(self._handle)
            self._is_synced = True

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
