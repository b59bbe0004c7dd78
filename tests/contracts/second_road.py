"""A second road to the parameters: the update written out, without any of the engine's short cuts.

A backward pass a task, the rule's weights applied by hand, penalties by a pass of their own, and
torch's own unfused optimizers and schedulers. What the methods say is taken from them; how it is
put together is not. Where the two roads part, one of them is wrong.
"""

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tests.contracts.unwatched import unwatched
from tests.engine.toys import Run
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.balancing import Direction, Place
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import Learner
from workbench.engine.training.trainer import Trainer
from workbench.engine.update.divergence import NotFiniteError
from workbench.engine.update.step import Step
from workbench.engine.update.update import Report, Update
from workbench.spec.experiment import Optimizer, Spec

Values = dict[str, Tensor]


class PlainStep(Step):
    """Facts about a batch, each loss with a graph and a backward pass of its own."""

    @property
    def jacobian(self) -> Tensor:
        if self._jacobian is None:
            self._jacobian = self._plain()
        return self._jacobian

    def _plain(self) -> Tensor:
        return torch.stack([_flat(row, self.shared) for row in self.rows(self.shared)])

    @property
    def outputs(self) -> dict[str, Tensor]:
        if self._outputs is None and self.keeps_features:
            with self._statistics():
                self.read = self.model.features(self.batch)
                self._outputs = self.model.answers(self.read)
        return super().outputs

    def compared(self, place: Place) -> Tensor:
        if place != "representation":
            return super().compared(place)
        losses = self.separate_losses
        read = list({id(x): x for x in self.read.values()}.values())
        gradients = [torch.autograd.grad(loss, read, retain_graph=True) for loss in losses]
        return torch.stack([torch.cat([x.flatten() for x in row]) for row in gradients])

    @property
    def shared(self) -> list[nn.Parameter]:
        """The shared parameters."""
        return self.model.shared_parameters()

    def rows(self, parameters: Sequence[nn.Parameter]) -> list[list[Tensor | None]]:
        """Each task's gradient in each of the parameters; None where torch has none."""
        return [gradient(loss, parameters) for loss in self.separate_losses]

    def halves(self) -> tuple[Tensor, Tensor]:
        # Which examples are in which half is the engine's to choose; their sum is not.
        first, second = super().halves()
        plain = self._plain()
        torch.testing.assert_close(first + second, plain, rtol=1e-7, atol=1e-9)
        self._jacobian = plain
        return first, second


class PlainSmallTasks(PlainStep):
    """The small tasks of a batch as rows, each with a backward pass of its own."""

    def __init__(self, whole: PlainStep) -> None:
        known = (whole.model, whole.tasks, whole.batch, dict.fromkeys(whole.batch, 1.0))
        super().__init__(*known)
        of_each = list(zip(whole.names, whole.separate_losses and whole.small_losses, strict=True))
        self.owners = tuple(name for name, losses in of_each for _ in losses)
        self.names = tuple(f"{i}th of {name}" for i, name in enumerate(self.owners))
        self._separate = [loss for _, losses in of_each for loss in losses]
        n_of = {name: len(losses) for name, losses in of_each}
        parts = dict(
            zip(whole.names, zip(whole.shares, whole.priorities, strict=True), strict=True)
        )
        self.shares = [parts[name][0] / n_of[name] for name in self.owners]
        self.priorities = [parts[name][1] / n_of[name] for name in self.owners]


def gradient(scalar: Tensor, parameters: Sequence[nn.Parameter]) -> list[Tensor | None]:
    """The gradient of a scalar in each of the parameters; None where torch has none."""
    if not scalar.requires_grad:
        return [None] * len(parameters)
    gradients = torch.autograd.grad(scalar, parameters, retain_graph=True, allow_unused=True)
    return list(gradients)


def _flat(row: Sequence[Tensor | None], parameters: Sequence[nn.Parameter]) -> Tensor:
    if not parameters:  # in a later stage every one may be held still
        return torch.zeros(0)
    pairs = zip(row, parameters, strict=True)
    return torch.cat([(torch.zeros_like(p) if g is None else g).reshape(-1) for g, p in pairs])


def _sum(pairs: Sequence[tuple[float | Tensor, Tensor | None]]) -> Tensor | None:
    """Σ weight · gradient over those that there are; None where there is none."""
    terms = [weight * item for weight, item in pairs if item is not None]
    return torch.stack(terms).sum(0) if terms else None


