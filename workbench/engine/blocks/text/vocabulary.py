"""Vocabulary: texts as ids of tokens, and back, exactly.

The ids, in this order: padding 0, end 1, a tag `<2xx>` each for what may be asked of a text, then
what texts are made of. Text is taken in Unicode's composed form (NFC), and comes back in it.
"""

import json
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from workbench.spec.text import visible

#: Pairs of characters that are often together, joined to tokens; or the characters themselves.
Kind = Literal["bpe", "characters"]
_Form = Literal[Kind, "apart"]

#: What each of the first two ids is called.
_SPECIAL = ("<pad>", "</s>")

N_BYTES = 256


class UnusableTextError(ValueError):
    """A text that has no ids; the message says what is in it."""


def composed(text: str) -> str:
    """A text in its composed form (NFC). Raises UnusableTextError for half a character."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            code, place = ord(text[error.start]), error.start + 1
            message = f"half a character (U+{code:04X}, a lone surrogate) at place {place:,}"
            raise UnusableTextError(f"{message}: it is no text") from None
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


class Vocabulary(ABC):
    """What texts are written with: `size` ids, of which the special ones stand for no text.

    `padding` fills up a row, `end` ends a text, and `tags` are the ids of what may be asked of a
    text, by its name, such as a language's code: `n_special` in all. `contents` are what each id is
    in UTF-8. It can be packed, and written `to_json`.
    """

    kind: _Form

    def __init__(self, tags: Iterable[str], contents: Iterable[bytes]) -> None:
        names = tuple(tags)
        self.tags: Mapping[str, int] = {tag: len(_SPECIAL) + i for i, tag in enumerate(names)}
        if len(self.tags) < len(names):
            raise ValueError(f"a tag stands twice among {', '.join(names)}")
        self.padding, self.end = 0, 1
        self.n_special = len(_SPECIAL) + len(names)
        self.contents = [b""] * self.n_special + list(contents)

    @property
    def size(self) -> int:
        """How many ids there are, the special ones among them."""
        return len(self.contents)

    @abstractmethod
    def ids(self, text: str) -> list[int]:
        """The ids of a text, no special one. Raises UnusableTextError."""

    @abstractmethod
    def to_json(self) -> str:
        """All there is to it, as text; `from_json` reads it."""

    def text(self, ids: Iterable[int]) -> str:
        """The text of ids, without special ones and others'; bytes that are no text are U+FFFD."""
        contents = b"".join(self.contents[i] for i in ids if 0 <= i < self.size)
        return unicodedata.normalize("NFC", contents.decode("utf-8", "replace"))

    def pieces(self, ids: Iterable[int]) -> list[str]:
        """A readable piece for each id, in which nothing acts or hides."""
        return [self._piece(i) for i in ids]

    def _piece(self, i: int) -> str:
        if i < len(_SPECIAL):
            return _SPECIAL[i]
        if i < self.n_special:
            return f"<2{visible(list(self.tags)[i - len(_SPECIAL)])}>"
        if i >= self.size or not self.contents[i]:
            return "<other>"
        try:
            text = self.contents[i].decode()
        except UnicodeDecodeError:
            return f"<0x{self.contents[i].hex().upper()}>"
        middle = text.strip(" ")  # spaces at an end are seen no other way
        before, _, after = text.partition(middle) if middle else (text, "", "")
        return "␣" * len(before) + visible(middle) + "␣" * len(after)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return from_json, (self.to_json(),)


class CharacterVocabulary(Vocabulary):
    """The characters of some texts; a text with another has no ids, and is refused."""

    kind = "characters"

    def __init__(self, tags: Iterable[str], characters: Iterable[str]) -> None:
        self._characters = sorted(set(characters))
        super().__init__(tags, (character.encode() for character in self._characters))
        self._ids = {c: self.n_special + i for i, c in enumerate(self._characters)}

    def ids(self, text: str) -> list[int]:
        text = composed(text)
        try:
            return [self._ids[character] for character in text]
        except KeyError:
            raise UnusableTextError(self._unknown(text)) from None

    def _unknown(self, text: str) -> str:
        unknown = sorted(set(text) - set(self._ids))
        shown = ", ".join(f"'{visible(c)}' (U+{ord(c):04X})" for c in unknown[:5])
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        verb = "is" if len(unknown) == 1 else "are"
        known = f"the {len(self._characters)} characters of this vocabulary"
        return f"{shown}{more} {verb} not among {known}"

    def to_json(self) -> str:
        return json.dumps(
            {"kind": self.kind, "tags": list(self.tags), "characters": self._characters}
        )


