"""protonet: classes by their nearest prototype."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.func import vmap
from torch.nn import functional

from workbench.engine.blocks.learners.adaptive import Adaptive, ShotsSettings
from workbench.engine.blocks.learners.episodes import Group
from workbench.engine.blocks.learners.heads import features, head_of
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task


class ProtoNet(Adaptive):
    """Answers with the class whose mean embedding of the support is nearest.

    The embedding is what the head reads; the head itself is not used. The logit of a class is minus
    the squared distance to its prototype. There are no inner steps: to adapt is to take means. A
    class that the support lacks has no prototype: it is never answered, and rows of it that are
    asked teach nothing.
    """

    key = "protonet"
    title = "Prototypical networks"
    formula = "p(c | x) ∝ exp(−‖f(x) − mean f(support of c)‖²)"
    paper = "Snell, Swersky & Zemel, Prototypical networks for few-shot learning, NeurIPS 2017"
    link = "https://arxiv.org/abs/1703.05175"
    helps = "Few-shot classes: simple, fast, and hard to beat."
    needs = ("episodes",)
    is_judged_built = True  # the answers may be no classes
    adapts_by_steps = False

    class Settings(ShotsSettings):
        """A distribution says all there is to say."""

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        super().prepare(model, tasks)
        for name, task in tasks.items():
            if not isinstance(task.output, Classes):
                message = f"is for few-shot classes; {name} answers with something else"
                raise BadSpecError("learner.kind", message)
            head_of(model, name)

    @property
    def is_first_order(self) -> bool:
        return True

    @property
    def judged_after(self) -> int:
        return 1

    @property
    def shown_after(self) -> tuple[int, ...]:
        return (1,)

    @property
    def inner_steps(self) -> int:
        return 0

    def query_losses(self, model: Sharing, group: Group) -> Tensor:
        loss = self.tasks[group.task].loss
        logits = self._logits(model, group)
        wanted = group.query.target.clamp_min(0).unsqueeze(2)
        # Nothing can be said for a class without a prototype: the row counts, and has no slope.
        is_lost = logits.gather(2, wanted).isinf()
        return vmap(loss)(logits.masked_fill(is_lost, 0.0), group.query.target)

    def outputs(self, model: Sharing, group: Group, steps: Sequence[int]) -> Tensor:
        logits = self._in_pieces(model, group)
        return logits.unsqueeze(0).expand(len(steps), *logits.shape)

    def embedding(self, model: Sharing, task: str, rows: Part) -> Tensor:
        return features(model, task, rows)

    def _embedded(self, model: Sharing, group: Group) -> Tensor:
        """What the head would read of support and query rows, [N, s + q, width]."""
        rows = group.rows
        n, n_rows = rows.target.shape[:2]
        flat = Part({v: x.flatten(0, 1) for v, x in rows.inputs.items()}, rows.target.flatten())
        return features(model, group.task, flat).view(n, n_rows, -1)

    def _logits(self, model: Sharing, group: Group) -> Tensor:
        """Minus the squared distances to the prototypes, [N, q, ways]; −∞ where there is none."""
        output: Any = self.tasks[group.task].output
        n_support = group.support.target.shape[1]
        support, query = self._embedded(model, group).split(
            [n_support, group.query.target.shape[1]], 1
        )
        belongs = functional.one_hot(group.support.target, output.n).to(support)
        sums = torch.einsum("nsc,nsd->ncd", belongs, support)
        counts = belongs.sum(1)
        prototypes = sums / counts.clamp_min(1).unsqueeze(2)
        logits = -(query.unsqueeze(2) - prototypes.unsqueeze(1)).square().sum(3)
        return logits.masked_fill((counts == 0).unsqueeze(1), -torch.inf)

    def _in_pieces(self, model: Sharing, group: Group) -> Tensor:
        size = self.at_once(group)
        with torch.no_grad():
            return torch.cat(
                [self._logits(model, group[i : i + size]) for i in range(0, len(group), size)]
            )
