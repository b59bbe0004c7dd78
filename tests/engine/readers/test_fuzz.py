"""Thousands of damaged files of every kind: each is read, or refused in a sentence of the reader's.

Valid files are mutated by the byte, and others are made whose parts lie about each other. Nothing
but the reader's own error may come of one: no other exception, no warning, no hang, no gigabytes.
"""

import resource
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from types import FrameType

import pytest
import torch

from tests.engine.readers import made_files, mutated
from tests.engine.readers.made_sentences import BETWEEN
from tests.engine.toys import methods
from tests.fuzz import scaled
from workbench.engine.answers.columns import answer
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.tasks import select
from workbench.engine.readers import cifar, npz, pictures, single_array, tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.texts import sentences
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Spec
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.spec.work import finished
from workbench.ui.dialogs.data_choice import DataChoice

#: Damaged files of each kind in the usual tests; the slow test tries ten times as many.
N_FILES = 150

#: No file of some kilobytes takes so long: what does, hangs.
_SECONDS = 120
#: Memory that reading files of some kilobytes may take beyond what there was, in bytes.
_BYTES = 1 << 30


@contextmanager
def bounded() -> Iterator[None]:
    """Fails on a hang, and where memory grew by much."""

    def hang(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("reading hangs")

    before = _peak()
    old = signal.signal(signal.SIGALRM, hang)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
    assert _peak() - before < _BYTES


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def facts(path: Path) -> FileFacts:
    """What the window is told of a file."""
    return answer(Columns(str(path)), Catalogue([], []), lambda _done, _text: None)


def read_table(path: Path) -> None:
    file_facts = facts(path)
    frame = finished(tables.read(path, [column.name for column in file_facts.columns]))
    for name in frame.names:
        use(frame, name)
    learn(file_facts)


def use(frame: Frame, name: str) -> None:
    """What a task does with a column: where that is not refused, it is what was said of it."""
    frame.is_missing(name)
    frame.n_distinct(name)
    with suppress(DataError):
        frame.numbers(name)
    if frame.is_categorical(name):
        frame.categories(name)


def learn(found: FileFacts) -> None:
    """Make tasks of a file, as the window proposes: they are made, or refused by name."""
    choice = DataChoice.of(found)
    if not choice.lacks:
        with suppress(BadSpecError):
            select(Spec(tasks=(choice.task(),)), methods(), torch.device("cpu"))


def read_in_a_dialect(path: Path) -> None:
    """With settings of reading that others have chosen, quickly and whole: both say the same."""
    draw = Random(path.read_bytes())
    reading = Reading.of({name: draw.choice(values) for name, values in _SETTINGS.items()})
    question = Columns(str(path), reading, is_quick=True)
    first = answer(question, Catalogue([], []), lambda _done, _text: None)
    if first.problem:
        raise DataError(path, first.problem.partition(": ")[2])
    names = [column.name for column in first.columns]
    frame = finished(tables.read(path, names, reading))
    assert not first.is_whole or frame.n_rows == first.n_rows
    for name in names:
        use(frame, name)
    choice = DataChoice.of(first)
    choice.settings = {name: getattr(reading, name) for name in _SETTINGS}
    choice.settings |= {"missing_marks": list(reading.missing_marks), "types": dict(reading.types)}
    if not choice.lacks:
        with suppress(BadSpecError):
            select(Spec(tasks=(choice.task(),)), methods(), torch.device("cpu"))


def read_npz(path: Path) -> None:
    file_facts = facts(path)
    finished(npz.read(path, [column.name for column in file_facts.columns if not column.reason]))
    learn(file_facts)


def read_idx(path: Path) -> None:
    file_facts = facts(path)
    finished(single_array.read(path))
    learn(replace(file_facts, labels=str(path)))


def read_cifar(path: Path) -> None:
    finished(cifar.read(path, ["a.bin", "b.bin"], 1))


def read_picture(path: Path) -> None:
    pictures.picture(path, path.parent, 8, is_grey=False)


def read_sentences(path: Path) -> None:
    result = finished(sentences.read(path))
    assert list(result.languages) == sentences.languages_of(path)
    kept = list(zip(*result.texts.values(), strict=True))
    assert len(kept) + sum(reason.n_rows for reason in result.left_out) == result.n_rows
    assert all(side and side == side.strip() for row in kept for side in row)
    assert len(set(kept)) == len(kept)


def read_aligned(path: Path) -> None:
    content, _, other = path.read_bytes().partition(BETWEEN)
    path.with_suffix(".fr").write_bytes(other)
    path.with_suffix(".en").write_bytes(content)
    read_sentences(path.with_suffix(".en"))


def read_memory(path: Path) -> None:
    memory = path.with_suffix(".tmx")
    memory.write_bytes(path.read_bytes())
    read_sentences(memory)


_SETTINGS = {
    "encoding": ("auto", "auto", "utf-8", "cp1252", "gb18030", "utf-16-le"),
    "separator": ("auto", "auto", "comma", "tab"),
    "quote": ("auto", "single", "none"),
    "header": (True, True, False),
    "skip": (0, 0, 1, 3),
    "comment": ("auto", "none", "#", "1"),
    "decimal": ("auto", "comma"),
    "thousands": ("auto", "none", "point", "apostrophe"),
    "missing_marks": ((), ("1", "x0"), ("-", "nan")),
    "date_format": ("auto", "day-first", "month-first", "%d/%m/%Y", "%Q%"),
    "types": (
        {}, {"a": "number"}, {"a": "date", "y": "ordered"}, {"b": "time of day"},
        {"a": "category", "b": "leave out"}, {"x": "text", "c": "ordered", "day": "category"},
    ),
}  # fmt: skip

READERS = {
    "csv": read_table,
    "gzipped": read_table,
    "dialect": read_in_a_dialect,
    "feather": read_table,
    "workbook": read_table,
    "npy": read_idx,
    "parquet": read_table,
    "npz": read_npz,
    "idx": read_idx,
    "cifar": read_cifar,
    "picture": read_picture,
    "sentences": read_sentences,
    "aligned": read_aligned,
    "memory": read_memory,
}
every_kind = pytest.mark.parametrize("kind", READERS)


def tries(kind: str, n: int) -> Iterator[bytes]:
    """Files of a kind: half of them valid ones that were damaged, half made to lie."""
    draw = Random(f"{kind} files")
    valid = made_files.valid(kind)
    for i in range(n):
        if i % 2:
            yield made_files.lying(kind, draw)
        else:
            yield mutated.changed(draw.choice(valid), draw)


def outcome(kind: str, path: Path) -> str:
    """ "read", or the reader's own words."""
    try:
        with bounded():
            READERS[kind](path)
    except (DataError, BadSpecError) as error:
        return str(error)
    return "read"


def fuzz(kind: str, n: int, folder: Path) -> Counter[bool]:
    """How many files were read (true), and how many refused."""
    path, counts = folder / "file", Counter[bool]()
    for i, content in enumerate(tries(kind, n)):
        path.write_bytes(content)
        try:
            words = outcome(kind, path)
        except Exception as error:
            copy = folder / f"{kind}-{i}"
            copy.write_bytes(content)
            raise AssertionError(f"{copy} raises what is not the reader's own") from error
        assert words == "read" or ("file" in words and "\n" not in words)
        counts[words == "read"] += 1
    return counts


@pytest.mark.parametrize("kind", [kind for kind in READERS if kind != "dialect"])
def test_valid_files_are_read(kind: str, tmp_path: Path):
    for content in made_files.valid(kind):
        (tmp_path / "file").write_bytes(content)
        READERS[kind](tmp_path / "file")


@every_kind
def test_damaged_files_are_read_or_refused_in_a_sentence(kind: str, tmp_path: Path):
    counts = fuzz(kind, scaled(N_FILES), tmp_path)
    assert min(counts[True], counts[False]) > 0


@pytest.mark.slow
@every_kind
def test_ten_times_as_many(kind: str, tmp_path: Path):
    counts = fuzz(kind, scaled(10 * N_FILES), tmp_path)
    assert counts.total() == scaled(10 * N_FILES)
