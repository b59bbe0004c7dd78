"""Retired hooks: names that nothing calls any more, so that whoever still writes them is told."""

from collections.abc import Iterator, Mapping

from workbench.engine.roles.method import Method

#: By role, the names of hooks and facts as they were, and as they are.
RENAMED: Mapping[str, Mapping[str, str]] = {
    "retention": {
        "begin": "on_stage_start",
        "mix": "augment_batch",
        "settle": "after_step",
        "end": "on_stage_end",
        "kept": "stored_examples",
        "is_told": "knows_boundaries",
        "is_foreseen": "sees_stage_data_first",
    },
    "balancing": {"flow": "weigh_with_lookback"},
    "sharing": {"settle": "after_step"},
    "curriculum": {"is_told": "tells_boundaries"},
}


def retired_hooks(method: type[Method]) -> Iterator[str]:
    """A sentence for each retired name that a method defines.

    A class that defines the old name beside the new one has a helper of that name: it is passed
    over, and so is whatever overrides it.
    """
    for old, new in RENAMED.get(method.role, {}).items():
        defining = [vars(made) for made in method.__mro__ if old in vars(made)]
        if defining and new not in defining[-1]:
            yield f"defines '{old}', which nothing calls: it is '{new}' now"
