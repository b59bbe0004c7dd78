"""Likeness: which experiments ask the same of their models, and in what settings they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import CHOICES, Spec
from workbench.spec.experiments.nested import with_nested
from workbench.spec.user_files.aligned import BESIDE, is_known
from workbench.spec.user_files.sources import FILES

#: What is said of an experiment and decides nothing that it reaches.
_ASIDE = ("version", "name", "about", "seeds", "probes")
_ASIDE_IN_TRAINING = ("evaluate_every",)
#: Of a task, how it is learned; all else is what it is.
_LEARNED = ("weight", "head", "loss")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that not all experiments have alike: its key as `--set` takes it, and its values.

    A value is None for an experiment whose methods have no such setting, or that cannot be read.
    """

    key: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SetupFacts:
    """The settings of an experiment by key, defaults written out, without names and seeds.

    `data` is what is learned and scored: experiments with other data cannot be compared by their
    scores, whatever their tasks are called. `method` is how it is learned: all other settings.
    `titles` are the methods of the choices, by role.
    """

    data: Mapping[str, Any]
    method: Mapping[str, Any]
    titles: Mapping[str, str]


def facts_of(spec: Spec, catalogue: Catalogue) -> SetupFacts:
    """The settings of an experiment; what the catalogue does not know has no defaults."""
    titles: dict[str, str] = {}
    for role in CHOICES:
        kind = spec.choice(role).kind
        entry = catalogue.get((role, kind))
        titles[role] = entry.title if entry is not None else kind
    return SetupFacts(_data_of(spec, catalogue), _method_of(spec, catalogue), titles)


def _data_of(spec: Spec, catalogue: Catalogue) -> Mapping[str, Any]:
    # A family named once for all of its tasks, or once for each of them, is one source of data;
    # which tasks are scored the runs say themselves.
    sources: list[dict[str, Any]] = []
    for choice in spec.tasks:
        values = choice.model_dump(mode="json", exclude={*_LEARNED, "task"})
        source = _flat(_with_defaults(values, ("tasks", choice.family), catalogue), "")
        if source not in sources:
            sources.append(source)
    flat = {
        f"tasks.{i}.{key}": value for i, each in enumerate(sources) for key, value in each.items()
    }
    return {key: value for key, value in flat.items() if not _is_place(key, flat)}


def _method_of(spec: Spec, catalogue: Catalogue) -> Mapping[str, Any]:
    data = spec.model_dump(mode="json", exclude={*_ASIDE, "tasks"})
    for name in _ASIDE_IN_TRAINING:
        data["training"].pop(name, None)
    for role in CHOICES:
        data[role] = _with_defaults(data[role], (role, data[role]["kind"]), catalogue)
    flat = _flat(data, "")
    for i, choice in enumerate(spec.tasks):
        values = choice.model_dump(mode="json", include=set(_LEARNED))
        flat |= _flat(values, f"tasks.{i}")
    return flat


def settings_that_differ(setups: Sequence[SetupFacts | None]) -> tuple[Setting, ...]:
    """What sets experiments apart, choices before their settings."""
    known = [{} if facts is None else {**facts.data, **facts.method} for facts in setups]
    readable = [values for values in known if values]
    keys = dict.fromkeys(key for values in readable for key in values)
    return tuple(
        Setting(key, tuple(values.get(key) for values in known))
        for key in sorted(keys, key=_place)
        if any(values.get(key) != readable[0].get(key) for values in readable)
    )


def _with_defaults(
    values: Mapping[str, Any], kind: tuple[str, str], catalogue: Catalogue
) -> dict[str, Any]:
    """A choice with the defaults that it leaves out: written out or not, they are the same."""
    entry = catalogue.get(kind)
    fields: Mapping[str, Any] = entry.settings.get("properties", {}) if entry is not None else {}
    defaults = {name: field["default"] for name, field in fields.items() if "default" in field}
    whole = {**defaults, **values}

    def inner(data: dict[str, Any]) -> dict[str, Any]:
        return _with_defaults(data, ("tasks", str(data.get("family"))), catalogue)

    return with_nested(whole, inner)


def _flat(value: Any, path: str) -> dict[str, Any]:
    """Each setting by its whole key; a list is one value, 1 and 1.0 are the same."""
    if isinstance(value, Mapping):
        flat: dict[str, Any] = {}
        for key, inner in value.items():
            flat |= _flat(inner, f"{path}.{key}" if path else str(key))
        return flat
    if isinstance(value, float) and value.is_integer():
        return {path: int(value)}
    return {path: list(value) if isinstance(value, tuple) else value}


def _is_place(key: str, values: Mapping[str, Any]) -> bool:
    """Whether a setting names a file whose contents are known: those decide, not where it lies."""
    head, _, name = key.rpartition(".")
    sums = (*FILES, *FILES.values(), BESIDE)
    return name in FILES and is_known({one: values.get(f"{head}.{one}") for one in sums}, name)


def _place(key: str) -> tuple[int, str, bool, str]:
    """Choices in the order of the window, each kind before its settings; then all else."""
    first, _, rest = key.partition(".")
    order = ("tasks", *CHOICES)
    place = order.index(first) if first in order else len(order)
    return place, first, rest != "kind", rest
