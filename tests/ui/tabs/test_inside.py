"""Inside: reported tables drawn by their shape, at any recorded step."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.event import Reported, Table
from workbench.spec.shown.samples import Pictures
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.inside.panel import InsidePanel
from workbench.ui.tabs.inside.report_table_layout import shape_of, values_over_time, written
from workbench.ui.words.language import use_language
from workbench.ui.words.report_names import row_title, table_title


def table(name: str, rows: str, columns: str, values: list[list[float]]) -> Table:
    return Table(name, tuple(rows.split()), tuple(columns.split()), np.array(values, np.float32))


def memory(n: int) -> Table:
    values = [[n, 300.0 * n, 1], [n, 300.0 * n, 0], [2 * n, 600.0 * n, 0.5]]
    rows = ("0-1 · 0", "2-3 · 2", "all")
    columns, title = ("examples", "bytes", "age"), "What the memory holds"
    return Table("memory", rows, columns, np.array(values, np.float32), title)


def pictures() -> tuple[Pictures, ...]:
    images = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8)
    return (Pictures("0-1", images, ("0", "1", "1")),)


def model() -> RunModel:
    """A run that told of its memory at three steps, and of its layers at one."""
    record = RunModel.of(FakeRunner().run(sequential_spec(), 0), 0, sequential_spec())
    record.feed(Reported(60, "retention", (memory(100),), pictures()))
    record.feed(Reported(120, "retention", (memory(50),)))
    record.feed(Reported(180, "retention", (memory(25),)))
    likeness = table("likeness", "layer-1 layer-2", "first second", [[0.9, 1.0], [0.4, 0.8]])
    likeness = replace(likeness, meaning="Linear CKA of <i>each</i> layer")
    record.feed(Reported(180, "representation", (likeness,)))
    record.feed(Reported(180, "sharing", (table("gates", "a", "b", [[1.0]]),)))
    return record


@pytest.fixture
def panel(qtbot: QtBot) -> InsidePanel:
    made = InsidePanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(650, 480)
    made.show()
    made.set_models(model(), [])
    return made


def test_how_full_the_memory_is_stands_beside_it(panel: InsidePanel):
    held = table("held", "now most", "examples bytes", [[50, 15e3], [200, 60e3]])
    panel._model.feed(Reported(180, "retention", (held,)))
    panel.redraw()
    assert [panel.choice.itemData(i)[1] for i in range(2)] == ["memory", "held"]
    assert panel._at.text() == "50 of 200 examples · 15 kB · at step 180"
    choose(panel, 1)
    assert panel._at.text() == "at step 180"


def choose(panel: InsidePanel, at: int) -> None:
    panel.choice.setCurrentIndex(at)
    panel.choice.activated.emit(at)


def test_every_table_can_be_chosen_but_those_with_a_tab_of_their_own(panel: InsidePanel) -> None:
    words = [panel.choice.itemText(i) for i in range(panel.choice.count())]
    assert words == [
        "Retention · What the memory holds",
        "Representation · Likeness",
    ]


def test_a_table_says_in_its_reporters_words_what_it_is(panel: InsidePanel, qapp: QApplication):
    own = replace(table("gates", "a", "b", [[1.0]]), title="My gates", meaning="How far open.")
    panel._model.feed(Reported(180, "balancing", (own,)))
    panel.redraw()
    choose(panel, panel.choice.count() - 1)
    assert panel.choice.currentText() == "Balancing · My gates"
    assert panel._meaning.text() == "How far open."
    translators = use_language(qapp, "zh_CN")
    shown = memory(1)
    try:
        assert table_title(shown) == "记忆的内容"
    finally:
        for translator in translators:
            qapp.removeTranslator(translator)


def test_the_memory_is_shown_with_pictures_and_bytes(panel: InsidePanel) -> None:
    assert panel.drawing.kind == "bars"
    assert "all: examples 50, bytes 15 kB, age 0.50" in panel.drawing.accessibleDescription()
    assert [block.view for block in panel.pictures.blocks] == ["0-1"]
    assert panel._wall.isVisible()


def test_the_slider_goes_back_in_time_and_the_newest_is_followed_again(panel: InsidePanel) -> None:
    panel.slider.setValue(0)
    assert panel._at.text() == "at step 60"
    assert "all: examples 200" in panel.drawing.accessibleDescription()
    panel._model.feed(Reported(240, "retention", (memory(10),)))
    panel.refresh()
    assert panel._at.text() == "at step 60"
    panel.slider.setValue(panel.slider.maximum())
    panel._model.feed(Reported(300, "retention", (memory(5),)))
    panel.refresh()
    assert panel._at.text() == "at step 300"


def test_a_click_on_a_column_shows_it_over_time(panel: InsidePanel) -> None:
    x, y = panel.over_time.lines[0].getData()
    assert x.tolist() == [60, 120, 180]
    assert y.tolist() == [100, 50, 25]
    panel.drawing.picked.emit("age")
    assert panel.over_time.lines[0].getData()[1].tolist() == [1, 1, 1]
    assert len(panel.over_time.lines) == 2  # the total is none of them


def test_seeds_are_one_mean_with_a_band_and_pictures_say_whose_they_are(
    panel: InsidePanel,
) -> None:
    other = model()
    other.seed = 4
    other.feed(Reported(180, "retention", (memory(75),)))
    panel.set_models(panel._model, [panel._model, other])
    assert panel._at.text() == "Mean of 2 seeds ± 95 % interval · at step 180"
    assert "all: examples 100 ± " in panel.drawing.accessibleDescription()
    assert panel.over_time.lines[0].getData()[1].tolist() == [100, 50, 50]
    assert not panel.over_time.bands[0].is_empty
    assert panel._wall_title.text().endswith("seed 0")
    heads, rows = panel.over_time.table()
    assert heads[1:4] == ["0-1 · 0", "2-3 · 2", "0-1 · 0 (low)"]
    assert rows[2][:2] == [180, 50]
    # One that goes on is shown as far as it has come, and tables that differ have no mean.
    other.feed(Reported(240, "retention", (memory(10),)))
    panel.redraw()
    assert panel._at.text() == "Mean of 2 seeds ± 95 % interval · steps 180 to 240"
    panel.slider.setValue(0)
    assert panel._at.text() == "Mean of 2 seeds ± 95 % interval · at step 60"
    panel.slider.setValue(panel.slider.maximum())
    unlike = table("memory", "x", "examples", [[3]])
    other.feed(Reported(240, "retention", (unlike,)))
    panel.redraw()
    assert panel._at.text() == "1 of 2 seeds · at step 180"
    assert "all: examples 50, bytes" in panel.drawing.accessibleDescription()
    panel.set_models(other, [other])
    assert panel._at.text() == "at step 240"
    assert panel.over_time.bands[0].is_empty


def test_a_table_told_once_has_no_time(panel: InsidePanel) -> None:
    choose(panel, 1)
    assert panel.drawing.kind == "heat"
    assert not panel.over_time.isVisible()
    assert not panel._line.isVisible()
    assert not panel._wall.isVisible()
    assert panel._meaning.text() == "Linear CKA of <i>each</i> layer"


def test_columns_of_one_scale_are_a_heat_map_and_others_are_bars() -> None:
    alike = shape_of(table("x", "a b", "u v", [[1, -2], [3, 4]]))
    assert alike.kind == "heat"
    assert alike.strength.tolist() == [[0.25, -0.5], [0.75, 1.0]]
    apart = shape_of(table("x", "a b", "u v", [[1, 500], [2, 1000]]))
    assert apart.kind == "bars"
    assert apart.strength.tolist() == [[0.5, 0.5], [1.0, 1.0]]
    single = shape_of(table("x", "a b", "u", [[1], [2]]))
    assert single.kind == "bars"


def test_shares_are_coloured_on_their_own_scale_and_gaps_stay_gaps() -> None:
    layout = shape_of(table("x", "a b", "u v", [[0.6, 0.4], [0.3, np.nan]]))
    assert layout.strength[0] == pytest.approx([0.6, 0.4])
    assert np.isnan(layout.strength[1, 1])


def test_rows_and_columns_that_come_later_are_missing_before() -> None:
    reports = [(1, table("x", "a", "u", [[1]])), (2, table("x", "b a", "u v", [[5, 6], [2, 3]]))]
    steps, values = values_over_time(reports, ("a", "b"), "u")
    assert steps.tolist() == [1, 2]
    assert values == pytest.approx(np.array([[1, np.nan], [2, 5]]), nan_ok=True)
    assert np.isnan(values_over_time(reports, ("a",), "v")[1][0, 0])


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (12000.0, "", "12,000"),
        (0.5, "", "0.50"),
        (-0.0004, "", "−4.0e−04"),
        (3.0, "", "3"),
        (7390.0, "bytes", "7.39 kB"),
        (np.nan, "", "–"),
    ],
)
def test_numbers_are_written_short(value: float, column: str, text: str) -> None:
    assert written(value, column) == text


def test_a_heads_parameters_are_named_by_its_task() -> None:
    assert row_title("heads.by_name. · 2-3") == "head of 2-3"
    assert row_title("body.0.0") == "body.0.0"


def test_the_tab_is_there_only_for_runs_that_told_something(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    app = make_app()
    _bar, _tab = app.window.tabs, app.tab_area["inside"]
    assert not app.tab_area.has_content("inside")
    app.session.show(model())
    assert app.tab_area.has_content("inside")


def test_it_is_drawn_in_both_themes_and_saved(panel: InsidePanel, tmp_path: Path) -> None:
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light
    for part in (panel.drawing, panel.pictures):
        for kind in ("svg", "png", "csv"):
            part.write(tmp_path / f"part.{kind}")
            assert (tmp_path / f"part.{kind}").stat().st_size > 20
