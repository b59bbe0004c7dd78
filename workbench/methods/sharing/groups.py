"""groups: one network for each group of tasks."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from workbench.engine.blocks.sharing.trunk import Trunk
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Heads, Sharing, encode_once, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class Groups(Sharing):
    """Hard sharing within each group of tasks, nothing between the groups.

    Tasks that no group names share one more network, so without groups this is hard sharing, and
    with a group a task it is separate networks. A group has heads of its own, even where tasks of
    different groups name the same one. Interference > Measure transfer suggests the groups.
    """

    key = "groups"
    title = "Groups of tasks"
    formula = "ŷₜ = headₜ(trunk_{g(t)}(x))"
    paper = "Standley et al., Which tasks should be learned together in multi-task learning?, 2020"
    link = "https://arxiv.org/abs/1905.07553"
    helps = "Tasks of which some help each other and others do not."
    gives = ("shared-parameters", "points")
    is_judged_built = True

    class Settings(Settings):
        """Which tasks learn together."""

        groups: str = setting(
            "",
            "Tasks by name, commas between tasks and | between groups, as in: digit, loop | large. "
            "Tasks that are not named form one more group.",
            max_length=10_000,
        )

    def __init__(self, settings: Settings, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        groups = _divided(settings.groups, tasks)
        self.trunks = nn.ModuleList(Trunk(group, encoder) for group in groups)
        self.heads = nn.ModuleList(Heads(group, encoder.width) for group in groups)
        # Looked up once a step: plain lists are several times faster than ModuleList.
        self._parts: list[tuple[frozenset[str], Trunk, Heads]] = []
        for group in groups:
            at = len(self._parts)
            trunk, heads = self.trunks[at], self.heads[at]
            assert isinstance(trunk, Trunk)
            assert isinstance(heads, Heads)
            names = [task.name for task in group]
            self._parts.append((frozenset(names), trunk, heads))
            self._tell(names, trunk, heads)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        answers: dict[str, Tensor] = {}
        for names, trunk, heads in self._parts:
            mine = {task: values for task, values in inputs.items() if task in names}
            if not mine:
                continue
            features = trunk.first(mine)
            for stage in trunk.later:
                features = encode_once(stage, features)
            answers.update(heads(features))
        return {task: answers[task] for task in batch}

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        for number, (_, trunk, heads) in enumerate(self._parts, 1):
            stages = trunk.builder(builder, of=f" of group {number}")
            for lower, upper in pairwise(stages):
                join(builder, [lower], [upper])
            head_of = builder.heads(heads, len(stages) + 1, f" of group {number}")
            for task, head in head_of.items():
                for part in trunk.seen(stages[-1], task):
                    builder.edge(part, head)
        return builder.done()

    def _tell(self, names: Sequence[str], trunk: Trunk, heads: Heads) -> None:
        """Enter whose the parameters of one group are."""
        for kind, stem in enumerate(trunk.stems):
            users = [task for task, index in trunk.kind_of.items() if index == kind]
            self.owners.divide(stem, users)
        self.owners.divide(trunk.body, names)
        for head, users in heads.users.items():
            self.owners.divide(heads.by_name[head], users)


def _divided(text: str, tasks: Sequence[Task]) -> list[list[Task]]:
    """The tasks of each group, those that are not named last. Raises BadSpecError."""
    left = {task.name: task for task in tasks}
    groups: list[list[Task]] = []
    for part in text.split("|"):
        names = [name.strip() for name in part.split(",") if name.strip()]
        unknown = [name for name in names if name not in left]
        if unknown or len(set(names)) < len(names):
            known = ", ".join(task.name for task in tasks)
            wrong = (unknown or names)[0]
            message = f"every task in one group at most (there is: {known}); found '{wrong}'"
            raise BadSpecError("sharing.groups", message)
        if names:
            groups.append([left.pop(name) for name in names])
    if left:
        groups.append(list(left.values()))
    return groups
