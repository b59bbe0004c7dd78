"""Structure: a model as a small graph, for a view to draw."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["input", "trunk", "tower", "expert", "gate", "adapter", "fusion", "head"]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a model: `parameters` numbers of it are counted here and nowhere else.

    Inputs are at level 0, what reads them above; parts of one level stand side by side in the
    order of the graph. `users` are the tasks whose answers pass through it; `home` is the task
    whose tower it is where other tasks reach it too. `detail` says more than its label.
    """

    key: str
    kind: Kind
    level: int
    label: str
    users: tuple[str, ...]
    parameters: int = 0
    home: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What flows from one part to another, or a tie that holds two parts alike.

    Where the method reports how much, the number is in `table` at `row` and `column`. `reads`
    is an input that only decides how other things are mixed.
    """

    source: str
    target: str
    kind: Literal["flow", "tie", "reads"] = "flow"
    table: str = ""
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a model and what flows between them; `tasks` in their order."""

    tasks: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def parameters(self) -> int:
        """Number of parameters of all parts together."""
        return sum(node.parameters for node in self.nodes)

    def node(self, key: str) -> Node:
        """The part of that key. Raises KeyError."""
        for node in self.nodes:
            if node.key == key:
                return node
        raise KeyError(key)
