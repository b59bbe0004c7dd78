"""Sharing: the model drawn from its parts, at any recorded step, and what it takes."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from tests.contracts.faces import CATALOGUE, SHARINGS
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.cost import Holding, ModelCost
from workbench.spec.event import Reported, Structured, Table
from workbench.spec.files import shipped
from workbench.spec.question import Cost, RefusedError
from workbench.spec.structure import Edge, Node, Structure
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_model import RunModel
from workbench.ui.panels.inspect.panel import InspectPanel
from workbench.ui.plots.diagram import Diagram
from workbench.ui.plots.diagram_layout import boxes, ports
from workbench.ui.services.cost_estimator import CostEstimator
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tabs.sharing import RUN, SharingPanel


def mixture(n_tasks: int = 2, n_experts: int = 3) -> Structure:
    """Experts, a gate and a head a task."""
    tasks = tuple(f"task {i}" for i in range(n_tasks))
    nodes = [Node("x", "input", 0, "x", tasks)]
    edges: list[Edge] = []
    for e in range(n_experts):
        nodes.append(Node(f"e{e}", "expert", 1, f"expert {e}", tasks, 100))
        edges.append(Edge("x", f"e{e}"))
    for task in tasks:
        nodes.append(Node(f"g {task}", "gate", 2, task, (task,), 9))
        nodes.append(Node(f"h {task}", "head", 3, task, (task,), 20))
        edges.append(Edge(f"g {task}", f"h {task}"))
        for e in range(n_experts):
            edges.append(Edge(f"e{e}", f"g {task}", "flow", "gates", task, f"expert {e}"))
    return Structure(tasks, tuple(sorted(nodes, key=lambda node: node.level)), tuple(edges))


def gates(structure: Structure, values: np.ndarray) -> dict[str, Table]:
    columns = tuple(f"expert {e}" for e in range(values.shape[1]))
    return {"gates": Table("gates", structure.tasks, columns, values.astype(np.float32))}


@pytest.mark.parametrize("n_tasks", [1, 2, 5, 10])
@pytest.mark.parametrize("size", [(220, 150), (620, 400), (1100, 700)])
def test_parts_stand_apart_and_inside(n_tasks: int, size: tuple[int, int]):
    structure = mixture(n_tasks, 6)
    boxes_by_key = boxes(structure, *size)
    assert set(boxes_by_key) == {node.key for node in structure.nodes}
    for node in structure.nodes:
        box = boxes_by_key[node.key]
        assert box.left >= 0
        assert box.left + box.width <= size[0]
        assert box.top >= 0
        assert box.top + box.height <= size[1]
        for other in structure.nodes:
            if other.key != node.key and other.level == node.level:
                assert (
                    abs(box.x - boxes_by_key[other.key].x)
                    >= (box.width + boxes_by_key[other.key].width) / 2
                )


def test_lines_of_a_part_stand_apart_and_do_not_cross_for_nothing():
    structure = mixture(2, 3)
    places = boxes(structure, 620, 400)
    result = ports(structure, places)
    entering = [edge for edge in structure.edges if edge.target == "g task 0"]
    ends = [result[edge][1] for edge in sorted(entering, key=lambda e: places[e.source].x)]
    assert ends == sorted(set(ends))
    gate = places["g task 0"]
    assert all(gate.holds(x, gate.y) for x in ends)
    (alone,) = (edge for edge in structure.edges if edge.target == "h task 0")
    assert result[alone] == (gate.x, places["h task 0"].x)


def inked(diagram: Diagram) -> np.ndarray:
    picture = QImage(diagram.size(), QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFF)
    painter = QPainter(picture)
    diagram.draw(painter, picture.rect().toRectF())
    painter.end()
    return np.array(picture.constBits()).reshape(picture.height(), picture.width(), 4).copy()


def test_lines_are_as_strong_as_the_gates(qtbot: QtBot):
    diagram = Diagram(LIGHT)
    qtbot.addWidget(diagram)
    diagram.resize(600, 400)
    structure = mixture()
    diagram.set_structure(structure, {"task 0": 0, "task 1": 1})
    even = np.full((2, 3), 1 / 3)
    diagram.set_tables(gates(structure, even))
    before = inked(diagram)
    diagram.set_tables(gates(structure, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])))
    assert (inked(diagram) != before).any()
    head, rows = diagram.table
    assert list(head) == ["from", "to", "kind", "table", "value"]
    assert [row[4] for row in rows if row[3] == "gates"] == [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]


def test_it_says_in_words_what_it_draws(qtbot: QtBot):
    diagram = Diagram(DARK)
    qtbot.addWidget(diagram)
    diagram.resize(600, 400)
    structure = mixture()
    diagram.set_structure(structure, {})
    assert diagram.accessibleDescription() == (
        "inputs: 1, experts: 3, gates: 2, heads: 2, 358 parameters"
    )
    area = diagram.rect().toRectF()
    places = diagram._places(area)
    text = diagram._explained(area, places["e1"].x, places["e1"].y)
    assert "expert 1" in text
    assert "used by task 0, task 1" in text


def layered() -> Structure:
    """A trunk of two stages, and heads of two layers for two tasks."""
    tasks = ("one", "two")
    trunk = [
        Node("s1", "trunk", 1, "stage 1", tasks, 1408, detail="10 → 128"),
        Node("s2", "trunk", 2, "stage 2", tasks, 16512, detail="128 → 128"),
    ]
    hidden = [Node(f"h {t}", "head", 3, t, (t,), 8256, detail="128 → 64") for t in tasks]
    answers = [Node(f"a {t}", "head", 4, t, (t,), 65, detail="64 → 1") for t in tasks]
    edges = [Edge("x", "s1"), Edge("s1", "s2")]
    for task in tasks:
        edges += [Edge("s2", f"h {task}"), Edge(f"h {task}", f"a {task}")]
    nodes = (Node("x", "input", 0, "x", tasks), *trunk, *hidden, *answers)
    return Structure(tasks, nodes, tuple(edges))


def written(diagram: Diagram, folder: Path) -> list[str]:
    """Every text of a drawing."""
    diagram.write(folder / "drawn.svg")
    return re.findall(r"<text[^>]*>\s*([^<]*?)\s*</text>", (folder / "drawn.svg").read_text())


def test_layers_that_stand_on_each_other_are_one_part(qtbot: QtBot):
    diagram = Diagram(LIGHT)
    qtbot.addWidget(diagram)
    diagram.set_structure(layered(), {})
    assert diagram.summary() == "inputs: 1, trunk: 1, heads: 2, 34.6 k parameters"


@pytest.mark.parametrize("size", [(700, 400), (420, 240)])
def test_every_part_of_a_few_says_its_size(size: tuple[int, int], qtbot: QtBot, tmp_path: Path):
    diagram = Diagram(LIGHT)
    qtbot.addWidget(diagram)
    diagram.resize(*size)
    diagram.set_structure(layered(), {"one": 0, "two": 1})
    drawn = " | ".join(written(diagram, tmp_path))
    for node in layered().nodes:
        if node.parameters:
            assert drawn.count(node.detail) == (1 if node.kind == "trunk" else 2), node.key


def test_where_there_is_no_room_for_a_size_the_name_is_whole(qtbot: QtBot, tmp_path: Path):
    diagram = Diagram(LIGHT, is_small=True)
    qtbot.addWidget(diagram)
    diagram.resize(90, 160)
    diagram.set_structure(layered(), {"one": 0, "two": 1})
    drawn = written(diagram, tmp_path)
    assert drawn.count("one") == drawn.count("two") == 2
    diagram.resize(150, 160)
    drawn = written(diagram, tmp_path)
    assert {"one · 65", "two · 65"} < set(drawn)


def test_the_cost_is_asked_for_when_the_setup_settles(qtbot: QtBot):
    runner = FakeRunner()
    answered = ModelCost(25_610, 24_000, 51_200.0, 312_000.0, mixture())
    runner.answers[Cost] = answered
    presenter = Presenter(runner.catalogue())
    questions = QuestionQueue(runner)
    cost_estimator = CostEstimator(presenter, questions)
    with qtbot.waitSignal(cost_estimator.changed):
        cost_estimator.start()
    assert cost_estimator.line == "25.6 k parameters · 51.2 kFLOP an example · 312 kB"
    assert "24,000 are shared" in cost_estimator.details
    presenter.change({"name": "another"})
    qtbot.wait(400)
    assert len([q for q in runner.asked if isinstance(q, Cost)]) == 1
    assert questions.wait(1000)


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        (Holding(), ""),
        (Holding(200, 55_200), "Keeps up to 200 examples · 55.2 kB"),
        (Holding(0, 313_000), "Keeps up to 313 kB, and no examples"),
    ],
)
def test_what_retention_will_keep_stands_under_its_settings(
    make_app: MakeApp, qtbot: QtBot, kept: Holding, line: str
):
    runner = FakeRunner()
    runner.answers[Cost] = ModelCost(1, 1, 1.0, 1.0, mixture(), retained=kept)
    app = make_app(runner)
    qtbot.waitUntil(lambda: app.cost_estimator.cost is not None)
    note = app.window.setup.choices["retention"].note
    assert note.text() == line
    assert note.isHidden() == (not line)


def test_why_the_cost_is_not_known_is_said(qtbot: QtBot):
    presenter = Presenter(FakeRunner().catalogue())
    questions = QuestionQueue(FakeRunner())
    cost_estimator = CostEstimator(presenter, questions)
    with qtbot.waitSignal(cost_estimator.changed):
        cost_estimator.start()
    assert cost_estimator.line == "nobody knows"
    assert questions.wait(1000)


@pytest.mark.parametrize("field", ["budget.match_parameters", "retention.kind", "device"])
def test_what_only_model_or_machine_show_keeps_the_setup_from_running(field: str, qtbot: QtBot):
    runner = FakeRunner()
    runner.answers[Cost] = RefusedError("the nearest are 99", field)
    presenter = Presenter(runner.catalogue())
    questions = QuestionQueue(runner)
    cost_estimator = CostEstimator(presenter, questions)
    with qtbot.waitSignal(cost_estimator.changed):
        cost_estimator.start()
    (problem,) = presenter.problems
    assert (problem.field, problem.message) == (field, "the nearest are 99")
    presenter.change({"seeds": (1, 2)})
    assert presenter.problems == [problem]  # seeds change nothing of the model
    runner.answers[Cost] = ModelCost(25_610, 24_000, 51_200.0, 312_000.0, mixture())
    presenter.change({"training": {"epochs": 3}})
    assert not presenter.problems
    qtbot.waitUntil(lambda: cost_estimator.cost is not None)
    # data that cannot be read now may be there by the time of the run
    runner.answers[Cost] = RefusedError("there is no a.csv", "tasks.0.file")
    presenter.change({"training": {"epochs": 4}})
    qtbot.waitUntil(lambda: cost_estimator.line == "there is no a.csv")
    assert not presenter.problems
    assert questions.wait(1000)


def test_the_setups_model_is_drawn_where_its_strategy_is_explained(qtbot: QtBot):
    panel = InspectPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.show_entry(CATALOGUE["sharing", "mmoe"])
    assert not panel.findChildren(Diagram)
    panel.set_model("mmoe", mixture(), {})
    assert panel.findChildren(Diagram)[-1].structure == mixture()
    panel.show_entry(CATALOGUE["sharing", "hard"])
    qtbot.waitUntil(lambda: not panel.findChildren(Diagram))


@pytest.mark.parametrize("key", [entry.key for entry in SHARINGS])
def test_every_strategy_has_an_icon_in_the_themes_colour(key: str):
    path = shipped("resources") / "icons" / "sharing" / f"{key}.svg"
    text = path.read_text(encoding="utf-8")
    assert "currentColor" in text
    assert QSvgRenderer(QByteArray(text.encode())).isValid()


@pytest.fixture
def tab(qtbot: QtBot) -> SharingPanel:
    """The tab of a run that told of its gates at three steps, beside another setup."""
    run = RunModel.of(FakeRunner().run(sequential_spec(), 0), 0, sequential_spec())
    structure = mixture(len(run.tasks))
    tables = [gates(structure, np.full((len(run.tasks), 3), value)) for value in (0.1, 0.2, 0.3)]
    run.feed(Structured(0, structure))
    for step, item in zip((10, 20, 30), tables, strict=True):
        run.feed(Reported(step, "sharing", tuple(item.values())))
    made = SharingPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 480)
    setup = ModelCost(1, 1, 1.0, 1.0, mixture(2, 5))
    cost_estimator = SimpleNamespace(cost=setup, colours={"task 0": 0, "task 1": 1})
    presenter = SimpleNamespace(is_live=False)
    made.context = cast(
        "TabContext", SimpleNamespace(cost_estimator=cost_estimator, presenter=presenter)
    )
    made.show()
    made.set_models(run)
    return made


def test_the_tabs_slider_goes_back_in_time_and_the_newest_is_followed_again(tab: SharingPanel):
    assert tab.steps == [10, 20, 30]
    assert tab.step.text() == "Step 30"
    assert not tab.now.isEnabled()
    tab.slider.setValue(0)
    assert tab.step.text() == "Step 10"
    assert tab.diagram._tables["gates"].values[0, 0] == np.float32(0.1)
    table_now = tab.diagram._tables["gates"]
    tab._model.feed(Reported(40, "sharing", (table_now,)))
    tab.refresh()
    assert tab.step.text() == "Step 10"
    tab.now.click()
    assert tab.step.text() == "Step 40"


def test_the_tab_shows_the_setups_model_once_that_is_another(tab: SharingPanel):
    assert not tab.summary.text().startswith("As set up")
    tab._setup_changed()
    assert tab.summary.text().startswith("As set up")
    assert "experts: 5" in tab.summary.text()
    assert not tab._times.isVisible()
    tab.shown.setCurrentIndex(tab.shown.findData(RUN))
    tab.shown.activated.emit(tab.shown.currentIndex())
    assert "experts: 3" in tab.summary.text()
    assert tab._times.isVisible()


def test_of_several_seeds_it_says_which_one_is_shown(tab: SharingPanel):
    other = RunModel(3, sequential_spec())
    assert "seed" not in tab.summary.text()
    tab.set_models(tab._model, [tab._model, other])
    assert tab.summary.text().startswith("seed 0 of 0, 3")
    tab.set_models(tab._model, [tab._model])
    assert "seed" not in tab.summary.text()
