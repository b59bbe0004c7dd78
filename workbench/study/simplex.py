"""Simplex: weights to try, spread over all their proportions."""

#: The real root of x^(d+1) = x + 1 gives the most even additive recurrence in d dimensions.
_ROUNDS = 60


def simplex_points(n_tasks: int, n: int) -> list[tuple[float, ...]]:
    """`n` different weightings of the tasks, each summing to their number, none of them 0.

    Two tasks: evenly spaced shares. More: equal weights first, then the gaps between sorted
    points of a low-discrepancy sequence (Roberts 2018), uniform on the simplex. Raises
    ValueError for fewer than two tasks or no points.
    """
    if n_tasks < 2 or n < 1:
        raise ValueError("a sweep needs two tasks or more, and a point or more")
    if n_tasks == 2:
        shares = [(2 * k + 1) / (2 * n) for k in range(n)]
        return [(2 * share, 2 * (1 - share)) for share in shares]
    centre = (1.0,) * n_tasks
    return [centre, *(_spread(n_tasks, k) for k in range(1, n))]


def _spread(n_tasks: int, k: int) -> tuple[float, ...]:
    step = _root(n_tasks - 1)
    cuts = sorted((0.5 + k * step ** -(axis + 1)) % 1 for axis in range(n_tasks - 1))
    gaps = [b - a for a, b in zip([0.0, *cuts], [*cuts, 1.0], strict=True)]
    # a weight of exactly 0 would switch its task off: everything is drawn a little to the middle
    return tuple(0.95 * n_tasks * gap + 0.05 for gap in gaps)


def _root(dimensions: int) -> float:
    x = 2.0
    for _ in range(_ROUNDS):
        x = (1 + x) ** (1 / (dimensions + 1))
    return x
