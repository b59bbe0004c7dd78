"""Cost: what a model of a setup takes, before it is trained."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.spec.structure import Structure


@dataclass(frozen=True, slots=True)
class Holding:
    """What retention holds of the past beside the model: examples, and bytes of all it keeps.

    The bytes are those of a checkpoint: examples with what is noted of them, copies of parameters,
    importances; not what is made from them to work with.
    """

    examples: int = 0
    bytes: int = 0

    def __add__(self, other: "Holding") -> "Holding":
        return Holding(self.examples + other.examples, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class ModelCost:
    """Size and work of a model when every stage has begun.

    `flops` are those of an answer to one example, by all the tasks that see it: two for each
    multiplication and addition of a matrix product or convolution; others are left out. `memory`
    are the bytes of a training step: parameters, gradients, the optimizer's state, the batch and
    what is kept for the backward pass; not what balancing and retention hold. Where either is not
    known it is None, and `reasons` says why. `target` is what a budget asked for, and `widths` are
    the encoder's then. `retained` is the most that retention will hold. `notices` are what is
    to be known of the data, such as columns that were left out.
    """

    parameters: int
    shared_parameters: int
    flops: float | None
    memory: float | None
    structure: Structure
    target: int | None = None
    widths: tuple[int, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    retained: Holding = Holding()
    notices: tuple[str, ...] = ()


def amount(value: float, unit: str = "") -> str:
    """A number in thousands and millions, with three digits: `25.6 k`, `1.2 M`."""
    for factor, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor * 0.9995:
            return f"{value / factor:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}".rstrip()


def line_of(cost: ModelCost) -> str:
    """A cost in one line of plain English: `25.6 k parameters · 51 kFLOP an example · 0.3 MB`."""
    parts = [f"{amount(cost.parameters)} parameters"]
    if cost.target is not None:
        off = (cost.parameters - cost.target) / cost.target
        widths = ", ".join(map(str, cost.widths))
        parts[0] += f" ({off:+.1%} of {amount(cost.target)}, at widths {widths})"
    for name, text in (
        ("flops", "" if cost.flops is None else f"{amount(cost.flops, 'FLOP')} an example"),
        ("memory", "" if cost.memory is None else f"{amount(cost.memory, 'B')} in training"),
    ):
        parts.append(text or f"{name} not known: {cost.reasons.get(name, 'no reason given')}")
    if cost.retained.bytes:
        parts.append(f"retention keeps {most(cost.retained)}")
    return " · ".join(parts)


def most(holding: Holding) -> str:
    """A holding as a limit: `up to 200 examples, 55.2 kB`; without examples, the bytes alone."""
    size = amount(holding.bytes, "B")
    return f"up to {holding.examples:,} examples, {size}" if holding.examples else f"up to {size}"
