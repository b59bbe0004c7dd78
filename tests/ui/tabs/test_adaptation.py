"""The Adaptation tab: there for learners that adapt, what it draws, live and back in time."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.adapted import KINDS, STEPS, Kind, adapted
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.whole_run import spec_of, whole_run
from workbench.spec.event import Adapted, Began, Event, StageFacts, TaskFacts
from workbench.spec.experiment import Choice, Spec
from workbench.spec.shown.adaptation import AdaptedLine
from workbench.study.spread import Spread, spread_of
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.adaptation.class_answers import ClassAnswers
from workbench.ui.tabs.adaptation.panel import AdaptationPanel
from workbench.ui.tabs.adaptation.step_plot import SCORE

pytestmark = pytest.mark.tabs("curves", "adaptation")

NAMES = ("waves", "heaps")


def model_of(events: list[Event], names: tuple[str, ...] = NAMES, seed: int = 0) -> RunModel:
    """A run of these tasks that told this."""
    facts = tuple(
        TaskFacts(*(n, "few-shot", "mse", False, None, n, "v", "c", 90, 9, 9)) for n in names
    )
    stages = (StageFacts("all tasks", names, 100),)
    began = Began(0, seed, facts, stages, 10, 10, run_id=f"run-{seed}")
    return RunModel.of([began, *events], seed, spec_of(names))


@pytest.fixture
def panel(qtbot: QtBot) -> AdaptationPanel:
    """The tab by itself, as it is before it has joined a session."""
    made = AdaptationPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def tab_of(app: App) -> AdaptationPanel:
    """The tab of a window."""
    found = app.tab_area["adaptation"]
    assert isinstance(found, AdaptationPanel)
    return found


def is_offered(app: App) -> bool:
    return app.tab_area.has_content("adaptation")


def test_it_is_there_for_a_learner_that_adapts_and_for_runs_of_one(app: App):
    app.tab_area.settle()
    assert not is_offered(app)
    app.session.show(model_of([adapted("waves")]))
    assert is_offered(app)
    app.session.show(model_of([]))
    assert not is_offered(app)
    panel, presenter = tab_of(app), app.presenter
    known = presenter.catalogue[("learner", "gradient")]
    learns = replace(known, key="learns", gives=("adapts",))
    presenter.catalogue = {**presenter.catalogue, ("learner", "learns"): learns}
    spec = presenter.spec.model_copy(update={"learner": Choice(kind="learns")})
    assert panel.applies(spec, RunModel())
    assert not panel.applies(presenter.spec, RunModel())


def test_before_the_first_validation_it_says_what_comes(panel: AdaptationPanel):
    panel.set_models(model_of([]))
    assert panel._stack.currentIndex() == 0
    panel.set_models(model_of([adapted("waves")]))
    assert panel._stack.currentIndex() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_task_is_drawn_as_what_it_is(kind: Kind, panel: AdaptationPanel):
    panel.set_models(model_of([adapted("waves", 0, kind), adapted("waves", 40, kind)]))
    told = panel._model.adaptation.moments[-1].tasks["waves"]
    assert panel.view.shown is told.shown[0]
    assert [panel.choice.small_task.itemText(i) for i in range(3)] == [
        "Small task 1",
        "Small task 2",
        "Small task 3",
    ]
    panel.choice.small_task.setCurrentIndex(2)
    panel.choice.small_task.activated.emit(2)
    assert panel.view.shown is told.shown[2]
    view = {"lines": panel.view.line, "values": panel.view.values}.get(kind, panel.view.classes)
    assert view.isVisible()
    assert panel.view.classes.pictures.isVisible() == (kind == "pictures")
    assert panel.view.classes.embedding.isVisible() == (kind == "pictures")
    panel.set_theme(DARK)
    panel.grab()


def test_the_steps_choose_how_far_a_curve_has_bent(panel: AdaptationPanel):
    panel.set_models(model_of([adapted("waves")]))
    line = panel.view.shown
    assert isinstance(line, AdaptedLine)
    view = panel.view.line
    assert panel.controls.steps.value() == STEPS[-1]
    assert np.array_equal(view._after.yData, line.answers[-1])
    panel.controls.steps.setValue(2)
    assert np.array_equal(view._before.yData, line.answers[0])
    assert np.array_equal(view._after.yData, line.answers[2])
    assert "after 2 inner steps" in panel.view.key.text()
    drawn = [item for item in view._between if item.yData is not None and len(item.yData)]
    assert len(drawn) == 1
    panel.controls.steps.setValue(1)
    assert "after 1 inner step" in panel.view.key.text()
    assert "1 inner steps" not in panel.view.key.text()
    panel.controls.steps.setValue(0)
    assert view._after.yData is None or not len(view._after.yData)
    assert panel.curves.plot._chosen.value() == 0


def test_classes_say_which_answers_are_right(panel: AdaptationPanel):
    panel.set_models(model_of([adapted("waves", 0, "pictures")]))
    answers = panel.view.classes.answers
    assert isinstance(answers, ClassAnswers)
    assert answers.confusion.sum() == 9
    assert int(answers.is_right.sum()) == int(np.diag(answers.confusion).sum())
    assert f"{int(answers.is_right.sum())} of 9 queries right" in panel.view.key.text()
    heads, rows = panel.view.classes.confusion.table
    assert heads == ["wanted", "a", "b", "c"]
    assert [row[0] for row in rows] == ["a", "b", "c"]


def test_curves_are_means_of_what_is_finite_and_say_what_is_not(panel: AdaptationPanel):
    losses = np.full((6, 8), 2.0, dtype=np.float32)
    losses[5, :3] = np.nan
    panel.set_models(model_of([adapted("waves", losses=losses)]))
    note = panel.curves.note.text()
    assert "Mean over 8 held-out tasks" in note
    assert "After 5 inner steps 3 of them were not finite" in note
    panel.curves.log_scale.setChecked(True)
    assert np.allclose(panel.curves.plot._items[0].mean.yData, np.log10(2.0))


def test_without_any_finite_loss_it_says_so(panel: AdaptationPanel):
    nothing = np.full((6, 8), np.nan, dtype=np.float32)
    panel.set_models(model_of([adapted("waves", losses=nothing)]))
    assert "none is finite" in panel.curves.note.text()
    panel.curves.log_scale.setChecked(True)
    panel.curves.measure.choose(SCORE)
    panel.grab()


def test_one_number_of_steps_has_no_slider_and_an_interval(panel: AdaptationPanel):
    events: list[Event] = [adapted("waves", 0, "pictures", steps=(1,))]
    panel.set_models(model_of(events))
    assert not panel.controls.steps.isVisible()
    assert "inner step" not in panel.view.key.text()
    ends = panel.curves.plot._items[0].ends.yData
    assert ends is not None
    assert len(ends) == 2
    assert ends[0] < ends[1]
    assert panel.view.classes.isVisible()
    assert "one mark, loss" in panel.curves.note.text()
    axis = panel.curves.plot.area.getAxis("bottom")
    assert (axis.labelText, axis._tickLevels) == ("", [[(1, "after it adapted")]])
    low, high = panel.curves.plot.area.viewRange()[0]
    assert (low + high) / 2 == pytest.approx(1)
    panel.set_models(model_of([adapted("waves", 0)]))
    assert axis.labelText == "inner steps"
    assert "one mark" not in panel.curves.note.text()


def test_references_are_lines_of_the_score_and_said(panel: AdaptationPanel):
    told = adapted("waves", 0, "classes", references=(("nearest mean", 0.625),))
    panel.set_models(model_of([told]))
    assert "With nothing learned, the nearest mean has mse 0.625." in panel.curves.note.text()
    panel.curves.measure.choose(SCORE)
    assert [line.value() for line in panel.curves.plot._references] == [0.625]


def test_the_slider_goes_back_and_the_newest_is_followed(panel: AdaptationPanel):
    events: list[Event] = [adapted("waves", 0, stage=-1), adapted("waves", 40)]
    events.append(adapted("waves", 100, ends_stage=True))
    model = model_of(events)
    panel.set_models(model)
    assert panel.bar.words.text() == "After all tasks, step 100"
    panel.bar.slider.setValue(1)
    assert panel.bar.words.text() == "In all tasks, step 40"
    assert panel.view.shown is model.adaptation.moments[1].tasks["waves"].shown[0]
    assert "step 40" in panel.curves.legend.text()
    panel.bar.before.click()
    assert panel.bar.words.text() == "Before training"
    model.feed(adapted("waves", 140))
    panel.refresh()
    assert panel.bar.words.text() == "Before training"
    panel.bar.newest.click()
    assert panel.bar.words.text() == "In all tasks, step 140"


def test_what_was_not_kept_is_said(panel: AdaptationPanel):
    bare = replace(adapted("waves", 40), lines=())
    panel.set_models(model_of([adapted("waves", 0), bare]))
    assert panel.view.shown is None
    panel.bar.slider.setValue(0)
    assert panel.view.shown is not None


def test_what_is_new_is_drawn_without_making_anything_new(panel: AdaptationPanel):
    model = model_of([adapted("waves"), adapted("heaps", 0, "pictures")])
    panel.set_models(model)
    plots = (panel.view.line, panel.curves.plot)
    items = [plot.scene().items() for plot in plots]
    for step in range(10, 60, 10):
        model.feed(adapted("waves", step))
        model.feed(adapted("heaps", step, "pictures"))
        panel.refresh()
    assert [len(plot.scene().items()) for plot in plots] == [len(found) for found in items]
    assert panel.view.shown is model.adaptation.moments[-1].tasks["waves"].shown[0]


def test_nothing_is_drawn_where_nobody_looks(
    panel: AdaptationPanel, monkeypatch: pytest.MonkeyPatch
):
    model = model_of([adapted("waves")])
    panel.hide()
    panel.set_models(model)
    drawn: list[object] = []
    monkeypatch.setattr(panel.view, "show_task", lambda *of: drawn.append(of))
    monkeypatch.setattr(panel.curves, "show_runs", lambda *of: drawn.append(of))
    model.feed(adapted("waves", 10))
    panel.refresh()
    panel.redraw()
    assert drawn == []


def test_twenty_distributions_are_chosen_from(panel: AdaptationPanel):
    names = tuple(f"task {i}" for i in range(20))
    events: list[Event] = [
        adapted(name, step, KINDS[i % 4]) for step in (0, 20) for i, name in enumerate(names)
    ]
    model = model_of(events, names)
    panel.set_models(model)
    assert [panel.choice.task.itemData(i) for i in range(20)] == list(names)
    for i, name in enumerate(names):
        panel.choice.task.setCurrentIndex(i)
        panel.choice.task.activated.emit(i)
        assert panel.view.shown is model.adaptation.moments[-1].tasks[name].shown[0]
    shown = panel.choice.task.currentData()
    panel.set_models(model_of([adapted("task 19")], names, seed=1))
    assert panel.choice.task.currentData() == shown


def test_a_task_that_came_later_is_missing_before(panel: AdaptationPanel):
    events: list[Event] = [adapted("waves"), adapted("waves", 20), adapted("heaps", 20)]
    panel.set_models(model_of(events))
    panel.choice.task.setCurrentIndex(1)
    panel.choice.task.activated.emit(1)
    assert panel.view.shown is not None
    panel.bar.slider.setValue(0)
    assert panel.view.shown is None


@pytest.fixture
def history() -> FakeHistory:
    """Two runs whose learner adapts, and one whose does not."""
    rows = [FakeRow(f"run-{seed}", seed=seed, path=f"/runs/{seed}") for seed in range(1, 4)]
    found = FakeHistory(rows)
    for seed in range(1, 4):
        events: list[Event] = [e for e in whole_run(NAMES) if not isinstance(e, Adapted)]
        if seed < 3:
            events.insert(1, adapted("waves", 20 * seed))
        recorded = RunRecord(f"run-{seed}", spec_of(NAMES, f"Setup {seed}"), seed, events)
        found.recorded[f"/runs/{seed}"] = recorded
    return found


def test_runs_of_the_history_are_overlaid(make_app: MakeApp, history: FakeHistory, qtbot: QtBot):
    app = make_app(FakeRunner(), history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 3)
    app.session.show(model_of([adapted("waves", 60)]))
    app.tab_area.show("adaptation")
    panel = tab_of(app)
    app.run_history.choose(app.run_history.rows)
    qtbot.waitUntil(lambda: len(panel.curves.plot.series) == 3)
    shown = {(one.name, one.when) for one in panel.curves.plot.series}
    assert shown == {
        ("A run · seed 0", "step 60"),
        ("Setup 1 · seed 1", "step 20"),
        ("Setup 2 · seed 2", "step 40"),
    }
    assert panel.curves.plot.series[0].name == "A run · seed 0"
    app.run_history.choose([])
    assert len(panel.curves.plot.series) == 1
    heads, rows = panel.curves.plot.table()
    assert len(rows) == len(STEPS)
    assert all(len(row) == len(heads) for row in rows)


class AdaptingRunner(FakeRunner):
    """Tells of a task's adaptation as its learner goes on."""

    def run(self, spec: Spec, seed: int) -> Iterator[Event]:
        for event in super().run(spec, seed):
            yield event
            if type(event).__name__ == "Evaluated" and event.step:
                yield adapted("digit", event.step)


