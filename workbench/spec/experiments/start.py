"""Start: where an experiment begins that does not begin from nothing."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from workbench.spec.settings import Frozen

#: What of a network's trunk stays as it is: nothing, all but its last stage, or all of it.
Freeze = Literal["none", "all-but-last", "all"]


class Start(Frozen):
    """A checkpoint of another run: model, optimizer, data order and all that its methods keep.

    The run that begins there keeps the tasks, the network and the seed of the other, and may change
    the rest: how losses are combined, what is retained, weights, rates and how long it learns.
    """

    run: str = Field(
        min_length=1,
        max_length=4096,
        description="The run to go on from: its id, the start of one, or its folder.",
    )
    step: int = Field(ge=0, description="The step at which it was saved.")
    freeze: Freeze = Field(
        default="none",
        description="What of the trunk is frozen in that run, and stays so.",
    )


class TrunkStart(Frozen):
    """The trunk of a model that another run has learned, which turns an input into features.

    Every network of the new run begins with its values, whatever shares them: encoder and inputs
    are those of the other. Heads, optimizer, data order, tasks and methods begin anew.
    """

    trunk_of: str = Field(
        min_length=1,
        max_length=4096,
        description="The run whose trunk it is: its id, the start of one, or its folder.",
    )
    step: int | None = Field(
        default=None, ge=0, description="The step at which it was saved; left out: its last."
    )
    freeze: Freeze = Field(
        default="none",
        description="What of it is never changed, running statistics included: none of it,"
        " all-but-last stage, or all.",
    )


def _form(value: Any) -> str:
    is_trunk = isinstance(value, TrunkStart) or (isinstance(value, dict) and "trunk_of" in value)
    return "form:trunk" if is_trunk else "form:run"


#: Either of the two, told apart by whether it names a trunk.
AnyStart = Annotated[
    Annotated[Start, Tag("form:run")] | Annotated[TrunkStart, Tag("form:trunk")],
    Discriminator(_form),
]
