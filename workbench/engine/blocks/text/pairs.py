"""Pairs: from which languages to which is translated, and with how many sentences each."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from workbench.engine.roles.method import BadSpecError

#: A language to translate from, and one to translate to.
Pair = tuple[str, str]

_Name = Annotated[str, Field(max_length=200)]
#: A plan, or pairs with commas between them; or a list of pairs.
PairsSetting = _Name | Annotated[list[_Name], Field(max_length=2000)]

_Count = Annotated[int, Field(ge=1, le=1_000_000)]
#: One for all; one a language, in their order, or a pair; or by the name of a language or pair.
CountsSetting = _Count | Annotated[list[_Count], Field(max_length=2000)] | dict[_Name, _Count]

PAIRS = (
    "Which pairs are learned: from-en (from it to each other), to-en, star (from the first language"
    " to the others and back), ring (from each to the next), all; or pairs such as en-fr, de-fr."
)
SENTENCES = (
    "Training sentences of each pair: a number; or a list, one a language, a pair having the fewer "
    "of its two; or by the name of a language or pair, such as {es: 200}."
)


def pair_name(pair: Pair) -> str:
    """What the task of a pair is called."""
    return "-".join(pair)


def chosen_pairs(wanted: str | Sequence[str], languages: Sequence[str]) -> list[Pair]:
    """The pairs that a setting means, in order. Raises BadSpecError with `pairs` as the field."""
    if len(languages) < 2:
        raise BadSpecError("languages", "are fewer than two: there is nothing to translate to")
    if isinstance(wanted, str) and (plan := _plan(wanted.strip(), languages)) is not None:
        return plan
    names = wanted.split(",") if isinstance(wanted, str) else wanted
    pairs = [_pair(name.strip(), languages) for name in names]
    if not pairs:
        raise BadSpecError("pairs", "are none: there is nothing to learn")
    for i, pair in enumerate(pairs):
        if pair in pairs[:i]:
            raise BadSpecError("pairs", f"must differ; found {pair_name(pair)} twice")
    return pairs


def _plan(name: str, languages: Sequence[str]) -> list[Pair] | None:
    """The pairs of a plan; None where it is none."""
    first, *others = languages
    every = all_pairs(languages)
    if name == "all":
        return every
    if name == "star":
        return [pair for other in others for pair in ((first, other), (other, first))]
    if name == "ring":
        return list(zip(languages, [*others, first], strict=True))
    way, _, hub = name.partition("-")
    if way not in ("from", "to") or way in languages:
        return None
    if hub not in languages:
        raise BadSpecError("pairs", f"{name}: '{hub}' is not among {', '.join(languages)}")
    return [pair for pair in every if pair[0 if way == "from" else 1] == hub]


def all_pairs(languages: Sequence[str]) -> list[Pair]:
    """Every pair there is."""
    return [(a, b) for a in languages for b in languages if a != b]


def _pair(name: str, languages: Sequence[str]) -> Pair:
    """A pair by its name; the codes of languages may have hyphens too."""
    for pair in all_pairs(languages):
        if pair_name(pair) == name:
            return pair
    a, b = languages[:2]
    plans = f"from-{a}, to-{a}, star, ring, all"
    message = f"'{name}' is no pair of {', '.join(languages)}, such as {a}-{b}, and none of {plans}"
    raise BadSpecError("pairs", message)


def counts_of(
    wanted: int | Sequence[int] | Mapping[str, int],
    languages: Sequence[str],
    pairs: Sequence[Pair],
    otherwise: int,
) -> list[int]:
    """Training sentences of each pair; `otherwise` where nothing is said of it.

    Raises BadSpecError with `sentences` as the field.
    """
    if isinstance(wanted, int):
        return [wanted] * len(pairs)
    if isinstance(wanted, Mapping):
        known = {*languages, *map(pair_name, pairs)}
        strange = [name for name in wanted if name not in known]
        if strange:
            message = f"name '{strange[0]}', which is neither a language nor a pair that is learned"
            raise BadSpecError("sentences", message)
        return [
            wanted.get(pair_name(pair), min(wanted.get(code, otherwise) for code in pair))
            for pair in pairs
        ]
    if len(wanted) == len(languages):
        by_language = dict(zip(languages, wanted, strict=True))
        return [min(by_language[code] for code in pair) for pair in pairs]
    if len(wanted) == len(pairs):
        return list(wanted)
    message = (
        f"are {len(wanted)} numbers for {len(languages)} languages and {len(pairs)} pairs: give one"
        " for all, one for each language, or one for each pair"
    )
    raise BadSpecError("sentences", message)
