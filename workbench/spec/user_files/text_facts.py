"""Text facts: what is in a file of sentences in several languages, before anything is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: Sentences with more characters are left out, where nothing else is asked for.
MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class TextReading:
    """How sentences are asked to be read: settings of the family that takes them, called alike.

    `languages` are those whose texts a row is to have, or none for all that are known.
    """

    languages: tuple[str, ...] = ()
    most_characters: int = MOST_CHARACTERS
    encoding: str = "utf-8"

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "TextReading":
        """What the settings of a family say of it; the others are passed over."""
        known = {one.name: settings[one.name] for one in fields(cls) if one.name in settings}
        if "languages" in known:
            known["languages"] = tuple(known["languages"])
        return cls(**known)


#: As files are that nothing is said about.
PLAIN_TEXTS = TextReading()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that were left out for one reason: how many, and the lines of the first few."""

    reason: str
    n_rows: int
    lines: tuple[int, ...]

    def __str__(self) -> str:
        lines = ", ".join(f"{line:,}" for line in self.lines)
        more = ", …" if self.n_rows > len(self.lines) else ""
        rows = "1 row" if self.n_rows == 1 else f"{self.n_rows:,} rows"
        return f"{rows} left out: {self.reason} (line {lines}{more})"


@dataclass(frozen=True, slots=True)
class LanguageFacts:
    """A language of a file by its code: how many texts it has, and whether it is one that is known.

    `n_texts` is None where finding out would mean reading a file that is not wanted.
    """

    code: str
    n_texts: int | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class TextFacts:
    """The languages of a file, and what is left of its rows for those that are `chosen`.

    `n_kept` rows of `n_read` have a text in each of them that may be learned from; the others were
    `left_out`.
    """

    languages: tuple[LanguageFacts, ...] = ()
    chosen: tuple[str, ...] = ()
    n_read: int = 0
    n_kept: int = 0
    left_out: tuple[LeftOut, ...] = ()
