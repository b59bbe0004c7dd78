"""Names: what the columns of a table are called, each once."""

from collections.abc import Sequence


def unique(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names, each once, and a sentence on each that was changed for that.

    A column without a name is called by its place; of several with one name, the later ones are
    numbered.
    """
    taken = {name for name in names if name}
    distinct: list[str] = []
    notes: list[str] = []
    numbers: dict[str, int] = {}  # that names were told apart by so far: many may have one name
    seen: set[str] = set()
    for i, name in enumerate(names):
        made = name or f"column {i + 1}"
        if made in seen or (not name and made in taken):
            base = made
            while made in seen or made in taken:
                numbers[base] = numbers.get(base, 1) + 1
                made = f"{base} ({numbers[base]})"
            if name:
                notes.append(f"column {i + 1} is called '{made}', for '{name}' is there before it")
        seen.add(made)
        distinct.append(made)
    return distinct, tuple(notes)
