"""Missing answers, whatever the methods: a step on them is one on each task's own answers.

Two thirds of the answers of three tasks are removed at random, so that batches lack whole tasks
too. The gradient must be the one that is worked out by hand: each task's mean loss over the rows
that answer it, as torch has it, with no mark among the targets.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.contracts.faces import CATALOGUE, ENTRIES, SHARINGS, name_of, using
from tests.engine.toys import SPLITS, Run, given, methods, sgd, teaching, training
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.numerics.missing import known, without_answers
from workbench.engine.roles.balancing import Direction
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import (
    Classes,
    Family,
    Labels,
    OutputKind,
    Part,
    Task,
    Values,
    Vector,
)
from workbench.engine.update.step import Step
from workbench.engine.update.update import Update
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice

BALANCINGS = [entry for entry in ENTRIES if entry.role == "balancing"]

#: Kinds of three tasks: each its own way, or such that their losses are worked out together.
KINDS: dict[str, tuple[OutputKind, ...]] = {
    "mixed": (Classes(3), Values(2), Labels(3)),
    "classes": (Classes(3),) * 3,
    "values": (Values(1),) * 3,
    "labels": (Labels(4),) * 3,
}
N_STEPS = 4


@contextmanager
def double_precision() -> Generator[None]:
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


def gapped(task: Task, number: int) -> Task:
    """The task without two thirds of its answers; of labels, of single ones too."""
    draw = torch.Generator().manual_seed(number)
    data: dict[str, Part] = {}
    for split, part in task.data.items():
        target = without_answers(part.target, torch.rand(len(part), generator=draw) < 2 / 3)
        if isinstance(task.output, Labels):
            target = target.masked_fill(torch.rand(target.shape, generator=draw) < 1 / 3, torch.nan)
        data[split] = part.changed(target=target)
    return replace(task, data=data)


def toys(kinds: tuple[OutputKind, ...], weights: Tensor | None = None) -> list[Task]:
    """Three tasks on the same 36 rows, with gaps."""
    draw = torch.Generator().manual_seed(5)
    inputs = {split: torch.randn(36, 4, generator=draw) for split in SPLITS}
    tasks: list[Task] = []
    for number, kind in enumerate(kinds):
        data: dict[str, Part] = {}
        for split, x in inputs.items():
            shown = x @ torch.randn(4, kind.n, generator=draw)
            target = shown.argmax(1) if isinstance(kind, Classes) else shown
            target = (shown > 0).to(x) if isinstance(kind, Labels) else target
            data[split] = Part({"x": x}, target, row_weights=weights)
        metric = "accuracy" if isinstance(kind, Classes) else ""
        tasks.append(gapped(Task(f"t{number}", {"x": Vector(4)}, kind, data, metric), number))
    return tasks


def by_hand(task: Task, output: Tensor, part: Part) -> Tensor:
    """The mean loss of what is answered, by torch's own functions on those answers alone."""
    is_known = known(part.target)
    weights = torch.ones(len(part)) if part.row_weights is None else part.row_weights
    spread = weights.view(-1, *(1,) * (is_known.dim() - 1)).expand_as(is_known)[is_known]
    if isinstance(task.output, Classes):
        losses = functional.cross_entropy(output[is_known], part.target[is_known], reduction="none")
    elif isinstance(task.output, Labels):
        losses = functional.binary_cross_entropy_with_logits(
            output[is_known], part.target[is_known], reduction="none"
        )
    else:
        losses = (output[is_known] - part.target[is_known]).square()
    return (losses * spread).sum() / spread.sum()


def gradient_of(run: Run) -> Tensor:
    parts = [p.grad if p.grad is not None else torch.zeros_like(p) for p in run.model.parameters()]
    return torch.cat([part.flatten() for part in parts])


def whole(run: Run, scalar: Tensor) -> Tensor:
    found = torch.autograd.grad(
        scalar, list(run.model.parameters()), allow_unused=True, retain_graph=True
    )
    pairs = zip(found, run.model.parameters(), strict=True)
    # None: a parameter that is not used.
    gradients: list[Tensor | None] = [g for g, _ in pairs]
    return torch.cat(
        [
            (torch.zeros_like(p) if g is None else g).flatten()
            for g, p in zip(gradients, run.model.parameters(), strict=True)
        ]
    )


def assert_close(found: Tensor, wanted: Tensor) -> None:
    assert found.isfinite().all()
    torch.testing.assert_close(found, wanted, rtol=1e-6, atol=1e-6 * float(wanted.norm() + 1e-9))


def steps_of(run: Run) -> Iterator[Batch]:
    """Batches that lack a task and such that lack none, as they are drawn."""
    sampler = run.trainer.plan.samplers[0]
    drawn = [sampler.draw() for _ in range(40)]
    complete = [batch for batch in drawn if len(batch) == len(sampler.names)]
    lacking = [batch for batch in drawn if len(batch) < len(sampler.names)]
    assert complete
    if len(sampler.names) == 1:
        lacking = complete[N_STEPS:]
    assert lacking
    half = N_STEPS // 2
    yield from [b for pair in zip(complete[:half], lacking[:half], strict=True) for b in pair]


def balanced_run(entry: Entry, make: Callable[[], list[Task]]) -> Run:
    spec = given(
        balancing=Choice(kind=entry.key),
        encoder=Choice(kind="mlp", hidden=[6, 5]),
        training=training(
            batch_size=4, clip=1e9
        ),  # else a gradient may be left where no one sees it
        optimizer=sgd(0.05),
    )
    return Run(spec, teaching(make))


