"""Batch statistics: the batch that is learned from moves them once a step, nothing else does."""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.contracts.faces import ENTRIES
from tests.contracts.pictures import BATCH, GROUP, apart, distribution, shared, views
from tests.engine.toys import Run, given, same, sgd, teaching, training
from workbench.engine.layers.batch_norm import BatchNorm, layers_of
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.engine.update.stage_data import StageData
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.entry import Entry
from workbench.spec.event import Finished, Probed
from workbench.spec.experiment import Choice, Probes, Spec

OF = {
    role: [e for e in ENTRIES if e.role == role] for role in ("sharing", "retention", "balancing")
}
#: Learners with an inner loop: they adapt, and by steps.
INNER = [
    e for e in ENTRIES if e.role == "learner" and "adapts" in e.gives and "episodes" not in e.needs
]
DATA = {"shared": shared, "apart": apart}

#: By method, words of the reason for which it is not for networks that normalise by their batch.
REFUSED = {"hat": "batch norm makes", "cavia": "batch norm"}


def steps_of(**changes: Any) -> Spec:
    """Two tasks of pictures, three steps an epoch, batches of eight."""
    fields = {
        "encoder": BATCH,
        "optimizer": sgd(0.05, momentum=0.9),
        "training": training(batch_size=8, evaluate_every=0),
    }
    return given(**{**fields, **changes})


def sharing(entry: Entry, data: str, encoder: Choice = BATCH) -> Run:
    make: Callable[[], list[Task]] = DATA[data]
    if "views" in entry.needs:
        make = partial(views, make)
    return Run(steps_of(sharing=Choice(kind=entry.key), encoder=encoder), teaching(make))


def made(make: Callable[[], Run]) -> tuple[Run | None, str]:
    """A run, or the reason for which it is refused."""
    try:
        return make(), ""
    except BadSpecError as error:
        return None, str(error)


def statistics(run: Run) -> dict[str, Tensor]:
    return {name: x.clone() for name, x in run.model.named_buffers() if "running" in name}


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Generator[Counter[int]]:
    """How often each layer moves its statistics, by its identity."""
    moves: Counter[int] = Counter()
    inner: Any = BatchNorm.normalised

    def noted(layer: BatchNorm, x: Tensor, mean: Any, var: Any, *, by_batch: bool = False) -> Any:
        moves[id(layer)] += by_batch and mean is not None
        return inner(layer, x, mean, var, by_batch=by_batch)

    with monkeypatch.context() as patched:
        patched.setattr(BatchNorm, "normalised", noted)
        yield moves


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("entry", OF["sharing"], ids=lambda e: e.key)
def test_a_step_moves_each_layers_statistics_once(
    entry: Entry, data: str, monkeypatch: pytest.MonkeyPatch
):
    run, reason = made(lambda: sharing(entry, data))
    if run is None:
        assert data == "apart"
        assert "one task at a time" in reason
        assert made(lambda: sharing(entry, data, GROUP))[0]
        return
    with watched(monkeypatch) as moves:
        run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), run.trainer.update)
    assert moves
    assert set(moves.values()) == {1}
    assert set(moves) <= {id(layer) for layer in layers_of(run.model)}


@pytest.mark.parametrize("entry", OF["sharing"], ids=lambda e: e.key)
def test_to_ask_moves_nothing_and_an_answer_depends_on_no_other_row(entry: Entry):
    run = sharing(entry, "shared")
    update = run.trainer.update
    run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    before = statistics(run)
    step = update.step(run.trainer.plan.samplers[0].draw())
    _ = step.on(step.batch).losses
    run.model.eval()
    batch = {name: task.data["val"][:6] for name, task in update.tasks.items()}
    whole = run.model(batch)
    run.model.train()
    assert same(statistics(run), before)
    run.model.eval()
    for name, part in batch.items():
        torch.testing.assert_close(run.model({name: part[:1]})[name], whole[name][:1])


@pytest.mark.parametrize("entry", OF["balancing"], ids=lambda e: e.key)
def test_whatever_balances_the_statistics_are_those_of_the_batches(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
):
    run = Run(steps_of(balancing=Choice(kind=entry.key)), teaching(apart))
    with watched(monkeypatch) as moves:
        for _ in range(2):
            run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), run.trainer.update)
    assert set(moves.values()) == {2}


def lifelong(key: str, encoder: Choice = BATCH, **more: Any) -> Spec:
    return steps_of(
        curriculum=Choice(kind="sequential"),
        retention=Choice(kind=key),
        encoder=encoder,
        **more,
    )


