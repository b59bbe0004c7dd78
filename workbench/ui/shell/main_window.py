"""MainWindow: docks, menus and toolbar; what they do is the controller's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from workbench.ui.look.theme import CurrentTheme, Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.findings.bar import FindingBar
from workbench.ui.panels.gallery.panel import GalleryPanel
from workbench.ui.panels.inspect.panel import InspectPanel
from workbench.ui.panels.log import LogPanel
from workbench.ui.panels.plan.bar import PlanBar
from workbench.ui.panels.problems import ProblemsPanel
from workbench.ui.panels.runs.panel import RunsPanel
from workbench.ui.panels.seeds.bar import SeedBar
from workbench.ui.panels.setup.panel import SetupPanel
from workbench.ui.panels.status import StatusLine
from workbench.ui.shell.actions import Actions
from workbench.ui.shell.notice_bar import NoticeBar, NoticeGround
from workbench.ui.shell.toolbar import Toolbar
from workbench.ui.widgets.basics import column, label
from workbench.ui.widgets.tab_menu import TabMenu
from workbench.ui.words.language import LANGUAGES, language_in_use, translator

tr = translator("MainWindow")


class MainWindow(QMainWindow):
    """The one window of the program."""

    close_asked = Signal()
    painted = Signal()
    dropped = Signal(str)
    #: A plot, or all that the tab in front shows (None), is to be a figure of a paper.
    publish_wanted = Signal(object)
    help_wanted = Signal(str)  # the topic of a `HelpButton`

    def __init__(self, presenter: Presenter, look: CurrentTheme, settings: QSettings) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.look = look
        look.setParent(self)
        self.settings = settings
        self.language = language_in_use()
        self.may_close = False
        self._is_painted = False
        theme = look.theme
        self.actions_ = Actions(theme, self)
        self.setup = SetupPanel(presenter, theme)
        self.gallery = GalleryPanel(theme)
        self.inspect = InspectPanel(theme)
        self.runs = RunsPanel(theme)
        self.log = LogPanel(theme)
        self.problems = ProblemsPanel(theme)
        self.status = StatusLine(theme)
        self.bar = NoticeBar(theme)
        self.plan = PlanBar(theme)
        self.seed_bar = SeedBar(theme)
        self.finding_bar = FindingBar(theme)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("centreTabs")
        self.tab_menu = TabMenu(self.tabs)
        #: The tabs under the line of seeds; in its place the gallery.
        self.centre = QWidget()
        self.tab_area = QStackedWidget()
        self.tab_area.addWidget(self.gallery)
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 600)
        self.setContentsMargins(10, 0, 10, 0)
        self._build_centre()
        self._build_docks()
        self._build_toolbar()
        self._build_menus()
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        look.changed.connect(self.set_theme)
        self.actions_["gallery"].triggered.connect(self._show_gallery)
        self.actions_["reset_layout"].triggered.connect(self.reset_layout)
        for name in ("runs", "log", "problems"):
            self.actions_[f"show_{name}"].triggered.connect(partial(self._show_asked, name))
        self._restore_layout()
        #: Who saves a plot as a figure, once there are tabs.
        self.figure_of: Callable[[QWidget], Callable[[Path], object] | None] = lambda _: None

    def publish(self, panel: QWidget | None = None) -> None:
        """Ask how a plot, or all that the tab in front shows, is to look on paper."""
        self.publish_wanted.emit(panel)

    def _build_centre(self) -> None:
        holder = NoticeGround(self.bar)
        layout = column(holder, (0, 8, 0, 0), 6)
        layout.addWidget(self.plan)
        tabbed = column(self.centre, (0, 0, 0, 0), 2)
        tabbed.addWidget(self.seed_bar)
        tabbed.addWidget(self.finding_bar)
        tabbed.addWidget(self.tabs, 1)
        self.tab_area.addWidget(self.centre)
        layout.addWidget(self.tab_area, 1)
        self.setCentralWidget(holder)
        bottom = self.statusBar()
        bottom.setSizeGripEnabled(False)
        bottom.setContentsMargins(0, 0, 0, 0)
        bottom.addWidget(self.status, 1)

    def _build_docks(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.docks = {
            "setup": self._dock("setup", tr("Setup"), self.setup, left),
            "inspect": self._dock("inspect", tr("Inspect"), self.inspect, right),
            "runs": self._dock("runs", tr("Runs"), self.runs, bottom),
            "log": self._dock("log", tr("Log"), self.log, bottom),
            "problems": self._dock("problems", tr("Problems"), self.problems, bottom),
        }
        self.setTabPosition(bottom, QTabWidget.TabPosition.North)
        self._arrange()

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{name}Dock")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(panel)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        if area == Qt.DockWidgetArea.BottomDockWidgetArea:
            panel.setObjectName("sheet")
            dock.setTitleBarWidget(QWidget())  # the tabs above name it
            self.addDockWidget(area, dock)
            return dock
        head = QWidget()
        head.setObjectName("dockTitle")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(head)
        layout.setContentsMargins(14, 7, 10, 7)
        words = label(title.upper(), "dockTitleText")
        layout.addWidget(words)
        dock.setTitleBarWidget(head)
        self.addDockWidget(area, dock)
        return dock

    def _arrange(self) -> None:
        """The layout as it is made."""
        areas = {
            "setup": Qt.DockWidgetArea.LeftDockWidgetArea,
            "inspect": Qt.DockWidgetArea.RightDockWidgetArea,
        }
        for name, dock in self.docks.items():
            self.addDockWidget(areas.get(name, Qt.DockWidgetArea.BottomDockWidgetArea), dock)
            dock.show()
        self.tabifyDockWidget(self.docks["runs"], self.docks["log"])
        self.tabifyDockWidget(self.docks["log"], self.docks["problems"])
        self.docks["runs"].raise_()
        self.resizeDocks(
            [self.docks["setup"], self.docks["inspect"]], [348, 250], Qt.Orientation.Horizontal
        )
        self.resizeDocks([self.docks["runs"]], [190], Qt.Orientation.Vertical)

    def _build_toolbar(self) -> None:
        bar = Toolbar(self.actions_, self.settings)
        self.addToolBar(bar)
        self.preset_menu, self.preset_button = bar.preset_menu, bar.preset_button
        self.seeds, self.device, self.pace = bar.seeds, bar.device, bar.pace

    def _build_menus(self) -> None:
        menus = self.menuBar()
        file, edit = menus.addMenu(tr("&File")), menus.addMenu(tr("&Edit"))
        run, view = menus.addMenu(tr("&Run")), menus.addMenu(tr("&View"))
        helps, self.recent_menu = menus.addMenu(tr("&Help")), QMenu(tr("Open &recent"), self)
        self._fill(file, "new", "gallery", "open", "data")
        file.addMenu(self.recent_menu)
        self._fill(file, "", "save", "save_as", "", "publish", "export", "", "quit")
        self._fill(edit, "undo", "redo", "", "find_runs", "copy_command", "palette")
        self._fill(run, "run", "pause", "step", "stop")
        self.jobs_menu = run.addMenu(tr("Seeds side &by side"))
        themes, languages = view.addMenu(tr("Th&eme")), view.addMenu(tr("Lan&guage"))
        self._fill(themes, "theme_system", "theme_light", "theme_dark")
        self._fill(languages, *(f"language_{code}" for code in LANGUAGES))
        self.band_menu = view.addMenu(tr("Ban&d around a mean"))
        self.seed_parts = (self.seed_bar, self.band_menu, self.jobs_menu)
        view.addSeparator()
        self._view = view
        self._view_end = view.addSeparator()
        self._fill(view, "show_runs", "show_log", "show_problems")
        view.addSeparator()
        for name in ("setup", "inspect"):
            view.addAction(self.docks[name].toggleViewAction())
        self._fill(view, "", "reset_layout")
        self._fill(helps, "tour", "guide", "glossary", "shortcuts", "news", "", "about")
        self.actions_[f"theme_{self.look.mode}"].setChecked(True)
        self.actions_[f"language_{self.language}"].setChecked(True)

    def _fill(self, menu: QMenu, *names: str) -> None:
        for name in names:
            if name:
                menu.addAction(self.actions_[name])
            else:
                menu.addSeparator()

    def add_view(self, action: QAction) -> None:
        """Put the action that shows a tab among those of the others."""
        self._view.insertAction(self._view_end, action)
        self.addAction(action)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours everywhere."""
        for part in (
            self.actions_,
            self.setup,
            self.gallery,
            self.inspect,
            self.runs,
            self.log,
            self.problems,
            self.status,
            self.bar,
            self.plan,
            self.finding_bar,
            self.seed_bar,
        ):
            part.set_theme(theme)
        for i in range(self.tabs.count()):
            set_theme = getattr(self.tabs.widget(i), "set_theme", None)
            if set_theme is not None:
                set_theme(theme)

    def _show_gallery(self) -> None:
        self.tab_area.setCurrentWidget(self.gallery)

    def _show_asked(self, name: str, _: bool = False) -> None:
        self.show_dock(name)

    def show_dock(self, name: str) -> None:
        """Bring a dock to the front."""
        self.docks[name].show()
        self.docks[name].raise_()

    def reset_layout(self) -> None:
        """Put every panel back where it was made."""
        self.settings.remove("window")
        self._arrange()

    def save_layout(self) -> None:
        """Keep size and places for the next start."""
        self.settings.setValue("window/geometry", self.saveGeometry())
        self.settings.setValue("window/state", self.saveState())
        self.runs.save(self.settings)

    def _restore_layout(self) -> None:
        self.runs.restore(self.settings)
        geometry = self.settings.value("window/geometry")
        state = self.settings.value("window/state")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            self.restoreGeometry(geometry)
            self.restoreState(state)
        else:
            self.resize(1280, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first time: what can wait until the window is seen begins then."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close only when nothing runs; else it is asked first."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.close_asked.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take preset files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.dropped.emit(url.toLocalFile())
                event.acceptProposedAction()
                return
