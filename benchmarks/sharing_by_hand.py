"""The sharing strategies as plain torch modules, written as an author of one of them would.

Three tasks on one input of 64 numbers, stages 64-128 and 128-128 with ReLU, a linear head a task:
the mathematics of the workbench's strategies at their defaults, without its generality.
"""

import torch
from torch import Tensor, nn

SIZES, CLASSES = (64, 128, 128), (10, 2, 2)
N_TASKS = len(CLASSES)


def layer(n_in: int, n_out: int) -> nn.Sequential:
    """A linear layer and a ReLU."""
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU())


def tower() -> nn.ModuleList:
    """Both stages."""
    return nn.ModuleList([layer(SIZES[0], SIZES[1]), layer(SIZES[1], SIZES[2])])


class ByHand(nn.Module):
    """What all of them have: heads, and perhaps a penalty."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(SIZES[-1], n) for n in CLASSES)

    def answers(self, features: list[Tensor]) -> list[Tensor]:
        """Outputs of the tasks."""
        return [head(values) for head, values in zip(self.heads, features, strict=True)]

    def penalty(self) -> Tensor | None:
        """A term of the loss."""
        return None


class Hard(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(*tower())

    def forward(self, x: Tensor) -> list[Tensor]:
        features = self.trunk(x)
        return self.answers([features] * N_TASKS)


class HardWithHeads(Hard):
    """With a hidden layer of 64 units in each head."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(layer(SIZES[-1], 64), nn.Linear(64, n)) for n in CLASSES
        )


