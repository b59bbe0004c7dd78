"""What every learner that adapts must hold to, whatever it does."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.contracts.faces import ENTRIES
from tests.engine.distributions import heaps, waves
from tests.engine.toys import Run, given, same, task, teaching, training
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Part, Task, Values
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Adapted, Finished, Noticed
from workbench.spec.experiment import Choice

KEYS = [e.key for e in ENTRIES if e.role == "learner" and "adapts" in e.gives]
# The scope brings the tests of a learner together, so that they share its run.
every_learner = pytest.mark.parametrize("key", KEYS, scope="module")
#: Eight steps, looked at in the end alone.
UNSEEN = training(batch_size=25, evaluate_every=0)


@cache
def kind_of(key: str) -> str:
    """Regressions, unless the learner is for classes alone."""
    try:
        Run(given(learner=Choice(kind=key)), teaching(lambda: [waves()]))
    except BadSpecError:
        return "classes"
    return "values"


def distribution(key: str, name: str = "many") -> Task:
    return waves(name) if kind_of(key) == "values" else heaps(name)


def run(key: str, tasks: Any = None, **more: Any) -> Any:
    """Eight steps on one distribution, 25 small tasks each."""
    made = tasks or (lambda: [distribution(key)])
    changes = {name: more.pop(name) for name in list(more) if name not in ("folder", "resume")}
    changes.setdefault("training", training(batch_size=25, evaluate_every=3))
    changes.setdefault("encoder", Choice(kind="mlp", hidden=[12, 12]))
    commands = changes.pop("commands", None)
    spec = given(**{"learner": Choice(kind=key), **changes})
    return Run(spec, teaching(made), commands=commands, **more)


def losses_and_gradient(made: Any, batch: dict[str, Part]) -> tuple[Tensor, Tensor]:
    """The losses of a batch, and their sum's gradient in all parameters in a row."""
    losses = [each.mean() for each in made.trainer.learner.losses(made.model, batch)]
    parameters = [p for p in made.model.parameters() if p.requires_grad]
    found: Any = torch.autograd.grad(torch.stack(losses).sum(), parameters, allow_unused=True)
    rows = [
        torch.zeros_like(p).flatten() if g is None else g.flatten()
        for p, g in zip(parameters, found, strict=True)
    ]
    return torch.stack(losses).detach(), torch.cat(rows)


def batch_of(made: Any, n: int = 6) -> dict[str, Part]:
    return {name: one.data["train"][:n] for name, one in made.trainer.update.tasks.items()}


@every_learner
def test_it_learns_to_adapt(key: str):
    made = run(key, training=training(batch_size=25, epochs=12, evaluate_every=0)).to_the_end()
    assert isinstance(made.last, Finished), made.last
    facts: Any = made.last.adaptation["many"]
    first = next(e for e in made.events if isinstance(e, Adapted))
    at = facts.steps.index(made.trainer.learner.shown_after[-1])
    assert facts.loss[at] < float(first.losses[-1].mean())
    assert (facts.n_tasks, facts.not_finite[at]) == (30, 0)
    assert facts.low[at] < facts.loss[at] < facts.high[at]


@cache
def whole(key: str) -> Any:
    """The run to its end, made once."""
    return run(key).to_the_end()


@every_learner
def test_equal_seeds_tell_equal_events(key: str):
    assert joined(run(key).to_the_end().events) == joined(whole(key).events)


