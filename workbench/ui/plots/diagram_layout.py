"""Where the parts of a model's diagram stand, from the inputs at the bottom up (Qt-free)."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.spec.structure import Edge, Node, Structure

#: Widest a part is drawn, by its kind; trunks and what joins several parts may fill the drawing.
_WIDEST = {"tower": 150.0, "expert": 150.0, "head": 120.0, "input": 150.0}
_WIDEST_SMALL = 84.0
_WIDE_KINDS = ("trunk", "fusion")
#: A column of parts takes at most this much, so that few tasks do not stand far apart.
_SLOT = 190.0
_GAP = 10.0
_TALLEST = {"input": 26.0, "head": 34.0, "gate": 22.0, "adapter": 22.0, "fusion": 24.0}
_TALLEST_STAGE = 44.0


@dataclass(frozen=True, slots=True)
class Box:
    """A part's place in pixels: its middle, and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The left edge."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return abs(x - self.x) <= self.width / 2 and abs(y - self.y) <= self.height / 2

    def port(self, place: int, n_ports: int) -> float:
        """Where the line of this place, of so many on one side, meets it."""
        whole = self.width + _GAP  # upright from each of a row of parts to one as wide as the row
        off = ((place + 0.5) / n_ports - 0.5) * whole
        reach = max(self.width / 2 - 4, 0)
        return self.x + min(max(off, -reach), reach)


def boxes(structure: Structure, width: float, height: float) -> dict[str, Box]:
    """The place of every part in a drawing of that size."""
    levels: dict[int, list[Node]] = {}
    for node in structure.nodes:
        levels.setdefault(node.level, []).append(node)
    if not levels:
        return {}
    most = max(len(row) for row in levels.values())
    whole = min(width, max(most, 2) * _SLOT)
    left = (width - whole) / 2
    step = height / len(levels)
    by_key: dict[str, Box] = {}
    for place, level in enumerate(sorted(levels)):
        row = levels[level]
        slot = whole / len(row)
        y = height - (place + 0.5) * step
        for i, node in enumerate(row):
            by_key[node.key] = Box(
                left + (i + 0.5) * slot,
                y,
                _width(node, slot),
                min(_TALLEST.get(node.kind, _TALLEST_STAGE), step * 0.6),
            )
    return by_key


def _width(node: Node, slot: float) -> float:
    free = max(slot - min(_GAP, slot * 0.2), 2.0)
    if node.kind in _WIDE_KINDS:
        return free
    return min(free, _WIDEST.get(node.kind, _WIDEST_SMALL))


def ports(structure: Structure, places: Mapping[str, Box]) -> dict[Edge, tuple[float, float]]:
    """Where each line that is no tie leaves the part below and enters the part above.

    The lines on one side of a part stand apart, in the order of what they lead to.
    """
    leaving: dict[tuple[str, str], list[Edge]] = {}
    entering: dict[tuple[str, str], list[Edge]] = {}
    for edge in structure.edges:
        if edge.kind != "tie":
            leaving.setdefault((edge.source, edge.kind), []).append(edge)
            entering.setdefault((edge.target, edge.kind), []).append(edge)
    starts: dict[Edge, float] = {}
    ends: dict[Edge, float] = {}
    for (key, _), edges in leaving.items():
        for i, edge in enumerate(sorted(edges, key=lambda e: places[e.target].x)):
            starts[edge] = places[key].port(i, len(edges))
    for (key, _), edges in entering.items():
        for i, edge in enumerate(sorted(edges, key=lambda e: places[e.source].x)):
            ends[edge] = places[key].port(i, len(edges))
    return {edge: (x, ends[edge]) for edge, x in starts.items()}


def levels_of(structure: Structure) -> Mapping[int, tuple[str, ...]]:
    """The kinds of parts at each level."""
    by_level: dict[int, dict[str, None]] = {}
    for node in structure.nodes:
        by_level.setdefault(node.level, {})[node.kind] = None
    return {level: tuple(kinds) for level, kinds in by_level.items()}
