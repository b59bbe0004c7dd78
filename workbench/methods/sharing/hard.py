"""hard: one trunk for all tasks."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from torch import Tensor, nn

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import (
    Heads,
    Sharing,
    encode_once,
    inputs_of,
    make_body,
    make_stem,
)
from workbench.engine.roles.structure_builder import StructureBuilder, join, sketch_trunk
from workbench.engine.roles.task import Task
from workbench.spec.structure import Structure


class Hard(Sharing):
    """One trunk that every task uses, and a head for each task.

    A stem for each kind of input, the rest of the trunk shared by all (Caruana 1993).
    """

    key = "hard"
    title = "Hard sharing"
    formula = "ŷₜ = headₜ(trunk(x))"
    paper = "Caruana, Multitask learning: a knowledge-based source of inductive bias, ICML 1993"
    link = "https://doi.org/10.1016/B978-1-55860-307-3.50012-5"
    helps = "Related tasks and little data; the fewest parameters. Suffers when tasks conflict."
    gives = ("shared-parameters", "representation", "trunk", "points")

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        kinds = list(dict.fromkeys(task.input for task in tasks))
        self.stem_of = {task.name: kinds.index(task.input) for task in tasks}
        self.stems = nn.ModuleList(make_stem(kind, encoder) for kind in kinds)
        self.body = nn.Sequential(*make_body(encoder))
        self.heads = Heads(tasks, encoder.width)
        # In a tuple, so that torch does not register it: functional_call would leave a module
        # that has two names with the wrong parameters.
        self._trunk = (nn.Sequential(*self.stems, *self.body),) if len(kinds) == 1 else ()
        for stem, kind in zip(self.stems, kinds, strict=True):
            self.owners.divide(stem, [task.name for task in tasks if task.input == kind])
        self.owners.share(self.body)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        if self._trunk:
            trunk, head = self._trunk[0], self.heads.only(batch)
            if head is not None:
                # One head for all: what goes through the trunk together stays together.
                return encode_once(lambda values: head(trunk(values)), inputs_of(batch))
        return self.answers(self.features(batch))

    def features(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        if self._trunk:
            return encode_once(self._trunk[0], inputs)
        stemmed: dict[str, Tensor] = {}
        for i, stem in enumerate(self.stems):
            mine = {name: values for name, values in inputs.items() if self.stem_of[name] == i}
            if mine:
                stemmed.update(encode_once(stem, mine))
        return encode_once(self.body, stemmed)

    def answers(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return self.heads(features)

    def common_stages(self) -> list[nn.Module]:
        return list(self._trunk[0]) if self._trunk else []

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        tasks = list(self.stem_of)
        kinds = range(len(self.stems))
        readers = [[task for task in tasks if self.stem_of[task] == k] for k in kinds]
        stages = sketch_trunk(builder, list(self.stems), readers, list(self.body))
        for lower, upper in pairwise(stages):
            join(builder, [lower], [upper])
        for task, head in builder.heads(self.heads, len(stages) + 1).items():
            last = stages[-1] if len(stages) > 1 else [stages[0][self.stem_of[task]]]
            for part in last:
                builder.edge(part, head)
        return builder.done()
