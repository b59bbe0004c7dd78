"""Loading: work that takes a while before a run begins, and tells how far it is.

It is a generator that yields (share done or None, of what) and returns what it made.
"""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.engine.roles.method import BadSpecError
from workbench.spec.question import Tell
from workbench.spec.user_files.aligned import changing_beside
from workbench.spec.user_files.sources import changing, lacking
from workbench.spec.work import Made

if TYPE_CHECKING:
    from workbench.engine.roles.task import Task

#: How far work has come: the share done, where it is known, and of what.
LoadProgress = tuple[float | None, str]

Loading = Generator[LoadProgress, None, "list[Task]"]


def run_to_end(work: Generator[LoadProgress, None, Made], tell: Tell) -> Made:
    """What work returns, once it is done; `tell` hears how far it is, and may raise to end it."""
    while True:
        try:
            share, text = next(work)
        except StopIteration as end:
            return end.value
        tell(share, text)


def labelled(work: Generator[float, None, Made], text: str) -> Generator[LoadProgress, None, Made]:
    """Work that yields shares, as work that also says of what."""
    while True:
        try:
            share = next(work)
        except StopIteration as end:
            return end.value
        yield share, text


def checked_file(
    file: str, sha256: str, field: str = "file"
) -> Generator[LoadProgress, None, Path]:
    """The path of a user's file that is as it was when it was chosen.

    Raises BadSpecError, with `field`, where none is named, it is not there, or it changed.
    """
    if not file:
        raise BadSpecError(field, "names no file: choose one")
    path = Path(file)
    if reason := lacking(path):
        raise BadSpecError(field, reason)
    if sha256:
        reason = yield from labelled(changing(path, sha256), f"checking {path.name}")
        if reason:
            raise BadSpecError(field, reason)
    return path


def checked_beside(
    path: Path, languages: Sequence[str], sha256: str, field: str = "file"
) -> Generator[LoadProgress, None, None]:
    """Raise BadSpecError, with `field`, where the files that are read beside one have changed.

    Nothing is looked at where their sum, `sha256`, is not known.
    """
    if sha256:
        work = changing_beside(path, languages, sha256)
        reason = yield from labelled(work, f"checking the files beside {path.name}")
        if reason:
            raise BadSpecError(field, reason)
