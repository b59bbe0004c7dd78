"""Start: where an experiment begins that does not begin from nothing."""

from pydantic import Field

from workbench.spec.settings import Frozen


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
