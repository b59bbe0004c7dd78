"""A trunk that another run learned: every method begins with it, and what is frozen never moves."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from torch import Tensor, nn

from tests.contracts.faces import ENTRIES
from tests.contracts.pictures import BATCH, distribution, shared, views
from tests.engine.toys import given, same, task, teaching, training
from workbench.engine.build import build as session
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.layers.frozen import freeze
from workbench.engine.roles import encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Part, Task
from workbench.engine.training import checkpoint
from workbench.engine.training.trainer import Trainer
from workbench.spec.command import Stop
from workbench.spec.entry import Entry
from workbench.spec.event import Finished, StepsDone
from workbench.spec.experiment import Budget, Choice, Optimizer, Spec, TrunkStart
from workbench.spec.experiments.forks import Origin
from workbench.spec.experiments.start import Freeze
from workbench.spec.work import finished

#: Every optimizer, each with all that moves a parameter whose gradient is zero.
OPTIMIZERS = [
    Optimizer(kind=kind, lr=0.01, weight_decay=0.1, momentum=0.9 if kind == "sgd" else 0.0)
    for kind in get_args(Optimizer.model_fields["kind"].annotation)
]
FREEZES = ("all", "all-but-last")

#: Methods that are not for this network, or not for its inputs, with words of the reason.
REFUSED = {"hat": "batch norm", "cavia": "batch norm", "views-early": "its trunk takes Image"}

#: Rules and learners, of which one a kind says enough; the others go with the slow tests.
SAMPLED = ("fixed", "pcgrad", "nash-mtl", "famo", "gradient", "maml", "protonet")


def _marks(entry: Entry) -> tuple[Any, ...]:
    is_sampled = entry.role in ("sharing", "retention") or entry.key in SAMPLED
    return () if is_sampled else (pytest.mark.slow,)


CASES = [
    pytest.param(entry, number, id=f"{entry.role}-{entry.key}", marks=_marks(entry))
    for number, entry in enumerate(
        e for e in ENTRIES if e.role in ("sharing", "retention", "balancing", "learner")
    )
]


def steps_of(**changes: Any) -> Spec:
    fields = {"encoder": BATCH, "training": training(batch_size=8, steps=2, evaluate_every=0)}
    return given(**{**fields, **changes})


def begun(spec: Spec, found: Catalogue, origin: Origin | None = None, **more: Any) -> Trainer:
    return finished(session.building(spec, 0, found, origin=origin, **more))


def learned(spec: Spec, found: Catalogue, folder: Path) -> Origin:
    """What a short run leaves for others to begin from."""
    trainer = begun(spec, found, folder=folder)
    assert isinstance(list(trainer.run())[-1], Finished)
    path = checkpoint.latest(folder)
    assert path is not None
    return Origin(path, trainer.spec, trainer.observers.checkpoints.description)


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    """A trunk for pictures that was learned for a few steps, running statistics and all."""
    return learned(steps_of(), teaching(shared), tmp_path_factory.mktemp("parent") / "checkpoint")


class Frozen:
    """The modules that were frozen, with their values as they were when they were."""

    def __init__(self) -> None:
        self.values: list[tuple[nn.Module, dict[str, Tensor]]] = []

    def note(self, module: nn.Module) -> None:
        freeze(module)
        values = {name: x.clone() for name, x in module.state_dict().items()}
        self.values.append((module, values))

    def moved(self) -> list[str]:
        return [
            name
            for module, values in self.values
            for name, x in module.state_dict().items()
            if not torch.equal(x, values[name])
        ]


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Frozen:
    noted = Frozen()
    monkeypatch.setattr(encoder, "freeze", noted.note)
    return noted


def spec_for(entry: Entry, number: int) -> tuple[Spec, Catalogue]:
    """An experiment with a method, an optimizer and a freeze, and the catalogue of its tasks."""
    # Without a stage that is shared and learned there is nothing to balance gradients in.
    frozen = "all-but-last" if entry.role == "balancing" else FREEZES[number % 2]
    start = TrunkStart(trunk_of="parent", freeze=frozen)
    spec = steps_of(start=start, optimizer=OPTIMIZERS[number % len(OPTIMIZERS)])
    spec = spec.model_copy(update={entry.role: Choice(kind=entry.key)})
    if entry.role == "retention":
        spec = spec.model_copy(update={"curriculum": Choice(kind="sequential")})
    if "episodes" in entry.needs:
        return spec, teaching(lambda: [distribution()])
    return spec, teaching(partial(views, shared) if "views" in entry.needs else shared)


@pytest.mark.parametrize(("entry", "number"), CASES)
def test_what_is_frozen_is_the_other_runs_and_never_moves(
    entry: Entry, number: int, parent: Origin, frozen: Frozen
):
    spec, found = spec_for(entry, number)
    if entry.key in REFUSED:
        with pytest.raises(BadSpecError, match=REFUSED[entry.key]):
            begun(spec, found, parent)
        return
    trainer = begun(spec, found, parent)
    values = checkpoint.load(parent.checkpoint).values
    stem, before = frozen.values[0]
    for name, value in before.items():
        assert torch.equal(value, values[f"stems.0.{name}"]), name
    assert not list(stem.parameters())
    assert isinstance(list(trainer.run())[-1], Finished)
    assert not frozen.moved()


PLAIN = Choice(kind="mlp", hidden=[6, 6])


@pytest.mark.parametrize("freeze", FREEZES)
@pytest.mark.parametrize("choice", [{"retention": "hat"}, {"learner": "cavia"}], ids=str)
def test_methods_that_want_another_norm_leave_it_alone_too(
    choice: dict[str, str], freeze: Freeze, tmp_path: Path, frozen: Frozen
):
    found = teaching(lambda: [task("a"), task("b")])
    origin = learned(given(encoder=PLAIN), found, tmp_path / "checkpoint")
    frozen.values.clear()
    spec = given(
        encoder=PLAIN,
        start=TrunkStart(trunk_of="parent", freeze=freeze),
        curriculum=Choice(kind="sequential"),
        **{role: Choice(kind=key) for role, key in choice.items()},
    )
    trainer = begun(spec, found, origin)
    assert frozen.values
    assert isinstance(list(trainer.run())[-1], Finished)
    assert not frozen.moved()


def test_a_trunk_that_is_not_frozen_begins_there_and_is_learned(parent: Origin):
    spec = steps_of(start=TrunkStart(trunk_of="parent"))
    trainer = begun(spec, teaching(shared), parent)
    values = checkpoint.load(parent.checkpoint).values
    own = checkpoint.tensors_of(trainer.model)
    trunk = [name for name in own if not name.startswith("heads.")]
    assert trunk
    assert all(torch.equal(own[name], values[name]) for name in trunk)
    heads = [name for name in own if name.startswith("heads.") and own[name].dim() > 1]
    assert not any(torch.equal(own[name], values[name]) for name in heads)
    list(trainer.run())
    assert not any(torch.equal(own[name], values[name]) for name in trunk if own[name].dim() > 1)


def test_it_is_resumed_bit_for_bit(parent: Origin, tmp_path: Path):
    spec = steps_of(
        start=TrunkStart(trunk_of="parent", freeze="all-but-last"),
        curriculum=Choice(kind="sequential"),
        retention=Choice(kind="ewc"),
    )
    found = teaching(shared)
    whole = begun(spec, found, parent)
    list(whole.run())
    cut = begun(spec, found, parent, folder=tmp_path / "checkpoint")
    for event in cut.run():
        if isinstance(event, StepsDone) and event.step >= 1:
            cut.interruptions.control.send(Stop())
    assert cut.at.step < whole.at.step
    # The parent may be gone by now: its values are in the checkpoint.
    resumed = begun(spec, found, folder=tmp_path / "checkpoint", resume=True)
    list(resumed.run())
    assert same(checkpoint.tensors_of(resumed.model), checkpoint.tensors_of(whole.model))


OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "encoder": ({"encoder": Choice(kind="cnn")}, "of the encoder resnet; found cnn"),
    "width": ({"encoder": Choice(kind="resnet", width=6)}, "encoder.width 4; found 6"),
    "budget": (
        {"budget": Budget(match_parameters="number", parameters=9000, tolerance=0.5)},
        "has other sizes",
    ),
    "balancing": (
        {
            "balancing": Choice(kind="pcgrad"),
            "start": TrunkStart(trunk_of="parent", freeze="all"),
        },
        "with start.freeze all none that is learned is",
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_the_trunk_does_not_fit_is_refused_with_the_reason(other: str, parent: Origin):
    changes, words = OTHERS[other]
    spec = steps_of(**{"start": TrunkStart(trunk_of="parent"), **changes})
    with pytest.raises(BadSpecError, match=words):
        begun(spec, teaching(shared), parent)


def test_other_inputs_are_refused(parent: Origin):
    def larger() -> list[Task]:
        made = shared()
        for one in made:
            one.inputs = {"x": Image(1, 9, 8)}
            one.data = {
                split: Part({"x": torch.zeros(len(part), 1, 9, 8)}, part.target)
                for split, part in one.data.items()
            }
        return made

    with pytest.raises(BadSpecError, match=r"takes Image.*height=8.*there are tasks.*height=9"):
        begun(steps_of(start=TrunkStart(trunk_of="parent")), teaching(larger), parent)


def test_a_model_without_one_trunk_is_refused(tmp_path: Path):
    found = teaching(shared)
    spec = steps_of(sharing=Choice(kind="separate"))
    origin = learned(spec, found, tmp_path / "checkpoint")
    with pytest.raises(BadSpecError, match="no one trunk that every input passes"):
        begun(steps_of(start=TrunkStart(trunk_of="parent")), found, origin)
