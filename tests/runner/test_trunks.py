"""Runs that begin with another's trunk: they need the other no more, and `check` knows them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runner.test_forks import Made, begun_at, end_of, joint, make
from workbench import cli
from workbench.__main__ import Services
from workbench.engine.training import checkpoint
from workbench.runner.local import LocalRunner
from workbench.spec import preset
from workbench.spec.cost import ModelCost
from workbench.spec.event import Failed
from workbench.spec.experiment import Choice, Spec, TrunkStart
from workbench.spec.experiments.forks import forked, lengthened
from workbench.spec.question import Cost, RefusedError
from workbench.store import starts

Make = Callable[..., Made]
SMALL = Choice(kind="mlp", hidden=[16, 16])

__all__ = ["make"]  # the fixture


def parent_of(make: Make) -> Path:
    folder, _ = make(joint(epochs=1, encoder=SMALL))
    return folder


def child(parent: Path, **changes: Any) -> Spec:
    start = TrunkStart(trunk_of=parent.name, freeze="all")
    return joint(epochs=1, encoder=SMALL).model_copy(update={"start": start, **changes})


def test_it_is_made_again_when_the_parent_is_gone(make: Make):
    parent = parent_of(make)
    spec = child(parent)
    first = make(spec)
    trunk = checkpoint.latest(parent / "checkpoint")
    assert trunk is not None
    values = checkpoint.load(trunk).values
    path = checkpoint.latest(first[0] / "checkpoint")
    assert path is not None
    step = starts.steps(parent)[-1]
    learned = checkpoint.load(path).values
    frozen = [name for name in values if not name.startswith("heads.")]
    assert frozen
    assert all((learned[name] == values[name]).all() for name in frozen)
    facts = json.loads((first[0] / "environment.json").read_text())
    sums = json.loads((trunk / "sums.json").read_text())
    assert facts["parent"] == {
        "step": step,
        "model": sums["model.safetensors"]["sha256"],
    }
    shutil.rmtree(parent)
    again = make(spec)
    assert end_of(again).matrix.tolist() == end_of(first).matrix.tolist()
    assert preset.load(again[0] / "spec.yaml").start == spec.start


def test_a_fork_of_it_keeps_what_is_frozen(make: Make):
    parent = parent_of(make)
    run, _ = make(child(parent))
    spec = lengthened(forked(preset.load(run / "spec.yaml"), run.name, starts.steps(run)[-1]), 1)
    assert spec.freeze == "all"
    longer = make(spec)
    end_of(longer)
    thawed = make(begun_at(child(parent), run, starts.steps(run)[-1]))[1][-1]
    assert isinstance(thawed, Failed)
    assert "keeps its frozen stages" in thawed.message


def test_check_and_a_run_refuse_alike(make: Make, tmp_path: Path):
    parent = parent_of(make)
    runner = LocalRunner()
    assert isinstance(runner.ask(Cost(child(parent))), ModelCost)
    cases = {
        "encoder.hidden [16, 16]; found [8]": {"encoder": Choice(kind="mlp", hidden=[8])},
        "no run": {"start": TrunkStart(trunk_of="nowhere")},
        "was not saved at step 3": {"start": TrunkStart(trunk_of=parent.name, step=3)},
    }
    for words, changes in cases.items():
        spec = child(parent, **changes)
        with pytest.raises(RefusedError) as refused:
            runner.ask(Cost(spec))
        assert words in str(refused.value)
        last = make(spec)[1][-1]
        assert isinstance(last, Failed)
        assert words in last.message
    # A run that goes on from a checkpoint is checked too.
    spec = begun_at(joint(encoder=SMALL), parent, starts.steps(parent)[-1])
    fewer = spec.model_copy(update={"tasks": spec.tasks[:1]})
    with pytest.raises(RefusedError, match="keeps its tasks"):
        runner.ask(Cost(fewer))


def test_the_command_line_takes_it_with_set(make: Make, capsys: pytest.CaptureFixture[str]):
    parent = parent_of(make)
    file = parent.parent / "child.yaml"
    document = preset.with_values(
        preset.parse(preset.text_of(joint(1, encoder=SMALL))),
        [f"start.trunk_of={parent.name}", "start.freeze=all-but-last"],
    )
    spec = preset.spec_of(document)
    assert spec.start == TrunkStart(trunk_of=parent.name, freeze="all-but-last")
    file.write_text(preset.text_of(spec))
    assert "trunk_of" in file.read_text()
    assert "step: " not in file.read_text().partition("start")[2]
    with pytest.raises(preset.PresetError, match="must be 'none', 'all-but-last' or 'all'"):
        preset.spec_of(preset.with_values(document, ["start.freeze=some"]))
    assert cli.main(Services(), ["check", str(file)]) == 0
    file.write_text(file.read_text().replace("[16, 16]", "[16, 8]"))
    capsys.readouterr()
    assert cli.main(Services(), ["check", str(file)]) == 2
    assert "learned with encoder.hidden [16, 16]; found [16, 8]" in capsys.readouterr().err
