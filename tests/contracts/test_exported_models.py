"""Every model exports, and says the same afterwards: every sharing method with every encoder.

What cannot be exported says why; nothing else may come of asking.
"""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.faces import ENTRIES, SHARINGS, name_of, using
from tests.engine.toys import Run, methods, training
from workbench.engine.build.trained.core import core_of, exported
from workbench.engine.build.trained.model import TrainedModel, newest_or_at, trained_model
from workbench.engine.roles.task import Part
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice
from workbench.spec.question import RefusedError
from workbench.spec.trained.description import read_description

ENCODERS = [entry for entry in ENTRIES if entry.role == "encoder" and "tokens" not in entry.needs]
RETENTIONS = [
    entry
    for entry in ENTRIES
    if entry.role == "retention"
    and methods().find("retention", entry.key).answer.__module__
    != "workbench.engine.roles.retention"
]
#: Exported in the usual tests; the others in the slow ones.
USUAL = ("hard", "mmoe", "separate", "views-gated")

#: What torch can trace for one number of rows alone: a reason is given.
UNEXPORTED = (
    *(("lora", encoder) for encoder in ("cnn", "resnet", "tabular", "vit")),
    ("icarl", ""),
)

PAIRS = [
    pytest.param(
        sharing,
        encoder,
        id=f"{name_of(sharing)}-{encoder.key}",
        marks=() if sharing.key in USUAL and encoder.key == "mlp" else pytest.mark.slow,
    )
    for sharing in SHARINGS
    for encoder in ENCODERS
]


def trained(folder: Path, entry: Entry, **changes: Any) -> TrainedModel | None:
    """A model that took a few steps; None where no such experiment fits."""
    brief = training(epochs=1, steps=2, evaluate_every=0)
    try:
        spec = using(entry, training=brief, **changes)
    except AssertionError:
        return None
    Run(spec, folder=folder / "checkpoint").to_the_end()
    description = read_description(folder)
    assert description is not None
    if description.reason:  # a bare point has no input
        return None
    return trained_model(spec, 0, methods(), description, newest_or_at(folder, None))


def assert_says_the_same(asked: TrainedModel) -> None:
    core, inputs = core_of(asked)
    module = exported(core).module()
    for n in (1, 7):
        generator = torch.Generator().manual_seed(n)
        values = tuple(
            torch.rand(n, *example.shape[1:], generator=generator) for example in core.example()
        )
        views = {
            task: {
                each.view: value
                for each, value in zip(inputs, values, strict=True)
                if task in each.tasks
            }
            for task in asked.tasks
        }
        outputs = asked.outputs(
            {task: Part(of, torch.zeros(n, dtype=torch.int64)) for task, of in views.items()}
        )
        with torch.no_grad():
            given, wanted = module(*values), core(*values)
        assert len(given) == len(outputs)
        for one, other in zip(given, wanted, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("sharing", "encoder"), PAIRS)
def test_it_exports_or_says_why_not(sharing: Entry, encoder: Entry, tmp_path: Path):
    asked = trained(tmp_path, encoder, sharing=Choice(kind=sharing.key))
    if asked is None:
        pytest.skip("no experiment has both")
    if (sharing.key, encoder.key) in UNEXPORTED:
        with pytest.raises(RefusedError, match="depends on how many rows are asked at once"):
            assert_says_the_same(asked)
        return
    assert_says_the_same(asked)


@pytest.mark.slow
@pytest.mark.parametrize("entry", RETENTIONS, ids=map(name_of, RETENTIONS))
def test_a_retention_that_answers_is_in_the_export(entry: Entry, tmp_path: Path):
    asked = trained(tmp_path, entry)
    assert asked is not None
    if (entry.key, "") in UNEXPORTED:
        with pytest.raises(RefusedError, match="depends on how many rows are asked at once"):
            assert_says_the_same(asked)
        return
    assert_says_the_same(asked)
