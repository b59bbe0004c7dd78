"""After a run, its newest checkpoint answers what the user turns to, and adapts to points."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.ui.adapted import adapted, classes, line
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.tabs.test_adaptation import model_of, tab_of
from workbench.spec.question import Adapt, RefusedError
from workbench.spec.shown.adaptation import AdaptationAnswer, AdaptedLine
from workbench.ui.composition import App
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.adaptation.panel import AdaptationPanel

pytestmark = pytest.mark.tabs("curves", "adaptation")

RATE = 0.01


class Answers:
    """Answers as a training process would: the learner's rate is `RATE`, if it has one."""

    def __init__(self, rate: float | None = RATE, *, by_steps: bool = True) -> None:
        self.rate, self.by_steps = rate, by_steps
        self.asked: list[Adapt] = []
        self.refusal = ""

    def __call__(self, question: Adapt, tell: object) -> AdaptationAnswer:
        self.asked.append(question)
        if self.refusal:
            raise RefusedError(self.refusal)
        last = 10 if question.steps is None else question.steps
        steps = tuple(range(last + 1)) if self.by_steps else (1,)
        shown = line(question.index, steps) if self.by_steps else classes(0, steps, ("a",), True)
        if question.points and isinstance(shown, AdaptedLine):
            x, y = (np.array(part, dtype=np.float32) for part in zip(*question.points, strict=True))
            shown = AdaptedLine(-1, x, y, x, y, shown.axis, shown.answers)
        losses = np.full((len(steps), 1 if question.points else 8), 0.5, dtype=np.float32)
        rate = question.rate or self.rate
        return AdaptationAnswer(90, steps, losses, shown, self.by_steps, rate)


@pytest.fixture
def answers() -> Answers:
    """What is asked, and answered."""
    return Answers()


Open = Callable[[RunModel], AdaptationPanel]


@pytest.fixture
def open_run(make_app: MakeApp, answers: Answers, qtbot: QtBot) -> Open:
    """Shows a run of the history in the tab, in front."""
    runner = FakeRunner()
    runner.answers[Adapt] = answers
    app: App = make_app(runner, FakeHistory([FakeRow("run-0", path="/runs/0")]))
    app.window.resize(1280, 800)
    qtbot.waitUntil(lambda: bool(app.run_history.rows))

    def show(model: RunModel) -> AdaptationPanel:
        app.session.show(model)
        app.tab_area.show("adaptation")
        panel = tab_of(app)
        qtbot.waitUntil(panel.isVisible)
        panel.redraw()
        return panel

    return show


def ready(panel: AdaptationPanel, qtbot: QtBot) -> None:
    """Wait until the run's checkpoint was read."""
    qtbot.waitUntil(lambda: panel.trials.terms is not None)


def drawn(panel: AdaptationPanel) -> AdaptedLine:
    """The line that is shown."""
    assert isinstance(panel.view.shown, AdaptedLine)
    return panel.view.shown


def test_more_steps_and_another_rate_are_asked_for(open_run: Open, answers: Answers, qtbot: QtBot):
    model = model_of([adapted("waves", 40), adapted("waves", 80, ends_stage=True)])
    panel = open_run(model)
    ready(panel, qtbot)
    (first,) = answers.asked
    assert (first.folder, first.task, first.steps, first.rate) == ("/runs/0", "waves", None, None)
    assert panel.view.shown is model.adaptation.moments[-1].tasks["waves"].shown[0]
    controls = panel.controls
    assert controls.rate.isVisible()
    assert controls.steps.value() == 5
    assert not controls.reset.isEnabled()
    controls.steps.setValue(20)
    qtbot.waitUntil(lambda: len(answers.asked) == 2)
    qtbot.waitUntil(lambda: panel.trials.answer is not None)
    qtbot.waitUntil(lambda: len(drawn(panel).answers) == 21)
    controls.rate.setValue(20)
    qtbot.waitUntil(lambda: answers.asked[-1].rate == pytest.approx(10 * RATE))
    qtbot.waitUntil(lambda: "0.1" in panel.curves.legend.text())
    assert len(panel.curves.plot.series) == 2
    n_asked = len(answers.asked)
    controls.reset.click()
    assert panel.view.shown is model.adaptation.moments[-1].tasks["waves"].shown[0]
    assert controls.steps.value() == 5
    assert len(panel.curves.plot.series) == 1
    controls.steps.setValue(2)
    qtbot.wait(100)
    assert len(answers.asked) == n_asked


def test_a_click_gives_a_point_and_the_model_adapts_to_it(
    open_run: Open, answers: Answers, qtbot: QtBot
):
    panel = open_run(model_of([adapted("waves", 80)]))
    ready(panel, qtbot)
    view = panel.view.line
    place = view.area.vb.mapViewToScene(QPointF(1.0, 0.5))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(place))
    qtbot.waitUntil(lambda: bool(answers.asked[-1].points))
    (point,) = answers.asked[-1].points
    assert point == pytest.approx((1.0, 0.5), abs=0.15)
    qtbot.waitUntil(lambda: drawn(panel).index == -1)
    assert panel.choice.small_task.currentText() == "My points"
    before = view.area.vb.viewRange()
    panel.controls.add_point(2.0, 0.0)
    qtbot.waitUntil(lambda: len(answers.asked[-1].points) == 2)
    qtbot.waitUntil(lambda: len(drawn(panel).x) == 2)
    assert view.area.vb.viewRange() == before
    assert "2 points" in panel.controls.hint.text()
    panel.controls.clear.click()
    assert drawn(panel).index == 0
    assert panel.choice.small_task.count() == 3
    assert not panel.controls.clear.isVisible()


