"""TabArea: the tabs between Setup and Inspect, found by a scan of `workbench.ui.tabs`."""

import importlib
import pkgutil
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from workbench.ui import tabs
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.tab import Tab
from workbench.ui.words.mnemonics import plain

#: Tabs after these have no shortcut: the digits from 7 on are the docks'.
_SHORTCUTS = 6


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


class TabArea(QObject):
    """Makes the tabs, one at a time, and shows those that have something to show."""

    #: A tab of this name is there.
    added = Signal(str)

    def __init__(self, window: MainWindow, context: TabContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._tabs: dict[str, Tab] = {}

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
        window.tabs.addTab(tab, plain(title))
        place = len(self._tabs)
        keys = f"Ctrl+{place}" if place <= _SHORTCUTS else ""
        action = window.actions_.add(f"show_{kind.name}", title, keys)
        action.triggered.connect(tab.show_wanted)
        window.add_view(action)
        tab.show_wanted.connect(lambda: self.show(kind.name))
        self.added.emit(kind.name)

    def join(self) -> None:
        """Show and hide the tabs from now on as they have something to show."""
        self._context.session.model_changed.connect(self.settle)
        self._context.session.matrix_due.connect(self.settle)  # a run may tell more as it goes on
        self.settle()

    def settle(self) -> None:
        """Hide the tabs that have nothing to show."""
        spec, model = self._context.presenter.spec, self._context.session.model
        for name, tab in self._tabs.items():
            applies = tab.applies(spec, model)
            bar = self._window.tabs
            if bar.isTabVisible(bar.indexOf(tab)) != applies:
                bar.setTabVisible(bar.indexOf(tab), applies)
                self._window.actions_[f"show_{name}"].setVisible(applies)
        self._window.tab_menu.settle()

    @property
    def front(self) -> str:
        """The tab that is in front; empty where the gallery is."""
        is_shown = self._window.tab_area.currentWidget() is self._window.centre
        now = self._window.tabs.currentWidget()
        return next((name for name, tab in self._tabs.items() if is_shown and tab is now), "")

    def show(self, name: str) -> None:
        """Bring a tab to the front."""
        self._window.tab_area.setCurrentWidget(self._window.centre)
        self._window.tabs.setCurrentWidget(self._tabs[name])
