"""Catalogue: the methods, found by a scan of the methods' folders and of entry points."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from workbench.engine.build.retired_hooks import retired_hooks
from workbench.engine.roles.method import BadSpecError, Method, require_rules
from workbench.engine.roles.metric import Metric
from workbench.spec.entry import ROLES, Entry
from workbench.spec.experiment import DEFAULTS, Choice, TaskChoice

#: The entry point group in which other packages name modules with methods.
GROUP = "workbench.methods"

_FOLDERS = {
    "tasks": "tasks",
    "curriculum": "curricula",
    "encoder": "encoders",
    "sharing": "sharing",
    "balancing": "balancing",
    "retention": "retention",
    "learner": "learners",
    "metric": "metrics",
}


class Catalogue:
    """Methods by role and key, with those that could not be loaded as broken entries."""

    def __init__(self, methods: list[tuple[Entry, type[Method]]], broken: list[Entry]) -> None:
        self.methods = {(entry.role, entry.key): method for entry, method in methods}
        self.broken = broken
        self._entries = [entry for entry, _ in methods] + broken

    def entries(self) -> list[Entry]:
        """Every entry, by role in the order of `ROLES`, a role's default first, then by key."""
        return sorted(
            self._entries,
            key=lambda e: (ROLES.index(e.role), e.key != DEFAULTS.get(e.role), e.key),
        )

    def find(self, role: str, key: str, field: str = "") -> type[Any]:
        """The class of a method. Raises BadSpecError, naming `field`, if there is none."""
        method = self.methods.get((role, key))
        if method is None:
            reasons = [e.broken for e in self.broken if (e.role, e.key) == (role, key)]
            why = f"cannot be used: {reasons[0]}" if reasons else f"there is no '{key}'"
            raise BadSpecError(field or role, why)
        return method

    def of_role(self, role: str) -> list[type[Any]]:
        """The classes of all methods of a role, by key."""
        return [
            method for (its_role, _), method in sorted(self.methods.items()) if its_role == role
        ]

    def settings(self, role: str, choice: Choice | TaskChoice, field: str = "") -> Any:
        """The checked settings of a choice. Raises BadSpecError with the field that is wrong."""
        field = field or role
        if isinstance(choice, Choice):
            method = self.find(role, choice.kind, f"{field}.kind")
        else:
            method = self.find(role, choice.family, f"{field}.family")
        try:
            settings = method.Settings.model_validate(choice.settings)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join([field, *(str(part) for part in first["loc"])])
            raise BadSpecError(place, str(first["msg"])) from None
        try:
            require_rules(settings)
        except BadSpecError as error:
            raise BadSpecError(f"{field}.{error.field}", error.message) from None
        return settings


def discover() -> Catalogue:
    """Find every method. A module that cannot be used becomes a broken entry."""
    methods: dict[tuple[str, str], tuple[Entry, type[Method]]] = {}
    broken: list[Entry] = []
    for role, name in _modules():
        try:
            module = importlib.import_module(name)
            entries = [(_entry_of(method), method) for method in _methods_in(module)]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - takes nothing else down
            broken.append(_broken(role, name, error))
            continue
        for entry, method in entries:
            try:
                _require_room(entry, method, [known for _, known in methods.values()])
            except ValueError as error:
                broken.append(_broken(entry.role, name, error))
            else:
                methods[entry.role, entry.key] = entry, method
    return Catalogue(list(methods.values()), broken)


def _entry_of(method: type[Method]) -> Entry:
    return replace(method.entry(), warnings=tuple(retired_hooks(method)))


def _require_room(entry: Entry, method: type[Method], known: list[type[Method]]) -> None:
    """Raise ValueError where a method's key, or what a metric is usual for, is another's."""
    others = [other for other in known if other is not method and other.role == entry.role]
    for other in others:
        if other.key == entry.key:
            raise ValueError(f"the key '{entry.key}' is taken by {other.__module__}")
    if issubclass(method, Metric):
        _require_usual_alone(method, [other for other in others if issubclass(other, Metric)])


def _require_usual_alone(metric: type[Metric], others: list[type[Metric]]) -> None:
    """Raise ValueError where a metric is not the one for tasks that name none, as it says."""
    for kind in metric.usual:
        if not metric.scores(kind):
            raise ValueError(f"it is usual for {kind.__name__}, which is not among its outputs")
        for other in others:
            if kind in other.usual:
                raise ValueError(f"it is usual for {kind.__name__}, as {other.key} is already")


def _modules() -> Iterator[tuple[str, str]]:
    for role, folder in _FOLDERS.items():
        package = importlib.import_module(f"workbench.methods.{folder}")
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            yield role, f"{package.__name__}.{module.name}"
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        # An entry point is named "role.key"; a bare name belongs to no role until it is loaded.
        role = point.name.partition(".")[0]
        yield role if role in ROLES else "tasks", point.value


def _methods_in(module: ModuleType) -> list[type[Method]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Method)
        and value.__module__ == module.__name__
        and value.key
        and value.role in ROLES
    ]


def _broken(role: str, name: str, error: BaseException) -> Entry:
    key = name.rpartition(".")[2].replace("_", "-")
    reason = f"{type(error).__name__}: {error}"
    return Entry(role=role, key=key, title=key, summary="Could not be loaded.", broken=reason)
