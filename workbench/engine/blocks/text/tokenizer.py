"""Tokenizer: vocabularies made on the spot from the texts that they are for, and cached.

The same texts, tags and settings give the same vocabulary, on any machine.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from workbench.engine.blocks.text.vocabulary import (
    N_BYTES,
    CharacterVocabulary,
    Kind,
    PairVocabulary,
    UnusableTextError,
    Vocabulary,
    composed,
    from_json,
)
from workbench.engine.roles.loading import LoadProgress
from workbench.spec.files import home, write_whole

#: Characters of text that each token is learned from, and the least in all: more change no token
#: of importance, and take longer.
_CHARACTERS_A_TOKEN, _LEAST_CHARACTERS = 500, 200_000

#: A longer text is learned from in pieces.
_LONGEST = 1_000

_POLL_SECONDS = 0.02


def least_size(n_tags: int) -> int:
    """The fewest tokens that byte-pair encoding takes: the special ones, the bytes, and a pair."""
    return 2 + n_tags + N_BYTES + 2


def making(
    texts: Sequence[str], tags: Sequence[str], kind: Kind = "bpe", size: int = 600
) -> Generator[LoadProgress, None, Vocabulary]:
    """The vocabulary of texts, with a tag each for what may be asked; yields how far it is.

    Of byte-pair encoding `size` is the number of tokens in all, the special ones and the 256 bytes
    among them; it is less where the texts have no more pairs. Characters are all that there are.
    Raises UnusableTextError with the text's place, and ValueError for a `size` below `least_size`.
    """
    if kind == "bpe" and size < least_size(len(tags)):
        least = least_size(len(tags))
        raise ValueError(f"a vocabulary of {size} tokens is too small: {least} at least")
    plain, digest = yield from _read(texts, json.dumps([list(tags), kind, size]))
    path = cache_folder() / f"{digest}.json"
    cached = _cached(path)
    if cached is not None:
        return cached
    characters = Counter[str]()
    for i, text in enumerate(plain):
        characters.update(text)
        if i % 4096 == 0:
            yield i / len(plain), "counting characters"
    if kind == "characters":
        vocabulary: Vocabulary = CharacterVocabulary(tags, characters)
    else:
        n_tokens = size - least_size(len(tags)) + 2
        chosen = _alphabet(characters, n_tokens)
        merges = yield from _merges(_sample(plain, size), chosen, n_tokens)
        vocabulary = PairVocabulary(tags, chosen, merges)
    with suppress(OSError):  # a full disk takes time from the next run, and nothing from this one
        _keep(path, vocabulary)
    return vocabulary


def _read(
    texts: Sequence[str], settings: str
) -> Generator[LoadProgress, None, tuple[list[str], str]]:
    """The texts in their composed form, and what tells these texts and settings from others."""
    made_by = (
        f"digits apart {metadata.version('tokenizers')} {_CHARACTERS_A_TOKEN} {_LEAST_CHARACTERS}"
    )
    digest = hashlib.sha256(f"{made_by} {settings}".encode())
    plain = list[str]()
    for i, text in enumerate(texts):
        if i % 4096 == 0:
            yield i / len(texts), "reading texts"
        try:
            plain.append(composed(text))
        except UnusableTextError as error:
            raise UnusableTextError(f"text {i + 1:,} has {error}") from None
        content = plain[-1].encode()
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return plain, digest.hexdigest()


def _alphabet(counts: Counter[str], n_tokens: int) -> list[str]:
    """The characters that are tokens: the most frequent, so that half the tokens may be pairs."""
    ranked = sorted(counts, key=lambda character: (-counts[character], character))
    return ranked[: max(n_tokens // 2, 1)]


def _sample(texts: Sequence[str], size: int) -> list[str]:
    """Texts, evenly spaced, with about as many characters as tokens are learned from."""
    n_characters = sum(map(len, texts))
    most = max(_CHARACTERS_A_TOKEN * size, _LEAST_CHARACTERS)
    stride = max(1, round(n_characters / most))
    chosen = texts[::stride] if stride < len(texts) else texts
    pieces = (text[i : i + _LONGEST] for text in chosen for i in range(0, len(text), _LONGEST))
    return list(pieces)


def _merges(
    texts: Sequence[str], alphabet: Sequence[str], n_tokens: int
) -> Generator[LoadProgress, None, list[Sequence[str]]]:
    """The pairs to join, in their order, that byte-pair encoding learns from texts."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    trainer = trainers.BpeTrainer(
        vocab_size=n_tokens,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=list(alphabet),
        limit_alphabet=len(alphabet),
    )
    tokenizer = Tokenizer(models.BPE())
    # A number that was never seen is copied digit by digit, or not at all.
    tokenizer.pre_tokenizer = pre_tokenizers.Digits(individual_digits=True)
    feed = _Feed(texts)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(tokenizer.train_from_iterator, feed, trainer)
        try:
            while not future.done():
                share = feed.n_taken / len(texts) if feed.n_taken < len(texts) else None
                yield share, "making tokens"
                wait([future], timeout=_POLL_SECONDS)
        finally:
            feed.is_given_up = not future.done()  # nobody waits for the rest
        future.result()
    return json.loads(tokenizer.to_str())["model"]["merges"]


class _Feed:
    """Texts that know how many of them were taken, and that end early where nobody wants them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = texts
        self.n_taken = 0
        self.is_given_up = False

    def __iter__(self) -> Iterator[str]:
        for text in self.texts:
            if self.is_given_up:
                return
            self.n_taken += 1
            yield text


# The cache: a file a vocabulary, named after what it was made from; its first line is its sum.


def cache_folder() -> Path:
    """Where vocabularies are kept that were made once."""
    return home() / "cache" / "vocabularies"


def _keep(path: Path, vocabulary: Vocabulary) -> None:
    content = vocabulary.to_json().encode()
    write_whole(path, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def _cached(path: Path) -> Vocabulary | None:
    """A vocabulary that was kept whole; None where it is not there, or damaged."""
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
        if checksum.decode() != hashlib.sha256(content).hexdigest():
            return None
        return from_json(content.decode())
    except (OSError, ValueError):
        return None