def test_a_point_is_given_by_the_keyboard_too(open_run: Open, answers: Answers, qtbot: QtBot):
    panel = open_run(model_of([adapted("waves", 80)]))
    assert not panel.controls.field.isVisible()
    ready(panel, qtbot)
    field = panel.controls.field
    qtbot.waitUntil(field.isVisible)
    qtbot.keyClicks(field, "1.5, nothing")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "two numbers" in panel.controls.hint.text()
    assert panel.controls.hint.isVisible()
    field.clear()
    qtbot.keyClicks(field, "1.5, -2")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: answers.asked[-1].points == ((1.5, -2.0),))
    qtbot.waitUntil(lambda: drawn(panel).index == -1)
    assert field.isVisible()
    assert panel.controls.hint.text() == "Your own task: 1 point"


def test_another_small_task_takes_the_place_of_ones_own(open_run: Open, qtbot: QtBot):
    panel = open_run(model_of([adapted("waves", 80)]))
    ready(panel, qtbot)
    panel.controls.add_point(1.0, 1.0)
    qtbot.waitUntil(lambda: drawn(panel).index == -1)
    panel.choice.small_task.setCurrentIndex(1)
    panel.choice.small_task.activated.emit(1)
    assert drawn(panel).index == 1
    assert panel.controls.points == ()


def test_learned_rates_have_no_slider(open_run: Open, answers: Answers, qtbot: QtBot):
    answers.rate = None
    panel = open_run(model_of([adapted("waves", 80)]))
    ready(panel, qtbot)
    assert panel.controls.steps.maximum() > 5
    assert not panel.controls.rate.isVisible()


def test_without_inner_steps_there_are_no_sliders(open_run: Open, answers: Answers, qtbot: QtBot):
    answers.rate, answers.by_steps = None, False
    panel = open_run(model_of([adapted("waves", 80, "pictures", steps=(1,))]))
    ready(panel, qtbot)
    assert not panel.controls.steps.isVisible()
    assert not panel.controls.rate.isVisible()
    assert not panel.controls.reset.isVisible()


def test_a_run_that_cannot_be_asked_says_why(open_run: Open, answers: Answers, qtbot: QtBot):
    answers.refusal = "this run has no checkpoint to ask"
    panel = open_run(model_of([adapted("waves", 80)]))
    qtbot.waitUntil(lambda: "no checkpoint" in panel.controls.hint.text())
    assert not panel.controls.rate.isVisible()
    panel.controls.add_point(1.0, 1.0)
    assert panel.controls.points == ()
    panel.redraw()
    qtbot.wait(100)
    assert len(answers.asked) == 1


def test_another_run_forgets_what_was_tried(open_run: Open, answers: Answers, qtbot: QtBot):
    panel = open_run(model_of([adapted("waves", 80)]))
    ready(panel, qtbot)
    panel.controls.add_point(1.0, 1.0)
    qtbot.waitUntil(lambda: drawn(panel).index == -1)
    panel = open_run(model_of([adapted("waves", 60)], seed=5))  # not in the history
    assert panel.controls.points == ()
    assert drawn(panel).index == 0
    assert panel.trials.terms is None
    assert not panel.controls.rate.isVisible()


def test_going_back_in_time_shows_what_the_run_told(open_run: Open, qtbot: QtBot):
    model = model_of([adapted("waves", 40), adapted("waves", 80)])
    panel = open_run(model)
    ready(panel, qtbot)
    panel.controls.rate.setValue(10)
    qtbot.waitUntil(lambda: panel.trials.answer is not None)
    panel.bar.slider.setValue(0)
    assert panel.view.shown is model.adaptation.moments[0].tasks["waves"].shown[0]
    assert panel.controls.rate.value() == 0


def test_while_a_run_goes_on_it_is_not_asked(make_app: MakeApp, answers: Answers, qtbot: QtBot):
    runner = FakeRunner(hold_at=20)
    runner.answers[Adapt] = answers
    app = make_app(runner, FakeHistory([FakeRow("fake-0", path="/runs/0")]))
    app.controller.run()
    qtbot.waitUntil(lambda: app.session.model.step == 20)
    app.session.model.feed(adapted("digit", 20))
    app.tab_area.show("adaptation")
    panel = tab_of(app)
    qtbot.waitUntil(lambda: panel.view.shown is not None)
    assert "once the run has ended" in panel.controls.hint.text()
    assert answers.asked == []
    runner.let_go()
    qtbot.waitUntil(lambda: not app.session.is_active)
    ready(panel, qtbot)
