"""The landscape tab: the map agrees with the task, and every path is on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from workbench.methods.tasks.landscape import first, second
from workbench.spec.event import Began, Event, Finished, Reported, StageFacts, Table, TaskFacts
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.preset import load
from workbench.spec.score import Score
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.landscape.landscape_map import banded, grid, heights, pareto_set
from workbench.ui.tabs.landscape.panel import LandscapePanel, is_landscape

SPEC = Spec(
    name="Valleys",
    tasks=(TaskChoice(family="landscape"),),
    encoder=Choice(kind="point"),
)


def with_method(kind: str) -> Spec:
    return SPEC.model_copy(update={"balancing": Choice(kind=kind)})


def events(end: tuple[float, float], n: int = 5) -> Iterator[Event]:
    """A run whose point goes straight to `end`."""
    facts = [
        TaskFacts(name, "landscape", "value", False, None, name, "Point(2)", "Objective()", 1, 1, 1)
        for name in ("first", "second")
    ]
    yield Began(0, 0, tuple(facts), (StageFacts("all tasks", ("first", "second"), n),), 2, 2)
    for step in range(1, n + 1):
        place = np.array([end], dtype=np.float32) * step / n
        yield Reported(step, "encoder", (Table("point", ("θ",), ("x1", "x2"), place),))
    yield Finished(n, "done", np.zeros((1, 2), np.float32), np.zeros(2, np.float32), {}, {})


def run_of(kind: str, end: tuple[float, float]) -> RunModel:
    return RunModel.of(events(end), 0, with_method(kind))


@pytest.fixture
def panel(qtbot: QtBot) -> LandscapePanel:
    made = LandscapePanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 480)
    made.show()
    return made


def test_the_map_is_that_of_the_task():
    x, y = grid(41)
    height = heights(x, y)
    points = torch.tensor(np.stack([x.ravel(), y.ravel()], axis=1))
    for ours, theirs in zip(height, (first(points), second(points)), strict=True):
        np.testing.assert_allclose(ours.ravel(), theirs.numpy(), atol=1e-9)


def test_the_pareto_set_is_curved_as_it_should_be():
    curve = pareto_set(5)
    expected = [(-7, -8.4345), (-3.5, -8.3760), (0, -8.3551), (3.5, -8.3760), (7, -8.4345)]
    np.testing.assert_allclose(curve, expected, atol=1e-4)


def test_contours_run_between_bands_of_equal_area():
    bands, lines = banded(np.add.outer(np.arange(20.0), np.arange(20.0)), 4)
    assert np.bincount(bands.ravel()).tolist() == pytest.approx([100] * 4, abs=15)
    assert lines.any()
    assert not lines.all()


def test_paths_of_several_methods_lie_over_each_other(panel: LandscapePanel) -> None:
    panel.set_models(run_of("fixed", (-5, 2)), [])
    panel.set_models(run_of("cagrad", (0, -8)), [])
    paths = panel.paths()
    assert [(path.name, path.is_current) for path in paths] == [("fixed", False), ("cagrad", True)]
    assert paths[0].points[0].tolist() == [-8.5, 7.5]
    assert paths[0].points[-1].tolist() == [-5, 2]
    assert paths[0].number != paths[1].number
    assert "cagrad is at 0.00, -8.00" in panel.mean.accessibleDescription()
    assert "fixed" in panel.legend.text()
    panel.clear.click()
    assert [path.name for path in panel.paths()] == ["cagrad"]


def test_a_method_that_runs_again_has_one_path(panel: LandscapePanel) -> None:
    for end in ((1.0, 1.0), (2.0, 2.0), (3.0, 3.0)):
        panel.set_models(run_of("fixed", end), [])
    assert [path.points[-1].tolist() for path in panel.paths()] == [[3, 3]]


def test_the_path_grows_while_it_runs(panel: LandscapePanel) -> None:
    model = RunModel(0, with_method("mgda"))
    panel.set_models(model, [])
    assert panel.paths() == []
    lengths: list[int] = []
    for event in events((1, 1)):
        model.feed(event)
        panel.refresh()
        lengths.append(len(panel.paths()[0].points))
    assert lengths == [1, 2, 3, 4, 5, 6, 6]


def test_it_draws_in_both_themes_and_saves_its_picture(
    panel: LandscapePanel, tmp_path: Path
) -> None:
    panel.set_models(run_of("fixed", (-5, 2)), [])
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light
    panel.mean._write(tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 1000


def test_only_the_landscape_has_this_tab(panel: LandscapePanel) -> None:
    other = Spec(tasks=(TaskChoice(family="digits-attributes"),))
    assert panel.applies(SPEC, RunModel())
    assert panel.applies(other, RunModel(0, SPEC))
    assert not panel.applies(other, RunModel(0, other))
    assert is_landscape(load("two-valleys"))


@dataclass
class Walking(FakeRunner):
    """Notes which methods were asked for."""

    kinds: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def run(self, spec: Spec, seed: int) -> Iterator[Event]:
        self.kinds.append(spec.balancing.kind)
        yield from events((1.0, -1.0))


def test_the_setup_is_run_with_each_method(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = Walking()
    app = make_app(runner)
    app.presenter.adopt(SPEC)
    app.controller.settle()
    tab = app.tab_area["landscape"]
    assert isinstance(tab, LandscapePanel)
    app.tab_area.show("landscape")
    tab.run_each(["fixed", "pcgrad"])
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert runner.kinds == ["fixed", "pcgrad"]
    assert [path.name for path in tab.paths()] == ["Fixed weights", "PCGrad"]
    assert app.session.job is not None
    assert app.session.job.label == "PCGrad"


def test_earlier_runs_are_added(make_app: MakeApp, qtbot: QtBot) -> None:
    scores = tuple(Score(name, "value", -1.0, False) for name in ("first", "second"))
    rows = [
        FakeRow(f"r{i}", path=f"/runs/{i}", fingerprint=str(i), scores=scores) for i in range(2)
    ]
    history = FakeHistory([*rows, FakeRow("other", path="/runs/other", fingerprint="o")])
    for i, kind in enumerate(("fixed", "pcgrad")):
        told_events = list(events((float(i), 1.0)))
        history.recorded[str(Path(f"/runs/{i}"))] = RunRecord(
            f"r{i}", with_method(kind), 0, told_events
        )
    app = make_app(history=history)
    app.presenter.adopt(SPEC)
    app.controller.settle()
    tab = app.tab_area["landscape"]
    assert isinstance(tab, LandscapePanel)
    app.tab_area.show("landscape")
    tab.earlier.click()
    qtbot.waitUntil(lambda: len(tab.paths()) == 2)
    assert {path.name for path in tab.paths()} == {"Fixed weights", "PCGrad"}


def test_every_seed_has_its_path(panel: LandscapePanel) -> None:
    one, two = run_of("fixed", (-5, 2)), RunModel.of(events((1, 1)), 1, with_method("fixed"))
    panel.set_models(one, [one, two])
    ends = [(path.points[-1].tolist(), path.is_current) for path in panel.paths()]
    assert ends == [([1, 1], False), ([-5, 2], True)]
    assert len({path.number for path in panel.paths()}) == 1
    panel.set_models(two, [one, two])  # another seed is picked
    assert [path.points[-1].tolist() for path in panel.paths()] == [[-5, 2], [1, 1]]