class Separate(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.towers = nn.ModuleList(nn.Sequential(*tower()) for _ in CLASSES)

    def forward(self, x: Tensor) -> list[Tensor]:
        return self.answers([one(x) for one in self.towers])


class Soft(Separate):
    strength = 0.01

    def penalty(self) -> Tensor:
        total = torch.zeros(())
        for i in range(N_TASKS):
            for j in range(i):
                pairs = zip(self.towers[i].parameters(), self.towers[j].parameters(), strict=True)
                for a, b in pairs:
                    total = total + (a - b).square().sum()
        return total * (self.strength / 2)


class CrossStitch(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.towers = nn.ModuleList(tower() for _ in CLASSES)
        start = torch.full((N_TASKS, N_TASKS), 0.05).fill_diagonal_(0.9)
        self.stitches = nn.ParameterList(nn.Parameter(start.clone()) for _ in range(2))

    def forward(self, x: Tensor) -> list[Tensor]:
        features = [x] * N_TASKS
        for stage, stitch in enumerate(self.stitches):
            stacked = torch.stack([t[stage](f) for t, f in zip(self.towers, features, strict=True)])
            features = list(torch.einsum("ij,jbw->ibw", stitch, stacked))
        return self.answers(features)


class Sluice(ByHand):
    strength = 0.001

    def __init__(self) -> None:
        super().__init__()
        self.towers = nn.ModuleList(tower() for _ in CLASSES)
        n = 2 * N_TASKS
        start = torch.full((n, n), 0.1 / (n - 1)).fill_diagonal_(0.9)
        self.exchange = nn.ParameterList(nn.Parameter(start.clone()) for _ in range(2))
        self.depth = nn.Parameter(torch.full((N_TASKS, 2), 0.5))

    def forward(self, x: Tensor) -> list[Tensor]:
        features, stages = [x] * N_TASKS, []
        for stage, matrix in enumerate(self.exchange):
            found = [t[stage](f) for t, f in zip(self.towers, features, strict=True)]
            parts = torch.stack([part for f in found for part in f.chunk(2, dim=-1)])
            mixed = torch.einsum("ij,jbw->ibw", matrix, parts)
            features = [torch.cat([mixed[2 * i], mixed[2 * i + 1]], -1) for i in range(N_TASKS)]
            stages.append(features)
        return self.answers(
            [
                self.depth[i, 0] * stages[0][i] + self.depth[i, 1] * stages[1][i]
                for i in range(N_TASKS)
            ]
        )

    def penalty(self) -> Tensor:
        total = torch.zeros(())
        for one in self.towers:
            for stage in one:
                a, b = stage[0].weight.chunk(2)
                total = total + (a @ b.T).square().sum()
        return self.strength * total


class MTAN(Hard):
    def __init__(self) -> None:
        super().__init__()
        widths = [(SIZES[1], SIZES[1]), (SIZES[1] + SIZES[2], SIZES[2])]
        self.masks = nn.ModuleList(
            nn.ModuleList(
                nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, b), nn.Sigmoid())
                for a, b in widths
            )
            for _ in CLASSES
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        first = self.trunk[0](x)
        second = self.trunk[1](first)
        found = []
        for masks in self.masks:
            attended = masks[0](first) * first
            found.append(masks[1](torch.cat([second, attended], -1)) * second)
        return self.answers(found)


class Experts(ByHand):
    """Experts, of which each task mixes those it may use."""

    def __init__(self, n_shared: int, n_own: int) -> None:
        super().__init__()
        self.shared = nn.ModuleList(nn.Sequential(*tower()) for _ in range(n_shared))
        self.own = nn.ModuleList(
            nn.ModuleList(nn.Sequential(*tower()) for _ in range(n_own)) for _ in CLASSES
        )
        self.gates = nn.ModuleList(nn.Linear(SIZES[0], n_shared + n_own) for _ in CLASSES)

    def forward(self, x: Tensor) -> list[Tensor]:
        shared = [expert(x) for expert in self.shared]
        found = []
        for gate, own in zip(self.gates, self.own, strict=True):
            stacked = torch.stack([*(expert(x) for expert in own), *shared], dim=1)
            found.append((gate(x).softmax(-1).unsqueeze(-1) * stacked).sum(1))
        return self.answers(found)


class PLE(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.shared = tower()
        self.own = nn.ModuleList(tower() for _ in CLASSES)
        self.gates = nn.ModuleList(
            nn.ModuleList([nn.Linear(SIZES[0], 2), nn.Linear(SIZES[1], 2)]) for _ in CLASSES
        )
        self.over_all = nn.Linear(SIZES[0], N_TASKS + 1)

    def forward(self, x: Tensor) -> list[Tensor]:
        own, shared = [t[0](x) for t in self.own], self.shared[0](x)
        streams = [
            _mixed(gates[0](x), [values, shared])
            for gates, values in zip(self.gates, own, strict=True)
        ]
        common = self.shared[1](_mixed(self.over_all(x), [*own, shared]))
        return self.answers(
            [
                _mixed(gates[1](stream), [t[1](stream), common])
                for gates, t, stream in zip(self.gates, self.own, streams, strict=True)
            ]
        )


def _mixed(logits: Tensor, values: list[Tensor]) -> Tensor:
    return (logits.softmax(-1).unsqueeze(-1) * torch.stack(values, dim=1)).sum(1)


class DSelectK(ByHand):
    entropy = 0.001

    def __init__(self) -> None:
        super().__init__()
        self.experts = nn.ModuleList(nn.Sequential(*tower()) for _ in range(4))
        self.names = nn.Parameter(torch.empty(N_TASKS, 2, 2).uniform_(-0.01, 0.01))
        self.parts = nn.Parameter(torch.zeros(N_TASKS, 2))
        self.register_buffer("bits", torch.tensor([[0.0, 0], [1, 0], [0, 1], [1, 1]]))

    def selectors(self) -> Tensor:
        t = self.names.clamp(-0.5, 0.5)
        step = (-2 * t**3 + 1.5 * t + 0.5).unsqueeze(2)
        return (self.bits * step + (1 - self.bits) * (1 - step)).prod(-1)

    def forward(self, x: Tensor) -> list[Tensor]:
        features = torch.stack([expert(x) for expert in self.experts])
        weights = (self.parts.softmax(-1).unsqueeze(-1) * self.selectors()).sum(1)
        return self.answers(list(torch.einsum("te,ebw->tbw", weights, features)))

    def penalty(self) -> Tensor:
        found = self.selectors()
        return -self.entropy * (found * (found + 1e-6).log()).sum()


class LTB(ByHand):
    def __init__(self) -> None:
        super().__init__()
        self.nodes = nn.ModuleList(tower() for _ in range(3))
        self.parents = nn.Parameter(torch.zeros(3, 3))
        self.branch = nn.Parameter(torch.zeros(N_TASKS, 3))
        self.n_steps = 0

    def choice(self, logits: Tensor) -> Tensor:
        noise = -torch.empty_like(logits).exponential_().log()
        return ((logits + noise) / max(0.2, 5.0 * 0.5 ** (self.n_steps / 200))).softmax(-1)

    def forward(self, x: Tensor) -> list[Tensor]:
        first = torch.stack([node[0](x) for node in self.nodes])
        below = torch.einsum("ij,jbw->ibw", self.choice(self.parents), first)
        second = torch.stack([n[1](h) for n, h in zip(self.nodes, below, strict=True)])
        self.n_steps += 1
        return self.answers(list(torch.einsum("ij,jbw->ibw", self.choice(self.branch), second)))


class FiLM(Hard):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.ModuleList(
            nn.ParameterList(torch.ones(n) for n in SIZES[1:]) for _ in CLASSES
        )
        self.shift = nn.ModuleList(
            nn.ParameterList(torch.zeros(n) for n in SIZES[1:]) for _ in CLASSES
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        first = self.trunk[0](x)
        found = []
        for scale, shift in zip(self.scale, self.shift, strict=True):
            second = self.trunk[1](scale[0] * first + shift[0])
            found.append(scale[1] * second + shift[1])
        return self.answers(found)


class LoRA(Hard):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            nn.ModuleList(nn.Linear(n, 4, bias=False) for n in SIZES[:-1]) for _ in CLASSES
        )
        self.up = nn.ModuleList(
            nn.ModuleList(nn.Linear(4, n, bias=False) for n in SIZES[1:]) for _ in CLASSES
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        shared = self.trunk[0][0](x)
        found = []
        for down, up in zip(self.down, self.up, strict=True):
            h = (shared + up[0](down[0](x))).relu()
            found.append((self.trunk[1][0](h) + up[1](down[1](h))).relu())
        return self.answers(found)


class Progressive(Separate):
    """The last of three columns is learned; the others are frozen."""

    def __init__(self) -> None:
        super().__init__()
        for part in (*self.towers[:-1], *self.heads[:-1]):
            part.requires_grad_(False)
        self.laterals = nn.ModuleList(nn.Linear(2 * n, n, bias=False) for n in SIZES[1:])
        # The second column was learned with laterals to the first.
        self.earlier = nn.ModuleList(nn.Linear(n, n, bias=False) for n in SIZES[1:])
        self.earlier.requires_grad_(False)

    def forward(self, x: Tensor) -> list[Tensor]:
        first, second, third = x, x, x
        for stage, (lateral, earlier) in enumerate(zip(self.laterals, self.earlier, strict=True)):
            first = self.towers[0][stage](first)
            second = self.towers[1][stage](second) + earlier(first)
            third = self.towers[2][stage](third) + lateral(torch.cat([first, second], -1))
        return [self.heads[2](third)]


BY_HAND = {
    "separate": Separate,
    "hard": Hard,
    "hard, heads of 64": HardWithHeads,
    "soft": Soft,
    "cross-stitch": CrossStitch,
    "sluice": Sluice,
    "mtan": MTAN,
    "mmoe": lambda: Experts(4, 0),
    "cgc": lambda: Experts(1, 1),
    "ple": PLE,
    "dselect-k": DSelectK,
    "ltb": LTB,
    "film": FiLM,
    "lora": LoRA,
    "progressive": Progressive,
}
