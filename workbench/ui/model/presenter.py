"""Presenter: the Spec being edited and the state of the run (Qt-free)."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workbench.spec.check import check, unmet
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import Choice, Spec
from workbench.spec.preset import PresetError, Problem, load, read, save
from workbench.ui.model import spec_edits, task_edits
from workbench.ui.model.command_line import command_line
from workbench.ui.model.edit_history import EditHistory
from workbench.ui.model.problem_list import Notice, ProblemList, RefusedEntry
from workbench.ui.model.run_state import RunState

RECENT = 10


class Presenter:
    """Holds the setup, its history and its file; tells its listeners what changed.

    Listeners are called with "spec", "file", "state", "catalogue", "problems" or "recent".
    """

    def __init__(self, catalogue: Catalogue | None = None, recent: Iterable[Path] = ()) -> None:
        self.catalogue = self.written = catalogue or {}
        self.recent: list[Path] = list(recent)
        self.path: Path | None = None
        self.state = RunState.IDLE
        self.listeners: list[Callable[[str], None]] = []
        self._spec = spec_edits.blank_spec()
        self._saved = self._spec
        self._file_spec: Spec | None = None
        self._history = EditHistory()
        self._problem_list = ProblemList()
        self._remembered: dict[tuple[str, str], Choice] = {}

    def _tell(self, topic: str) -> None:
        for listener in list(self.listeners):
            listener(topic)

    def set_catalogue(self, written: Catalogue, catalogue: Catalogue | None = None) -> None:
        """Take the catalogue, once it is known: as it is `written`, and in another language."""
        self.written, self.catalogue = written, written if catalogue is None else catalogue
        self._problem_list.forget()
        self._tell("catalogue")
        self._tell("problems")

    @property
    def problems(self) -> list[Problem]:
        """What keeps the setup from running; what the catalogue has to say, once it is known."""
        return self._problem_list.of(self._spec, self.catalogue)

    @property
    def notices(self) -> list[Notice]:
        """What else went wrong, for the user to read."""
        return self._problem_list.notices

    @property
    def refused(self) -> dict[str, RefusedEntry]:
        """What was typed and is no value, by field; nothing runs with it."""
        return self._problem_list.refused

    def refuse(self, spec: Spec, problem: Problem | None) -> None:
        """What only the model shows to be wrong with a setup; None where nothing is."""
        if self._problem_list.refuse(spec, problem):
            self._tell("problems")

    def refuse_entry(self, field: str, text: str, message: str) -> None:
        """Something was typed into `field` that is no value of it: nothing runs until it is."""
        self._problem_list.refuse_entry(field, text, message)
        self._tell("problems")

    def accept_entry(self, field: str) -> None:
        """A value stands in `field` again, or in every field under it."""
        if self._problem_list.accept_entry(field):
            self._tell("spec")
            self._tell("problems")

    def reason_against(self, entry: Entry) -> str:
        """Why `entry` cannot be chosen now; empty where it can."""
        return entry.broken or unmet(entry, self._spec, self.catalogue)

    def notice(self, field: str, message: str, level: str = "error") -> None:
        """Add a row to Problems."""
        self.notices.append(Notice(field, message, level))
        self._tell("problems")

    def clear_notices(self, field: str | None = None) -> None:
        """Remove the rows about `field`, or all of them."""
        remaining = [n for n in self.notices if field is not None and n.field != field]
        self._problem_list.notices = remaining
        self._tell("problems")

    @property
    def spec(self) -> Spec:
        """The setup."""
        return self._spec

    @property
    def is_dirty(self) -> bool:
        """Whether the setup differs from its file."""
        return self._spec != self._saved

    @property
    def is_live(self) -> bool:
        """Whether a run goes on, so that only weights and the rate may change."""
        return self.state is not RunState.IDLE

    def edit(self, spec: Spec, key: str = "") -> None:
        """Make `spec` the setup. Edits in a row with the same `key` are undone as one."""
        if spec == self._spec:
            return
        self._history.add(self._spec, spec, key)
        self._become(spec)

    def end_edit(self) -> None:
        """The gesture is over: the next edit is undone by itself."""
        self._history.end_edit()

    def _become(self, spec: Spec) -> None:
        self._spec = spec
        self._problem_list.keep_families({choice.family for choice in spec.tasks})
        self._problem_list.forget()
        self._tell("spec")
        self._tell("problems")

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return self._history.can_undo and not self.is_live

    @property
    def can_redo(self) -> bool:
        """Whether an edit was taken back."""
        return self._history.can_redo and not self.is_live

    def undo(self) -> None:
        """Take the last edit back."""
        if self.can_undo:
            self.refused.clear()
            self._become(self._history.undo())

    def redo(self) -> None:
        """Make the edit again that was taken back."""
        if self.can_redo:
            self.refused.clear()
            self._become(self._history.redo())

    def change(self, values: dict[str, Any], key: str = "", typed: Any = None) -> bool:
        """Change fields of the setup; a value the format refuses becomes a Problems row.

        `typed` is what stands in the editor of the field `key`, where there is one: it stays there.
        """
        try:
            spec = spec_edits.with_fields(self._spec, values)
        except spec_edits.NotChangedError as error:
            if key and typed is not None:
                self.refuse_entry(key, *error.about(typed))
                return False
            for field, words in error.reasons:
                self.notice(field, f"not changed: {words}")
            self._tell("spec")
            return False
        if key:
            self.accept_entry(key)
        self.edit(spec, key)
        return True

    def choose(self, role: str, kind: str) -> None:
        """Choose a method; settings it had earlier come back."""
        old = self._spec.choice(role)
        if old.kind == kind:
            return
        self._remembered[(role, old.kind)] = old
        self.end_edit()
        self.accept_entry(role)
        self.change({role: self._remembered.get((role, kind), Choice(kind=kind))})

    def set_setting(self, role: str, name: str, value: Any) -> None:
        """Change one setting of the method chosen for `role`."""
        choice = spec_edits.choice_with(self._spec, self.catalogue, role, name, value)
        self.change({role: choice}, f"{role}.{name}", value)

    def set_part(self, part: str, name: str, value: Any) -> None:
        """Change a field of a part, such as `training`; `schedule.kind` goes deeper."""
        data = spec_edits.part_with(self._spec, part, name, value)
        self.change({part: data}, f"{part}.{name}", value)

    def set_task(self, family: str, task: str | None, is_on: bool) -> None:
        """Learn a task (None: all of its family) or not; the last one stays."""
        tasks = task_edits.with_task(self._spec.tasks, self.catalogue, family, task, is_on)
        if not tasks:
            self.notice("tasks", "a setup needs a task: choose another before this", "warning")
            self._tell("spec")
            return
        self.clear_notices("tasks")
        self.end_edit()
        self.change({"tasks": tuple(tasks)})

    def set_weight(self, family: str, task: str | None, value: float) -> None:
        """Change the weight of a task, or of a whole family."""
        tasks = task_edits.with_weight(self._spec.tasks, self.catalogue, family, task, value)
        self.accept_entry(f"weight.{family}.{task or '*'}")
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{task}.weight")

    def set_own(
        self, family: str, task: str | None, field: str, value: Any, typed: Any = None
    ) -> None:
        """Change the `head` or `loss` of a task, or of a family; `typed` stands in its editor."""
        tasks = task_edits.with_own(self._spec.tasks, self.catalogue, family, task, field, value)
        name = f"own.{family}.{task or '*'}.{field}"
        self.accept_entry(name)
        # as plain data, so that the format judges the new value
        self.change(
            {"tasks": [c.model_dump() for c in tasks]}, name, value if typed is None else typed
        )

    def move_task(self, family: str, task: str | None, by: int) -> None:
        """Learn a task later or earlier; moves in a row are undone as one."""
        tasks = task_edits.with_task_moved(self._spec.tasks, self.catalogue, family, task, by)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{task}.order")

    def move_family(self, family: str, by: int) -> None:
        """Learn a family's tasks later or earlier; moves in a row are undone as one."""
        tasks = task_edits.with_family_moved(self._spec.tasks, family, by)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.order")

    def set_family_setting(self, family: str, name: str, value: Any) -> None:
        """Change a setting of a task family, for all its tasks."""
        tasks, catalogue = self._spec.tasks, self.catalogue
        tasks = task_edits.with_family_setting(tasks, catalogue, family, name, value)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{name}", value)

    def new(self) -> None:
        """Start from an empty setup."""
        self._adopt(spec_edits.blank_spec(), None)

    def open(self, path: Path | str) -> bool:
        """Load a preset; False where it cannot be read, which becomes Problems rows."""
        self.clear_notices("file")
        try:
            document = read(path)
            spec = check(document, self.catalogue) if self.catalogue else load(path)
        except PresetError as error:
            for problem in error.problems:
                self.notice("file", problem.text(error.source))
            return False
        self._adopt(spec, Path(document.source))
        self._remember_file(Path(document.source))
        return True

    def adopt(self, spec: Spec) -> None:
        """Make another run's setup this one, as an edit that can be undone."""
        self.end_edit()
        self.refused.clear()
        self.edit(spec)
        self._tell("spec")

    def save(self, path: Path) -> bool:
        """Write the setup to `path`; False where the disk refused, with a Problems row."""
        self.clear_notices("file")
        try:
            save(self._spec, path)
        except OSError as error:
            self.notice("file", f"{path} was not saved: {error.strerror or error}")
            return False
        self.path = path
        self._saved = self._file_spec = self._spec
        self.end_edit()
        self._remember_file(path)
        self._tell("file")
        return True

    def _adopt(self, spec: Spec, path: Path | None) -> None:
        self.path = path
        self._saved = spec
        self._file_spec = spec if path else None
        self._history.clear()
        self.refused.clear()
        self._become(spec)
        self._tell("file")

    def _remember_file(self, path: Path) -> None:
        self.recent = [path, *(known for known in self.recent if known != path)][:RECENT]
        self._tell("recent")

    @property
    def command(self) -> str:
        """The command line of the setup; empty until it is in a file."""
        return command_line(self._spec, self.path, self._file_spec)

    def set_state(self, state: RunState) -> None:
        """The run moved on."""
        if state is not self.state:
            self.state = state
            self._tell("state")
