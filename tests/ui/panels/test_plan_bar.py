"""The plan above the plots follows the run, and every way to change it asks for a new one."""

from typing import Any, cast

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.command import SetStages
from workbench.spec.entry import Entry
from workbench.spec.event import Noticed, Replanned, StageBegan
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.run_state import RunState
from workbench.ui.panels.plan.bar import PlanBar, StageGap
from workbench.ui.panels.plan.planner import Planner
from workbench.ui.panels.plan.task_pill import MIME, TaskPill

PLAN = (("a",), ("b", "c"))


@pytest.fixture
def bar(qtbot: QtBot) -> PlanBar:
    made = PlanBar(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 60)
    made.show_plan(PLAN, ["d"], {"a": 0, "b": 1, "c": 2, "d": 3})
    made.show()
    return made


def pill(bar: PlanBar, task: str) -> TaskPill:
    return next(item for item in bar.pills if item.task == task)


def asked(bar: PlanBar) -> list[Any]:
    collected: list[Any] = []
    bar.plan_asked.connect(collected.append)
    return collected


def test_it_shows_what_is_learned_what_comes_and_what_waits(bar: PlanBar) -> None:
    assert [(p.task, p.stage) for p in bar.pills] == [("a", 0), ("b", 1), ("c", 1), ("d", -1)]
    names = [p.accessibleName() for p in bar.pills]
    assert names == ["a, learned now", "b, comes later", "c, comes later", "d, waits"]
    assert [p.cross.isVisible() for p in bar.pills] == [True, True, True, False]
    assert bar.height() >= bar.boxes[0].height()
    bar.set_theme(DARK)
    assert [p.task for p in bar.pills] == ["a", "b", "c", "d"]


def test_the_menu_of_a_task_that_waits_brings_it_in(bar: PlanBar) -> None:
    wishes = asked(bar)
    for action in bar.menu(pill(bar, "d")).actions():
        action.trigger()
    assert wishes == [
        (("a", "d"), ("b", "c")),
        (("d",), ("a",), ("b", "c")),
        (("a",), ("d",), ("b", "c")),
        (("a",), ("b", "c"), ("d",)),
    ]


def test_a_cross_and_the_keys_take_out_and_move(bar: PlanBar, qtbot: QtBot) -> None:
    wishes = asked(bar)
    qtbot.mouseClick(pill(bar, "a").cross, Qt.MouseButton.LeftButton)
    qtbot.keyClick(pill(bar, "b"), Qt.Key.Key_Delete)
    qtbot.keyClick(pill(bar, "c"), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(pill(bar, "a"), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(pill(bar, "d"), Qt.Key.Key_Delete)
    assert wishes == [
        (("b", "c"),),
        (("a",), ("c",)),
        (("a",), ("c",), ("b",)),
        (("b", "c"), ("a",)),
    ]


def test_a_task_is_dropped_on_a_stage_or_between_stages(bar: PlanBar) -> None:
    wishes = asked(bar)
    first_gap, last_gap = bar.findChildren(StageGap)
    for place, data in (
        (bar.boxes[0], "1\nc"),
        (bar.boxes[1], "-1\nd"),
        (first_gap, "1\nb"),
        (last_gap, "0\na"),
    ):
        mime = QMimeData()
        mime.setData(MIME, data.encode())
        none = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        place.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.MoveAction, mime, *none))
    assert wishes == [
        (("a", "c"), ("b",)),
        (("a",), ("b", "c", "d")),
        (("a",), ("b",), ("c",)),
        (("b", "c"), ("a",)),
    ]


def test_what_is_learned_last_of_all_cannot_be_taken_out(bar: PlanBar, qtbot: QtBot) -> None:
    bar.show_plan((("a",),), ["b"], {"a": 0, "b": 1})
    wishes = asked(bar)
    assert not pill(bar, "a").cross.isVisible()
    qtbot.keyClick(pill(bar, "a"), Qt.Key.Key_Delete)
    assert wishes == []


class Session(QObject):
    """A session that notes what it is asked to send."""

    model_changed, event_seen = Signal(), Signal(object)
    curves_due, ended = Signal(), Signal()

    def __init__(self, model: RunModel) -> None:
        super().__init__()
        self.model = model
        self.sent: list[Any] = []

    def send(self, command: Any) -> None:
        self.sent.append(command)

    def send_each(self, command_for: Any) -> None:
        self.sent.append(command_for(self.model))

    def tell(self, event: Any) -> None:
        self.model.feed(event)
        self.event_seen.emit(event)


def test_it_follows_a_run_whose_plan_is_open(bar: PlanBar) -> None:
    spec = sequential_spec()
    events = list(FakeRunner(steps=30).run(spec, 0))
    model = RunModel(0, spec)
    for event in events[:4]:
        model.feed(event)
    entry = Entry("curriculum", "sequential", "Open", "Open.", gives=("open-plan",))
    presenter = Presenter({("curriculum", "sequential"): entry})
    session = Session(model)
    planner = Planner(bar, presenter, cast("Any", session))
    planner.refresh()
    assert not bar.isVisible(), "nothing runs"
    presenter.set_state(RunState.RUNNING)
    session.model_changed.emit()
    assert bar.isVisible()
    assert model.began is not None
    first, second, *others = [task.name for task in model.tasks]
    bar.plan_asked.emit(((first, second),))
    assert session.sent == [SetStages(((first, second),), 0)]
    waiting = [p.task for p in bar.pills if p.stage < 0]
    assert waiting == others, "shown at once"
    session.tell(Noticed(5, "control", "the change was not made: …"))
    assert [p.stage for p in bar.pills] == [0, 1, 2, 3, 4], "it was not made after all"
    stages = model.began.stages
    session.tell(Replanned(5, (stages[0], stages[2]), first=1))
    session.tell(StageBegan(5, 1))
    assert [(p.task, p.stage) for p in bar.pills if p.stage >= 0] == [(others[0], 0)]
    session.curves_due.emit()
    presenter.set_state(RunState.IDLE)
    session.ended.emit()
    assert not bar.isVisible()
