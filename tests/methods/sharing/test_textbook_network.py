"""The preset The textbook network is the network of the textbook."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests.contracts.files import PRESETS
from tests.engine.toys import Run
from workbench.engine.roles.sharing import Sharing
from workbench.spec import preset
from workbench.spec.event import StepsDone

FIRST, SECOND = "regression-1", "regression-2"


class ByHand(nn.Module):
    """One shared layer of 128 units, 64 of the first task's own, 32 of the second's."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Linear(10, 128)
        self.hidden = nn.ModuleDict({FIRST: nn.Linear(128, 64), SECOND: nn.Linear(128, 32)})
        self.answer = nn.ModuleDict({FIRST: nn.Linear(64, 1), SECOND: nn.Linear(32, 1)})

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        features = functional.relu(self.shared(x))
        return {
            task: self.answer[task](functional.relu(self.hidden[task](features)))
            for task in (FIRST, SECOND)
        }

    def start_as(self, model: Sharing) -> None:
        """Take the parameters of the program's model, which has no others."""
        mine = [
            self.shared,
            *(part[t] for t in (FIRST, SECOND) for part in (self.hidden, self.answer)),
        ]
        layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
        assert [layer.weight.shape for layer in layers] == [layer.weight.shape for layer in mine]
        assert sum(p.numel() for p in self.parameters()) == sum(
            p.numel() for p in model.parameters()
        )
        for own, layer in zip(mine, layers, strict=True):
            own.load_state_dict(layer.state_dict())


def test_the_program_trains_the_network_written_by_hand() -> None:
    spec = preset.load(PRESETS / "the-textbook-network.yaml")
    run, other = Run(spec), Run(spec)
    net = ByHand()
    net.start_as(run.model)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    run.to_the_end()
    losses = np.concatenate([e.losses for e in run.events if isinstance(e, StepsDone)])
    assert len(losses) == 10 * -(-2000 // 32)
    sampler = other.trainer.plan.samplers[0]
    for item in losses:
        batch = sampler.draw()
        answers = net(batch[FIRST].inputs["x"])
        mine = torch.stack([functional.mse_loss(answers[t], batch[t].target) for t in answers])
        np.testing.assert_allclose(item, mine.detach().numpy(), rtol=1e-6, atol=1e-6)
        optimizer.zero_grad()
        mine.sum().backward()
        optimizer.step()
    trained = ByHand()
    trained.start_as(run.model)
    for name, value in trained.named_parameters():
        torch.testing.assert_close(value, net.get_parameter(name), rtol=0, atol=1e-6)
