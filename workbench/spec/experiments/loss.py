"""Loss: what is made small for one task, and what its classes count in it."""

from typing import Annotated, Literal

from pydantic import Field

from workbench.spec.settings import Frozen

#: Weights of classes: each as one likes, or such that all count alike.
ClassWeights = (
    Literal["balanced"]
    | Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)], ...],
        Field(strict=False, min_length=1, max_length=1000),
    ]
)


class Loss(Frozen):
    """What is made small for one task."""

    kind: Literal["usual", "squared", "absolute", "huber", "cross-entropy", "focal"] = Field(
        default="usual",
        description="Of values: squared, absolute or huber; of classes: cross-entropy or focal;"
        " usual: squared or cross-entropy, for pixels that are values absolute.",
    )
    delta: float = Field(
        default=1.0,
        gt=0,
        le=1e6,
        description="Huber: the error from which on it grows as a straight line.",
    )
    smoothing: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Cross-entropy: the share of each target that is spread over all classes.",
    )
    gamma: float = Field(
        default=2.0,
        ge=0,
        le=20,
        description="Focal: how little an answer counts that is nearly right.",
    )
