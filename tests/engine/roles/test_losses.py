"""The losses that a task can be given, against their definitions."""

import pytest
import torch
from torch.nn import functional

from workbench.engine.roles.losses import loss_of
from workbench.engine.roles.task import (
    Classes,
    Objective,
    OutputKind,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Values,
)
from workbench.spec.experiment import Loss

VALUES: list[OutputKind] = [Values(3), PixelValues(3, 4, 4)]
CLASSES: list[OutputKind] = [Classes(3), PixelClasses(3, 4, 4)]


def drawn(kind: OutputKind) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs and targets of eight examples."""
    torch.manual_seed(0)
    shape = (8, 3) if isinstance(kind, Classes | Values) else (8, 3, 4, 4)
    output = torch.randn(shape, dtype=torch.float64) * 2
    if isinstance(kind, Classes | PixelClasses):
        return output, torch.randint(3, (8, *shape[2:]))
    return output, torch.randn(shape, dtype=torch.float64)


@pytest.mark.parametrize("kind", VALUES, ids=repr)
def test_of_values(kind: OutputKind) -> None:
    output, target = drawn(kind)
    error = (output - target).abs()
    assert loss_of(Loss(kind="squared"), kind)(output, target) == pytest.approx((error**2).mean())
    assert loss_of(Loss(kind="absolute"), kind)(output, target) == pytest.approx(error.mean())
    huber = torch.where(error <= 0.7, error**2 / 2, 0.7 * (error - 0.35)).mean()
    assert loss_of(Loss(kind="huber", delta=0.7), kind)(output, target) == pytest.approx(huber)


@pytest.mark.parametrize("kind", CLASSES, ids=repr)
def test_of_classes(kind: OutputKind) -> None:
    output, target = drawn(kind)
    plain = loss_of(Loss(kind="cross-entropy"), kind)(output, target)
    assert plain == pytest.approx(functional.cross_entropy(output, target))
    smooth = loss_of(Loss(kind="cross-entropy", smoothing=0.2), kind)(output, target)
    expected = functional.cross_entropy(output, target, label_smoothing=0.2)
    assert smooth == pytest.approx(expected)
    right = output.softmax(1).gather(1, target.unsqueeze(1))
    focal = (-((1 - right) ** 1.5) * right.log()).mean()
    assert loss_of(Loss(kind="focal", gamma=1.5), kind)(output, target) == pytest.approx(focal)
    assert loss_of(Loss(kind="focal", gamma=0), kind)(output, target) == pytest.approx(plain)


def test_classes_that_are_not_to_be_chosen_get_no_share_of_the_target() -> None:
    output, target = drawn(Classes(3))
    target = target.clamp(max=1)
    masked = output.masked_fill(torch.tensor([False, False, True]), -torch.inf)
    loss = loss_of(Loss(kind="cross-entropy", smoothing=0.2), Classes(3))
    assert loss(masked, target) == pytest.approx(loss(output[:, :2], target))
    masked.requires_grad_(True)
    loss(masked, target).backward()
    assert masked.grad is not None
    assert masked.grad.isfinite().all()


@pytest.mark.parametrize("gamma", [0.0, 0.3, 2.0])
def test_a_certain_answer_has_a_slope(gamma: float) -> None:
    output = torch.tensor([[100.0, 0.0, 0.0]], requires_grad=True)
    loss_of(Loss(kind="focal", gamma=gamma), Classes(3))(output, torch.tensor([0])).backward()
    assert output.grad is not None
    assert output.grad.isfinite().all()


@pytest.mark.parametrize(
    ("kind", "output"),
    [
        ("focal", Values(1)),
        ("huber", Classes(2)),
        ("cross-entropy", PixelValues(1, 2, 2)),
        ("squared", PixelDirections(2, 2)),
        ("squared", Objective(torch.sum)),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, output: OutputKind) -> None:
    with pytest.raises(ValueError, match=f"found {kind}"):
        loss_of(Loss.model_validate({"kind": kind}), output)


def test_the_usual_one_is_the_kinds_own() -> None:
    for kind in (*VALUES, *CLASSES, PixelDirections(2, 2), Objective(torch.sum)):
        assert loss_of(Loss(), kind).mean == kind.loss
