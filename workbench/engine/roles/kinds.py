"""Kinds: what goes into a task and what comes out of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor
from torch.nn import functional

from workbench.engine.numerics.missing import NOT_ASKED as NOT_ASKED

#: The token that fills up the end of a text that is shorter than others.
PADDING = 0


@dataclass(frozen=True, slots=True)
class Vector:
    """An input of `n` numbers, [B, n].

    `categories` are the places [start, stop) of numbers that are 0 and 1 for the categories of one
    column. They are no part of its name, from which networks are begun.
    """

    n: int
    categories: tuple[tuple[int, int], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Image:
    """An input picture, [B, channels, height, width]."""

    channels: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """An input text, [B, up to `length`] of whole numbers below `vocabulary`.

    Texts begin at the left; what is left over at the right is PADDING, which nobody looks at.
    """

    vocabulary: int
    length: int


@dataclass(frozen=True, slots=True)
class Point:
    """No input: the parameters themselves are a point of `n` coordinates, [B] placeholders.

    `start` [n] is where the point is before the first step; the origin where it is left out.
    """

    n: int
    start: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Augmentation:
    """What is done to the pictures that are learned from, anew in each step; nothing else is.

    `flip` mirrors half of them left to right. `crop` moves each by up to so many pixels in both
    directions, with zeros where it was not. `mixup` is the α of mixup: each picture becomes
    λ x + (1 − λ) x′ with another of the batch, and its loss λ L(y) + (1 − λ) L(y′), with λ drawn
    from Beta(α, α) for a batch (Zhang et al., mixup, ICLR 2018); 0: none.
    """

    flip: bool = False
    crop: int = 0
    mixup: float = 0.0


InputKind = Vector | Image | Tokens | Point


@dataclass(frozen=True, slots=True)
class Classes:
    """One of `n` classes: outputs [B, n] logits, targets [B] whole numbers."""

    n: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean cross-entropy."""
        return functional.cross_entropy(output, target)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The cross-entropy of each example, [B]; 0 where it has no class."""
        return functional.cross_entropy(output, target, reduction="none")


@dataclass(frozen=True, slots=True)
class Values:
    """`n` real numbers: outputs and targets [B, n]."""

    n: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean squared error."""
        return functional.mse_loss(output, target)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The squared error of each value, [B, n]."""
        return functional.mse_loss(output, target, reduction="none")


@dataclass(frozen=True, slots=True)
class Labels:
    """Any of `n` labels, each there or not: outputs [B, n] logits, targets [B, n] of 0 and 1."""

    n: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean binary cross-entropy."""
        return functional.binary_cross_entropy_with_logits(output, target)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The binary cross-entropy of each label, [B, n]."""
        return functional.binary_cross_entropy_with_logits(output, target, reduction="none")


@dataclass(frozen=True, slots=True)
class Objective:
    """A number to make small: outputs [B, 1] of `function`, from features [B, n] to [B].

    It has no head and no right answer; targets [B, 1] are not looked at.
    """

    function: Callable[[Tensor], Tensor]
    n: int = 1

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean output."""
        del target
        return output.mean()


@dataclass(frozen=True, slots=True)
class PixelClasses:
    """One of `n` classes at each pixel: outputs [B, n, H, W] logits, targets [B, H, W]."""

    n: int
    height: int
    width: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean cross-entropy."""
        return functional.cross_entropy(output, target)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The cross-entropy of each pixel, [B, H, W]; 0 where it has no class."""
        return functional.cross_entropy(output, target, reduction="none")


@dataclass(frozen=True, slots=True)
class PixelValues:
    """`n` real numbers at each pixel: outputs and targets [B, n, H, W]."""

    n: int
    height: int
    width: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean absolute error: edges between near and far would rule a squared one."""
        return functional.l1_loss(output, target)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The absolute error of each value, [B, n, H, W]."""
        return functional.l1_loss(output, target, reduction="none")


@dataclass(frozen=True, slots=True)
class PixelDirections:
    """A direction in space at each pixel: outputs [B, 3, H, W] of any length, targets of 1."""

    height: int
    width: int
    n: int = 3

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """One minus the mean cosine."""
        return 1 - functional.cosine_similarity(output, target, 1).mean()

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """One minus the cosine at each pixel, [B, 1, H, W]."""
        return 1 - functional.cosine_similarity(output, target, 1).unsqueeze(1)


@dataclass(frozen=True, slots=True)
class TokensOut:
    """One of `n` tokens at some places of a text: outputs [B, L, n] logits, targets [B, L].

    The target of a place is the token that comes next; NOT_ASKED where nobody asks. An answer
    begins at the first place that is asked and goes on, token by token, to the token `end`; where
    there is no such it is one token.
    """

    n: int
    end: int | None = 1

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean cross-entropy of the places that are asked; 0 where none is."""
        losses = functional.cross_entropy(
            output.flatten(0, 1), target.flatten(), ignore_index=NOT_ASKED, reduction="sum"
        )
        return losses / (target != NOT_ASKED).sum().clamp_min(1)

    def row_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The summed cross-entropy of each example's places, [B]."""
        losses = functional.cross_entropy(
            output.transpose(1, 2), target, ignore_index=NOT_ASKED, reduction="none"
        )
        return losses.sum(1)


PixelKind = PixelClasses | PixelValues | PixelDirections
OutputKind = Classes | Values | Labels | Objective | PixelKind | TokensOut


def weight_of(kind: OutputKind, target: Tensor) -> float:
    """How much the mean loss over these examples [B, …] counts beside that over others.

    The number of what it is a mean of: tokens that are asked, or examples.
    """
    if isinstance(kind, TokensOut):
        return float((target != NOT_ASKED).sum())
    return float(len(target))
