"""Online EWC: one fading importance, one anchor."""

import pytest
import torch

from tests.engine.toys import Run, Scalar, constant, given, sgd, teaching, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice, TaskChoice


@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_two_quadratics_meet_where_they_should(decay: float):
    # As EWC's worked figure, with λ times the γ of the penalty.
    run = Run(
        given(
            tasks=(TaskChoice(family="given", weight=0.5),),
            curriculum=Choice(kind="sequential"),
            sharing=Choice(kind="scalar"),
            retention=Choice(kind="ewc-online", strength=2.0, decay=decay),
            optimizer=sgd(0.2),
            training=training(epochs=120),
        ),
        teaching(lambda: [constant("first", 2.0), constant("second", 0.0)], sharing=Scalar),
    ).to_the_end()
    held = 2.0 * decay
    assert run.parameters["value"].item() == pytest.approx(2 * held / (1 + held), abs=1e-4)


def test_old_importance_fades_and_the_anchor_is_the_last():
    run = Run(
        given(sharing=Choice(kind="scalar"), retention=Choice(kind="ewc-online", decay=0.5)),
        teaching(lambda: [constant("a", 1.0)], sharing=Scalar),
    )
    update, retention = run.trainer.update, run.trainer.update.retention
    for value, expected in ((0.0, 1.0), (5.0, 1.5), (7.0, 1.75)):
        run.model.value.data = torch.tensor([value])
        retention.on_stage_end(StageData(0, ("a",), update.tasks, run.model))
        assert retention.anchor.importance["value"].item() == pytest.approx(expected)
        assert retention.anchor.values["value"].item() == value
