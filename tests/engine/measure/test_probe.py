"""Probes tell how gradients stand to each other, and change nothing."""

import numpy as np
import pytest
import torch

from tests.methods.balancing.cases import J, step_of
from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.measure.probe import Probe
from workbench.engine.training.trainer import Trainer
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Began, Probed
from workbench.spec.experiment import Choice, Probes, Spec, TaskChoice, Training


def spec(every: int, *, affinity: bool = False, sharing: str = "hard") -> Spec:
    return Spec(
        tasks=tuple(
            TaskChoice(family="digits-attributes", task=task) for task in ("digit", "parity")
        ),
        encoder=Choice.model_validate({"kind": "mlp", "hidden": [8, 8]}),
        sharing=Choice(kind=sharing),
        training=Training(epochs=2, evaluate_every=7, threads=1),
        probes=Probes(every=every, affinity=affinity),
    )


def trainer(chosen: Spec) -> Trainer:
    return session.build(chosen, 0, catalogue.discover())


@pytest.mark.parametrize("affinity", [False, True])
def test_a_run_is_the_same_with_and_without_probes(affinity: bool):
    plain, probed = trainer(spec(0)), trainer(spec(3, affinity=affinity))
    without = joined(list(plain.run()))
    events = list(probed.run())
    assert sum(isinstance(event, Probed) for event in events) == probed.at.step // 3
    assert joined([e for e in events if not isinstance(e, Probed)]) == without
    for a, b in zip(plain.model.parameters(), probed.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_cosines_and_norms_are_those_of_the_gradients():
    made = trainer(spec(0))
    batch = made.plan.samplers[0].draw()
    result = Probe(made.model, made.update.tasks, made.spec.probes).measure(batch, 1, 0.1)
    assert result is not None
    rows: list[torch.Tensor] = []
    for name, part in batch.items():
        made.model.zero_grad()
        made.update.tasks[name].loss(made.model(batch)[name], part.target).backward()
        rows.append(torch.cat([p.grad.flatten() for p in made.model.shared_parameters()]))
    assert result.norms[0] == pytest.approx([float(row.norm()) for row in rows], rel=1e-5)
    expected = float(torch.cosine_similarity(rows[0], rows[1], dim=0))
    assert result.cosines[0, 0, 1] == pytest.approx(expected, abs=1e-5)
    assert np.allclose(result.cosines[0].diagonal(), 1.0)
    squares = (result.norms[1:] ** 2).sum(axis=0)
    assert squares == pytest.approx(result.norms[0] ** 2, rel=1e-4)
    assert len(result.layers) == len(result.cosines) == 3
    assert result.layers[0] == "all"


def test_the_cosine_of_the_reference_case():
    step = step_of(J)
    result = Probe(step.model, step.tasks, Probes(every=1)).measure(step.batch, 1, 0.1)
    assert result is not None
    assert result.cosines[0, 0, 1] == pytest.approx(-0.84119, abs=1e-5)
    assert result.norms[0] == pytest.approx([18**0.5, 38**0.5])


def test_affinity_is_what_a_step_on_one_task_does_to_the_others():
    made = trainer(spec(0, affinity=True))
    batch = made.plan.samplers[0].draw()
    rate = 0.05
    result = Probe(made.model, made.update.tasks, made.spec.probes).measure(batch, 1, rate)
    assert result is not None
    tasks = made.update.tasks
    losses = {n: tasks[n].loss(made.model(batch)[n], p.target).item() for n, p in batch.items()}
    shared = made.model.shared_parameters()
    loss = tasks["digit"].loss(made.model(batch)["digit"], batch["digit"].target)
    with torch.no_grad():
        for p, g in zip(shared, torch.autograd.grad(loss, shared), strict=True):
            p -= rate * g
    after = tasks["parity"].loss(made.model(batch)["parity"], batch["parity"].target).item()
    assert result.affinity[0, 1] == pytest.approx(1 - after / losses["parity"], abs=1e-4)
    assert result.affinity[0, 0] > 0


def test_tasks_that_share_nothing_cannot_conflict():
    events = list(trainer(spec(3, sharing="separate")).run())
    assert isinstance(events[0], Began)
    assert not any(isinstance(event, Probed) for event in events)