@pytest.mark.parametrize("entry", OF["retention"], ids=lambda e: e.key)
def test_every_retention_meets_them_or_says_why_not(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    spec = lifelong(entry.key)
    run, reason = made(lambda: Run(spec, teaching(apart)))
    assert (run is None) == (entry.key in REFUSED)
    if run is None:
        assert REFUSED[entry.key] in reason
        return
    with watched(monkeypatch) as moves:
        whole = run.to_the_end()
    assert isinstance(whole.last, Finished), whole.last
    assert max(moves.values()) <= whole.last.step, "a step moved statistics more than once"
    teach = teaching(apart)
    first = Run(spec, teach, folder=tmp_path, commands={5: [Stop()]}).to_the_end()
    second = Run(spec, teach, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


@pytest.mark.parametrize("entry", INNER, ids=lambda e: e.key)
def test_every_learner_with_an_inner_loop_meets_them_or_says_why_not(entry: Entry):
    chosen = {"learner": Choice(kind=entry.key, inner_lr=0.05)}
    run, reason = made(lambda: Run(steps_of(**chosen), teaching(apart)))
    assert (run is None) == (entry.key in REFUSED)
    if run is None:
        assert REFUSED[entry.key] in reason
        run = Run(steps_of(**chosen, encoder=GROUP), teaching(apart))
    update = run.trainer.update
    before = {name: values.clone() for name, values in run.parameters.items()}
    run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    assert not same(run.parameters, before)
    after = {name: values.clone() for name, values in run.parameters.items()}
    answers = [run.trainer.evaluator.scores("val") for _ in range(2)]
    assert np.isfinite(answers[0][1]).all()
    assert all(np.array_equal(a, b) for a, b in zip(*answers, strict=True))
    assert same(run.parameters, after)


@pytest.mark.parametrize("key", ["maml", "anil", "meta-sgd", "reptile"])
def test_a_querys_answer_depends_on_the_support_and_on_no_other_query(key: str):
    run = Run(steps_of(learner=Choice(kind=key, inner_lr=0.1)), teaching(apart))
    learner: Any = run.trainer.learner
    run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), run.trainer.update)
    assert all(bool((x == x.flatten()[0]).all()) for x in statistics(run).values()), "none moved"
    task = run.trainer.update.tasks["left"]
    support, query = task.data["train"][:6], task.data["val"][:5]

    def stacked(part: Any) -> Any:
        return type(part)({v: x[None] for v, x in part.inputs.items()}, part.target[None])

    def answers(n: int) -> Tensor:
        return learner.answers(run.model, "left", stacked(support), stacked(query[:n]), (0, 2))

    assert not learner.over.looped
    torch.testing.assert_close(answers(5)[:, :, :1], answers(1))
    other = task.data["train"][6:12]
    moved = learner.answers(run.model, "left", stacked(other), stacked(query), (0,))
    assert not torch.allclose(moved, answers(5)[:1])


@pytest.mark.parametrize("key", ["protonet", "mtl-then-tune"])
def test_a_learner_without_an_inner_loop_in_training_moves_them_once_a_step(
    key: str, monkeypatch: pytest.MonkeyPatch
):
    run = Run(steps_of(learner=Choice(kind=key)), teaching(lambda: [distribution()]))
    with watched(monkeypatch) as moves:
        run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), run.trainer.update)
    assert set(moves.values()) == {1}


def test_a_run_that_is_looked_at_is_the_run_that_is_not():
    looked = {
        "training": training(batch_size=8, evaluate_every=1),
        "probes": Probes(every=1, affinity=True),
    }
    for balancing in ("fixed", "famo", "pcgrad"):
        plain = Run(steps_of(balancing=Choice(kind=balancing)), teaching(shared)).to_the_end()
        seen = Run(steps_of(balancing=Choice(kind=balancing), **looked), teaching(shared))
        assert any(isinstance(event, Probed) for event in seen.to_the_end().events)
        assert same(seen.parameters, plain.parameters)


@pytest.mark.parametrize("key", ["packnet", "slda"])
def test_what_is_frozen_keeps_its_statistics(key: str):
    run = Run(lifelong(key), teaching(apart))
    update = run.trainer.update
    for event in run.trainer.run():
        if getattr(event, "ends_stage", False) and event.split == "val":  # pyright: ignore[reportAttributeAccessIssue]
            break
    before = statistics(run)
    task = update.tasks["left"]
    ask = update.retention.answer

    def answered() -> Tensor:
        run.model.eval()
        with torch.no_grad():
            return ask(run.model, {"left": task.data["val"]})["left"]

    old = answered()
    run.to_the_end()
    assert same(statistics(run), before)
    if key == "packnet":
        assert torch.equal(answered(), old)


def test_gdumb_begins_from_scratch_with_its_statistics_too():
    run = Run(lifelong("gdumb"), teaching(apart))
    start = statistics(run)
    update = run.trainer.update
    update.retention.on_stage_start(_stage(run, 0))
    run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    assert not same(statistics(run), start)
    update.retention.on_stage_start(_stage(run, 1))
    assert same(statistics(run), start)


def _stage(run: Run, index: int) -> StageData:
    tasks = run.trainer.update.tasks
    return StageData(index, (list(tasks)[index],), tasks, run.model, 3, 3)
