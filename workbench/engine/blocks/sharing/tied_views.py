"""TiedViews: the model of methods that give each view a trunk and tie what the trunks say."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.views import refuse_missing, same_inputs, trunks_of
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.task import Task
from workbench.spec.settings import Settings, setting


class TiedViewsSettings(Settings):
    """What ties the views, and who reads them."""

    strength: float = setting(0.1, "λ: how hard the views are pulled together.", ge=0, le=1e6)
    reads: Literal["all", "own"] = setting(
        "all", "Whether a task reads all views, or one of its own: the first the first."
    )


class TiedViews(Sharing):
    """A trunk a view, heads that read all views or one each, and a tie between the views.

    Every view of every example must be there. A method says what a view's outputs are, how they
    are read together and how far they are apart.
    """

    # the tie is of one pass through the model: small tasks adapt side by side
    needs = ("views", "single-update")
    gives = ("several-views", "shared-parameters", "representation")
    withholds: ClassVar[Mapping[str, tuple[str, str]]] = {"reads": ("own", "representation")}

    Settings = TiedViewsSettings

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunks = trunks_of(tasks, encoder)
        refuse_missing(tasks)
        n_views = len(self.trunks.names)
        self._view_of = {task.name: i % n_views for i, task in enumerate(tasks)}
        self._tie: Tensor | None = None
        self.heads = self.make_heads(tasks, encoder)
        for view in range(n_views):
            readers = [task for task, own in self._view_of.items() if own == view]
            for part in self.parts_of(view):
                self.owners.divide(part, readers if settings.reads == "own" else [])
        self.heads.tell(self.owners)

    def make_heads(self, tasks: Sequence[Task], encoder: Encoder) -> Heads:
        """The heads, once the trunks are there; what else the views need is made before them."""
        return Heads(tasks, encoder.width)

    def parts_of(self, view: int) -> list[nn.Module]:
        """The modules of one view."""
        return self.trunks.parts(view)

    def outputs(self, batch: Batch, task: str) -> Tensor:
        """The views' outputs [V, B, …] for the inputs of a task."""
        return self.trunks(batch[task].inputs)

    def together(self, outputs: Tensor) -> Tensor:
        """What is read of all views' outputs [V, B, …], [B, …]."""
        raise NotImplementedError

    def tie(self, outputs: Tensor) -> Tensor:
        """What is added to the loss, times the strength, for the views' outputs [V, B, …]."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        # A copy of the model cannot take a graph along.
        return {**self.__dict__, "_tie": None}

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        return self.answers(self.features(batch))

    def features(self, batch: Batch) -> dict[str, Tensor]:
        features: dict[str, Tensor] = {}
        ties: list[Tensor] = []
        for group in same_inputs(batch):
            outputs = self.outputs(batch, group[0])
            fused = self.together(outputs)
            for task in group:
                is_own = self.settings.reads == "own"
                features[task] = outputs[self._view_of[task]] if is_own else fused
            if self.training:
                ties.append(self.tie(outputs))
        # The tie is that of the batch that is learned from, so it is kept until it is asked for.
        self._tie = torch.stack(ties).sum() if ties else None
        return {task: features[task] for task in batch}

    def answers(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return self.heads(features)

    @property
    def read(self) -> dict[str, int] | None:
        """The view that each task reads, by its number; None where every task reads all."""
        return self._view_of if self.settings.reads == "own" else None

    def regulariser(self) -> Tensor | None:
        tie, self._tie = self._tie, None
        return None if tie is None else self.settings.strength * tie
