"""Views: what methods that fuse several views of an example have in common."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import require_one_pass
from workbench.engine.blocks.sharing.towers import Bank
from workbench.engine.numerics.random_streams import starting
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import make_body, make_stem
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import InputKind, Task


def common_views(tasks: Sequence[Task]) -> dict[str, InputKind]:
    """The views that every task sees. Raises BadSpecError where they differ, or are not several."""
    first = tasks[0]
    for task in tasks:
        if len(task.inputs) < 2:
            message = f"needs tasks of several views; {task.name} has one: {', '.join(task.inputs)}"
            raise BadSpecError("sharing.kind", message)
        if dict(task.inputs) != dict(first.inputs):
            message = (
                f"needs tasks of the same views; {first.name} has {', '.join(first.inputs)}, "
                f"{task.name} has {', '.join(task.inputs)}, or of other sizes"
            )
            raise BadSpecError("sharing.kind", message)
    return dict(first.inputs)


def refuse_missing(tasks: Sequence[Task]) -> None:
    """Raise BadSpecError where an example lacks a view: a row of zeros."""
    for task in tasks:
        for split, part in task.data.items():
            for view, values in part.inputs.items():
                n_missing = int((~is_there(values)).sum())
                if n_missing:
                    message = (
                        f"needs every view of every example; {n_missing} of {len(part)} of "
                        f"{task.name}'s {split} examples lack {view}: views-late and views-gated "
                        "can do without"
                    )
                    raise BadSpecError("sharing.kind", message)


def is_there(values: Tensor) -> Tensor:
    """Whether each example [B, …] of a view is there, [B]: a view that is missing is all zeros."""
    return values.flatten(1).ne(0).any(1)


def same_inputs(batch: Batch) -> list[list[str]]:
    """The tasks of a batch in groups that hold the same tensors."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for task, part in batch.items():
        key = tuple(id(values) for values in part.inputs.values())
        groups.setdefault(key, []).append(task)
    return list(groups.values())


def _trunk(view: str, kind: InputKind, encoder: Encoder) -> list[nn.Module]:
    with starting("view", view):
        return [make_stem(kind, encoder), *make_body(encoder)]


class ViewTrunks(nn.Module):
    """A trunk for each view; what follows their first stages is computed together."""

    def __init__(self, views: Mapping[str, InputKind], encoder: Encoder) -> None:
        super().__init__()
        self.names = list(views)
        trunks = [_trunk(name, kind, encoder) for name, kind in views.items()]
        self.stems = nn.ModuleList(trunk[0] for trunk in trunks)
        bodies = zip(*(trunk[1:] for trunk in trunks), strict=True)
        self.stages = nn.ModuleList(Bank(copies) for copies in bodies)

    def parts(self, view: int) -> list[nn.Module]:
        """The modules of one view's trunk."""
        later = [cast("Bank", bank).copies[view] for bank in self.stages]
        return [self.stems[view], *later]

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Features [V, B, width] of the views [B, …]."""
        firsts = [stem(inputs[name]) for name, stem in zip(self.names, self.stems, strict=True)]
        x = torch.stack(firsts)
        for stage in self.stages:
            x = stage(x)
        return x

    def builder(self, builder: StructureBuilder) -> list[list[str]]:
        """Add the trunks; the keys of each stage's parts, by view."""
        keys_by_view: list[list[str]] = []
        for view, name in enumerate(self.names):
            keys = [
                builder.node(f"view {name} stage {level}", "tower", level, name, [part])
                for level, part in enumerate(self.parts(view), 1)
            ]
            builder.feed(keys[0], label=name)
            for below, above in pairwise(keys):
                builder.edge(below, above)
            keys_by_view.append(keys)
        return [list(stage) for stage in zip(*keys_by_view, strict=True)]

    def seen(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Whether each view of each example is there, [V, B]."""
        return torch.stack([is_there(inputs[name]) for name in self.names])


def trunks_of(tasks: Sequence[Task], encoder: Encoder) -> ViewTrunks:
    """A trunk for each view that the tasks see. Raises BadSpecError."""
    trunks = ViewTrunks(common_views(tasks), encoder)
    require_one_pass(trunks, tasks, "its trunks")
    return trunks


def distance_of_views(features: Tensor) -> Tensor:
    """Σ over every two views of the mean over examples of ‖f_v − f_u‖², from [V, B, width]."""
    apart = features - features.mean(0)
    return apart.square().sum(-1).mean(1).sum() * len(features)


def canonical_correlations(x: Tensor, y: Tensor, ridge: float) -> Tensor:
    """Correlations [k], largest first, of the best-matched directions of x and y, both [B, k].

    The singular values of Σ₁₁^{−½} Σ₁₂ Σ₂₂^{−½}, with `ridge` times the mean variance added to
    the variances. Whitened by Cholesky factors in place of the roots: the values are the same, and
    their gradient exists where variances coincide.
    """
    return _correlations(torch.stack([x, y]), ridge)[0]


def correlation_of_views(features: Tensor, ridge: float) -> Tensor:
    """Sum of the canonical correlations of every two views, from [V, B, k]."""
    return _correlations(features, ridge).sum()


def _correlations(features: Tensor, ridge: float) -> Tensor:
    """Correlations [pairs, k] of every two views of [V, B, k]; each view is whitened once."""
    n_views, n_examples, k = features.shape
    n = max(n_examples - 1, 1)
    centred = (features - features.mean(1, keepdim=True)).mT
    covariance = centred @ centred.mT / n
    level = ridge * covariance.diagonal(dim1=1, dim2=2).mean(1) + torch.finfo(features.dtype).eps
    eye = torch.eye(k, dtype=features.dtype, device=features.device)
    factors = torch.linalg.cholesky(covariance + level[:, None, None] * eye)
    white = torch.linalg.solve_triangular(factors, centred, upper=False)
    one, other = torch.triu_indices(n_views, n_views, 1, device=features.device)
    return torch.linalg.svdvals(white[one] @ white[other].mT / n)
