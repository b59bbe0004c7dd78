"""Labels: what the user says of a run, in a file of the run's own: star, tags, name, note, pin."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from workbench.spec.files import write_whole
from workbench.store.errors import UnknownRunError
from workbench.store.json_file import JsonError, read_object
from workbench.store.stored_run import LABELS

#: What a label may be; what else a file says is kept, for it may be a later version's.
Label = str | bool

#: More than this is no name, and no note that a line could show.
_LONGEST = 10_000


def label(folder: Path, changes: Mapping[str, Label]) -> None:
    """Change some labels of the run in a folder: `tag`, `starred`, `name`, `note`, `pinned`.

    An empty text or False takes a label away; an empty `name` gives the run its preset's name
    again. Raises OSError, and UnknownRunError where the run is gone.
    """
    if not folder.is_dir():
        raise UnknownRunError(f"there is no run in {folder} any more")
    known: dict[str, object] = {}
    with contextlib.suppress(FileNotFoundError, JsonError):  # damaged: it is written anew
        known = read_object(folder / LABELS)
    texts = {key: value[:_LONGEST] for key, value in changes.items() if isinstance(value, str)}
    labels = {"tag": "", "starred": False, **known, **changes, **texts}
    data = {key: value for key, value in labels.items() if value or key in ("tag", "starred")}
    write_whole(folder / LABELS, json.dumps(data).encode(), makes_folder=False)
