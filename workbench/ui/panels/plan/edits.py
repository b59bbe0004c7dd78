"""PlanEdits: what becomes of a plan when a task is put elsewhere in it (Qt-free).

A plan is the tasks of the stage that is on, then those of each that follows.
"""

from collections.abc import Sequence

Groups = tuple[tuple[str, ...], ...]


def moved(
    groups: Sequence[Sequence[str]],
    task: str,
    source: int | None,
    target: int,
    *,
    is_new: bool = False,
) -> Groups:
    """The plan with `task`, which was in stage `source` (None: in none), in stage `target`.

    With `is_new` it is a stage of its own, put before stage `target`.
    """
    made = [list(group) for group in groups]
    if is_new:
        made.insert(target, [task])
        source = source + 1 if source is not None and target <= source else source
    elif task not in made[target]:
        made[target].append(task)
    if source is not None and (is_new or source != target):
        made[source].remove(task)
    return tuple(tuple(group) for group in made if group)


def taken_out(groups: Sequence[Sequence[str]], task: str, source: int) -> Groups:
    """The plan without `task` in stage `source`; it stays where it is the only one."""
    made = [[t for t in group if t != task or i != source] for i, group in enumerate(groups)]
    remaining = tuple(tuple(group) for group in made if group)
    return remaining or tuple(tuple(group) for group in groups)


def earlier(groups: Sequence[Sequence[str]], task: str, source: int) -> Groups:
    """The plan with `task` one place earlier: out of its stage first, then before others."""
    if len(groups[source]) > 1:
        return moved(groups, task, source, source, is_new=True)
    return moved(groups, task, source, max(source - 1, 0), is_new=True)


def later(groups: Sequence[Sequence[str]], task: str, source: int) -> Groups:
    """The plan with `task` one place later: out of its stage first, then after others."""
    by = 1 if len(groups[source]) > 1 else 2
    return moved(groups, task, source, min(source + by, len(groups)), is_new=True)
