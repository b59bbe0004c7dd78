"""Small tasks whose rows to adapt to lack a class that is asked: every learner stays finite."""

import numpy as np
import pytest
import torch

from tests.contracts.faces import ENTRIES
from tests.engine.toys import SPLITS, Run, given, task, teaching, training
from workbench.engine.roles.task import Classes, Episodes, Part, Task, Vector
from workbench.spec.entry import Entry
from workbench.spec.event import Finished, StepsDone
from workbench.spec.experiment import Choice

ADAPTING = [e for e in ENTRIES if e.role == "learner" and "adapts" in e.gives]


def lacking() -> list[Task]:
    """Small tasks of three classes: four rows without the third to adapt to, and all are asked."""
    draw = torch.Generator().manual_seed(0)
    target = torch.tensor([0, 1, 0, 1, 0, 1, 2]).expand(12, 7).contiguous()
    data: dict[str, Part] = {}
    for split in SPLITS:
        x = torch.randn(12, 7, 4, generator=draw)
        data[split] = Part({"x": x + 4 * target.unsqueeze(2)}, target)
    episodes = Episodes(4, 3)
    return [Task("many", {"x": Vector(4)}, Classes(3), data, metric="accuracy", episodes=episodes)]


def rare() -> list[Task]:
    """A task of rows of which one in ten is of the other class: half a batch often lacks it."""
    made = task("rare", n=40)
    made.data = {
        split: Part(part.inputs, (torch.arange(len(part)) % 10 == 0).long())
        for split, part in made.data.items()
    }
    return [made]


@pytest.mark.parametrize("make", [lacking, rare])
@pytest.mark.parametrize("entry", ADAPTING, ids=lambda e: e.key)
def test_losses_stay_finite_and_what_is_learned_too(entry: Entry, make: object):
    if make is rare and "episodes" in entry.needs and entry.key != "protonet":
        pytest.skip("it is for distributions")
    spec = given(
        learner=Choice(kind=entry.key), training=training(batch_size=8, steps=3, evaluate_every=0)
    )
    run = Run(spec, teaching(lacking if make is lacking else rare)).to_the_end()
    assert isinstance(run.last, Finished)
    losses = np.concatenate([e.losses for e in run.events if isinstance(e, StepsDone)])
    assert np.isfinite(losses).all()
    assert all(value.isfinite().all() for value in run.parameters.values())


def test_the_nearest_prototype_answers_though_another_class_has_none():
    run = Run(given(learner=Choice(kind="protonet")), teaching(lacking))
    scores = run.trainer.evaluator.scores("test")[0]
    # Two of three rows are of classes that were shown, and these are far apart.
    assert scores[0] == pytest.approx(2 / 3)
