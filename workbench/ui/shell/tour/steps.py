"""Steps of the tour: what each says, where it points, when it is done, what it does if asked."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.tab_area import TabArea
from workbench.ui.words.language import translator

#: The experiment of the tour: the gallery's first card.
PRESET = "see-forgetting"

tr = translator("Tour")


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step. `target` gives a widget and a part of it (null: the whole)."""

    title: str
    text: str
    act_words: str
    target: Callable[[], tuple[QWidget, QRect]]
    #: Whether the user, or the button, has done it.
    is_done: Callable[[], bool]
    act: Callable[[], object]
    #: Whether a run is what does it.
    is_of_run: bool = False
    #: Whether its button leads on whatever was done.
    is_only_told: bool = False


def tour_steps(window: MainWindow, context: TabContext, tab_area: TabArea) -> list[TourStep]:
    """The five steps, from the gallery to the next experiment."""
    presenter, session = context.presenter, context.session

    def whole(widget: QWidget) -> tuple[QWidget, QRect]:
        return widget, QRect()

    def card() -> tuple[QWidget, QRect]:
        found = window.gallery.findChild(QWidget, f"card.{PRESET}")
        return whole(found or window.gallery)

    def open_card() -> None:
        for shown in window.gallery.cards:
            if shown.card.path.stem == PRESET:
                shown.click()

    def run_button() -> tuple[QWidget, QRect]:
        return whole(window.findChild(QWidget, "runButton") or window.setup)

    def tab_head(name: str) -> tuple[QWidget, QRect]:
        bar = window.tabs.tabBar()
        return bar, bar.tabRect(window.tabs.indexOf(tab_area[name]))

    def what_next() -> tuple[QWidget, QRect]:
        bar = window.finding_bar
        return whole(bar if bar.isVisible() else window.runs)

    def is_over() -> bool:
        return session.model.is_over and not presenter.is_live

    return [
        TourStep(
            tr("Choose an experiment"),
            tr("Each card is a whole experiment. This one learns five tasks one after the other."),
            tr("Open it"),
            card,
            lambda: window.tab_area.currentWidget() is window.centre,
            open_card,
        ),
        TourStep(
            tr("Run it"),
            tr("On the left is what it is made of. Leave it as it is, and press Run."),
            tr("Run"),
            run_button,
            lambda: presenter.is_live or is_over(),
            window.actions_["run"].trigger,
            is_of_run=True,
        ),
        TourStep(
            tr("Watch it learn, and forget"),
            tr(
                "Each curve is the loss of one task. It falls while the task is learned, and rises "
                "when the next one begins: that is forgetting."
            ),
            tr("Next"),
            lambda: whole(window.tabs),
            is_over,
            lambda: None,
            is_of_run=True,
            is_only_told=True,
        ),
        TourStep(
            tr("How much was forgotten"),
            tr(
                "Rows: after which stage. Columns: which task was tested. Read a column downwards "
                "to see a task fade."
            ),
            tr("Show it"),
            lambda: tab_head("forgetting"),
            lambda: tab_area.front == "forgetting",
            lambda: tab_area.show("forgetting"),
        ),
        TourStep(
            tr("What could help?"),
            tr(
                "When the run is over, a sentence above the pictures says what happened and what "
                "to try next. Every run stays in the list below: right-click one to repeat it with "
                "another method and see both."
            ),
            tr("Done"),
            what_next,
            lambda: False,
            lambda: None,
        ),
    ]
