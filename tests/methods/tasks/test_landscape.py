"""The two-task landscape: its values, its slopes, and where methods end on it."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.toys import Run, training
from workbench.methods.tasks.landscape import first, second
from workbench.spec.event import Reported
from workbench.spec.experiment import Choice, Optimizer, Probes, Spec, TaskChoice


def run(steps: int, lr: float = 0.001, start: list[float] | None = None, **changes: Any) -> Run:
    more = {} if start is None else {"start": start}
    fields: dict[str, Any] = {
        "tasks": (TaskChoice(family="landscape", **more),),
        "encoder": Choice(kind="point"),
        "training": training(epochs=steps, evaluate_every=0),
        "optimizer": Optimizer(lr=lr),
    }
    return Run(Spec(**{**fields, **changes}))


def point_of(made: Run) -> Tensor:
    (point,) = made.model.shared_parameters()
    return point.detach()


def losses(*place: float) -> tuple[float, float]:
    points = torch.tensor([place], dtype=torch.float64)
    return first(points).item(), second(points).item()


def test_losses_at_the_fair_end():
    assert losses(0.0, -8.3551) == pytest.approx((-15.0916, -15.0916), abs=1e-4)


@pytest.mark.parametrize(
    ("x", "y"), [(0.0, -8.3551), (3.5, -8.3760), (-3.5, -8.3760), (7, -8.4345), (-7, -8.4345)]
)
def test_on_the_pareto_set_no_move_helps_both(x: float, y: float):
    place = torch.tensor([[x, y]], dtype=torch.float64, requires_grad=True)
    a, b = (torch.autograd.grad(f(place).sum(), place)[0][0] for f in (first, second))
    lengths = a.norm().item(), b.norm().item()
    if min(lengths) > 1e-3:
        assert (a @ b).item() / (lengths[0] * lengths[1]) == pytest.approx(-1, abs=1e-4)


def test_the_cut_off_wall_still_has_a_slope():
    # Where ½(−x − 7) equals tanh(−y), the first wall's logarithm is cut off.
    y = torch.tensor(4.0, dtype=torch.float64)
    x = -7 - 2 * (-y).tanh()
    place = torch.stack([x, y]).unsqueeze(0)
    assert first(place).isfinite().all()


def test_the_point_is_all_there_is():
    made = run(1)
    assert [p.tolist() for p in made.model.parameters()] == [[-8.5, 7.5]]
    assert made.model.task_parameters("first") == []
    made.to_the_end()
    before = first(torch.tensor([[-8.5, 7.5]])).item()
    assert made.last.baseline[0] == pytest.approx(before, rel=1e-6)


def test_the_start_is_the_setting():
    assert point_of(run(1, start=[9.0, 1.0])).tolist() == [9.0, 1.0]


def test_apart_each_task_finds_its_own_valley():
    made = run(500, lr=0.1, start=[0.0, -6.0], sharing=Choice(kind="separate")).to_the_end()
    ends = [values.tolist() for values in made.model.parameters()]
    assert ends[0] == pytest.approx([7.0, -8.4345], abs=0.1)
    assert ends[1] == pytest.approx([-7.0, -8.4345], abs=0.1)


def test_the_mean_gets_stuck():
    made = run(500, start=[-5.05, 2.15]).to_the_end()
    assert point_of(made).tolist() == pytest.approx([-5.05, 2.15], abs=0.05)


def test_below_the_gorge_the_mean_ends_between_the_valleys():
    made = run(500, lr=0.1, start=[2.0, -6.0]).to_the_end()
    assert point_of(made).tolist() == pytest.approx([0.0, -8.3551], abs=0.01)
    assert made.last.scores["first"]["value"] == pytest.approx(-15.0916, abs=0.01)


@pytest.mark.parametrize(
    ("sharing", "names"), [("hard", ["point"]), ("separate", ["point 1", "point 2"])]
)
def test_where_the_point_is_can_be_followed(sharing: str, names: list[str]):
    made = run(30, 0.1, sharing=Choice(kind=sharing), probes=Probes(every=10)).to_the_end()
    events = [event for event in made.events if isinstance(event, Reported)]
    assert sorted({event.step for event in events}) == [10, 20, 30]
    assert [table.name for table in events[0].tables] == names
    assert events[-1].source == "encoder"
    for table, parameter in zip(events[-1].tables, made.model.parameters(), strict=True):
        assert table.columns == ("x1", "x2")
        assert table.values[0].tolist() == parameter.tolist()
