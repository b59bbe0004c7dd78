"""Column words: what types and uses of columns are called."""

from collections.abc import Mapping
from functools import cache

from workbench.spec.user_files.file_facts import ColumnFacts
from workbench.ui.dialogs.data_choice import Use
from workbench.ui.words.language import language_in_use, translator

tr = translator("BringData")


@cache
def _types(language: str) -> Mapping[str, str]:
    """Types of columns in a language: a table of thousands of columns asks for them often."""
    del language
    return {
        "number": tr("number"),
        "whole number": tr("whole number"),
        "truth": tr("true or false"),
        "category": tr("category"),
        "ordered": tr("ordered"),
        "date": tr("date"),
        "time": tr("date"),
        "time of day": tr("time of day"),
        "text": tr("text"),
        "list": tr("list"),
        "record": tr("record"),
        "duration": tr("duration"),
        "bytes": tr("bytes"),
        "nothing": tr("nothing"),
        "array": tr("array"),
        "class": tr("class"),
        "leave out": tr("leave out"),
    }


def type_words(type_: str) -> str:
    """What a type of columns is called."""
    return _types(language_in_use()).get(type_, type_)


@cache
def _uses(language: str) -> Mapping[Use, str]:
    del language
    return {
        "input": tr("input"),
        "classes": tr("predict: classes"),
        "values": tr("predict: values"),
        "group": tr("group"),
        "weight": tr("weight"),
        "split": tr("split"),
        "leave out": tr("leave out"),
    }


def use_words(use: Use) -> str:
    """What a use of a column is called."""
    return _uses(language_in_use())[use]


def holds(column: ColumnFacts) -> str:
    """What a column is taken for, with the shape of an array and the pictures of a class."""
    shape = " × ".join(f"{n:,}" for n in column.shape)
    return f"{type_words(column.type or column.kind)} {shape}".strip()


def remark_of(column: ColumnFacts) -> str:
    """What is to be said of a column: why it is left out, or what looks odd."""
    if column.reason:
        return tr("left out: it {}").format(column.reason)
    return column.remark[:1].upper() + column.remark[1:]


def proposal_of(column: ColumnFacts, proposed: Use) -> str:
    """What a column is proposed for, and why."""
    if not column.role_reason:
        return tr("Proposed: {}").format(use_words(proposed))
    return tr("Proposed: {}, because it {}").format(use_words(proposed), column.role_reason)


def share_of(n: int | None, n_rows: int) -> str:
    """A share of the rows in per cent; that of few rows is never 0."""
    if n is None:
        return "?"
    if not n:
        return "0 %"
    share = 100 * n / max(n_rows, 1)
    return "< 0.1 %" if share < 0.1 else f"{share:.1f} %" if n < n_rows else "100 %"


def spread_words(column: ColumnFacts) -> str:
    """How the values of a column are spread, for those who hear it or want the numbers."""
    bars = column.histogram
    lines = [f"{label}: {count:,}" for label, count in zip(bars.labels, bars.counts, strict=False)]
    if bars.n_others:
        lines.append(tr("others: {}").format(f"{bars.n_others:,}"))
    return "\n".join(lines)
