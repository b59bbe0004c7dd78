"""The examples in CONTRIBUTING.md are methods that work, found by the scan of the folders."""

import importlib
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.measure.memory_tables import holding
from workbench.spec.check import problems
from workbench.spec.event import Evaluated, Finished
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training

ROOT = Path(__file__).parents[2]


def examples() -> dict[str, str]:
    """Source by path of the examples that name one in their first line."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    examples_found = re.findall(
        r"^```python\n# (\S+\.py)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    return dict(examples_found)


@pytest.fixture
def methods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[catalogue.Catalogue]:
    """The catalogue as it is with the examples dropped into their folders."""
    before = set(sys.modules)
    for path, source in examples().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    for folder in ("balancing", "retention", "sharing", "tasks"):
        package = importlib.import_module(f"workbench.methods.{folder}")
        added = str(tmp_path / "workbench" / "methods" / folder)
        monkeypatch.setattr(package, "__path__", [*package.__path__, added])
    importlib.invalidate_caches()
    yield catalogue.discover()
    for path in examples():
        name = path.removesuffix(".py").replace("/", ".")
        if name not in before:
            sys.modules.pop(name, None)


def test_the_examples_are_found_and_described(methods: catalogue.Catalogue) -> None:
    entries = {(entry.role, entry.key): entry for entry in methods.entries()}
    relative, plane = entries["balancing", "relative"], entries["tasks", "plane"]
    assert not relative.broken
    assert not plane.broken
    assert not entries["retention", "near"].broken
    assert not entries["sharing", "scaled"].broken
    assert relative.defaults() == {"normalise": False, "floor": 0.01}
    assert plane.tasks == ("inside", "above")


def test_the_examples_learn_together(methods: catalogue.Catalogue) -> None:
    spec = Spec(
        tasks=(TaskChoice(family="plane"),),
        balancing=Choice(kind="relative"),
        training=Training(epochs=10, threads=1),
    )
    assert problems(spec, {(e.role, e.key): e for e in methods.entries()}) == []
    events = list(session.run(spec, 0, methods))
    assert isinstance(events[-1], Finished)
    before, *_, after = [e for e in events if isinstance(e, Evaluated) and e.split == "test"]
    assert (after.scores > np.maximum(before.scores, 0.8)).all()


def test_the_retention_and_the_sharing_example_learn_together(
    methods: catalogue.Catalogue,
) -> None:
    spec = Spec(
        tasks=(TaskChoice(family="plane"),),
        curriculum=Choice(kind="sequential"),
        sharing=Choice(kind="scaled"),
        retention=Choice(kind="near"),
        training=Training(epochs=20, threads=1),
    )
    assert problems(spec, {(e.role, e.key): e for e in methods.entries()}) == []
    trainer = session.build(spec, 0, methods)
    events = list(trainer.run())
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.matrix.diagonal() > 0.75).all()
    assert holding(trainer.update.retention) == trainer.observers.reports.most
    owned = [*trainer.model.shared_parameters()]
    owned += [p for name in trainer.names for p in trainer.model.task_parameters(name)]
    assert {id(p) for p in owned} == {id(p) for p in trainer.model.parameters()}


@pytest.mark.usefixtures("methods")
def test_the_example_test_passes(tmp_path: Path) -> None:
    (path,) = [path for path in examples() if path.startswith("tests/")]
    names = runpy.run_path(str(tmp_path / path))
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert len(tests) == 1
    tests[0]()
