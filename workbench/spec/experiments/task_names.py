"""Task names: what a run calls its tasks, where two entries of a setup would share a name."""

from collections.abc import Container, Sequence


def free_name(family: str, own_name: str, taken: Container[str]) -> str:
    """The name in a run of a task that its family calls `own_name`; none of those `taken`.

    A name that is taken gets its family's in front, and then a number behind.
    """
    name = base = own_name if own_name not in taken else f"{family}/{own_name}"
    number = 2
    while name in taken:
        name, number = f"{base} ({number})", number + 1
    return name


def run_names(tasks: Sequence[tuple[str, str]]) -> list[str]:
    """The names in a run of tasks given as family and own name, in their order."""
    names: list[str] = []
    for family, own_name in tasks:
        names.append(free_name(family, own_name, names))
    return names
