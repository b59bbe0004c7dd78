"""The strategies for several views as plain torch modules, written as an author of one would.

Three tasks on the views of one input; per view stages n-128 and 128-128 with ReLU, a linear head a
task: the mathematics of the workbench's strategies at their defaults, without its generality.
"""

from collections.abc import Mapping

import torch
from sharing_by_hand import CLASSES, SIZES, ByHand, layer
from torch import Tensor, nn

#: Numbers of each view of a digit.
VIEWS = {"pixels": 64, "fourier": 40, "profiles": 16, "orientations": 32}
WIDTH = SIZES[-1]

Views = Mapping[str, Tensor]


def trunk(n_inputs: int) -> nn.Sequential:
    """Both stages of a view."""
    return nn.Sequential(layer(n_inputs, SIZES[1]), layer(SIZES[1], SIZES[2]))


def heads(n_inputs: int) -> nn.ModuleList:
    """A head a task."""
    return nn.ModuleList(nn.Linear(n_inputs, n) for n in CLASSES)


class Early(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = trunk(sum(VIEWS.values()))

    def forward(self, views: Views) -> list[Tensor]:
        features = self.trunk(torch.cat([views[name] for name in VIEWS], -1))
        return self.answers([features] * len(CLASSES))


class Trunks(ByHand):
    """A trunk a view."""

    def __init__(self) -> None:
        super().__init__()
        self.trunks = nn.ModuleDict({name: trunk(n) for name, n in VIEWS.items()})

    def features(self, views: Views) -> list[Tensor]:
        """Features [B, width] of each view."""
        return [one(views[name]) for name, one in self.trunks.items()]


class Late(Trunks):
    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads(WIDTH) for _ in VIEWS)

    def forward(self, views: Views) -> list[Tensor]:
        found = self.features(views)
        seen = torch.stack([views[name].ne(0).any(1) for name in VIEWS]).float()
        weights = (seen / seen.sum(0)).unsqueeze(-1)
        answers: list[Tensor] = []
        for task in range(len(CLASSES)):
            each = [own[task](x) for own, x in zip(self.heads, found, strict=True)]
            answers.append((weights * torch.stack(each)).sum(0))
        return answers


class Coreg(Trunks):
    strength = 0.01

    def forward(self, views: Views) -> list[Tensor]:
        self.found = torch.stack(self.features(views))
        return self.answers([self.found.mean(0)] * len(CLASSES))

    def penalty(self) -> Tensor:
        total = torch.zeros(())
        for i in range(len(VIEWS)):
            for j in range(i):
                total = total + (self.found[i] - self.found[j]).square().sum(-1).mean()
        return self.strength * total / WIDTH


class DCCA(Trunks):
    strength, n_components, ridge = 0.01, 16, 0.1

    def __init__(self) -> None:
        super().__init__()
        self.projections = nn.ModuleList(nn.Linear(WIDTH, self.n_components) for _ in VIEWS)
        self.heads = heads(self.n_components * len(VIEWS))

    def forward(self, views: Views) -> list[Tensor]:
        found = self.features(views)
        self.found = [one(x) for one, x in zip(self.projections, found, strict=True)]
        return self.answers([torch.cat(self.found, -1)] * len(CLASSES))

    def penalty(self) -> Tensor:
        centred = [x - x.mean(0) for x in self.found]
        factors = [self.factor(x) for x in centred]
        total = torch.zeros(())
        for i in range(len(VIEWS)):
            for j in range(i):
                both = centred[i].T @ centred[j] / (len(centred[i]) - 1)
                left = torch.linalg.solve_triangular(factors[i], both, upper=False)
                whole = torch.linalg.solve_triangular(factors[j], left.T, upper=False)
                total = total + torch.linalg.svdvals(whole).sum()
        return -self.strength * total

    def factor(self, x: Tensor) -> Tensor:
        """The Cholesky factor of the covariance of centred x."""
        covariance = x.T @ x / (len(x) - 1)
        level = self.ridge * covariance.diagonal().mean()
        return torch.linalg.cholesky(covariance + level * torch.eye(x.shape[1]))


class Gated(Trunks):
    dropout = 0.2

    def __init__(self) -> None:
        super().__init__()
        n = len(CLASSES)
        self.scores = nn.Parameter(torch.zeros(n, len(VIEWS), WIDTH))
        self.offsets = nn.Parameter(torch.zeros(n, len(VIEWS)))

    def forward(self, views: Views) -> list[Tensor]:
        found = torch.stack(self.features(views))
        seen = torch.stack([views[name].ne(0).any(1) for name in VIEWS])
        drawn = torch.rand(seen.shape).masked_fill(~seen, -1.0)
        seen = seen & ((drawn >= self.dropout) | (drawn == drawn.amax(0)))
        logits = torch.einsum("tvw,vbw->tvb", self.scores, found) + self.offsets.unsqueeze(-1)
        gates = logits.masked_fill(~seen, -1e9).softmax(1)
        return self.answers(list(torch.einsum("tvb,vbw->tbw", gates, found)))


VIEWS_BY_HAND = {
    "views-early": Early,
    "views-late": Late,
    "views-coreg": Coreg,
    "views-dcca": DCCA,
    "views-gated": Gated,
}
