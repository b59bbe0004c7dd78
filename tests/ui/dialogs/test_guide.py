"""The guide in its window: every page is there, with its pictures, and links lead on and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from workbench.spec.files import shipped
from workbench.ui.dialogs.guide import GuideWindow, contents
from workbench.ui.look.theme import DARK, CurrentTheme

pytestmark = pytest.mark.tabs("curves")

FOLDER = shipped("docs")
PAGES = [*sorted((FOLDER / "guide").glob("*.md")), *sorted((FOLDER / "methods").glob("*.md"))]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[CurrentTheme]:
    made = CurrentTheme(qapp, "light")
    yield made
    made.set_mode("light")
    made.deleteLater()


@pytest.fixture
def guide(qtbot: QtBot, look: CurrentTheme) -> Iterator[GuideWindow]:
    over = QWidget()
    over.resize(1280, 800)
    qtbot.addWidget(over)
    made = GuideWindow(look, over)
    made.show()
    yield made
    made.close()


def pictures(guide: GuideWindow) -> list[QImage]:
    """The pictures of the page that is shown."""
    collected: list[QImage] = []
    block = guide.page.document().begin()
    while block.isValid():
        for part in block:
            kind = part.fragment().charFormat()
            if kind.isImageFormat():
                name = QUrl(kind.toImageFormat().name())
                image = QTextDocument.ResourceType.ImageResource.value
                collected.append(guide.page.document().resource(image, name))
        block = block.next()
    return collected


def test_every_page_shows_its_title_and_every_picture(guide: GuideWindow) -> None:
    n_pictures = 0
    for path in PAGES:
        guide.page.open_page(path)
        source = path.read_text(encoding="utf-8")
        title = source.splitlines()[0].removeprefix("# ")
        assert guide.page.document().begin().text() == title
        shown = pictures(guide)
        assert len(shown) == source.count("![")
        assert all(image.width() > 400 for image in shown), path.name
        n_pictures += len(shown)
    assert n_pictures >= 8


def test_a_picture_is_never_wider_than_the_page(guide: GuideWindow, qtbot: QtBot) -> None:
    guide.page.open_page(FOLDER / "guide" / "first-run.md")
    wide = pictures(guide)[0].width()
    guide.resize(760, 600)
    qtbot.waitUntil(lambda: pictures(guide)[0].width() < wide)
    assert pictures(guide)[0].width() <= guide.page.viewport().width()


def test_no_page_is_wider_than_its_window_and_none_has_a_gap(guide: GuideWindow) -> None:
    for path in PAGES:
        guide.page.open_page(path)
        assert guide.page.horizontalScrollBar().maximum() == 0, path.name
        document = guide.page.document()
        heights = {image.height() for image in pictures(guide)}
        block = document.begin()
        while block.isValid():
            if "\ufffc" in block.text():
                assert (
                    document.documentLayout().blockBoundingRect(block).height() < max(heights) + 40
                )
            block = block.next()


def test_the_list_has_the_pages_in_the_order_of_the_first(guide: GuideWindow) -> None:
    titles = [guide.list.item(i).text() for i in range(guide.list.count())]
    assert titles == [title for title, _ in contents(FOLDER)]
    assert titles[:3] == ["Guide", "First run", "Read the curves"]
    assert titles[-1] == "Methods"


def test_a_page_is_chosen_in_the_list_and_left_by_a_link_and_back(guide: GuideWindow) -> None:
    guide.list.setCurrentRow(1)
    assert guide.page.path.name == "first-run.md"
    guide.page.follow(QUrl("read-the-curves.md"))
    assert guide.page.path.name == "read-the-curves.md"
    assert guide.list.currentItem().text() == "Read the curves"
    guide.page.backward()
    assert guide.page.path.name == "first-run.md"
    assert guide.list.currentRow() == 1
    guide.page.forward()
    assert guide.page.path.name == "read-the-curves.md"


def test_a_link_is_followed_with_the_mouse(guide: GuideWindow, qtbot: QtBot) -> None:
    page = guide.page
    where = next(
        QPoint(x, y)
        for y in range(0, page.viewport().height(), 6)
        for x in range(0, page.viewport().width(), 12)
        if page.anchorAt(QPoint(x, y)) == "first-run.md"
    )
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.path.name == "first-run.md"


def test_a_page_of_methods_belongs_to_methods_in_the_list(guide: GuideWindow) -> None:
    guide.page.open_page(FOLDER / "guide" / "balancing.md")
    guide.page.follow(QUrl("../methods/balancing.md"))
    assert guide.page.path == FOLDER.resolve() / "methods" / "balancing.md"
    assert guide.list.currentItem().text() == "Methods"


def test_the_web_is_left_to_the_system_and_nothing_else_is_opened(
    guide: GuideWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    before = guide.page.path
    other = tmp_path / "other.md"
    other.write_text("# Other\n")
    for link in (
        "https://arxiv.org/abs/1612.00796",
        QUrl.fromLocalFile(str(other)).toString(),
        "../../README.md",
        "nothing.md",
        "javascript:alert(1)",
    ):
        guide.page.follow(QUrl(link))
    assert opened == ["https://arxiv.org/abs/1612.00796"]
    assert guide.page.path == before


def test_another_theme_and_larger_letters_are_followed(
    guide: GuideWindow, look: CurrentTheme
) -> None:
    guide.page.open_page(FOLDER / "methods" / "retention.md")

    def border() -> str:
        frames = guide.page.document().rootFrame().childFrames()
        table = next(frame for frame in frames if isinstance(frame, QTextTable))
        return table.format().borderBrush().color().name().upper()

    pixels = guide.page.document().defaultFont().pixelSize()
    light = border()
    look.set_mode("dark")
    assert light != border() == DARK.border
    guide.page.change_size(2)
    assert guide.page.document().defaultFont().pixelSize() > pixels
    guide.page.change_size(100)
    guide.page.change_size(0)
    assert guide.page.document().defaultFont().pixelSize() == pixels


def test_the_menu_opens_one_guide_that_follows_the_theme(make_app: MakeApp) -> None:
    app = make_app()
    action = app.window.actions_["guide"]
    action.trigger()
    (guide,) = app.window.findChildren(GuideWindow)
    assert guide.isVisible()
    action.trigger()
    assert app.window.findChildren(GuideWindow) == [guide]
    app.window.actions_["theme_dark"].trigger()
    assert guide.page._theme is DARK
    app.window.actions_["theme_light"].trigger()
    guide.close()


def test_no_two_actions_have_the_same_keys(make_app: MakeApp) -> None:
    actions = make_app().window.actions_.by_name.values()
    keys = [keys.toString() for action in actions for keys in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert "Ctrl+F1" in keys
