"""What every run leaves behind can be asked again, without its data: the same answers, bit for bit.

For every method of the roles that a model is made of, and every family.
"""

from pathlib import Path

import pytest
import torch

from tests.contracts.faces import RUNNABLE, name_of, using
from tests.engine.toys import Run, methods, training
from workbench.engine.build.trained.model import newest_or_at, trained_model
from workbench.spec.entry import Entry
from workbench.spec.trained.description import read_description

#: Of these a model is made; the others are asked too, in the slow tests.
ROLES = ("sharing", "encoder", "retention", "learner")
ASKED = [
    pytest.param(entry, id=name_of(entry), marks=() if entry.role in ROLES else pytest.mark.slow)
    for entry in RUNNABLE
]
#: Rows of each task that are asked.
_ROWS = 12


@pytest.mark.parametrize("entry", ASKED)
def test_a_description_and_a_checkpoint_answer_as_the_run_does(entry: Entry, tmp_path: Path):
    spec = using(entry, training=training(epochs=1, steps=3, evaluate_every=0))
    run = Run(spec, folder=tmp_path / "checkpoint").to_the_end()
    description = read_description(tmp_path)
    assert description is not None
    if description.reason:
        assert {"tokens", "point", "no-input"} & {*entry.needs, *entry.gives}
        return
    asked = trained_model(spec, 0, methods(), description, newest_or_at(tmp_path, None))
    assert asked.step == run.trainer.at.step
    learner, tasks = run.trainer.learner, run.trainer.update.tasks
    run.model.eval()
    parts = {name: task.data["val"][:_ROWS] for name, task in tasks.items()}
    with torch.no_grad():
        if learner.adapts:
            for name, part in parts.items():
                support, query = learner.cut(name, part)
                steps = (learner.judged_after,)
                wanted = learner.answers(run.model, name, support, query, steps)
                given = asked.learner.answers(asked.model, name, support, query, steps)
                assert torch.equal(given, wanted), name
            return
        wanted = run.trainer.evaluator.answer(parts)
        given = asked.outputs(parts)
    for name in parts:
        assert torch.equal(given[name], wanted[name]), name
