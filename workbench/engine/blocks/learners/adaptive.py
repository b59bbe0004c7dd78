"""Adaptive: the learners whose inner loop is a few gradient steps on a task's support."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.engine.blocks.learners.adapting import Adapted, InnerSteps, Over, Values
from workbench.engine.blocks.learners.episodes import Group, Groups
from workbench.engine.layers.batch_norm import has_statistics
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import Ask, Learner
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task
from workbench.spec.settings import Settings, setting

#: Rows that are answered at once, where nothing is learned.
_AT_ONCE = 8192


class ShotsSettings(Settings):
    """Settings of every learner that adapts."""

    shots: int = setting(
        10,
        "Training examples (of each class) that a named task adapts to when it is judged; a "
        "distribution of tasks says its own.",
        ge=1,
        le=10_000,
        unit="examples",
    )
    balance: Literal["distributions", "small-tasks"] = setting(
        "distributions",
        "What balancing weighs against each other: distributions, each by the mean over its small"
        " tasks in a batch, or these small tasks, of which each counts as its part of that mean."
        " Rules that compare gradients then take one backward pass a small task.",
        title="Balance",
    )


class InnerSettings(ShotsSettings):
    """Settings of learners that adapt by gradient steps."""

    inner_steps: int = setting(
        1, "Steps on a task's support in training.", ge=1, le=100, title="Inner steps"
    )
    inner_lr: float = setting(
        0.01, "Learning rate of the inner steps.", gt=0, le=100, title="Inner learning rate"
    )
    test_steps: int = setting(
        5,
        "Inner steps after which a task is judged. Each may be asked after any number later.",
        ge=0,
        le=100,
        title="Inner steps when judged",
    )


class FirstOrderSettings(InnerSettings):
    """Settings of learners that may leave second derivatives out."""

    first_order: bool = setting(
        False, "Take the inner gradients for constants: less work and memory, a rougher gradient."
    )


class Adaptive(Learner):
    """Learns from the query loss after inner steps on the support, unless a method says otherwise.

    Small tasks whose loss is not finite are left out of an update and counted.
    """

    adapts = True
    adapts_by_steps = True
    gives = ("adapts",)
    demands_at = {"balance": {"small-tasks": ("small-tasks",)}}

    Settings = FirstOrderSettings

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.over = Over()
        self.n_left_out = 0
        #: By model and task: the parameters that adapt, and their names.
        self._names: dict[tuple[int, str], tuple[tuple[int, ...], tuple[str, ...]]] = {}

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        self.tasks = tasks
        weighed = [name for name, t in tasks.items() if t.data["train"].row_weights is not None]
        if weighed:
            message = f"takes all rows of a small task alike; those of {weighed[0]} have weights"
            raise BadSpecError("learner.kind", message)
        self.groups = Groups(tasks, self.settings.shots)
        names = list(model.named_parameters(remove_duplicate=False))
        self.is_tied = len(names) > len(list(model.parameters()))
        self.has_statistics = has_statistics(model)

    @property
    def weighs_small_tasks(self) -> bool:
        return self.settings.balance == "small-tasks"

    @property
    def is_first_order(self) -> bool:
        """Whether inner gradients are taken for constants."""
        return self.settings.first_order

    @property
    def judged_after(self) -> int:
        """Inner steps after which a task is judged."""
        return self.settings.test_steps

    @property
    def shown_after(self) -> tuple[int, ...]:
        """Numbers of inner steps at which adaptation is shown."""
        return tuple(range(max(10, self.judged_after) + 1))

    @property
    def inner_rate(self) -> float | None:
        is_chosen = self.adapts_by_steps and not self.learns_rates
        return self.settings.inner_lr if is_chosen else None

    def at_rate(self, rate: float) -> "Adaptive":
        other = copy(self)
        other.settings = self.settings.model_copy(update={"inner_lr": rate})
        return other

    def start(self, model: Sharing, task: str) -> dict[str, Tensor]:
        """What adapts to a task, by name: all that the task uses and that is trained."""
        used = self.parameters(model, task)
        places = tuple(map(id, used))
        known, names = self._names.get((id(model), task), ((), ()))
        if known != places:  # to look through all modules takes longer than all the rest
            by_place = {id(p): name for name, p in model.named_parameters()}
            names = tuple(by_place.get(place, "") for place in places)
            self._names[id(model), task] = places, names
        return {name: p for name, p in zip(names, used, strict=True) if name}

    def parameters(self, model: Sharing, task: str) -> list[nn.Parameter]:
        """The parameters that adapt to a task."""
        return [p for p in model.used_parameters(task) if p.requires_grad]

    def rates(self, model: Sharing, start: Values) -> float | Values:
        """The inner learning rate, or one for each number that adapts."""
        del model, start
        return self.settings.inner_lr

    def adapted(self, model: Sharing, task: str, *, first_order: bool) -> Adapted:
        """The model as it adapts to tasks like this one."""
        start = self.start(model, task)
        inner = InnerSteps(self.rates(model, start), first_order)
        return Adapted(
            model,
            self.tasks[task].loss,
            start,
            inner,
            is_tied=self.is_tied,
            has_statistics=self.has_statistics,
        )

    def losses(self, model: Sharing, batch: Batch) -> list[Tensor]:
        by_name: dict[str, Tensor] = {}
        for group in self.groups.of(model, batch):
            values = self.finite(model, group)
            if len(group.names) > 1:
                by_name.update(zip(group.names, values.split(1), strict=True))
            else:
                by_name[group.task] = values
        return [by_name[name] for name in batch]

    def finite(self, model: Sharing, group: Group) -> Tensor:
        """The losses [n] of the small tasks of a group that have a finite one.

        A loss that is not finite would spoil the gradient even with a weight of 0: the others are
        computed again without it. Named tasks are never left out: theirs are told as they are.
        """
        values = self.query_losses(model, group)
        if len(group) == 1 or len(group.names) > 1:
            return values
        is_finite = values.detach().isfinite()
        n_finite = int(is_finite.sum())
        if n_finite in (0, len(group)):
            return values
        self.n_left_out += len(group) - n_finite
        self.notice(
            f"an inner loop on {group.task} gave no finite loss: such tasks are left out of the "
            "update, and counted; a lower inner_lr may help"
        )
        return self.query_losses(model, group[is_finite.nonzero()[:, 0]])

    def query_losses(self, model: Sharing, group: Group) -> Tensor:
        """The loss on the queries of each small task after adapting, [N]."""
        adapted = self.adapted(model, group.task, first_order=self.is_first_order)
        losses = adapted.losses(group, self.settings.inner_steps, self.over)
        self._tell_loop()
        return losses

    def answer(self, ask: Ask, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        del ask
        outputs: dict[str, Tensor] = {}
        for group in self.groups.evaluated(batch):
            answers = self.outputs(model, group, (self.judged_after,))[0]
            if len(group) > 1 and not answers.isfinite().all():
                self.notice(
                    f"some small tasks of {group.task} have no finite answer after "
                    f"{self.judged_after} inner steps: scores and losses are means over the others"
                )
            outputs[group.task] = answers.flatten(0, 1)
        return outputs

    def cut(self, task: str, part: Part) -> tuple[Part, Part]:
        (group,) = self.groups.evaluated({task: part})
        return group.support, group.query

    def answers(
        self, model: Sharing, task: str, support: Part, query: Part, steps: Sequence[int]
    ) -> Tensor:
        return self.outputs(model, Group((task,), support, query), steps)

    def outputs(self, model: Sharing, group: Group, steps: Sequence[int]) -> Tensor:
        """Answers [K, N, q, …] to the queries, in pieces that fit memory; nothing is recorded."""
        adapted = self.adapted(model, group.task, first_order=True)
        size = self.at_once(group)
        # A caller that only asks may be in inference mode, in which no gradient can be taken.
        with torch.inference_mode(mode=False), torch.no_grad():
            pieces = [
                adapted.outputs(_usable(group[at : at + size]), steps, self.over)
                for at in range(0, len(group), size)
            ]
        self._tell_loop()
        return torch.cat(pieces, 1)

    def at_once(self, group: Group) -> int:
        """Small tasks of a group that are answered at once, where nothing is learned."""
        n_rows = group.support.target.shape[1] + group.query.target.shape[1]
        return max(1, _AT_ONCE // n_rows)

    def inner_bytes(self, model: Sharing, n_tasks: int, activations: int) -> int:
        """What is measured: of the second order every step is kept, of the first the last alone."""
        per_task = [sum(x.nbytes for x in self.start(model, t).values()) for t in self.tasks]
        adapted, n_steps = n_tasks * sum(per_task), self.inner_steps
        if self.is_first_order:
            return 3 * adapted if n_steps else 0
        return (2 + n_steps) * adapted + n_steps * activations

    @property
    def inner_steps(self) -> int:
        """Inner steps of an update."""
        return self.settings.inner_steps

    def _tell_loop(self) -> None:
        if self.over.looped:
            self.notice(
                "this model cannot adapt to many tasks at once, and does so to one after the "
                f"other, which takes longer ({self.over.looped})"
            )

    def state_dict(self) -> dict[str, Any]:
        return {"left_out": self.n_left_out}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.n_left_out = state.get("left_out", 0)


def _usable(group: Group) -> Group:
    """The group with tensors of which gradients can be taken: those of inference mode copied."""
    return Group(group.names, _usable_part(group.support), _usable_part(group.query))


def _usable_part(part: Part) -> Part:
    def usable(x: Tensor) -> Tensor:
        return x.clone() if x.is_inference() else x

    return Part({view: usable(x) for view, x in part.inputs.items()}, usable(part.target))
