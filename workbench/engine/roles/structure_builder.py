"""StructureBuilder: a model's structure, put together from its own modules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, cast

from torch import nn

from workbench.engine.layers.stages import layers_of
from workbench.spec.structure import Edge, Kind, Node, Structure

if TYPE_CHECKING:
    from workbench.engine.roles.owners import Owners
    from workbench.engine.roles.sharing import Heads

Parts = Sequence[nn.Module | nn.Parameter]


class StructureBuilder:
    """Collects nodes and edges; who uses a part, and its size, are read from its parameters."""

    def __init__(self, owners: "Owners") -> None:
        self._owners = owners
        self._tasks = tuple(owners.own)
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []
        self._inputs: dict[str, tuple[str, ...]] = {}
        self._answers: dict[str, str] = {}
        for label, users in owners.inputs:
            key = f"input {label} of {', '.join(users)}"
            self._inputs[key] = users
            self._nodes[key] = Node(key, "input", 0, label, users)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks."""
        return self._tasks

    def node(
        self,
        key: str,
        kind: Kind,
        level: int,
        label: str,
        parts: Parts = (),
        users: Sequence[str] = (),
        home: str = "",
        more: int = 0,
    ) -> str:
        """Add a part made of modules; its key.

        `users` are who use it where it holds no parameter that tells; `more` are numbers that it
        holds in a parameter of several parts together.
        """
        parameters = [p for part in parts for p in _parameters(part)]
        owners = {user for p in parameters for user in self._owners.users(p)} or set(users)
        self._nodes[key] = Node(
            key,
            kind,
            level,
            label,
            tuple(task for task in self._tasks if task in owners),
            sum(p.numel() for p in parameters) + more,
            home,
            ", ".join(described(part) for part in parts if isinstance(part, nn.Module)),
        )
        return key

    def edge(
        self, source: str, target: str, table: str = "", row: str = "", column: str = ""
    ) -> None:
        """`source` flows into `target`, by as much as the table says where there is one."""
        self._edges.append(Edge(source, target, "flow", table, row, column))

    def tie(self, one: str, other: str, table: str = "", row: str = "", column: str = "") -> None:
        """A penalty holds two parts alike."""
        self._edges.append(Edge(one, other, "tie", table, row, column))

    def feed(self, target: str, users: Sequence[str] | None = None, label: str = "") -> None:
        """The inputs of these tasks (None: of the target's users) flow into a part."""
        self._edges += [Edge(key, target) for key in self._read_by(target, users, label)]

    def read(self, target: str, users: Sequence[str] | None = None) -> None:
        """The inputs of these tasks decide what a gate does."""
        self._edges += [Edge(key, target, "reads") for key in self._read_by(target, users, "")]

    def _read_by(self, target: str, users: Sequence[str] | None, label: str) -> Iterator[str]:
        wanted = set(self._nodes[target].users if users is None else users)
        for key, readers in self._inputs.items():
            if wanted & set(readers) and label in ("", self._nodes[key].label):
                yield key

    def heads(self, heads: "Heads", level: int, mark: str = "") -> dict[str, str]:
        """Add the heads, their answers side by side; the key of each task's first layer."""
        n_hidden = max(len(layers_of(head)) for head in heads.by_name.values()) - 1
        first: dict[str, str] = {}
        for name, users in heads.users.items():
            label = users[0] if len(users) == 1 else name.removeprefix("·")
            parts = layers_of(heads.by_name[name])
            first[name] = self.head(f"head{mark} {name}", level, label, parts, users, n_hidden)
        return {task: first[name] for task, name in heads.of_task.items()}

    def head(
        self,
        key: str,
        level: int,
        label: str,
        layers: Sequence[nn.Module],
        users: Sequence[str],
        n_hidden: int = 0,
    ) -> str:
        """Add the layers of a head, its answer `n_hidden` levels up at least; the first key."""
        *hidden, answer = layers
        keys = [
            self.node(f"{key} layer {i}", "head", level + i - 1, label, [layer], users)
            for i, layer in enumerate(hidden, 1)
        ]
        top = level + max(n_hidden, len(hidden))
        keys.append(self.node(key, "head", top, label, [answer], users))
        for below, above in pairwise(keys):
            self.edge(below, above)
        self._answers[keys[0]] = key
        return keys[0]

    def answer_of(self, first: str) -> str:
        """The part that gives the answer of the head that begins with `first`."""
        return self._answers[first]

    def level_of(self, key: str) -> int:
        """The level of a part that was added."""
        return self._nodes[key].level

    def done(self) -> Structure:
        """The graph, its parts in the order in which they were added, level by level."""
        nodes = sorted(self._nodes.values(), key=lambda node: node.level)
        return Structure(self._tasks, tuple(nodes), tuple(dict.fromkeys(self._edges)))


def _parameters(part: nn.Module | nn.Parameter) -> Iterable[nn.Parameter]:
    return [part] if isinstance(part, nn.Parameter) else part.parameters()


