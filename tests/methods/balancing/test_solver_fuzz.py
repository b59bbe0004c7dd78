"""Random, nearly parallel, opposed, grouped and scaled gradients: every solver answers, and right.

Right is what the problem's own conditions of optimality say of the answer, each divided by the
sizes of what it compares. The usual set tries 24 Jacobians a solver, the slow one 1,000, and with
WORKBENCH_FUZZ=10 it is 10,000.
"""

from collections.abc import Callable, Iterator

import pytest
import torch
from scipy.optimize import nnls
from torch import Tensor

from tests.fuzz import scaled
from tests.methods.balancing.cases import make
from workbench.engine.numerics.solvers import onto_simplex
from workbench.methods.retention.gem import nearest_harmless

N_USUAL, N_SLOW = 24, 1000
#: How far the conditions may be missed.
SLACK = 1e-4
#: Families of gradients, by name.
FAMILIES = ("random", "parallel", "opposed", "grouped", "crowded", "repeated")


def gradients(family: str, draw: torch.Generator) -> Tensor:
    """Gradients [T, P] of 2 to 20 tasks in double precision."""

    def between(low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=draw))

    n = int(torch.randint(2, 21, (), generator=draw))
    m = n + int(torch.randint(0, 40, (), generator=draw))
    noise = torch.randn(n, m, generator=draw, dtype=torch.float64)
    near = 10 ** between(-4, -0.5) * noise
    line = torch.randn(m, generator=draw, dtype=torch.float64)
    signs = torch.where(torch.arange(n) % 2 == 0, 1.0, -1.0).double()
    match family:
        case "parallel":
            return line + near
        case "opposed":
            return signs[:, None] * line + near
        case "grouped":
            n_groups = int(torch.randint(2, 6, (), generator=draw))
            centres = torch.randn(n_groups, m, generator=draw, dtype=torch.float64)
            return centres[torch.randint(0, n_groups, (n,), generator=draw)] + near
        case "repeated":  # the same again, or the same against it
            copies = torch.randint(0, max(n // 2, 1), (n,), generator=draw)
            return signs[:, None] * noise[copies]
        case "crowded":  # more tasks than parameters to move
            return noise[:, : max(n // 2, 1)].contiguous()
        case _:
            return noise


def cases(n_cases: int, seed: int = 0) -> Iterator[Tensor]:
    """So many Jacobians of all families in turn, every second one with sizes 1e-6 to 1e6 apart."""
    draw = torch.Generator().manual_seed(seed)
    for i in range(n_cases):
        jacobian = gradients(FAMILIES[i % len(FAMILIES)], draw)
        if i // len(FAMILIES) % 2:
            powers = 12 * torch.rand(len(jacobian), 1, generator=draw, dtype=torch.float64) - 6
            jacobian = jacobian * 10**powers
        yield jacobian


def directions(jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Lengths [T] and unit vectors [T, P] of gradients."""
    norms = jacobian.norm(dim=1)
    return norms, jacobian / norms[:, None]


def is_independent(jacobian: Tensor) -> bool:
    """Whether equations in all gradients have an answer that rounding leaves four digits of."""
    _, unit = directions(jacobian)
    return bool(torch.linalg.eigvalsh(unit @ unit.T)[0] > 1e-6)


def missed_by_shortest(jacobian: Tensor, weights: Tensor) -> float:
    """d·gᵢ ≥ ‖d‖² for all i, of weights that are at least 0 and sum to 1."""
    norms = jacobian.norm(dim=1)
    d = weights @ jacobian
    # Where the hull reaches 0, d is as short as rounding and the solver's ridge leave it.
    length = d.norm().clamp(min=1e-4 * norms.min())
    gap = (d @ d - jacobian @ d) / (norms * length)
    return max(float(gap.max()), float(-weights.min()), abs(float(weights.sum()) - 1))


def missed_by_ball(jacobian: Tensor, weights: Tensor, c: float) -> float:
    """‖d − g₀‖ ≤ c‖g₀‖, and every task gains what the smallest gain cannot exceed.

    That bound is g_w·g₀ + c‖g₀‖‖g_w‖ for any shares w of the tasks.
    """
    norms, mean, d = jacobian.norm(dim=1), jacobian.mean(0), weights @ jacobian
    length = mean.norm()
    if length < 1e-9 * norms.mean():  # all cancels, and what is left is rounding
        return float(d.norm() / norms.mean())
    extra = (weights - 1 / len(weights)).clamp(min=0)
    shares = extra / extra.sum()
    pull = shares @ jacobian
    bound = pull @ mean + c * length * pull.norm()
    gap = (bound - jacobian @ d) / (norms * length)
    return max(float((d - mean).norm() / length) - c, float(gap.max()))


def missed_by_cone(start: Tensor, found: Tensor, unit: Tensor) -> float:
    """d·uᵢ ≥ 0, v ≥ 0 and v·(d·u) = 0 for d = start + v, all weights on unit vectors."""
    v, d = found - start, found @ unit
    gains, size = unit @ d, (start @ unit).norm().clamp(min=1e-9 * start.abs().sum())
    most = v.abs().max().clamp(min=1e-9 * start.abs().sum())
    both = (v * gains).sum().abs() / (size * most)
    return max(float(-v.min() / most), float(-gains.min() / size), float(both))


def missed_by_equation(unit: Tensor, found: Tensor, wanted: Tensor) -> float:
    """Each inner product of the direction with a unit vector, against what is wanted of it.

    Where that is less than 1e-8 of the terms that cancel in it, rounding leaves no more.
    """
    gap = (unit @ (found @ unit) - wanted).abs()
    return float((gap / torch.maximum(wanted, 1e-8 * found.abs().sum())).max())


def mgda(jacobian: Tensor, weights: Tensor) -> float:
    return missed_by_shortest(jacobian, weights)


def cagrad(jacobian: Tensor, weights: Tensor) -> float:
    return missed_by_ball(jacobian, weights, 0.5)


def cagrad_wide(jacobian: Tensor, weights: Tensor) -> float:
    return missed_by_ball(jacobian, weights, 0.9)


def dualproj(jacobian: Tensor, weights: Tensor) -> float:
    norms, unit = directions(jacobian)
    return missed_by_cone(norms / len(norms), weights * norms, unit)


def upgrad(jacobian: Tensor, weights: Tensor) -> float:
    # Of the sum of projections only that it hurts none; each alone is dualproj's problem.
    norms, unit = directions(jacobian)
    return float(-(unit @ (weights @ jacobian)).min() / norms.mean())


def nash(jacobian: Tensor, weights: Tensor) -> float:
    norms, unit = directions(jacobian)
    if not is_independent(jacobian):
        return float(-weights.min())
    return missed_by_equation(unit, weights * norms, 1 / (weights * norms))


def fairgrad(alpha: float) -> Callable[[Tensor, Tensor], float]:
    def missed(jacobian: Tensor, weights: Tensor) -> float:
        if not is_independent(jacobian):
            return float(-weights.min())
        norms, unit = directions(jacobian)
        return missed_by_equation(unit, weights * norms, weights ** (-1 / alpha) / norms)

    return missed


def impartial(jacobian: Tensor, weights: Tensor) -> float:
    if not is_independent(jacobian):
        return 0.0
    gains = directions(jacobian)[1] @ (weights @ jacobian)
    return float(((gains - gains.mean()) / gains.mean()).abs().max())


def aligned(jacobian: Tensor, weights: Tensor) -> float:
    """d is the mean of rows that are orthogonal and as long as the smallest singular value."""
    left, sizes, right = torch.linalg.svd(jacobian, full_matrices=False)
    if sizes[-1] < 1e-7 * sizes[0]:  # rounding leaves the small ones unknown
        return 0.0
    wanted = sizes[-1] * (left @ right).mean(0)
    return float((weights @ jacobian - wanted).norm() / wanted.norm())


RULES: dict[str, tuple[str, dict[str, float], Callable[[Tensor, Tensor], float]]] = {
    "mgda": ("mgda", {}, mgda),
    "cagrad": ("cagrad", {}, cagrad),
    "cagrad .9": ("cagrad", {"c": 0.9}, cagrad_wide),
    "dualproj": ("dualproj", {}, dualproj),
    "upgrad": ("upgrad", {}, upgrad),
    "nash-mtl": ("nash-mtl", {}, nash),
    "fairgrad .1": ("fairgrad", {"alpha": 0.1}, fairgrad(0.1)),
    "fairgrad 1": ("fairgrad", {}, fairgrad(1.0)),
    "fairgrad 10": ("fairgrad", {"alpha": 10.0}, fairgrad(10.0)),
    "imtl-g": ("imtl-g", {}, impartial),
    "config": ("config", {}, impartial),
    "aligned-mtl": ("aligned-mtl", {}, aligned),
}


def try_all(rule: str, n_cases: int) -> None:
    """Each Jacobian as it is, with the user's weights, and with products in single precision."""
    key, settings, missed = RULES[rule]
    method = make(key, **settings)
    draw = torch.Generator().manual_seed(1)
    for i, jacobian in enumerate(cases(n_cases)):
        gramian = jacobian @ jacobian.T
        preference = (10 ** (2 * torch.rand(len(gramian), generator=draw) - 1)).tolist()
        weights = method.weights_of(gramian)
        assert missed(jacobian, weights) <= SLACK, f"case {i}"
        assert method.weights_of(gramian, (), preference).isfinite().all(), f"case {i}"
        assert method.weights_of(gramian.float()).isfinite().all(), f"case {i}"
        assert not method.notices, f"case {i}: {method.notices}"


@pytest.mark.parametrize("rule", RULES)
def test_every_solver_answers_and_is_right(rule: str):
    try_all(rule, scaled(N_USUAL))


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_every_solver_answers_and_is_right_on_many(rule: str):
    try_all(rule, scaled(N_SLOW))


def with_preference(rule: str, jacobian: Tensor, preference: Tensor) -> float:
    """How far the answer at the user's weights misses what they change in the conditions."""
    key, settings, _ = RULES[rule]
    result = make(key, **settings).weights_of(jacobian @ jacobian.T, (), preference.tolist())
    norms, unit = directions(jacobian)
    if rule == "mgda":
        shares = result * preference
        return missed_by_shortest(jacobian / preference[:, None], shares / shares.sum())
    if rule == "dualproj":
        return missed_by_cone(preference * norms / len(norms), result * norms, unit)
    if not is_independent(jacobian):
        return 0.0
    if rule == "nash-mtl":
        return missed_by_equation(unit, result * norms, preference / (result * norms))
    gains = unit @ (result @ jacobian) / preference
    return float(((gains - gains.mean()) / gains.mean()).abs().max())


@pytest.mark.parametrize("rule", ["mgda", "dualproj", "nash-mtl", "imtl-g", "config"])
def test_the_users_weights_stand_in_the_conditions(rule: str):
    draw = torch.Generator().manual_seed(2)
    for i, jacobian in enumerate(cases(scaled(N_USUAL))):
        powers = 2 * torch.rand(len(jacobian), generator=draw, dtype=torch.float64) - 1
        assert with_preference(rule, jacobian, 10**powers) <= SLACK, f"case {i}"


def test_the_nearest_harmless_gradient_is_the_nearest():
    for i, jacobian in enumerate(cases(scaled(N_USUAL))):
        gradient, past = jacobian[0], jacobian[1:]
        nearest = nearest_harmless(gradient, past)
        size = gradient.norm()
        gains = directions(past)[1] @ nearest
        assert gains.min() >= -SLACK * size, f"case {i}"
        # What was added is at a right angle to the result, and made of past gradients.
        added = nearest - gradient
        assert abs(added @ nearest) <= SLACK * size * size, f"case {i}"
        basis = directions(past)[1].T.numpy()
        assert nnls(basis, added.numpy(), maxiter=10_000)[1] <= SLACK * size, f"case {i}"


def test_the_nearest_point_of_the_simplex_is_the_nearest():
    draw = torch.Generator().manual_seed(3)
    for _ in range(scaled(N_USUAL)):
        n = int(torch.randint(2, 21, (), generator=draw))
        size = 10 ** (4 * float(torch.rand((), generator=draw)) - 2)
        point = size * torch.randn(n, generator=draw, dtype=torch.float64)
        result = torch.tensor(onto_simplex(point.tolist()), dtype=torch.float64)
        assert result.min() >= 0
        assert abs(float(result.sum()) - 1) <= 1e-9
        # One threshold is taken off all that stay, and what goes was below it.
        taken = (point - result)[result > 0]
        assert taken.max() - taken.min() <= 1e-9 * max(size, 1)
        assert (point[result == 0] <= taken.max() + 1e-9 * size).all()


@pytest.mark.parametrize("seed", range(5))
def test_two_opposed_groups_of_five_reach_the_balls_edge(seed: int):
    draw = torch.Generator().manual_seed(seed)
    line = torch.randn(30, generator=draw, dtype=torch.float64)
    signs = torch.tensor([1.0] * 5 + [-1.0] * 5, dtype=torch.float64)
    noise = torch.randn(10, 30, generator=draw, dtype=torch.float64)
    jacobian = signs[:, None] * line + 0.01 * noise
    method = make("cagrad", c=0.9)
    for precision in (torch.float64, torch.float32):
        weights = method.weights_of((jacobian @ jacobian.T).to(precision)).double()
        assert not method.notices
        mean = jacobian.mean(0)
        part = float((weights @ jacobian - mean).norm() / mean.norm())
        assert part == pytest.approx(0.9, rel=1e-6 if precision == torch.float64 else 0.2)
