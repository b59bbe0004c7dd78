"""The cost of a setup that is changed bit by bit."""

import pytest

from tests.engine.toys import methods, spec
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import Heads, TaskChoice
from workbench.spec.question import Cost


@pytest.mark.parametrize(
    "changed",
    [
        {"heads": Heads(hidden=(8,))},
        {"tasks": (TaskChoice(family="digits-attributes", task="digit", head=(8,)),)},
    ],
    ids=["all heads", "one head"],
)
def test_other_layers_of_heads_are_counted_and_drawn(changed: dict[str, object]) -> None:
    catalogue = methods()
    given = spec(tasks=(TaskChoice(family="digits-attributes", task="digit"),))

    def cost(setup: object) -> tuple[int, int]:
        model = answer(Cost(setup), catalogue, lambda done, text: None)  # pyright: ignore[reportArgumentType]
        return model.parameters, len(model.structure.nodes)

    plain = cost(given)
    deep = cost(given.model_copy(update=changed))
    assert deep[0] != plain[0]
    assert deep[1] == plain[1] + 1
    assert cost(given) == plain
