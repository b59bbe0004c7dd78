"""Families: from a choice of tasks to the tasks of its family, with those within it made first."""

from typing import Any

import torch

from workbench.engine.build.available_memory import room
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers.errors import DataError, words_for_unread
from workbench.engine.roles.loading import Loading
from workbench.engine.roles.made import Maker
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Point, Task
from workbench.spec.cost import amount
from workbench.spec.experiment import TaskChoice
from workbench.spec.experiments.nested import OF, choice_of, nested
from workbench.spec.user_files.aligned import BESIDE
from workbench.spec.user_files.sources import FILES
from workbench.spec.work import finished


class Families:
    """Makes the tasks of families for a run of `seed`; what two are made of is made once."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue = catalogue
        self.seed = seed
        self._n_bytes = 0
        self._within: dict[str, list[Task]] = {}

    def loading(self, choice: TaskChoice, place: str) -> Loading:
        """Every task of a choice's family, telling how far files are read.

        `place` is that of the choice in the spec. Raises BadSpecError.
        """
        family = self._family(choice, place)
        if not isinstance(family, Maker):
            self._take(family.n_bytes, place)
            return (yield from _read(family, place))
        sources: list[list[Task]] = []
        for where, data in nested(family.settings.model_dump()):
            sources.append((yield from self._source(data, f"{place}.{where}")))
        family.seed = self.seed
        yield None, f"making the tasks of {family.title}"
        try:
            if not family.takes_episodes:
                _require_rows(family, sources)
            self._take(family.n_made(sources), place)
            return family.make(sources)
        except BadSpecError as error:
            raise _placed(error, place) from None

    def _source(self, data: dict[str, Any], place: str) -> Loading:
        """The tasks of a family within another; all of them, or the one that is named."""
        if not data.get("family"):
            raise BadSpecError(place, "names no family: choose one")
        choice = choice_of(data)
        key = f"{choice.family} {sorted(choice.settings.items(), key=repr)!r}"
        if key not in self._within:
            made = yield from self.loading(choice, place)
            self.identify(choice, made)
            self._within[key] = made
        return chosen_of(choice, self._within[key], place)

    def identify(self, choice: TaskChoice, tasks: list[Task]) -> None:
        """Name tasks and sources by what stays the same whichever of them an experiment has.

        Settings are left out: on one seed, two values of a setting start from the same numbers and
        take examples in the same order. What is in a file is not a setting, nor what is made into
        others.
        """
        family = self._origin(choice)
        first: dict[tuple[int, ...], str] = {}
        for task in tasks:
            task.family, task.own_name = choice.family, task.name
            task.identity = f"{family}/{task.name}"
            inputs = tuple(id(values) for values in task.data["train"].inputs.values())
            task.source = first.setdefault(inputs, task.identity)

    def _origin(self, choice: TaskChoice) -> str:
        """A family with the sums of its files and what it is made of, without other settings."""
        settings = choice.settings
        data = [str(settings[name]) for name in (*FILES.values(), BESIDE) if settings.get(name)]
        family = self.catalogue.find("tasks", choice.family)
        whole = family.Settings().model_dump() | settings if issubclass(family, Maker) else {}
        within = [self._origin(choice_of(inner)) for _, inner in nested(whole)]
        made_of = [f"{OF} {' and '.join(within)}"] if within else []
        return "/".join([choice.family, *data, *made_of])

    def _family(self, choice: TaskChoice, place: str) -> Family:
        """The family of a choice, with its settings."""
        settings: Any = self.catalogue.settings("tasks", choice, place)
        family: type[Family] = self.catalogue.find("tasks", choice.family, f"{place}.family")
        try:
            return family(settings)
        except BadSpecError as error:
            raise _placed(error, place) from None

    def _take(self, n_bytes: int, place: str) -> None:
        """Count what data take. Raises BadSpecError where there is no memory for them."""
        self._n_bytes += n_bytes
        there = room(torch.device("cpu"))
        if self._n_bytes > there:
            message = (
                f"the data would be {amount(self._n_bytes, 'B')}, and there are "
                f"{amount(there, 'B')} of memory"
            )
            raise BadSpecError(f"{place}.family", message)


def made_by(choice: TaskChoice, catalogue: Catalogue, seed: int = 0) -> list[Task]:
    """Every task of a choice's family, by itself. Raises BadSpecError."""
    return finished(Families(catalogue, seed).loading(choice, "tasks.0"))


def chosen_of(choice: TaskChoice, tasks: list[Task], place: str) -> list[Task]:
    """All of a family's tasks, or the one that a choice names. Raises BadSpecError."""
    if choice.task is None:
        return tasks
    named = [task for task in tasks if task.own_name == choice.task]
    if not named:
        known = ", ".join(task.own_name for task in tasks)
        message = f"{choice.family} has no task '{choice.task}' (it has: {known})"
        raise BadSpecError(f"{place}.task", message)
    return named


def _read(family: Family, place: str) -> Loading:
    try:
        return (yield from family.loading())
    except BadSpecError as error:
        raise _placed(error, place) from None
    except DataError as error:
        raise BadSpecError(f"{place}.file", str(error)) from None
    except OSError as error:
        file = str(getattr(family.settings, "file", ""))
        field = f"{place}.{'file' if file else 'family'}"
        raise BadSpecError(field, words_for_unread(error, file)) from error


def _placed(error: BadSpecError, place: str) -> BadSpecError:
    return BadSpecError(f"{place}.{error.field}", error.message)


def _require_rows(family: Maker, sources: list[list[Task]]) -> None:
    """Raise BadSpecError where what a family is made of are small tasks, not examples."""
    for tasks in sources:
        for task in tasks:
            if task.episodes is not None:
                message = (
                    f"{task.family} is a distribution of small tasks; {family.key} is made of"
                    " examples"
                )
                raise BadSpecError(OF, message)
            if any(isinstance(kind, Point) for kind in task.inputs.values()):
                raise BadSpecError(OF, f"{task.family} has no examples to make others of")
