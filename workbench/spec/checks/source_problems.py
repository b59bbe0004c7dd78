"""Source problems: what is wrong with the families that another's tasks are made of."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.spec.checks.extent import has_known_tasks
from workbench.spec.checks.settings_problems import settings_problems
from workbench.spec.documents.document import Problem, shown
from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiments.nested import DEEPEST, OF, OWN, is_maker, nested, settings_of
from workbench.spec.user_files.sources import missing


def source_problems(
    entry: Entry, settings: Mapping[str, Any], prefix: str, catalogue: Catalogue, depth: int = 1
) -> list[Problem]:
    """What is wrong with each family within this one at these settings, and within those."""
    if not is_maker(entry):
        return []
    if depth > DEEPEST:
        return [Problem(f"{prefix}.{OF}", f"families are within each other {DEEPEST} deep at most")]
    problems: list[Problem] = []
    for place, data in nested(entry.values(settings)):
        problems += _problems_of(data, f"{prefix}.{place}", catalogue, depth)
    return problems


def _problems_of(
    data: Mapping[str, Any], place: str, catalogue: Catalogue, depth: int
) -> list[Problem]:
    family = data.get("family")
    if family is None:
        return [Problem(place, "names no family: choose one, as {family: mnist}")]
    if not isinstance(family, str):
        return [Problem(f"{place}.family", f"must be text; found {shown(family)}")]
    inner = catalogue.get(("tasks", family))
    if inner is None:
        keys = [known.key for known in by_role(catalogue, "tasks")]
        return [Problem(f"{place}.family", unknown_kind(family, keys))]
    if inner.broken:
        return [Problem(f"{place}.family", f"cannot be used: {inner.broken}")]
    settings = settings_of(data)
    problems = settings_problems(inner, settings, place, OWN)
    problems += missing(settings, inner.settings.get("properties", {}), place)
    if "episodes" in inner.gives:
        message = f"{family} is a distribution of small tasks: others are made of examples"
        problems.append(Problem(f"{place}.family", message))
    task = data.get("task")
    names = inner.tasks if not problems and has_known_tasks(inner, settings) else ()
    if task is not None and not isinstance(task, str):
        problems.append(Problem(f"{place}.task", f"must be text; found {shown(task)}"))
    elif task is not None and names and task not in names:
        problems.append(Problem(f"{place}.task", unknown_kind(task, names)))
    return problems + source_problems(inner, settings, place, catalogue, depth + 1)


def with_sources(
    place: str, family: str, settings: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[tuple[str, Entry, Mapping[str, Any]]]:
    """Place, entry and settings of a family and of all those within it that can be used."""
    entry = catalogue.get(("tasks", family))
    if entry is None or entry.broken:
        return
    yield place, entry, settings
    for where, data in nested(entry.values(settings)) if is_maker(entry) else ():
        inner = str(data.get("family"))
        yield from with_sources(f"{place}.{where}", inner, settings_of(data), catalogue)


def unknown_kind(kind: str, keys: Iterable[str]) -> str:
    """What to say of a key that nothing has, with the nearest one that something has."""
    names = list(keys)
    near = difflib.get_close_matches(kind, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"there is no '{kind}'{hint} (there is: {', '.join(names)})"
