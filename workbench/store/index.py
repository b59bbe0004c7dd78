"""Index: the history as a table. What exists is in the directories, and there alone.

They are looked at each time; SQLite keeps what was read from those that look as they did then.
Every call opens the file anew: it may be used from any thread and by several processes at once.
"""

import difflib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from workbench.spec import preset
from workbench.spec.experiment import Spec
from workbench.spec.experiments.flat_settings import Value
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.store import elsewhere, notes
from workbench.store.claim import is_claimed
from workbench.store.errors import UnknownRunError
from workbench.store.home import home
from workbench.store.index_row import line_at, row_at, settings_text
from workbench.store.labels import label
from workbench.store.notes import Note
from workbench.store.sight import names_in, sight
from workbench.store.stored_run import SPEC


class Index:
    """The history of one home."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the home; nothing is opened yet."""
        self.folder = home() if folder is None else folder
        self._root = str(self.folder)

    @classmethod
    def open(cls, folder: Path | None = None) -> "Index":
        """The history of `folder`. Raises OSError where that can be none."""
        index = cls(folder)
        if index.folder.exists() and not index.folder.is_dir():
            raise NotADirectoryError(f"{index.folder} is not a folder: no runs can be kept there")
        return index

    def rows(self) -> list[RunRow]:
        """Every run whose directory is there, newest first. Raises OSError."""
        known = notes.load(self.folder)
        if not known.is_whole:
            self._take_over()
        rows: list[RunRow] = []
        new: dict[str, Note] = {}
        places: set[str] = set()
        for place in self._places():
            before = known.by_path.get(place)
            note = self._note(place, before)
            if note is None:
                continue
            places.add(place)
            rows.append(note.row)
            if note is not before and note != before:
                new[place] = note
        removed = known.by_path.keys() - places
        if (new or removed) and not known.is_locked:
            earlier = {} if known.is_whole else known.by_path
            to_save = {name: note for name, note in (earlier | new).items() if name in places}
            notes.save(self.folder, to_save, removed, anew=not known.is_whole)
        return _newest_first(rows)

    def known_rows(self) -> list[RunRow]:
        """What `rows` gave last, without a look at the directories: at once, and it may be old."""
        return _newest_first([note.row for note in notes.load(self.folder).by_path.values()])

    def settings(self, rows: Iterable[RunRow]) -> dict[str, Mapping[str, Value]]:
        """The flat settings of these runs by path; those whose preset cannot be read are left out.

        Runs that differ in name and seed alone share one mapping: of thousands few are kept.
        """
        known = notes.load_settings(self.folder)
        by_text: dict[str, Mapping[str, Value]] = {}
        by_path: dict[str, Mapping[str, Value]] = {}
        prefix = f"{self._root}/"
        for row in rows:
            text = known.get(row.path.removeprefix(prefix)) or known.get(row.path)
            text = text or _read_settings(Path(row.path))
            if text:
                if text not in by_text:
                    by_text[text] = json.loads(text)
                by_path[row.path] = by_text[text]
        return by_path

    def register(self, folder: Path) -> None:
        """Have a run in the history that lies outside of the home. Raises OSError."""
        elsewhere.note(self.folder, folder)

    def set_star(self, run_id: str, starred: bool) -> None:
        """Star a run, or not. Raises OSError and UnknownRunError."""
        label(Path(self.find(run_id).path), {"starred": starred})

    def set_tag(self, run_id: str, tag: str) -> None:
        """Tag a run; an empty tag takes it away. Raises OSError and UnknownRunError."""
        label(Path(self.find(run_id).path), {"tag": tag})

    def find(self, text: str) -> RunRow:
        """The run of this id, of an id that begins so, or in this folder.

        Raises OSError, and UnknownRunError if none or several are meant.
        """
        rows = self.rows()
        exact = [row for row in rows if text == row.path]
        exact = exact or [row for row in rows if text == row.run_id]
        begins = exact or [row for row in rows if text and row.run_id.startswith(text)]
        if len(begins) == 1:
            return begins[0]
        if begins:
            raise UnknownRunError(f"'{text}' may mean {len(begins)} runs: {_named(begins)}")
        if text and "\0" not in text and (folder := Path(text).expanduser()).is_dir():
            row = row_at(folder.absolute())
            if row is not None:
                return row
            raise UnknownRunError(f"{folder} is not a run: it has no spec.yaml, nor anything else")
        near = difflib.get_close_matches(text, [row.run_id for row in rows], n=3, cutoff=0.3)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `workbench runs` lists them"
        raise UnknownRunError(f"there is no run '{text}'{hint}")

    def find_done(self, spec: Spec, seed: int) -> RunRow | None:
        """The newest run that is done and was decided by what decides `spec` on `seed`.

        None where it was never made, is damaged, was computed otherwise, or its directory is gone.
        Raises OSError.
        """
        wanted = fingerprint(spec)
        # Where the number of threads is left open, it is at most this machine's.
        most = os.cpu_count() or 1
        for row in self.rows():
            is_same = row.fingerprint == wanted and row.seed == seed
            if is_same and row.status == "done" and (row.threads or 1) <= most:
                return row
        return None

    def rebuild(self) -> None:
        """Read every run directory again. Raises OSError."""
        notes.save(self.folder, {}, (), anew=True)
        self.rows()

    def _places(self) -> Iterator[str]:
        """Every folder that may hold a run: relative to the home, or absolute where outside."""
        with suppress(FileNotFoundError), os.scandir(self.folder / "runs") as entries:
            for entry in entries:
                if not entry.name.startswith(".") and _is_folder(entry):
                    yield notes.INSIDE + entry.name
        for folder in elsewhere.folders(self.folder):
            if folder.is_dir() and not elsewhere.is_inside(self.folder, folder):
                yield str(folder)

    def _take_over(self) -> None:
        """Note the runs outside of the home that an earlier version's index alone knew of."""
        for folder in notes.known_outside(self.folder):
            with suppress(OSError):  # a home that is only read keeps its old index
                elsewhere.note(self.folder, folder)

    def _note(self, place: str, known: Note | None) -> Note | None:
        """The run there: what is known of it, or read anew if it looks otherwise; None: none."""
        path = notes.path_of(self._root, place)
        if known is not None and known.seen and sight(path, known.names) == known.seen:
            # Whoever recorded a running run may have been killed, which leaves no trace.
            is_dead = known.row.status == "running" and not is_claimed(Path(path))
            if not is_dead:
                return known
        names: tuple[str, ...] = ()
        with suppress(OSError):
            names = names_in(path)
        seen = sight(path, names)
        line = line_at(Path(path))
        return None if line is None else Note(seen, names, *line)


def _newest_first(rows: list[RunRow]) -> list[RunRow]:
    return sorted(rows, key=lambda row: (row.started, row.run_id), reverse=True)


def _read_settings(folder: Path) -> str:
    """Of a run that no note has the settings of."""
    try:
        return settings_text(preset.load(folder / SPEC))
    except (preset.PresetError, OSError):
        return ""


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in circles
        return False


def _named(rows: Sequence[RunRow]) -> str:
    """The first of several runs, by their folders where they have one name."""
    is_clear = len({row.run_id for row in rows}) == len(rows)
    return ", ".join(row.run_id if is_clear else row.path for row in rows[:5])
