"""Steps taken by the fused kernels: to the bit those of torch's optimizers."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

from workbench.engine.update.fused_optimizer import Fused, can_be_fused

Make = Callable[[list[nn.Parameter]], torch.optim.Optimizer]

OPTIMIZERS: dict[str, Make] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01, fused=True),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, fused=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1, fused=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1, fused=True),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True, fused=True),
    "not fused": lambda p: torch.optim.Adam(p, lr=0.01),
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def parameters() -> list[nn.Parameter]:
    generator = torch.Generator().manual_seed(0)
    return [nn.Parameter(torch.randn(n, 3, generator=generator)) for n in (1, 4, 2)]


def gradients(n_steps: int) -> Iterator[list[torch.Tensor | None]]:
    """Of each parameter; at odd steps the last has none."""
    generator = torch.Generator().manual_seed(1)
    for i in range(n_steps):
        result = [torch.randn(n, 3, generator=generator) for n in (1, 4, 2)]
        yield [*result[:2], None if i % 2 else result[2]]


def values_of(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    saved: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    states = [x for state in saved.values() for x in state.values() if isinstance(x, torch.Tensor)]
    return [p.detach() for group in optimizer.param_groups for p in group["params"]] + states


def take(
    step: Callable[[], object], moved: list[nn.Parameter], found: list[torch.Tensor | None]
) -> None:
    for parameter, gradient in zip(moved, found, strict=True):
        parameter.grad = gradient
    step()


@every_optimizer
def test_parameters_and_state_are_the_optimizers_own(make: Make):
    ours, theirs = parameters(), parameters()
    optimizer, other = make(ours), make(theirs)
    fused = Fused(optimizer)
    for i, item in enumerate(gradients(6)):
        for group in (*optimizer.param_groups, *other.param_groups):
            group["lr"] = 0.1 / (i + 1)
        take(fused.step, ours, item)
        take(other.step, theirs, item)
        pairs = list(zip(values_of(optimizer), values_of(other), strict=True))
        assert len(pairs) >= 3
        assert all(torch.equal(a, b) for a, b in pairs)


@every_optimizer
def test_a_group_added_and_a_state_loaded_are_taken_up(make: Make):
    (*ours, late), (*theirs, late_too) = parameters(), parameters()
    optimizer, other = make(ours), make(theirs)
    fused = Fused(optimizer)
    first, *rest = gradients(5)
    take(fused.step, ours, first[:2])
    take(other.step, theirs, first[:2])
    optimizer.load_state_dict(copy.deepcopy(other.state_dict()))
    optimizer.add_param_group({"params": [late]})
    other.add_param_group({"params": [late_too]})
    fused.refresh()
    for item in rest:
        take(fused.step, [*ours, late], item)
        take(other.step, [*theirs, late_too], item)
    pairs = list(zip(values_of(optimizer), values_of(other), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)


def test_the_optimizers_own_step_is_taken_once(monkeypatch: pytest.MonkeyPatch):
    moved = parameters()
    optimizer = torch.optim.Adam(moved, fused=True)
    fused = Fused(optimizer)
    calls: list[int] = []
    plain = optimizer.step
    monkeypatch.setattr(optimizer, "step", lambda: (calls.append(1), plain()))
    for _ in range(3):
        take(fused.step, moved, [torch.ones_like(p) for p in moved])
    assert calls == [1]


def test_nothing_to_move_is_no_error():
    moved = parameters()
    before = [p.detach().clone() for p in moved]
    Fused(torch.optim.Adam(moved, fused=True)).step()
    assert all(torch.equal(a, b) for a, b in zip(moved, before, strict=True))


def turned(x: torch.Tensor) -> torch.Tensor:
    """The same numbers, in memory by columns."""
    return x.t().contiguous().t()


#: Ways in which a gradient [4, 3], or its parameter, may lie in memory.
LAYOUTS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "as it comes": lambda x: x,
    "turned": turned,
    "a part of more": lambda x: torch.cat([x, x + 1], 1)[:, :3],
    "every other": lambda x: torch.stack([x, x + 1], 2)[..., 0],
    "stretched": lambda x: x[:1].expand(4, 3),
}


@every_optimizer
@pytest.mark.parametrize("lies", LAYOUTS)
@pytest.mark.parametrize("is_turned", [False, True])
def test_numbers_go_where_they_belong_whatever_their_strides(
    make: Make, lies: str, *, is_turned: bool
):
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(4, 3, generator=generator)
    ours = nn.Parameter(turned(start) if is_turned else start.clone())
    theirs = nn.Parameter(start.clone())
    fused, other = Fused(make([ours])), make([theirs])
    for _ in range(4):  # the first step is torch's own
        ours.grad = LAYOUTS[lies](torch.randn(4, 3, generator=generator))
        theirs.grad = ours.grad.clone(memory_format=torch.contiguous_format)
        fused.step()
        other.step()
        assert ours.grad.stride() == ours.stride()
        # Two loops over memory may round apart.
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-6)


def test_a_parameter_with_gaps_is_not_for_the_fused_kernels():
    assert can_be_fused(nn.Parameter(torch.zeros(4, 3)))
    assert can_be_fused(nn.Parameter(turned(torch.zeros(4, 3))))
    assert can_be_fused(nn.Parameter(torch.zeros(2, 3, 4, 4).to(memory_format=torch.channels_last)))
    assert not can_be_fused(nn.Parameter(torch.zeros(4, 6)[:, ::2]))
    assert not can_be_fused(nn.Parameter(torch.zeros(4, 3).long(), requires_grad=False))
