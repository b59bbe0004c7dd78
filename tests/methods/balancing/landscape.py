"""The two-task landscape of the CAGrad and Nash-MTL papers, and a descent on it."""

import math
from collections.abc import Callable

import torch

Point = tuple[float, float]

#: Both papers' first start.
START_A: Point = (-8.5, 7.5)


def losses_and_gradients(point: Point) -> tuple[Point, tuple[Point, Point]]:
    """Both losses and their gradients at a point, by hand, much faster than a graph."""
    x, y = point
    slope = 1 - math.tanh(y) ** 2
    side = math.tanh(y / 2)
    steep = 0.5 * (1 - side**2)
    c1, dc1 = (side, steep) if side > 0 else (0.0, 0.0)
    c2, dc2 = (-side, -steep) if side < 0 else (0.0, 0.0)
    u = 0.5 * (-x - 7) + math.tanh(y)
    v = 0.5 * (-x + 3) - math.tanh(y) + 2
    f1, (f1x, f1y) = _log_part(u, (-0.5, slope))
    f2, (f2x, f2y) = _log_part(v, (-0.5, -slope))
    q1, q2 = (((x + shift) ** 2 + 0.1 * (y + 8) ** 2) / 10 - 20 for shift in (-7, 7))
    qy = 0.02 * (y + 8)
    first = (c1 * f1x + c2 * (x - 7) / 5, c1 * f1y + dc1 * f1 + c2 * qy + dc2 * q1)
    second = (c1 * f2x + c2 * (x + 7) / 5, c1 * f2y + dc1 * f2 + c2 * qy + dc2 * q2)
    return (c1 * f1 + c2 * q1, c1 * f2 + c2 * q2), (first, second)


def _log_part(inside: float, slopes: Point) -> tuple[float, Point]:
    """log max(|inside|, 5e-6) + 6; at equality the clamp passes the gradient on."""
    size = abs(inside)
    if size < 5e-6:
        return math.log(5e-6) + 6, (0.0, 0.0)
    return math.log(size) + 6, (slopes[0] / inside, slopes[1] / inside)


def descend(
    weigh: Callable[[torch.Tensor], list[float]], start: Point, rate: float, steps: int
) -> Point:
    """Where Adam ends; `weigh` gives two weights for the inner products [2, 2]."""
    point, mean, square = list(start), [0.0, 0.0], [0.0, 0.0]
    for step in range(1, steps + 1):
        _, ((a, b), (c, d)) = losses_and_gradients((point[0], point[1]))
        cross = a * c + b * d
        gramian = torch.tensor([[a * a + b * b, cross], [cross, c * c + d * d]])
        first, second = weigh(gramian)
        for i, gradient in enumerate((first * a + second * c, first * b + second * d)):
            mean[i] += 0.1 * (gradient - mean[i])
            square[i] += 0.001 * (gradient * gradient - square[i])
            size = math.sqrt(square[i] / (1 - 0.999**step)) + 1e-8
            point[i] -= rate * mean[i] / (1 - 0.9**step) / size
    return point[0], point[1]