@every_learner
@pytest.mark.parametrize("point", [3, 5])
def test_a_resume_is_bit_for_bit(key: str, point: int, tmp_path: Path):
    cut = run(key, folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    assert cut.last.status == "stopped"
    again = run(key, folder=tmp_path, resume=True).to_the_end()
    assert same(again.parameters, whole(key).parameters)
    assert again.last == whole(key).last


@every_learner
def test_vectorised_is_looped(key: str):
    made = run(key)
    batch = batch_of(made)
    losses, gradient = losses_and_gradient(made, batch)
    made.trainer.learner.over.looped = "for comparison"
    by_hand, gradient_by_hand = losses_and_gradient(made, batch)
    assert torch.allclose(losses, by_hand, rtol=1e-6, atol=1e-6)
    assert torch.allclose(gradient, gradient_by_hand, rtol=1e-5, atol=1e-6)


@every_learner
def test_the_start_is_left_as_it_was_by_asking(key: str):
    made = run(key)
    before = {name: values.clone() for name, values in made.parameters.items()}
    made.trainer.evaluator.scores("test")
    made.trainer.results.adaptation.tell(0, -1, ends_stage=False)
    assert same(before, made.parameters)


@every_learner
def test_an_answer_depends_on_no_other_small_task(key: str):
    made = run(key)
    learner = made.trainer.learner
    part = made.trainer.update.tasks["many"].data["test"]
    support, query = learner.cut("many", part)
    together = learner.answers(made.model, "many", support, query, learner.shown_after)
    alone = learner.answers(made.model, "many", support[3:4], query[3:4], learner.shown_after)
    assert torch.allclose(together[:, 3], alone[:, 0], atol=1e-5)


@every_learner
def test_a_small_task_without_a_number_is_left_out_and_counted(key: str):
    made = run(key)
    batch = batch_of(made)
    known = {name: part[1:] for name, part in batch.items()}
    for part in batch.values():
        next(iter(part.inputs.values()))[0, 0] = float("nan")
    losses, gradient = losses_and_gradient(made, batch)
    expected = losses_and_gradient(made, known)
    assert torch.allclose(losses, expected[0])
    assert torch.allclose(gradient, expected[1], atol=1e-6)
    learner = made.trainer.learner
    assert learner.state_dict() == {"left_out": 1}
    assert sum("left out" in message for message in learner.notices) == 1


@every_learner
def test_a_held_out_mean_says_how_many_had_no_number(key: str):
    def spoiled() -> list[Task]:
        made = distribution(key)
        for split in ("val", "test"):
            next(iter(made.data[split].inputs.values()))[0, 0] = float("nan")
        return [made]

    made = run(key, spoiled, training=UNSEEN).to_the_end()
    facts = made.last.adaptation["many"]
    assert facts.not_finite[-1] == 1
    assert facts.loss[-1] is not None
    assert np.isfinite(made.last.matrix).all()
    told = [e.message for e in made.events if isinstance(e, Noticed)]
    assert any("means over the others" in message for message in told)


@every_learner
def test_several_distributions_share_and_are_balanced(key: str):
    made = run(
        key,
        lambda: [distribution(key, "one"), distribution(key, "other")],
        balancing=Choice(kind="pcgrad"),
        training=UNSEEN,
    ).to_the_end()
    assert isinstance(made.last, Finished), made.last
    assert made.last.matrix.shape == (1, 2)


@every_learner
def test_the_ability_to_adapt_has_a_matrix(key: str):
    made = run(
        key,
        lambda: [distribution(key, "one"), distribution(key, "other")],
        curriculum=Choice(kind="sequential"),
        retention=Choice(kind="replay", memory=20, batch_size=8),
        training=UNSEEN,
    ).to_the_end()
    assert isinstance(made.last, Finished), made.last
    assert made.last.matrix.shape == (2, 2)
    assert made.last.summary["forgetting"] is not None


@every_learner
def test_named_tasks_are_small_tasks_or_are_refused(key: str):
    def named() -> list[Task]:
        return [task(n, output=Values(1), head="one") for n in ("a", "b")]

    if kind_of(key) == "classes":
        with pytest.raises(BadSpecError, match=r"learner\.kind"):
            run(key, named)
        return
    made = run(key, named).to_the_end()
    assert isinstance(made.last, Finished), made.last
    assert set(made.last.adaptation) == {"a", "b"}
    batch = batch_of(made)
    losses, gradient = losses_and_gradient(made, batch)
    apart = [losses_and_gradient(made, {name: part}) for name, part in batch.items()]
    assert torch.allclose(losses, torch.cat([one for one, _ in apart]), atol=1e-6)
    assert torch.allclose(gradient, torch.stack([two for _, two in apart]).sum(0), atol=1e-5)
