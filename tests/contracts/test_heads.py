"""Heads with hidden layers: every kind of answer trains, and a head stays its tasks' own."""

import pytest
from torch import nn

from tests.contracts.faces import CATALOGUE, FAMILIES, SHARINGS, encoder_of, name_of, small_settings
from tests.contracts.test_composition import small_families
from tests.engine.toys import Run, training
from workbench.engine.layers.stages import DeepHead
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Heads, Spec, TaskChoice

DEEP = Heads(hidden=(8, 4), activation="gelu", norm=True, dropout=0.2)


def spec_of(family: Entry, sharing: str, heads: Heads) -> Spec:
    return Spec(
        tasks=(TaskChoice(family=family.key, **small_settings(family)),),
        encoder=encoder_of(family, Choice(kind="auto", hidden=[8, 8])),
        sharing=Choice(kind=sharing),
        heads=heads,
        training=training(epochs=1, batch_size=8, evaluate_every=0),
    )


@pytest.mark.parametrize("family", FAMILIES, ids=name_of)
def test_every_kind_of_answer_trains(family: Entry) -> None:
    sharing = "views-late" if "several-views" in family.needs else "hard"
    spec = spec_of(family, sharing, DEEP)
    if problems(spec, CATALOGUE):
        pytest.skip("has no head, or needs a file that is not here")
    assert isinstance(Run(spec, small_families()).to_the_end().last, Finished)


@pytest.mark.parametrize("sharing", SHARINGS, ids=name_of)
def test_what_is_in_a_head_alone_is_its_tasks_own_and_is_counted(sharing: Entry) -> None:
    family = CATALOGUE["tasks", "digits-views" if "views" in sharing.needs else "digits-attributes"]
    plain = Run(spec_of(family, sharing.key, Heads()), small_families())
    deep = Run(spec_of(family, sharing.key, DEEP), small_families())
    inside = [p for m in deep.model.modules() if isinstance(m, DeepHead) for p in m.parameters()]
    assert inside
    assert not {id(p) for p in inside} & {id(p) for p in deep.model.shared_parameters()}
    assert len(deep.model.shared_parameters()) == len(plain.model.shared_parameters())
    structure = deep.model.structure()
    heads = [node for node in structure.nodes if node.kind == "head"]
    assert sum(node.parameters for node in heads) >= sum(p.numel() for p in inside)
    n_layers = sum(isinstance(m, nn.Linear) for m in deep.model.modules())
    assert n_layers > sum(isinstance(m, nn.Linear) for m in plain.model.modules())