@pytest.mark.parametrize("kinds", KINDS)
@pytest.mark.parametrize("entry", BALANCINGS, ids=name_of)
def test_balancing(entry: Entry, kinds: str, monkeypatch: pytest.MonkeyPatch):
    """The losses, and the gradient that the method's weights make of them.

    Where the kinds have no single gaps, the same as of another run whose tasks have rows of their
    own that all have an answer; but of methods that compare halves of the rows, of which there are
    others then.
    """
    is_halved: list[bool] = []
    directions: list[Direction] = []
    halves, balanced = Step.halves, Update._balanced  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(Step, "halves", lambda step: is_halved.append(True) or halves(step))

    def balanced_and_seen(update: Update, step: Step) -> Tensor | Direction:
        result = balanced(update, step)
        directions.extend([result] if isinstance(result, Direction) else [])
        return result

    monkeypatch.setattr(Update, "_balanced", balanced_and_seen)
    has_plain = Labels not in map(type, KINDS[kinds])
    with double_precision():
        run, plain = (balanced_run(entry, lambda: toys(KINDS[kinds])) for _ in range(2))
        for task in plain.trainer.update.tasks.values():
            task.make_small(task.output.loss)
            task.lacks_answers = False
        for batch in steps_of(run):
            report = one_step(run, batch)
            assert report.names == tuple(batch)
            if has_plain:
                other = one_step(plain, {name: part.answered() for name, part in batch.items()})
                plain.trainer.update.apply()
                if not is_halved:
                    assert_close(gradient_of(run), gradient_of(plain))
                    assert_close(torch.tensor(report.weights), torch.tensor(other.weights))
            values, wanted = expected(run, batch, list(report.weights))
            assert_close(torch.tensor(report.losses), values)
            if not directions:
                assert_close(gradient_of(run), wanted)
            run.trainer.update.apply()


def one_step(run: Run, batch: Batch) -> Any:
    update = run.trainer.update
    return update.combine(update.step(batch))


def expected(run: Run, batch: Batch, weights: list[float]) -> tuple[Tensor, Tensor]:
    """The losses [T], and the gradient that these weights make of them, by hand."""
    update = run.trainer.update
    outputs = run.model(batch)
    losses = [by_hand(update.tasks[name], outputs[name], p) for name, p in batch.items()]
    rows = [whole(run, loss) for loss in losses]
    if not update.balancing.in_gradient_space:
        return torch.stack(losses).detach(), combined(rows, weights)
    shared = {id(p) for p in run.model.shared_parameters()}
    is_shared = torch.cat(
        [torch.full((p.numel(),), id(p) in shared) for p in run.model.parameters()]
    )
    together = torch.where(is_shared, combined(rows, weights), combined(rows, [1.0] * len(rows)))
    return torch.stack(losses).detach(), together


def combined(rows: list[Tensor], weights: list[float]) -> Tensor:
    return torch.stack([row * weight for row, weight in zip(rows, weights, strict=True)]).sum(0)


class WithGaps(Family):
    """A family whose tasks have gaps, in double precision; inputs that are shared stay so."""

    of: type[Family]

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.inner = self.of(settings)

    def tasks(self) -> list[Task]:
        made: dict[int, Tensor] = {}

        def double(values: Tensor) -> Tensor:
            is_real = values.is_floating_point()
            return made.setdefault(id(values), values.double() if is_real else values)

        tasks: list[Task] = []
        for number, task in enumerate(self.inner.tasks()):
            data = {
                split: part.changed(
                    inputs={view: double(x) for view, x in part.inputs.items()},
                    target=double(part.target),
                )
                for split, part in task.data.items()
            }
            tasks.append(gapped(replace(task, data=data), number))
        return tasks


def with_gaps(key: str) -> Catalogue:
    known_methods = methods()
    family = known_methods.methods["tasks", key]
    made = type("Made", (WithGaps,), {"key": key, "of": family, "Settings": family.Settings})
    known_methods.methods["tasks", key] = made
    return known_methods


@pytest.mark.parametrize("entry", SHARINGS, ids=name_of)
def test_sharing(entry: Entry):
    spec = using(entry)
    spec = spec.model_copy(
        update={
            "training": training(batch_size=4, clip=1e9),
            "encoder": Choice(kind="mlp", hidden=[12])
            if spec.encoder.kind == "mlp"
            else spec.encoder,
        }
    )
    with double_precision():
        run = Run(spec, with_gaps(spec.tasks[0].family))
        for batch in steps_of(run):
            update = run.trainer.update
            torch.manual_seed(0)  # some draw in their forward pass
            report = one_step(run, batch)
            torch.manual_seed(0)
            values, wanted = expected(run, batch, list(report.weights))
            penalty = run.model.regulariser()
            if penalty is not None and penalty.requires_grad:
                wanted = wanted + whole(run, penalty)
            assert_close(torch.tensor(report.losses), values)
            assert_close(gradient_of(run), wanted)
            update.apply()


@pytest.mark.parametrize("key", ["fixed", "pcgrad"])
@pytest.mark.parametrize("kinds", KINDS)
def test_weights_of_rows(key: str, kinds: str):
    with double_precision():
        weights = torch.rand(36, generator=torch.Generator().manual_seed(1))
        weights[::5] = 0
        entry = CATALOGUE["balancing", key]
        run = balanced_run(entry, lambda: toys(KINDS[kinds], weights))
        for batch in steps_of(run):
            report = one_step(run, batch)
            values, wanted = expected(run, batch, list(report.weights))
            assert_close(torch.tensor(report.losses), values)
            assert_close(gradient_of(run), wanted)
