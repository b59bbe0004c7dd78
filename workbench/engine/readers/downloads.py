"""Downloads: standard data sets, fetched when the user asks and never otherwise."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch

from workbench.spec.files import home
from workbench.spec.question import Tell

#: Seconds without a byte after which a server is given up.
PATIENCE_SECONDS = 30.0

_CHUNK = 1 << 14

#: Its types know neither progress bars of one's own nor its own downloaders.
_pooch: Any = pooch


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of a data set are, the MD5 of each, as its makers tell, and their size."""

    base: str
    files: Mapping[str, str]
    n_bytes: int


def _idx_source(base: str, n_bytes: int, *sums: str) -> Source:
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    files = {f"{name}-ubyte.gz": md5 for name, md5 in zip(names, sums, strict=True)}
    return Source(base, files, n_bytes)


SOURCES: Mapping[str, Source] = {
    "mnist": _idx_source(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        11_594_722,
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
    ),
    "fashion-mnist": _idx_source(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        30_878_645,
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ),
    "kmnist": _idx_source(
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        21_240_888,
        "bdb82020997e1d708af4cf47b453dcf7",
        "e144d726b3acfaa3e44228e80efcd344",
        "5c965bf0a639b31b8f53240b1b52f4d7",
        "7320c461ea6c1c855c0b718fb2a4b134",
    ),
    # The binary versions: those for Python are pickles, which are never opened here.
    "cifar-10": Source(
        "https://www.cs.toronto.edu/~kriz/",
        {"cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530"},
        170_052_171,
    ),
    "cifar-100": Source(
        "https://www.cs.toronto.edu/~kriz/",
        {"cifar-100-binary.tar.gz": "03b5dce01913d631647c71ecec9e9cb8"},
        168_513_733,
    ),
}


def folder_of(key: str) -> Path:
    """Where the files of a data set are kept."""
    return home() / "data" / key


def download(
    source: Source, folder: Path, tell: Tell, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Fetch the files of a source that are not in `folder`, whole and checked, or not at all.

    `tell` hears how far each is, and may raise to end it. Raises OSError, with what to do.
    """
    _pooch.get_logger().setLevel(logging.ERROR)
    for name, md5 in source.files.items():
        tell(None, name)
        fetch = _pooch.HTTPDownloader(
            progressbar=_Bar(name, tell), timeout=patience_seconds, chunk_size=_CHUNK
        )
        try:
            _pooch.retrieve(source.base + name, f"md5:{md5}", name, folder, downloader=fetch)
        except ValueError:
            message = "is not the file it should be (its MD5 differs): nothing was kept; try again"
            raise OSError(f"{source.base}{name} {message}") from None
        except OSError as error:  # what requests raises is one too
            reason = " ".join(str(error).split())
            raise OSError(f"{source.base}{name} could not be fetched: {reason}") from error


class _Bar:
    """A progress bar as pooch knows them, which tells how far it is."""

    def __init__(self, name: str, tell: Tell) -> None:
        self.name = name
        self.tell = tell
        self.total = 0
        self.done = 0

    def update(self, n_bytes: int) -> None:
        self.done += n_bytes
        share = min(self.done / self.total, 1.0) if self.total else None
        self.tell(share, f"{self.name}, {self.total / 2**20:.1f} MiB")

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        """Nothing is held."""
