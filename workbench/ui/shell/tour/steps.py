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
    return [
        _choose(window),
        _run(window, context),
        _watch(window, context),
        _look_back(window, tab_area),
        _go_further(window),
    ]


def _whole(widget: QWidget) -> tuple[QWidget, QRect]:
    return widget, QRect()


def _nothing() -> None:
    """The step asks for nothing to be done."""


def _is_over(context: TabContext) -> bool:
    return context.session.model.is_over and not context.presenter.is_live


def _choose(window: MainWindow) -> TourStep:
    def card() -> tuple[QWidget, QRect]:
        found = window.gallery.findChild(QWidget, f"card.{PRESET}")
        return _whole(found or window.gallery)

    def open_card() -> None:
        for shown in window.gallery.cards:
            if shown.card.path.stem == PRESET:
                shown.click()

    return TourStep(
        tr("Choose an experiment"),
        tr("Each card is a whole experiment. This one learns five tasks one after the other."),
        tr("Open it"),
        card,
        lambda: window.tab_area.currentWidget() is window.centre,
        open_card,
    )


def _run(window: MainWindow, context: TabContext) -> TourStep:
    return TourStep(
        tr("Run it"),
        tr("On the left is what it is made of. Leave it as it is, and press Run."),
        tr("Run"),
        lambda: _whole(window.findChild(QWidget, "runButton") or window.setup),
        lambda: context.presenter.is_live or _is_over(context),
        window.actions_["run"].trigger,
        is_of_run=True,
    )


def _watch(window: MainWindow, context: TabContext) -> TourStep:
    return TourStep(
        tr("Watch it learn, and forget"),
        tr(
            "Each curve is the loss of one task. It falls while the task is learned, and rises "
            "when the next one begins: that is forgetting."
        ),
        tr("Next"),
        lambda: _whole(window.tabs),
        lambda: _is_over(context),
        _nothing,
        is_of_run=True,
        is_only_told=True,
    )


def _look_back(window: MainWindow, tab_area: TabArea) -> TourStep:
    def head() -> tuple[QWidget, QRect]:
        bar = window.tabs.tabBar()
        return bar, bar.tabRect(tab_area.place("forgetting"))

    return TourStep(
        tr("How much was forgotten"),
        tr(
            "Rows: after which stage. Columns: which task was tested. Read a column downwards "
            "to see a task fade."
        ),
        tr("Show it"),
        head,
        lambda: tab_area.front == "forgetting",
        lambda: tab_area.show("forgetting"),
    )


def _go_further(window: MainWindow) -> TourStep:
    def what_next() -> tuple[QWidget, QRect]:
        bar = window.finding_bar
        return _whole(bar if bar.isVisible() else window.runs)

    return TourStep(
        tr("What could help?"),
        tr(
            "When the run is over, a sentence above the pictures says what happened and what "
            "to try next. Every run stays in the list below: right-click one to repeat it with "
            "another method and see both."
        ),
        tr("Done"),
        what_next,
        lambda: False,
        _nothing,
    )
