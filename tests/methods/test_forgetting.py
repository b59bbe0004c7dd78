"""Split digits, class-incremental: what the field knows of who forgets and who does not."""

import pytest

from tests.engine.toys import Run, training
from workbench.spec.experiment import Choice, Spec, TaskChoice


def final_accuracy(curriculum: str, retention: Choice, seed: int) -> float:
    spec = Spec(
        tasks=(TaskChoice(family="digits-split"),),
        curriculum=Choice(kind=curriculum),
        retention=retention,
        training=training(epochs=40, evaluate_every=0),
    )
    return Run(spec, seed=seed).to_the_end().last.summary["acc"]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_order_of_methods(seed: int):
    plain = final_accuracy("sequential", Choice(kind="none"), seed)
    ewc = final_accuracy("sequential", Choice(kind="ewc", examples=64), seed)
    replay = final_accuracy("sequential", Choice(kind="replay", memory=200), seed)
    joint = final_accuracy("joint", Choice(kind="none"), seed)
    assert 0.18 <= plain <= 0.21
    assert ewc <= plain + 0.05
    assert 0.8 < replay < joint
