"""slda: a linear discriminant that learns example by example, on features that stay."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from workbench.engine.blocks.retention.heads import features, require_features
from workbench.engine.blocks.retention.update_mask import UpdateMask
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task, answered_parts
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class Discriminant:
    """Class means and one covariance of features [N, d] that come in any order.

    The scatter within classes grows by n/(n+1)·(z − μ)(z − μ)ᵀ, n the examples of z's class so
    far, which adds up to that of all examples at once. (The paper has the number of all examples
    in place of n, which depends on their order.)
    """

    def __init__(self, n_classes: int, width: int, like: Tensor) -> None:
        self.counts = like.new_zeros(n_classes, dtype=torch.float64)
        self.means = like.new_zeros(n_classes, width, dtype=torch.float64)
        self.scatter = like.new_zeros(width, width, dtype=torch.float64)

    def add(self, examples: Tensor, target: Tensor) -> None:
        """Examples [N, d] of classes [N] come by."""
        values = examples.double()
        for label in target.unique().tolist():
            mine = values[target == label]
            n, old = len(mine), self.counts[label].item()
            centre = mine.mean(0)
            inner, apart = mine - centre, centre - self.means[label]
            self.scatter += inner.T @ inner + torch.outer(apart, apart) * (n * old / (n + old))
            self.means[label] += apart * (n / (n + old))
            self.counts[label] += n

    def scores(self, examples: Tensor, shrinkage: float) -> Tensor:
        """Λμ·z − ½ μ·Λμ of each class, [N, n]; of classes that never came, less than any other.

        Λ is the inverse of (1 − ε)Σ + εI.
        """
        covariance = self.scatter / self.counts.sum().clamp_min(1)
        eye = torch.eye(len(covariance), dtype=covariance.dtype, device=covariance.device)
        weights = torch.linalg.solve((1 - shrinkage) * covariance + shrinkage * eye, self.means.T)
        bias = 0.5 * (self.means * weights.T).sum(1)
        scores = examples.double() @ weights - bias
        known = self.counts > 0
        lowest = scores[:, known].amin(1, keepdim=True) - 1
        return torch.where(known, scores, lowest).to(examples.dtype)


class SLDA(Retention):
    """Learns the features in the first stage, then only how classes lie in them, in one pass.

    A Gaussian for each class with one shared covariance, its mean and scatter updated by every
    example once (Hayes & Kanan, CVPR workshop 2020). The paper starts from a pre-trained network;
    here the network is trained in the first `base_stages` stages and frozen afterwards. Then each
    stage's first epoch is learned from; there is nothing to learn in the others. In a stream
    without boundaries there is no first stage, so the network stays as it was initialised
    (base_stages 0), and every example is learned from as often as it comes.
    """

    key = "slda"
    title = "Streaming LDA"
    formula = "argmax Λμ·z − ½ μ·Λμ, Λ = ((1 − ε)Σ + εI)⁻¹"
    paper = "Hayes & Kanan, Lifelong machine learning with deep streaming LDA, CVPRW 2020"
    link = "https://arxiv.org/abs/1909.01520"
    helps = "One head for all classes, one pass, next to no memory; features must be good enough."
    needs = ("stages", "single-update")
    demands: ClassVar[Mapping[str, str]] = {"base_stages": "boundaries"}
    is_judged_built = True

    class Settings(Settings):
        """What is learned before the stream."""

        base_stages: int = setting(
            1, "Stages in which the features are learned; 0: they are random.", ge=0, le=1000
        )
        shrinkage: float = setting(
            1e-4, "ε: how far the covariance is drawn to the identity.", gt=0, le=1
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.heads: dict[str, Discriminant] = {}
        self.head_of: dict[str, str] = {}
        #: Width of the features that each task's head reads.
        self.widths: dict[str, int] = {}
        self.held = UpdateMask()
        self._n_left, self._n_ended = 0, 0
        self._new: Batch = {}

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        self.widths = require_features(model, tasks)
        self.held.hold_in(model)
        self.head_of = {n: t.head for n, t in tasks.items() if isinstance(t.output, Classes)}

    @property
    def _is_base(self) -> bool:
        return self._n_ended < self.settings.base_stages

    def on_stage_start(self, stage: StageData) -> None:
        once = stage.steps_per_epoch if self.knows_boundaries else 0
        self._n_left = 0 if self._is_base else once or stage.steps
        self._hold(stage.model)

    def _hold(self, model: Sharing) -> None:
        if not self._is_base:
            self.held.put({n: p.detach().new_zeros(()) for n, p in model.named_parameters()})

    def augment_batch(self, batch: Batch) -> Batch:
        self._new = batch
        return batch

    def penalty(self, step: Step) -> None:
        # Nothing to add: this is the last moment before the parameters move.
        self.held.before_step(step.model)

    def after_step(self, step: Step) -> None:
        self.held.after_step()
        if self._n_left:
            self._n_left -= 1
            self._learn(step.model, answered_parts(step.tasks, self._new))

    def on_stage_end(self, stage: StageData) -> None:
        if self._is_base:
            self._learn(stage.model, stage.train)
        self._n_ended += 1

    def _learn(self, model: Sharing, parts: Mapping[str, Part]) -> None:
        was_training = model.training
        model.eval()
        with torch.no_grad():
            for task, part in parts.items():
                if task not in self.head_of:
                    continue
                output, read = features(model, task, part)
                assert read is not None, "prepare has seen to it"
                head = self.head_of[task]
                if head not in self.heads:
                    self.heads[head] = Discriminant(output.shape[1], read.shape[1], read)
                self.heads[head].add(read, part.target)
        model.train(was_training)

    def answer(self, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        for task, part in batch.items():
            output, read = features(model, task, part)
            head = self.heads.get(self.head_of.get(task, ""))
            if head is None or read is None:
                outputs[task] = output
            else:
                outputs[task] = head.scores(read, self.settings.shrinkage)
        return outputs

    def capacity(self, planned: PlannedRun) -> Holding:
        """A count and a mean of each class and one scatter a head, in double precision."""
        sizes = {
            head: (planned.tasks[task].output.n, self.widths[task])
            for task, head in self.head_of.items()
        }
        numbers = sum(n + n * width + width * width for n, width in sizes.values())
        return Holding(0, 8 * numbers + 4 * len(list(planned.model.parameters())))

    def state_dict(self) -> dict[str, Any]:
        heads = {
            name: {"counts": head.counts, "means": head.means, "scatter": head.scatter}
            for name, head in self.heads.items()
        }
        return {
            "heads": heads,
            "n_left": self._n_left,
            "n_ended": self._n_ended,
            "freedom": dict(self.held.freedom),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, saved in state["heads"].items():
            n_classes, width = saved["means"].shape
            head = Discriminant(n_classes, width, saved["means"])
            head.counts, head.means, head.scatter = (
                saved[key] for key in ("counts", "means", "scatter")
            )
            self.heads[name] = head
        self._n_left, self._n_ended = state["n_left"], state["n_ended"]
        self.held.put(state["freedom"])
