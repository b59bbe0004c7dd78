"""TabArea: the tabs between Setup and Inspect, found by a scan of `workbench.ui.tabs`."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui import tabs
from workbench.ui.dialogs.publish_dialog import PublishDialog, style_of
from workbench.ui.look.theme import Theme
from workbench.ui.plots.figure import Figure
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.tab import Tab
from workbench.ui.widgets.basics import EmptyState
from workbench.ui.widgets.roomy_area import RoomyArea
from workbench.ui.words.language import translator
from workbench.ui.words.mnemonics import plain

tr = translator("Publish")

#: Tabs after these have no shortcut: there are no more digits.
_SHORTCUTS = 9


def find_tabs() -> list[type[Tab]]:
    """Every tab there is, in order. Importing what draws them takes a while."""
    by_name: dict[str, type[Tab]] = {}
    for entry in pkgutil.iter_modules(tabs.__path__):
        name = f"{tabs.__name__}.{entry.name}"
        module = importlib.import_module(f"{name}.panel" if entry.ispkg else name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Tab) and value.name:
                by_name[value.name] = value
    return sorted(by_name.values(), key=lambda tab: (tab.order, tab.name))


class TabPage(QStackedWidget):
    """Holds one tab; `has_content` says whether it can be seen."""

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self.tab = tab
        self.has_content = True
        self.addWidget(RoomyArea(tab))
        self._absence: EmptyState | None = None

    def settle(self, has_content: bool) -> None:
        """Show the tab, or what would fill it."""
        if has_content == self.has_content:
            return
        self.has_content = has_content
        words = self.tab.absence()
        if words is not None and self._absence is None:
            self._absence = EmptyState(*words)
            self.addWidget(RoomyArea(self._absence))
        shows_tab = has_content or self._absence is None
        self.setCurrentIndex(0 if shows_tab else 1)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.tab.set_theme(theme)


class TabArea(QObject):
    """Makes the tabs, one at a time; each keeps its place, and says what would fill it."""

    #: A tab of this name is there.
    added = Signal(str)

    def __init__(self, window: MainWindow, context: TabContext) -> None:
        super().__init__(window)
        self._window = window
        window.figure_of = self._figure_of
        window.publish_wanted.connect(self._publish)
        window.actions_["publish"].triggered.connect(lambda: self._publish(None))
        self._context = context
        self._tabs: dict[str, Tab] = {}
        self._pages: dict[str, TabPage] = {}

    def __iter__(self) -> Iterator[Tab]:
        return iter(self._tabs.values())

    def __getitem__(self, name: str) -> Tab:
        return self._tabs[name]

    def add(self, kind: type[Tab]) -> None:
        """Make a tab that follows the session, from where it is by now, with its line in the menu.

        It has joined before it can be looked at.
        """
        window = self._window
        tab = kind(window.look.theme)
        tab.join(self._context)
        title = kind.title()
        self._tabs[kind.name] = tab
        self._pages[kind.name] = page = TabPage(tab)
        window.tabs.addTab(page, plain(title))
        place = len(self._tabs)
        keys = f"Ctrl+{place}" if place <= _SHORTCUTS else ""
        action = window.actions_.add(f"show_{kind.name}", title, keys)
        action.triggered.connect(tab.show_wanted)
        window.add_view(action)
        tab.show_wanted.connect(lambda: self.show(kind.name))
        self.added.emit(kind.name)

    def join(self) -> None:
        """See from now on which tabs have something to show."""
        self._context.session.model_changed.connect(self.settle)
        self._context.session.matrix_due.connect(self.settle)  # a run may tell more as it goes on
        self.settle()

    def settle(self) -> None:
        """Say of the tabs that have nothing to show what would fill them."""
        spec, model = self._context.presenter.spec, self._context.session.model
        for page in self._pages.values():
            page.settle(page.tab.applies(spec, model))
        self._window.tab_menu.settle()

    def place(self, name: str) -> int:
        """The position of a tab in the row, from 0."""
        return self._window.tabs.indexOf(self._pages[name])

    def has_content(self, name: str) -> bool:
        """Whether a tab has something to show."""
        return self._pages[name].has_content

    @property
    def front(self) -> str:
        """The tab that is in front; empty where the gallery is."""
        is_shown = self._window.tab_area.currentWidget() is self._window.centre
        now = self._window.tabs.currentWidget()
        return next((name for name, page in self._pages.items() if is_shown and page is now), "")

    def _figure(self, panel: QWidget | None) -> Figure | None:
        """One plot for a page; all that the tab in front shows, where none is named."""
        tab = panel if panel is not None else self._tabs.get(self.front)
        while tab is not None and not isinstance(tab, Tab):
            tab = tab.parentWidget()
        return tab.as_figure(panel) if tab is not None else None

    def _figure_of(self, panel: QWidget) -> Callable[[Path], object] | None:
        figure = self._figure(panel)
        if figure is None:
            return None
        return lambda path: figure.write(path, style_of(self._window.settings))

    def _publish(self, panel: QWidget | None) -> None:
        figure = self._figure(panel)
        if figure is None:
            words = tr("Nothing is drawn in front: show a tab with a plot first")
            self._context.presenter.notice("figure", words, "warning")
            return
        PublishDialog(figure, self._window.settings, self._window).open()

    def show(self, name: str) -> None:
        """Bring a tab to the front."""
        self._window.tab_area.setCurrentWidget(self._window.centre)
        self._window.tabs.setCurrentWidget(self._pages[name])
