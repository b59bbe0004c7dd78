"""Examples of the task looked at, in Inspect: drawn as what they are, asked for once."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner, entries
from workbench.spec.entry import Entry
from workbench.spec.files import shipped
from workbench.spec.question import Download, Preview, RefusedError, TaskPreview
from workbench.spec.shown.samples import Curve, Pictures, Points, Rows, Samples, Surface, Texts
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.panels.inspect.row_table import RowTable
from workbench.ui.panels.inspect.sample_views import PictureGrid, view_of
from workbench.ui.panels.inspect.text_list import TextList
from workbench.ui.plots.field_image import picture, ramp, rgb

pytestmark = pytest.mark.tabs("curves")

DIGITS = Pictures("pixels", np.full((16, 8, 8), 200, dtype=np.uint8), ("7",) * 16)
FLOATS = np.linspace(-1, 1, 12, dtype=np.float32)
POINTS = Points("point", ("x", "y"), FLOATS.reshape(6, 2), np.arange(6) % 3, ("a", "b", "c"))
CURVE = Curve("x", FLOATS, FLOATS[:, None])
ROWS = Rows("row", ("age", "mass"), FLOATS.reshape(6, 2), tuple("abcdef"))
SURFACE = Surface("x", FLOATS, FLOATS, np.outer(FLOATS, FLOATS), (0.5, -0.5))


def answer(question: Preview, tell: Any) -> tuple[TaskPreview, ...]:
    del question, tell
    return tuple(TaskPreview(name, 1257, 180, 360, (DIGITS,)) for name in ("digit", "parity"))


@pytest.fixture
def runner() -> FakeRunner:
    runner = FakeRunner()
    runner.answers[Preview] = answer
    return runner


@pytest.fixture
def app(make_app: MakeApp, runner: FakeRunner) -> App:
    return make_app(runner)


def questions(runner: FakeRunner) -> list[Preview]:
    return [question for question in runner.asked if isinstance(question, Preview)]


def shown(app: App) -> str:
    card = app.window.inspect.samples
    return card.task if card is not None else ""


@pytest.mark.parametrize("samples", [DIGITS, POINTS, CURVE, ROWS, SURFACE], ids=type)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_kind_of_samples_is_drawn(qtbot: QtBot, samples: Samples, theme: Any):
    view = view_of(samples, theme)
    qtbot.addWidget(view)
    view.resize(220, max(view.heightForWidth(220), 60))
    image = view.grab().toImage()
    seen = {image.pixel(x, y) for x in range(0, 220, 3) for y in range(0, image.height(), 3)}
    assert len(seen) > 3
    assert view.accessibleName()


def test_a_picture_keeps_its_values(qtbot: QtBot):
    grey = picture(np.array([[0, 128], [255, 7]], dtype=np.uint8))
    assert [rgb(grey.pixelColor(x, y)) for y in (0, 1) for x in (0, 1)] == [
        (v, v, v) for v in (0, 128, 255, 7)
    ]
    colour = picture(np.array([[[1, 2, 3]]], dtype=np.uint8))
    assert rgb(colour.pixelColor(0, 0)) == (1, 2, 3)


def test_a_ramp_goes_from_one_colour_to_the_other():
    black, white = picture(np.zeros((1, 1), np.uint8)), picture(np.full((1, 1), 255, np.uint8))
    ends = black.pixelColor(0, 0), white.pixelColor(0, 0)
    image = ramp(np.array([[0.0, 0.5, 1.0]]), *ends)
    assert [rgb(image.pixelColor(x, 0))[0] for x in range(3)] == [0, 128, 255]


def test_a_grid_shows_whole_rows_alone(qtbot: QtBot):
    grid = PictureGrid(DIGITS, LIGHT)
    qtbot.addWidget(grid)
    five, four = grid.heightForWidth(5 * 46), grid.heightForWidth(4 * 46)
    assert five < four  # three rows of five, four rows of four


def test_rows_come_with_their_answers_in_front(qtbot: QtBot):
    table = RowTable(ROWS)
    qtbot.addWidget(table)
    first = [table.item(0, j) for j in range(table.columnCount())]
    assert [item.text() if item else "" for item in first] == ["a", "-1", "-0.8182"]


def test_looking_at_a_task_shows_its_examples_and_counts(app: App, qtbot: QtBot):
    app.inspector.previews.look("digits-attributes", "parity")
    qtbot.waitUntil(lambda: shown(app) == "parity")
    card = app.window.inspect.samples
    assert card is not None
    assert card.counts.text() == "1,257 train · 180 validation · 360 test"
    assert card.findChildren(PictureGrid)


def test_a_second_look_asks_nothing(app: App, runner: FakeRunner, qtbot: QtBot):
    app.inspector.previews.look("digits-attributes", "parity")
    qtbot.waitUntil(lambda: shown(app) == "parity")
    app.inspector.previews.look("digits-attributes", "digit")
    qtbot.waitUntil(lambda: shown(app) == "digit")
    assert len(questions(runner)) == 1


def test_passing_over_tasks_asks_only_for_the_last(app: App, runner: FakeRunner, qtbot: QtBot):
    app.inspector.previews.look("digits-split", None)
    app.inspector.previews.look("digits-attributes", "digit")
    qtbot.waitUntil(lambda: shown(app) == "digit")
    assert [item.choice.family for item in questions(runner)] == ["digits-attributes"]


def test_other_settings_are_looked_at_anew(app: App, runner: FakeRunner, qtbot: QtBot):
    app.presenter.set_task("digits-split", None, True)
    app.inspector.previews.look("digits-split", None)
    qtbot.waitUntil(lambda: shown(app) == "digit")
    app.presenter.set_family_setting("digits-split", "n_tasks", 2)
    qtbot.waitUntil(lambda: len(questions(runner)) == 2)
    assert questions(runner)[1].choice.settings == {"n_tasks": 2}


def test_a_refusal_says_why(app: App, runner: FakeRunner, qtbot: QtBot):
    runner.answers[Preview] = RefusedError("there is no wine.csv")
    app.inspector.previews.look("digits-attributes", None)
    card = app.window.inspect.samples
    qtbot.waitUntil(
        lambda: (
            (card := app.window.inspect.samples) is not None
            and card.words.text() == "There is nothing to show: there is no wine.csv"
        )
    )
    assert card is None or not card.task


def test_inspect_that_has_gone_on_is_left_alone(app: App, runner: FakeRunner, qtbot: QtBot):
    app.inspector.previews.look("digits-attributes", None)
    qtbot.waitUntil(lambda: shown(app) == "digit")
    app.inspector.explain(app.presenter.catalogue["balancing", "pcgrad"])
    app.inspector.previews._take("x", answer(questions(runner)[0], None))
    assert app.window.inspect.entry is app.presenter.catalogue["balancing", "pcgrad"]


def test_what_was_about_to_be_looked_at_does_not_take_the_place_of_what_is_asked_for(app: App):
    app.inspector.previews.look("digits-attributes", None)
    app.window.setup.entry_asked.emit(app.presenter.catalogue["balancing", "pcgrad"])
    assert not app.inspector.previews._timer.isActive()
    assert app.window.inspect.entry is app.presenter.catalogue["balancing", "pcgrad"]


def test_another_preset_is_explained_and_not_the_family_looked_at_before(
    app: App, runner: FakeRunner, qtbot: QtBot
):
    app.presenter.set_task("digits-split", None, True)
    app.presenter.set_family_setting("digits-split", "n_tasks", 2)
    app.inspector.previews.look("digits-split", None)
    qtbot.waitUntil(lambda: shown(app) == "digit")
    assert app.files.load(shipped("presets") / "two-tasks-that-fight.yaml")
    assert app.window.inspect.entry is app.presenter.catalogue["sharing", "hard"]
    assert not app.inspector.previews._timer.isActive()
    app.presenter.set_part("training", "epochs", 3)
    assert not app.inspector.previews._timer.isActive()
    assert len(questions(runner)) == 1


def test_another_theme_keeps_the_examples(app: App, qtbot: QtBot):
    app.inspector.previews.look("digits-attributes", "parity")
    qtbot.waitUntil(lambda: shown(app) == "parity")
    app.window.look.set_mode("dark")
    qtbot.waitUntil(lambda: shown(app) == "parity")


def test_the_card_lets_the_user_choose_among_the_tasks(app: App, qtbot: QtBot):
    app.inspector.previews.look("digits-attributes", None)
    qtbot.waitUntil(lambda: shown(app) == "digit")
    card = app.window.inspect.samples
    assert card is not None
    card.tasks.setCurrentText("parity")
    card.tasks.textActivated.emit("parity")
    assert card.task == "parity"


def test_data_that_are_not_there_are_downloaded_only_when_asked(make_app: MakeApp, qtbot: QtBot):
    runner = FakeRunner(
        {
            **entries(),
            ("tasks", "mnist"): Entry("tasks", "mnist", "MNIST", "", download_bytes=11 << 20),
        }
    )
    runner.answers[Preview] = RefusedError("mnist is not here yet")
    app = make_app(runner, has_catalogue=False)
    app.inspector.previews.look("mnist", None)
    qtbot.waitUntil(
        lambda: (card := app.window.inspect.samples) is not None and "not here" in card.words.text()
    )
    assert not [question for question in runner.asked if isinstance(question, Download)]
    card = app.window.inspect.samples
    assert card is not None
    assert card.remedy.text() == "Download (11 MiB)"
    runner.answers[Download] = RefusedError("the server did not answer")
    card.remedy.click()
    qtbot.waitUntil(lambda: "did not answer" in card.words.text())
    runner.answers[Download] = "/folder"
    runner.answers[Preview] = answer
    card.remedy.click()
    qtbot.waitUntil(lambda: shown(app) == "digit")


def test_texts_stand_as_they_are_written(qtbot: QtBot):
    samples = Texts("text", ("one", "<b>two"), ("واحد", "zwei"))
    view = TextList(samples)
    qtbot.addWidget(view)
    labels = {each.text(): each.layoutDirection() for each in view.findChildren(QLabel)}
    assert list(labels) == ["one", "واحد", "<b>two", "zwei"]
    assert labels["واحد"] == Qt.LayoutDirection.RightToLeft
    assert labels["<b>two"] == Qt.LayoutDirection.LeftToRight