class PairVocabulary(Vocabulary):
    """Byte-pair encoding: characters, and joined pairs of tokens, in the order they are joined.

    A token may go over spaces. As they are made here (`tokenizer`), digits are never joined to
    anything. Characters that it does not have are written in the 256 bytes of
    UTF-8, so that every text has ids.

    Source: Sennrich, Haddow, Birch, Neural Machine Translation of Rare Words with Subword Units,
    2016; the fallback to bytes is SentencePiece's.
    """

    kind = "bpe"

    def __init__(
        self, tags: Iterable[str], characters: Iterable[str], merges: Iterable[Sequence[str]]
    ) -> None:
        from tokenizers import Tokenizer, models  # a tenth of a second, which few runs need

        self._characters = sorted(set(characters))
        self._merges = [(first, second) for first, second in merges]
        tokens = dict.fromkeys([*self._characters, *(a + b for a, b in self._merges)])
        strange = [pair for pair in self._merges if not tokens.keys() >= set(pair)]
        if strange:
            raise ValueError(f"{strange[0]} joins what is no token")
        as_bytes = [bytes([i]) for i in range(N_BYTES)]
        super().__init__(tags, [*as_bytes, *(token.encode() for token in tokens)])
        self._first_byte = self.n_special
        self._first_token = self.n_special + N_BYTES
        places = {token: i for i, token in enumerate(tokens)}
        self._tokenizer = Tokenizer(models.BPE(vocab=places, merges=self._merges))
        known = "".join(map(re.escape, self._characters))
        self._runs = re.compile(f"[{known}]+|[^{known}]+" if known else "(?s).+")
        self._known = frozenset(self._characters)

    def ids(self, text: str) -> list[int]:
        ids = list[int]()
        for run in self._runs.findall(composed(text)):
            if run[0] in self._known:
                places = self._tokenizer.encode(run, add_special_tokens=False).ids
                ids += [self._first_token + place for place in places]
            else:
                ids += [self._first_byte + byte for byte in run.encode()]
        return ids

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "tags": list(self.tags),
                "characters": self._characters,
                "merges": self._merges,
            }
        )


class ApartVocabulary(Vocabulary):
    """A vocabulary whose ids but for the special ones begin after `n_others`, which are others'."""

    kind = "apart"

    def __init__(self, vocabulary: Vocabulary, n_others: int) -> None:
        first = vocabulary.n_special
        own = vocabulary.contents[first:]
        super().__init__(vocabulary.tags, [*[b""] * n_others, *own])
        self._vocabulary, self._n_others = vocabulary, n_others

    def ids(self, text: str) -> list[int]:
        return [i + self._n_others for i in self._vocabulary.ids(text)]

    def to_json(self) -> str:
        inner = self._vocabulary.to_json()
        return json.dumps({"kind": self.kind, "of": inner, "n_others": self._n_others})


def apart(vocabularies: Sequence[Vocabulary]) -> list[Vocabulary]:
    """Vocabularies with the same tags, so that no two have an id in common but the special ones."""
    made, n_others = list[Vocabulary](), 0
    for vocabulary in vocabularies:
        made.append(ApartVocabulary(vocabulary, n_others))
        n_others += vocabulary.size - vocabulary.n_special
    return made


def from_json(text: str) -> Vocabulary:
    """The vocabulary that `to_json` wrote. Raises ValueError for anything else."""
    try:
        parts = json.loads(text)
        if parts["kind"] == "characters":
            return CharacterVocabulary(parts["tags"], parts["characters"])
        if parts["kind"] == "bpe":
            return PairVocabulary(parts["tags"], parts["characters"], parts["merges"])
        if parts["kind"] == "apart":
            return ApartVocabulary(from_json(parts["of"]), parts["n_others"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"this is no vocabulary: {error}") from error
    raise ValueError(f"this is no vocabulary: {parts['kind']} is none of {get_args(_Form)}")
