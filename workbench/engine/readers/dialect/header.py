"""Header: the names of a text file's columns, and whether its first line is one of names."""

from collections.abc import Sequence

from workbench.engine.readers.dialect.notation import is_number
from workbench.spec.user_files.file_facts import ReadSetting
from workbench.spec.user_files.reading import Reading

#: Whole numbers that are names often enough: years.
_YEARS = range(1500, 2200)


def names_in(line: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """The names in a header, which may be a remark, as numpy writes it.

    An empty one stands for a column that every row has and the header lacks.
    """
    names = [name.strip() for name in rows[0]]
    if line.startswith("#"):
        names[0] = names[0].lstrip("#").strip()
    return _completed(names, rows[1:])


def _completed(names: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows or any(len(row) != len(names) + 1 for row in rows):
        return names
    if not any(row[-1].strip() for row in rows):  # each row ends in a separator
        return [*names, ""]
    firsts = [row[0].strip() for row in rows]
    counts = any(firsts == [str(i + start) for i in range(len(rows))] for start in (0, 1))
    return ["", *names] if counts and len(rows) > 1 else names


def doubt(rows: Sequence[Sequence[str]]) -> tuple[bool, int, str]:
    """What would be better than to take the first row for names.

    Whether there are names, how many more lines to skip, and why; the words are empty where the
    first row is likely to be names.
    """
    first, rest = [cell.strip() for cell in rows[0]], rows[1:]
    numbers = [is_number(cell) for cell in first]
    if not any(numbers) or all(is_number(c) and _is_year(c) for c in first if is_number(c)):
        return True, 0, ""
    if all(numbers):
        return False, 0, "the first line is taken for the names of the columns, but holds numbers"
    if not rest:
        return True, 0, ""
    if len(first) > 2 and _is_count_line(first, rest):
        has_names = not any(is_number(cell.strip()) for cell in rest[0])
        shown = ", ".join(first[:3])
        return has_names, 1, f"the first line looks like counts, not names: '{shown}, …'; skip it?"
    if all(
        is_number(cell.strip()) == is_one for cell, is_one in zip(rest[0], numbers, strict=False)
    ):
        return (
            False,
            0,
            "the first line is taken for the names of the columns, but looks like a row",
        )
    return True, 0, ""


def header_settings(
    rows: Sequence[Sequence[str]], wanted: Reading
) -> tuple[ReadSetting, ReadSetting]:
    """How the settings header and skip were in force, and what would be better."""
    has_names, skip, why = doubt(rows) if wanted.header else (False, 0, "")
    better = None if has_names == wanted.header else has_names
    more = wanted.skip + skip if skip else None
    return (
        ReadSetting("header", wanted.header, True, better, why),
        ReadSetting("skip", wanted.skip, wanted.skip > 0, more, why),
    )


def _is_year(cell: str) -> bool:
    return cell.isdigit() and int(cell) in _YEARS


def _is_count_line(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether it begins with two counts, rows and columns, as scikit-learn's own files do."""
    if not (first[0].isdigit() and first[1].isdigit()):
        return False
    width = len(rest[0])
    return int(first[1]) in (width - 1, width) and int(first[0]) >= len(rest)
