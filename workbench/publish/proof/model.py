"""Model: the parameters of two runs, from the newest checkpoint that both have of one step."""

from pathlib import Path

import numpy as np

from workbench.publish.proof.parts import Part, compared
from workbench.store.stored_run import checkpoint

_MODEL = "model.safetensors"


def compared_models(one: Path, other: Path) -> Part | str:
    """The models of the runs in two folders as a part; why they cannot be compared, in words."""
    first, second = _by_step(one), _by_step(other)
    if not first:
        return "no checkpoint of it is left"
    common = sorted(first.keys() & second.keys())
    if not common:
        return "the two have no checkpoint of one step"
    step = common[-1]
    from safetensors.numpy import load_file

    try:
        a, b = load_file(first[step]), load_file(second[step])
    except Exception as error:  # noqa: BLE001 - a damaged file shows as any error there is
        return f"its checkpoint at step {step:,} cannot be read: {type(error).__name__}"
    parts = [compared(name, a[name], b[name]) for name in a if name in b]
    differing = [part for part in parts if not part.is_equal]
    alone = sorted(a.keys() ^ b.keys())
    gaps = [part.largest for part in differing if part.largest is not None]
    return Part(
        f"model at step {step:,}",
        sum(part.n for part in parts),
        sum(part.n_differ for part in differing),
        float(np.max(gaps)) if gaps else None,
        differing[0].name if differing else "",
        f"only one has {', '.join(alone)}" if alone else "",
    )


def _by_step(folder: Path) -> dict[int, Path]:
    """The newest checkpoint's model at each step. They are named by step and number."""
    by_step: dict[int, Path] = {}
    for path in sorted(checkpoint(folder).glob(f"*-*/{_MODEL}")):
        step, _, number = path.parent.name.partition("-")
        if step.isdecimal() and number.isdecimal():
            by_step[int(step)] = path
    return by_step
