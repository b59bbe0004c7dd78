"""Groups: which groups or classes of a user's data train, validate and test, whole."""

import hashlib
from collections.abc import Sequence

#: Groups that a sentence names; the others are counted.
_NAMED = 3


def split_whole(
    names: Sequence[str], val: float, test: float, seed: int, least: int = 1
) -> dict[str, list[int]]:
    """Positions of the names that train, validate and test, of three times `least` or more.

    Each split has `least` at least. A name's place comes of the name and the seed, so that one more
    moves few others.
    """
    order = sorted(
        range(len(names)),
        key=lambda i: hashlib.sha256(f"{seed}/{names[i]}".encode("utf-8", "replace")).digest(),
    )
    n_test = min(max(least, round(test * len(names))), len(names) - 2 * least)
    n_val = min(max(least, round(val * len(names))), len(names) - n_test - least)
    return {
        "train": order[n_test + n_val :],
        "val": order[n_test : n_test + n_val],
        "test": order[:n_test],
    }


def named(names: Sequence[str], counts: Sequence[int]) -> str:
    """The first of several names, each with a count, and how many more there are."""
    shown = [f"'{name}' ({n:,})" for name, n in zip(names[:_NAMED], counts[:_NAMED], strict=True)]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(shown) + more