def test_a_run_that_goes_on_is_drawn_live(make_app: MakeApp, qtbot: QtBot):
    runner = AdaptingRunner(hold_at=40)
    app = make_app(runner)
    app.controller.run()
    qtbot.waitUntil(lambda: bool(app.session.model.adaptation.moments))
    app.tab_area.show("adaptation")
    panel = tab_of(app)
    qtbot.waitUntil(lambda: panel.view.shown is not None)
    runner.let_go()
    qtbot.waitUntil(lambda: not app.session.is_active)
    newest = app.session.model.adaptation.moments[-1]
    qtbot.waitUntil(lambda: panel.view.shown is newest.tasks["digit"].shown[0])
    assert panel.bar.slider.maximum() == len(app.session.model.adaptation.moments) - 1


def test_seeds_are_one_mean_with_a_band_over_them(panel: AdaptationPanel) -> None:
    losses = [np.full((len(STEPS), 8), 1.0 + seed) for seed in range(3)]
    models = [
        model_of([adapted("waves", 20, losses=loss), adapted("waves", 40, losses=loss / 2)], seed=s)
        for s, loss in enumerate(losses)
    ]
    panel.set_models(models[1], models)
    (one,) = panel.curves.plot.series
    assert (one.name, one.when) == ("A run · 3 seeds", "step 40")
    around = spread_of(np.array([0.5, 1.0, 1.5]), Spread.INTERVAL)
    assert one.curve.mean == pytest.approx(np.full(len(STEPS), float(around.mean)))
    assert one.curve.low == pytest.approx(np.full(len(STEPS), float(around.low)))
    assert panel.curves.note.text().startswith(
        "Mean of 3 seeds, band: 95 % interval. The loss of each seed is its mean over 8"
    )
    panel.bar.slider.setValue(0)
    assert (one := panel.curves.plot.series[0]).when == "step 20"
    assert one.curve.mean == pytest.approx(np.full(len(STEPS), 2.0))
    panel.bar.followed.emit()
    # One that goes on counts as far as it has come; the one that is picked is alone.
    models[2] = model_of([adapted("waves", 20, losses=losses[2])], seed=2)
    panel.set_models(models[1], models)
    assert panel.curves.plot.series[0].when == "steps 20 to 40"
    panel.set_models(models[2], models[2:])
    assert panel.curves.plot.series[0].name == "A run · seed 2"
    assert panel.curves.note.text().startswith("Mean over 8 held-out tasks")


def test_a_score_has_the_band_of_its_seeds(panel: AdaptationPanel) -> None:
    events = [adapted("waves", 20), adapted("waves", 30)]
    models = [model_of([event], seed=seed) for seed, event in enumerate(events)]
    scores = np.array([event.scores for event in events], dtype=np.float64)
    around = spread_of(scores, Spread.INTERVAL)
    panel.set_models(models[0], models)
    panel.curves.measure.choose(SCORE)
    curve = panel.curves.plot.series[0].curve
    assert curve.scores == pytest.approx(around.mean)
    assert curve.score_high == pytest.approx(around.high, nan_ok=True)
