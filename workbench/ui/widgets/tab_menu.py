"""TabMenu: all tabs by name, where there are more than fit."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMenu, QTabWidget, QToolButton

from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("TabMenu")


class TabMenu(QToolButton):
    """A button at the end of a row of tabs, there while some of them are out of sight."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self.setObjectName("tabMenu")
        self._tabs = tabs
        self.setAccessibleName(tr("All tabs"))
        set_hint(self, tr("All tabs"))
        self.setArrowType(Qt.ArrowType.DownArrow)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        tabs.setCornerWidget(self, Qt.Corner.TopRightCorner)
        tabs.tabBar().installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be there where the tabs take more room than there is."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.settle()
        return super().eventFilter(watched, event)

    def settle(self) -> None:
        """Come or go with the room."""
        bar = self._tabs.tabBar()
        shown = [i for i in range(bar.count()) if bar.isTabVisible(i)]
        needed = sum(bar.tabRect(i).width() for i in shown)
        overflows = bool(shown) and needed > self._tabs.width() - self.sizeHint().width()
        if overflows != self.isVisibleTo(self._tabs):
            self.setVisible(overflows)

    def _fill(self) -> None:
        self._menu.clear()
        bar = self._tabs.tabBar()
        for i in range(bar.count()):
            if bar.isTabVisible(i):
                title = bar.tabText(i)  # written for the bar, which reads & as a menu does
                action = self._menu.addAction(title)
                action.setCheckable(True)
                action.setChecked(i == bar.currentIndex())
                action.triggered.connect(lambda _=False, i=i: bar.setCurrentIndex(i))
