"""Figures for papers: every tab's, in a size, letters and a look of their own."""

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.whole_run import whole_model
from workbench.ui.composition import App
from workbench.ui.dialogs.publish_dialog import PublishDialog, style_of
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.plots.exports import add_exports
from workbench.ui.plots.figure import Figure
from workbench.ui.plots.figure_style import FigureStyle
from workbench.ui.shell.tab_area import find_tabs

TASKS = ("a", "b", "a task with a name that is far longer than there is room for", "d", "e & <f>")
#: Tabs that draw nothing of the run that is shown.
WITHOUT = (
    "use",
    "translate",
    "landscape",
    "compare",
    "sweep",
    "adaptation",
    "tradeoffs",
    "sharing",
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def app(make_shared_app: MakeApp) -> App:
    """A dark window, which shows a run of five tasks."""
    made = make_shared_app()
    made.window.resize(1280, 800)
    made.window.look.set_mode("dark")
    made.controller.show_centre()
    made.session.show(whole_model(TASKS))
    return made


def figure_of(app: App, name: str) -> Figure | None:
    app.tab_area.show(name)
    app.tab_area[name].redraw()
    return app.tab_area[name].as_figure()


def texts(svg: bytes) -> list[str]:
    return [
        "".join(each.itertext()).strip() for each in ElementTree.fromstring(svg).iter(f"{SVG}text")
    ]


@pytest.mark.tabs
@pytest.mark.parametrize("name", [kind.name for kind in find_tabs()])
def test_every_tab_is_a_figure_on_a_light_page_whatever_the_window_wears(app: App, name: str):
    figure = figure_of(app, name)
    assert app.tab_area[name].theme is DARK
    for names in getattr(app.tab_area[name], "end_names", ()):
        names.place()  # as they are a moment later
    if figure is None:
        assert name in WITHOUT
        return
    style = FigureStyle(width_cm=12.5, font_pt=9)
    svg = figure.svg(style)
    root = ElementTree.fromstring(svg)
    assert root.get("width") == "125.00mm"
    assert root.get("height") == f"{10 * figure.height_cm(style):.2f}mm"
    assert texts(svg), "texts are texts"
    drawn = svg.decode().lower()
    for colour in (DARK.surface, DARK.text, DARK.muted, DARK.tasks[0]):
        assert colour.lower() not in drawn
    assert figure.owner.theme is DARK, "the window wears what it wore"
    assert all(part.size() == rect.size().toSize() for part, rect in figure.panels)


@pytest.mark.tabs("curves", "forgetting")
def test_the_tasks_of_curves_stand_in_the_legend_under_the_title(app: App):
    figure = figure_of(app, "curves")
    assert figure is not None
    told = texts(figure.svg(FigureStyle(width_cm=17)))
    assert told[0] == figure.title == app.session.model.spec.name
    assert {"a", "b", "d", "e & <f>", TASKS[2]} <= set(told)
    colours = app.session.model.colours
    assert [number for _, _, number in figure.legend()] == list(colours)
    narrow = texts(figure.svg(FigureStyle(width_cm=5)))
    assert any("…" in words for words in narrow), "a name is shortened where there is no room"


@pytest.mark.tabs("curves", "forgetting")
def test_letters_and_lines_have_the_points_that_were_asked_for(app: App):
    figure = figure_of(app, "curves")
    assert figure is not None
    for points, times in ((8.0, 1.0), (12.0, 2.0)):
        style = FigureStyle(width_cm=17, font_pt=points, line_width=times)
        svg = figure.svg(style).decode()
        box = [float(x) for x in re.search(r'viewBox="([^"]*)"', svg)[1].split()]
        millimetres_a_unit = 170 / box[2]
        sizes = {float(x) for x in re.findall(r'font-size="([0-9.]+)"', svg)}
        written = {round(size * millimetres_a_unit / 25.4 * 72, 1) for size in sizes}
        assert any(abs(size - points) < 0.35 for size in written), written
    plot = figure.panels[0][0]
    assert all(item.opts["pen"].widthF() < 3 for item in plot.area.listDataItems())


@pytest.mark.tabs("curves", "forgetting")
def test_what_is_in_view_is_what_is_drawn_and_stays_in_view(app: App):
    figure = figure_of(app, "curves")
    assert figure is not None
    plots = [panel for panel, _ in figure.panels]
    before = [plot.area.vb.viewRange() for plot in plots]
    seen: list[list[list[float]]] = []
    painted = [plot.render for plot in plots]
    for plot, paint in zip(plots, painted, strict=True):
        plot.render = lambda *a, plot=plot, paint=paint: (
            seen.append(plot.area.vb.viewRange()),
            paint(*a),
        )
    figure.image(FigureStyle(width_cm=9, height_cm=14))
    for plot, paint in zip(plots, painted, strict=True):
        plot.render = paint
    now = [plot.area.vb.viewRange() for plot in plots]
    np.testing.assert_allclose(seen, before, rtol=1e-6)
    np.testing.assert_allclose(now, before, rtol=1e-6)


@pytest.mark.tabs("curves", "forgetting")
def test_pdf_and_png_have_their_size_and_the_numbers_lie_beside(app: App, tmp_path: Path):
    figure = figure_of(app, "curves")
    assert figure is not None
    style = FigureStyle(width_cm=10, height_cm=6, dpi=200)
    files = figure.write(tmp_path / "one.pdf", style, with_data=True)
    assert [path.suffix for path in files] == [".pdf", ".csv", ".csv"]
    box = re.search(rb"/MediaBox \[([^\]]*)\]", files[0].read_bytes())[1].split()
    assert [round(float(x) / 72 * 2.54, 1) for x in box] == [0, 0, 10, 6]
    (png,) = figure.write(tmp_path / "one.png", style)
    data = png.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (round(10 / 2.54 * 200), round(6 / 2.54 * 200))
    dots = struct.unpack(">II", data[data.index(b"pHYs") + 4 :][:8])
    assert dots == (round(200 / 0.0254), round(200 / 0.0254))


@pytest.mark.tabs("curves", "forgetting")
def test_the_dialog_keeps_its_choices_says_what_it_saved_and_copies(
    app: App, tmp_path: Path, qtbot: QtBot
):
    figure = figure_of(app, "curves")
    assert figure is not None
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    dialog = PublishDialog(figure, settings)
    qtbot.addWidget(dialog)
    dialog.width_box.setValue(8.5)
    dialog.look.setCurrentIndex(1)
    dialog.redraw()
    assert not dialog.preview.pixmap().isNull()
    assert style_of(settings) == dialog.style_chosen
    assert style_of(settings).theme is DARK
    dialog.save(tmp_path / "figure.svg")
    assert "figure.svg" in dialog.said.text()
    assert not dialog.open_button.isHidden()
    assert len(list(tmp_path.glob("figure-*.csv"))) == 2
    dialog.save(tmp_path / "figure.svg" / "figure.svg")
    assert "not saved" in dialog.said.text()
    assert dialog.open_button.isHidden()
    dialog._copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    assert b"<svg" in bytes(mime.data("image/svg+xml").data())
    QGuiApplication.clipboard().clear()  # offscreen, Qt lets go of it after Python


def test_a_right_click_saves_a_plot_of_a_tab_in_every_form(app: App, tmp_path: Path):
    plot = app.tab_area["curves"].loss
    app.tab_area.show("curves")
    menu, lone = QMenu(app.window), QMenu()
    add_exports(menu, plot, plot.name, lambda path: None)
    assert [action.text().split(" ")[-1] for action in menu.actions()[:4]] == [
        "SVG…",
        "PDF…",
        "PNG…",
        "CSV…",
    ]
    figure = app.window.figure_of(plot)
    assert figure is not None
    figure(tmp_path / "loss.pdf")
    assert (tmp_path / "loss.pdf").read_bytes().startswith(b"%PDF")
    add_exports(lone, lone, "nowhere", lambda path: None)
    assert not any("PDF" in action.text() for action in lone.actions())
    menu.deleteLater()
    lone.deleteLater()


def test_settings_that_are_rubbish_are_the_usual_ones(tmp_path: Path):
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    for name, text in (("width_cm", "wide"), ("font_pt", "-3"), ("dpi", "1e9"), ("look", "pink")):
        settings.setValue(f"figure/{name}", text)
    style = style_of(settings)
    assert style.width_cm == FigureStyle().width_cm
    assert (style.font_pt, style.dpi) == (4.0, 1200)
    assert style.theme is LIGHT