class ByHand(Learner):
    """An update written out; what moves the parameters is its own."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(None)
        self.trainer = trainer
        self.spec = trainer.spec
        self.stage = -1
        self.optimizer = unfused(self.spec.optimizer, _trainable(trainer.model))
        self.schedule: Any = None

    def learn(self, batch: Batch, update: Update) -> Report:
        # A model grows where a stage begins, and a scheduler knows the groups that there are.
        self._grow(update)
        self._begin_stage()
        if isinstance(self.optimizer, torch.optim.SGD):
            update.retention.rate = self.optimizer.param_groups[0]["lr"]
        mixed = update.retention.augment_batch(batch)
        step = PlainStep(
            update.model,
            update.tasks,
            mixed,
            update.task_weights,
            update.draw,
            keeps_features=update.balancing.reads_features,
            losses_of=update.losses_of,
            moves_statistics=True,
        )
        seen = PlainSmallTasks(step) if update.weighs_small_tasks else step
        state = torch.get_rng_state()
        if not all(math.isfinite(value) for value in step.values):
            raise NotFiniteError("a loss is not finite")
        lookback = update.balancing.weigh_with_lookback(seen)
        weighed = next(lookback)
        factor = 1.0
        weights = weighed.weights if isinstance(weighed, Direction) else weighed
        if update.balancing.settings.normalise and weights.sum() > 0:
            factor = len(step.names) / weights.sum().item()
        parameters = _trainable(update.model)
        rows = seen.rows(parameters)
        if update.balancing.in_gradient_space:
            found_by_id = self._in_gradient_space(seen, weighed, factor, rows, parameters)
        else:
            found_by_id = [
                _sum([(w * factor, row[i]) for w, row in zip(weights, rows, strict=True)])
                for i in range(len(parameters))
            ]
        for term in (update.model.regulariser(), update.retention.penalty(step)):
            more = [None] * len(parameters) if term is None else gradient(term, parameters)
            found_by_id = [
                _sum([(1.0, a), (1.0, b)]) for a, b in zip(found_by_id, more, strict=True)
            ]
        for parameter, mine in zip(parameters, found_by_id, strict=True):
            parameter.grad = None if mine is None else mine.detach().clone()
        self._project(step, update, parameters)
        self._clip(parameters)
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        self._look_back(lookback, step, state)
        update.retention.after_step(step)
        update.model.after_step()
        told: list[float] = (weights * factor).detach().tolist()
        if seen is not step:
            pairs = list(zip(seen.owners, told, strict=True))
            told = [sum((w for owner, w in pairs if owner == name), 0.0) for name in step.names]
        return Report(step.names, step.values, told)

    def _begin_stage(self) -> None:
        if self.stage == (stage := self.trainer.at.stage):
            return
        if self.trainer.plan.tells_boundaries or self.stage < 0:
            is_anew = self.trainer.update.retention.begins_from_scratch
            if stage > 0 and (is_anew or self.spec.optimizer.reset == "stages"):
                self.optimizer.state.clear()
            rate = self.spec.optimizer.lr
            for group in self.optimizer.param_groups:
                group["lr"] = rate
                group.pop("initial_lr", None)
            plan = self.trainer.plan
            steps = plan.steps[stage] if plan.tells_boundaries else sum(plan.steps)
            self.schedule = scheduled(self.optimizer, self.spec.optimizer, steps)
        self.stage = stage

    def _grow(self, update: Update) -> None:
        known = {id(p) for group in self.optimizer.param_groups for p in group["params"]}
        grown = [p for p in _trainable(update.model) if id(p) not in known]
        if grown:
            self.optimizer.add_param_group({"params": grown})

    def _in_gradient_space(
        self,
        step: PlainStep,
        found: Tensor | Direction,
        factor: float,
        rows: list[list[Tensor | None]],
        parameters: list[nn.Parameter],
    ) -> list[Tensor | None]:
        pieces: dict[int, Tensor] = {}
        if isinstance(found, Direction):
            cut = found.vector.split([p.numel() for p in step.shared])
            pieces = {id(p): c.view(p.shape) for p, c in zip(step.shared, cut, strict=True)}
        shared = set(map(id, step.shared))
        result: list[Tensor | None] = []
        for i, parameter in enumerate(parameters):
            mine = [row[i] for row in rows]
            if id(parameter) not in shared:
                result.append(_sum(list(zip(step.priorities, mine, strict=True))))
            elif all(g is None for g in mine):
                result.append(None)
            elif isinstance(found, Direction):
                result.append(factor * pieces[id(parameter)])
            else:
                result.append(_sum([(w * factor, g) for w, g in zip(found, mine, strict=True)]))
        return result

    def _project(self, step: Step, update: Update, parameters: list[nn.Parameter]) -> None:
        """A gradient of zeros that was none before stays none."""
        if not update.retention.changes_gradient:
            return
        whole = _flat([p.grad for p in parameters], parameters)
        changed = update.retention.project(whole, step)
        pieces = changed.split([p.numel() for p in parameters])
        for parameter, piece in zip(parameters, pieces, strict=True):
            if parameter.grad is not None or piece.any():
                parameter.grad = piece.view(parameter.shape).clone()

    def _clip(self, parameters: list[nn.Parameter]) -> None:
        limit = self.spec.training.clip
        gradients = [p.grad for p in parameters if p.grad is not None]
        norm = math.sqrt(sum(g.double().square().sum().item() for g in gradients))
        if 0 < limit < norm + 1e-6:
            for mine in gradients:
                mine.mul_(limit / (norm + 1e-6))

    def _look_back(self, lookback: Any, step: Step, state: Tensor) -> None:
        now = torch.get_rng_state()
        torch.set_rng_state(state)
        with contextlib.suppress(StopIteration):
            lookback.send(step.on(step.batch))
        torch.set_rng_state(now)


def _trainable(model: nn.Module) -> list[nn.Parameter]:
    return [p for p in model.parameters() if p.requires_grad]


def unfused(chosen: Optimizer, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """torch's own optimizer, one parameter after the other."""
    common: dict[str, Any] = {
        "lr": chosen.lr,
        "weight_decay": chosen.weight_decay,
        "fused": False,
        "foreach": False,
    }
    if chosen.kind == "sgd":
        return torch.optim.SGD(parameters, momentum=chosen.momentum, **common)
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[chosen.kind](parameters, **common)


