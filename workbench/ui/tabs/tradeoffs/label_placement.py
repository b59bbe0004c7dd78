"""Label places: where the names of points go, so that none covers another or a point."""

from collections.abc import Iterator, Sequence

#: Left, top, width, height in pixels; top is 0 and lower is more.
Box = tuple[float, float, float, float]

#: How far from its point's middle a name keeps, and how many lines it may go away from it.
_GAP, _LINES = 8.0, 7


def places(
    points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], room: Box
) -> list[Box]:
    """A box for the name of each point, in order: the nearest place that is free.

    `points` [n] and `sizes` [n] are in pixels. A name for which there is no free place in the room
    lies beside its point.
    """
    dots = [(x - _GAP / 2, y - _GAP / 2, _GAP, _GAP) for x, y in points]
    taken: list[Box] = []
    for point, size in zip(points, sizes, strict=True):
        tried = list(_around(point, size))
        free = (b for b in tried if _within(b, room) and not _covers(b, [*taken, *dots]))
        taken.append(next(free, tried[0]))
    return taken


def _around(point: tuple[float, float], size: tuple[float, float]) -> Iterator[Box]:
    """Places above and below, on the right and on the left, ever farther away."""
    (x, y), (width, height) = point, size
    for line in range(_LINES):
        away = line * height * 0.8
        above, below = y - height - away, y + away
        for left in (x + _GAP / 2, x - _GAP / 2 - width):
            yield left, above, width, height
            yield left, below, width, height


def _within(box: Box, room: Box) -> bool:
    (x, y, width, height), (left, top, wide, high) = box, room
    return left <= x and top <= y and x + width <= left + wide and y + height <= top + high


def _covers(box: Box, others: Sequence[Box]) -> bool:
    x, y, width, height = box
    return any(
        x < left + wide and left < x + width and y < top + high and top < y + height
        for left, top, wide, high in others
    )
