"""Probes of chosen layers: what they measure, and names that nothing answers to."""

import pytest
import torch

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.cost import cost_of
from workbench.engine.measure.probe import Probe, chosen
from workbench.engine.roles.method import BadSpecError
from workbench.engine.training.trainer import Trainer
from workbench.spec.event import Failed
from workbench.spec.experiment import Choice, Probes, Spec, TaskChoice, Training

KNOWN = ["stems.0.0", "body.0.0", "body.1.0"]


def spec(*layers: str, sharing: str = "hard") -> Spec:
    return Spec(
        tasks=tuple(
            TaskChoice(family="digits-attributes", task=task) for task in ("digit", "parity")
        ),
        encoder=Choice.model_validate({"kind": "mlp", "hidden": [8, 8]}),
        sharing=Choice(kind=sharing),
        training=Training(epochs=1, threads=1),
        probes=Probes(layers=layers),
    )


def trainer(*layers: str) -> Trainer:
    return session.build(spec(*layers), 0, catalogue.discover())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], KNOWN),
        (["first"], KNOWN[:1]),
        (["last"], KNOWN[2:]),
        (["body.*"], KNOWN[1:]),
        (["last", "stems.0.0"], [KNOWN[0], KNOWN[2]]),
        (["body"], []),
    ],
)
def test_layers_are_chosen_by_name_pattern_or_end(wanted: list[str], found: list[str]):
    assert chosen(KNOWN, wanted) == found


def test_a_chosen_layer_is_measured_as_among_all():
    made = trainer()
    batch, tasks = made.plan.samplers[0].draw(), made.update.tasks
    whole = Probe(made.model, tasks, Probes()).measure(batch, 1, 0.1)
    last = Probe(made.model, tasks, Probes(layers=("last",))).measure(batch, 1, 0.1)
    assert whole is not None
    assert last is not None
    assert last.layers == ("chosen", whole.layers[-1])
    for row in (0, 1):
        torch.testing.assert_close(torch.tensor(last.cosines[row]), torch.tensor(whole.cosines[-1]))
        torch.testing.assert_close(torch.tensor(last.norms[row]), torch.tensor(whole.norms[-1]))


def test_affinity_is_of_a_step_in_the_chosen_layers_and_moves_nothing():
    made = trainer()
    batch = made.plan.samplers[0].draw()
    before = [p.detach().clone() for p in made.model.parameters()]
    result = [
        Probe(made.model, made.update.tasks, Probes(layers=layers, affinity=True)).measure(
            batch, 1, 0.1
        )
        for layers in ((), ("last",))
    ]
    whole, last = (probed.affinity for probed in result if probed is not None)
    assert 0 < last[0, 0] < whole[0, 0]
    for a, b in zip(before, made.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_an_unknown_layer_is_refused_by_name_before_anything_runs():
    known = catalogue.discover()
    (failed,) = session.run(spec("last", "boddy.0"), 0, known)
    assert isinstance(failed, Failed)
    assert failed.place == "probes.layers.1"
    assert "there is no shared 'boddy.0' (there is: first, last, " in failed.message
    tasks = trainer().update.tasks
    with pytest.raises(BadSpecError, match="boddy"):
        cost_of(spec("boddy.0"), known, tasks)
    with pytest.raises(BadSpecError, match="nothing is shared"):
        cost_of(spec("first", sharing="separate"), known, tasks)