def scheduled(optimizer: torch.optim.Optimizer, chosen: Optimizer, steps: int) -> Any:
    """torch's own scheduler for a stage of so many steps; None where the rate stays."""
    schedules = torch.optim.lr_scheduler
    given = chosen.schedule
    match given.kind:
        case "constant":
            return None
        case "step":
            every = max(1, round(given.every * steps))
            return schedules.StepLR(optimizer, every, given.factor)
        case "cosine":
            return schedules.CosineAnnealingLR(optimizer, steps)
        case "one-cycle":
            return schedules.OneCycleLR(
                optimizer,
                chosen.lr,
                total_steps=steps,
                pct_start=given.warmup,
                cycle_momentum=False,
            )


class Noting(Learner):
    """Learns as another learner does, and notes what each update leaves.

    The parameters, and the running statistics: a teacher and an importance are read with those.
    """

    def __init__(self, inner: Learner, model: nn.Module) -> None:
        super().__init__(None)
        self.inner = inner
        self.model = model
        self.seen: list[Values] = []
        #: Parameters whose gradient lay otherwise than they do.
        self.turned: set[str] = set()

    def learn(self, batch: Batch, update: Update) -> Report:
        report = self.inner.learn(batch, update)
        statistics = [(n, x) for n, x in self.model.named_buffers() if "running_" in n]
        noted = [*self.model.named_parameters(), *statistics]
        self.seen.append({n: x.detach().clone() for n, x in noted})
        for name, p in self.model.named_parameters():
            if p.grad is not None and p.grad.stride() != p.stride():
                self.turned.add(name)
        for group in update.optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None and p.grad.stride() != p.stride():
                    self.turned.add("of the optimizer")
        return report


def travelled(
    spec: Spec,
    found: Catalogue,
    weights: dict[str, float],
    *,
    by_hand: bool,
    is_watched: bool = True,
    shaken: tuple[float, int] = (0.0, 0),
) -> tuple[Run, Noting]:
    """The run of a spec on one of the two roads; the one by hand is never watched.

    `shaken` is by how much of themselves its first parameters are moved at random, and the seed.
    """
    run = Run(spec, found)
    trainer = run.trainer
    if shaken[0]:
        generator = torch.Generator().manual_seed(shaken[1])
        with torch.no_grad():
            for p in run.model.parameters():
                p.mul_(1 + shaken[0] * torch.randn(p.shape, generator=generator))
    trainer.update.task_weights.update(weights)
    if by_hand or not is_watched:
        unwatched(trainer)
    inner = ByHand(trainer) if by_hand else trainer.learner
    noting = trainer.learner = Noting(inner, run.model)
    run.to_the_end()
    return run, noting


def parting(one: list[Values], two: list[Values], tolerance: float) -> str:
    """At which step and parameter the roads part, and by how much; empty where they do not."""
    for number, (a, b) in enumerate(zip(one, two, strict=False), 1):
        if a.keys() != b.keys():
            return f"step {number}: other parameters"
        for name, values in a.items():
            allowed = tolerance * values.abs().clamp_min(1)
            away = (values - b[name]).abs()
            if not bool((away <= allowed).all()):
                return f"step {number}: {name} is {away.max().item():.3g} away"
    return ""
