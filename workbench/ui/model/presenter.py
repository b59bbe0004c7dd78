"""Presenter: the Spec being edited and the state of the run (Qt-free)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbench.spec.check import check, problems, unmet
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.preset import PresetError, Problem, load, read, save
from workbench.ui.model.command_line import command_line
from workbench.ui.model.task_edits import (
    with_family_moved,
    with_family_setting,
    with_own,
    with_setting,
    with_task,
    with_task_moved,
    with_weight,
)

RECENT = 10
HISTORY = 500


class RunState(Enum):
    """Where the run is, as the buttons need to know it."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of Problems: the field it is about, in words why, and how bad it is."""

    field: str
    message: str
    level: str = "error"


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed into a field and is no value of it, and why not."""

    text: str
    message: str


@dataclass(frozen=True, slots=True)
class _Edit:
    before: Spec
    after: Spec
    key: str


def blank_spec() -> Spec:
    """What a new, empty window starts from."""
    task = TaskChoice(family="digits-attributes", task="digit", weight=1.0)
    return Spec(tasks=(task,), name="Untitled")


def written(value: Any) -> str:
    """A value as it may be typed."""
    if isinstance(value, list | tuple):
        return ", ".join(written(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def decisive(spec: Spec) -> Spec:
    """The setup without what does not change its model."""
    return spec.model_copy(update={"name": "", "about": "", "seeds": (0,), "interventions": ()})


class Presenter:
    """Holds the setup, its history and its file; tells its listeners what changed.

    Listeners are called with "spec", "file", "state", "catalogue", "problems" or "recent".
    """

    def __init__(self, catalogue: Catalogue | None = None, recent: Iterable[Path] = ()) -> None:
        self.catalogue: Catalogue = catalogue or {}
        self.recent: list[Path] = list(recent)
        self.path: Path | None = None
        self.state = RunState.IDLE
        self.notices: list[Notice] = []
        self.listeners: list[Callable[[str], None]] = []
        #: What was typed and refused, by field: it stays in its editor, and nothing runs with it.
        self.refused: dict[str, Refused] = {}
        self._spec = blank_spec()
        self._saved = self._spec
        self._file_spec: Spec | None = None
        self._done: list[_Edit] = []
        self._undone: list[_Edit] = []
        self._open_key = ""
        self._remembered: dict[tuple[str, str], Choice] = {}
        self._problems: list[Problem] | None = None
        self._refusal: tuple[Spec, Problem] | None = None

    def _tell(self, topic: str) -> None:
        for listener in list(self.listeners):
            listener(topic)

    # the catalogue and what it says

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Take the catalogue, once it is known."""
        self.catalogue = catalogue
        self._problems = None
        self._tell("catalogue")
        self._tell("problems")

    @property
    def problems(self) -> list[Problem]:
        """What keeps the setup from running; what the catalogue has to say, once it is known."""
        if self._problems is None:
            found = problems(self._spec, self.catalogue) if self.catalogue else []
            typed = [Problem(field, entry.message) for field, entry in self.refused.items()]
            self._problems = [*typed, *found]
            if self._refusal is not None and self._refusal[0] == decisive(self._spec):
                self._problems = [*self._problems, self._refusal[1]]
        return self._problems

    def refuse(self, spec: Spec, problem: Problem | None) -> None:
        """What only the model shows to be wrong with a setup; None where nothing is."""
        refusal = None if problem is None else (decisive(spec), problem)
        if refusal != self._refusal:
            self._refusal = refusal
            self._problems = None
            self._tell("problems")

    def refuse_entry(self, field: str, text: str, message: str) -> None:
        """Something was typed into `field` that is no value of it: nothing runs until it is."""
        self.refused[field] = Refused(text, message)
        self._problems = None
        self._tell("problems")

    def accept_entry(self, field: str) -> None:
        """A value stands in `field` again, or in every field under it."""
        known = [name for name in self.refused if name == field or name.startswith(f"{field}.")]
        for name in known:
            del self.refused[name]
        if known:
            self._problems = None
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
        self.notices = [] if field is None else [n for n in self.notices if n.field != field]
        self._tell("problems")

    # the setup

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
        last = self._done[-1] if self._done else None
        if last is not None and key and key == self._open_key:
            self._done[-1] = _Edit(last.before, spec, key)
        else:
            self._done.append(_Edit(self._spec, spec, key))
            del self._done[:-HISTORY]
        self._open_key = key
        self._undone.clear()
        self._become(spec)

    def end_edit(self) -> None:
        """The gesture is over: the next edit is undone by itself."""
        self._open_key = ""

    def _become(self, spec: Spec) -> None:
        self._spec = spec
        families = {choice.family for choice in spec.tasks}
        for field in list(self.refused):
            part, _, rest = field.partition(".")
            if part in ("tasks", "weight") and rest.partition(".")[0] not in families:
                del self.refused[field]
        self._problems = None
        self._tell("spec")
        self._tell("problems")

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done) and not self.is_live

    @property
    def can_redo(self) -> bool:
        """Whether an edit was taken back."""
        return bool(self._undone) and not self.is_live

    def undo(self) -> None:
        """Take the last edit back."""
        if self.can_undo:
            self.end_edit()
            self.refused.clear()
            step = self._done.pop()
            self._undone.append(step)
            self._become(step.before)

    def redo(self) -> None:
        """Make the edit again that was taken back."""
        if self.can_redo:
            self.end_edit()
            self.refused.clear()
            step = self._undone.pop()
            self._done.append(step)
            self._become(step.after)

    def change(self, values: dict[str, Any], key: str = "", typed: Any = None) -> bool:
        """Change fields of the setup; a value the format refuses becomes a Problems row.

        `typed` is what stands in the editor of the field `key`, where there is one: it stays there.
        """
        data: dict[str, Any] = {name: getattr(self._spec, name) for name in Spec.model_fields}
        try:
            spec = Spec.model_validate({**data, **values})
        except ValidationError as error:
            found = [
                (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
                for one in error.errors()
            ]
            if key and typed is not None:
                message = "; ".join(dict.fromkeys(words for _, words in found))
                self.refuse_entry(key, written(typed), f"{written(typed)}: {message}")
                return False
            for field, words in found:
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
        choice = self._spec.choice(role)
        entry = self.catalogue.get((role, choice.kind))
        settings = with_setting(choice.settings, entry, name, value)
        self.change({role: Choice(kind=choice.kind, **settings)}, f"{role}.{name}", value)

    def set_part(self, part: str, name: str, value: Any) -> None:
        """Change a field of a part, such as `training`; `schedule.kind` goes deeper."""
        model = getattr(self._spec, part)
        data: dict[str, Any] = model.model_dump()
        outer, dot, inner = name.partition(".")
        if dot:
            data[outer] = {**data[outer], inner: value}
        else:
            data[outer] = value
        self.change({part: data}, f"{part}.{name}", value)

    # tasks

    def set_task(self, family: str, task: str | None, is_on: bool) -> None:
        """Learn a task (None: all of its family) or not; the last one stays."""
        tasks = with_task(self._spec.tasks, self.catalogue, family, task, is_on)
        if not tasks:
            self.notice("tasks", "a setup needs a task: choose another before this", "warning")
            self._tell("spec")
            return
        self.clear_notices("tasks")
        self.end_edit()
        self.change({"tasks": tuple(tasks)})

    def set_weight(self, family: str, task: str | None, value: float) -> None:
        """Change the weight of a task, or of a whole family."""
        tasks = with_weight(self._spec.tasks, self.catalogue, family, task, value)
        self.accept_entry(f"weight.{family}.{task or '*'}")
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{task}.weight")

    def set_own(
        self, family: str, task: str | None, field: str, value: Any, typed: Any = None
    ) -> None:
        """Change the `head` or the `loss` of a task, or of a whole family.

        `typed` is what stands in the editor.
        """
        tasks = with_own(self._spec.tasks, self.catalogue, family, task, field, value)
        name = f"own.{family}.{task or '*'}.{field}"
        typed = value if typed is None else typed
        self.accept_entry(name)
        # as plain data, so that the format judges the new value
        self.change({"tasks": [c.model_dump() for c in tasks]}, name, typed)

    def move_task(self, family: str, task: str | None, by: int) -> None:
        """Learn a task later or earlier; moves in a row are undone as one."""
        tasks = with_task_moved(self._spec.tasks, self.catalogue, family, task, by)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{task}.order")

    def move_family(self, family: str, by: int) -> None:
        """Learn a family's tasks later or earlier; moves in a row are undone as one."""
        tasks = with_family_moved(self._spec.tasks, family, by)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.order")

    def set_family_setting(self, family: str, name: str, value: Any) -> None:
        """Change a setting of a task family, for all its tasks."""
        tasks = with_family_setting(self._spec.tasks, self.catalogue, family, name, value)
        self.change({"tasks": tuple(tasks)}, f"tasks.{family}.{name}", value)

    # files

    def new(self) -> None:
        """Start from an empty setup."""
        self._adopt(blank_spec(), None)

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
        self._done.clear()
        self._undone.clear()
        self.end_edit()
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