def described(stage: nn.Module) -> str:
    """What a stage is, by its first and last layer with a matrix or kernel: `64 → 128`."""
    layers = [
        layer
        for layer in stage.modules()
        if getattr(getattr(layer, "weight", None), "dim", lambda: 0)() > 1
    ]
    if not layers:
        return type(stage).__name__
    first, last = (cast("nn.Parameter", layer.weight) for layer in (layers[0], layers[-1]))
    is_map = any(isinstance(layer, nn.Conv2d) for layer in layers)
    return f"{first.shape[1]} → {last.shape[0]}" + (" channels" if is_map else "")


def sketch_trunk(
    builder: StructureBuilder,
    stems: Sequence[nn.Module],
    readers: Sequence[Sequence[str]],
    stages: Sequence[nn.Module],
    step: int = 1,
    of: str = "",
) -> list[list[str]]:
    """Add one trunk; the keys of the parts at each stage, which are `step` levels apart.

    `stems` [K] are the first stages for each kind of input, which `readers` [K] read; `of` tells
    it from other trunks.
    """
    levels: list[list[str]] = [[]]
    for k, (stem, users) in enumerate(zip(stems, readers, strict=True)):
        label = "stage 1" if len(stems) == 1 else f"stage 1 for {', '.join(users)}"
        key = builder.node(f"trunk{of} stage 1 kind {k + 1}", "trunk", 1, label, [stem], users)
        builder.feed(key, users)
        levels[0].append(key)
    for number, stage in enumerate(stages, 2):
        level = 1 + (number - 1) * step
        key = f"trunk{of} stage {number}"
        levels.append(
            [builder.node(key, "trunk", level, f"stage {number}", [stage], builder.tasks)]
        )
    return levels


def sketch_columns(
    builder: StructureBuilder,
    stems: Sequence[Sequence[nn.Module]],
    readers: Sequence[Sequence[str]],
    stages: Sequence[Sequence[nn.Module]],
    kind: Kind,
    names: Sequence[str],
    homes: Sequence[str] = (),
    step: int = 1,
) -> list[list[list[str]]]:
    """Add columns side by side; the keys of each column's parts at each stage.

    `stems` [K][n] are the first stages for each kind of input, which `readers` [K] read;
    `stages` [L − 1][n] those after. `names` [n] are the columns' labels, `homes` [n], where they
    are given, the tasks whose columns they are. Stages are `step` levels apart.
    """
    homes = homes or [""] * len(names)
    levels: list[list[list[str]]] = [[[] for _ in names]]
    for i, name in enumerate(names):
        for k, bank in enumerate(stems):
            key = f"{kind} {i + 1} stage 1 kind {k + 1}"
            builder.node(key, kind, 1, name, [bank[i]], readers[k], homes[i])
            builder.feed(key, readers[k])
            levels[0][i].append(key)
    for number, bank in enumerate(stages, 2):
        level = 1 + (number - 1) * step
        row = [
            [builder.node(f"{kind} {i + 1} stage {number}", kind, level, name, [part], (), home)]
            for i, (name, part, home) in enumerate(zip(names, bank, homes, strict=True))
        ]
        levels.append(row)
    return levels


def join(
    builder: StructureBuilder, lower: Sequence[Sequence[str]], upper: Sequence[Sequence[str]]
) -> None:
    """Each column flows on from a stage to the next."""
    for below, above in zip(lower, upper, strict=True):
        for source in below:
            for target in above:
                builder.edge(source, target)


def sketch_mixture(
    builder: StructureBuilder,
    experts: Sequence[Sequence[Sequence[str]]],
    names: Sequence[str],
    gates: Mapping[str, Parts],
    heads: "Heads",
    *,
    reads_input: bool,
) -> None:
    """Add a gate a task over the experts of these names, whose keys are given by stage, and heads.

    How much each gate lets through is in the table `gates`, a row a task and a column an expert.
    """
    for lower, upper in pairwise(experts):
        join(builder, lower, upper)
    level = len(experts) + 1
    head_keys = builder.heads(heads, level + 1)
    for task, parts in gates.items():
        key = builder.node(f"gate {task}", "gate", level, task, parts, (task,))
        for name, expert in zip(names, experts[-1], strict=True):
            for part in expert:
                builder.edge(part, key, "gates", task, name)
        if reads_input:
            builder.read(key, (task,))
        builder.edge(key, head_keys[task])


def sketch_reading(
    builder: StructureBuilder,
    outputs: Sequence[str],
    views: Sequence[str],
    heads: "Heads",
    reads: Mapping[str, int] | None,
    table: str,
) -> None:
    """Add ties between the views' outputs, and heads that read them.

    A task reads the view of its number in `reads`, or, where that is None, all views together.
    """
    for i, j in combinations(range(len(views)), 2):
        builder.tie(outputs[i], outputs[j], table, views[i], views[j])
    level = builder.level_of(outputs[0]) + 1
    if reads is None:
        together = builder.node("together", "fusion", level, "all views", (), builder.tasks)
        for key in outputs:
            builder.edge(key, together)
        sources = dict.fromkeys(builder.tasks, together)
        level += 1
    else:
        sources = {task: outputs[view] for task, view in reads.items()}
    for task, head in builder.heads(heads, level).items():
        builder.edge(sources[task], head)
