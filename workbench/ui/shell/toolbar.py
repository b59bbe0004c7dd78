"""Toolbar: run, pause, step and stop; presets; seeds, device and pace; the command palette."""

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from workbench.ui.shell.actions import Actions
from workbench.ui.widgets.basics import label
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Toolbar")

DEVICES = ("cpu", "auto", "cuda", "mps")

#: The paces offered, in steps a second; 0 stands for full speed.
PACES = (0, 2000, 500, 100, 10)


class Toolbar(QToolBar):
    """What is reached for most."""

    def __init__(self, actions: Actions, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle(tr("Main toolbar"))
        self.setObjectName("mainToolbar")
        self.setMovable(False)
        self.setIconSize(QSize(16, 16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setContentsMargins(0, 2, 0, 8)
        for name in ("run", "pause", "step", "stop"):
            action = actions[name]
            self.addAction(action)
            button = self.widgetForAction(action)
            button.setObjectName(f"{name}Button")
            button.setAccessibleName(actions.title(name))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add_pace(settings)
        self.addSeparator()
        self._add_presets()
        self.addSeparator()
        self._add_seeds_and_device()
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        find = QToolButton()
        find.setObjectName("paletteButton")
        find.setDefaultAction(actions["palette"])
        find.setText(tr("Commands   Ctrl+K"))
        find.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addWidget(find)
        self._name_overflow()

    def _name_overflow(self) -> None:
        """Say what the arrow opens that comes where the window is too narrow."""
        arrow = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if arrow is not None:
            words = tr("The rest of the toolbar")
            arrow.setAccessibleName(words)
            set_hint(arrow, words)

    def _add_pace(self, settings: QSettings) -> None:
        self.pace = QComboBox()
        self.pace.setObjectName("pace")
        self.pace.setAccessibleName(tr("Pace"))
        set_hint(
            self.pace,
            tr("How fast to train, to watch what happens; the results stay the same"),
        )
        for pace in PACES:
            words = tr("{:,} steps/s").format(pace) if pace else tr("Full speed")
            self.pace.addItem(words, pace)
        index = self.pace.findData(settings.value("pace", 0, int))
        self.pace.setCurrentIndex(max(index, 0))
        self.addWidget(self.pace)

    def _add_presets(self) -> None:
        self.preset_button = QToolButton()
        self.preset_button.setObjectName("menuLike")
        self.preset_button.setText(tr("Presets") + "  ▾")
        self.preset_button.setAccessibleName(tr("Presets"))
        self.preset_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.preset_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.preset_menu = QMenu(self)
        self.preset_button.setMenu(self.preset_menu)
        self.addWidget(self.preset_button)

    def _add_seeds_and_device(self) -> None:
        self.seeds = QLineEdit("0")
        self.seeds.setObjectName("seeds")
        self.seeds.setFixedWidth(76)
        set_hint(self.seeds, tr("One run for each seed: 0,1,2 or 0..4"))
        self.seeds.setAccessibleName(tr("Seeds"))
        self.device = QComboBox()
        self.device.setObjectName("device")
        set_hint(self.device, tr("Where the model is trained"))
        self.device.setAccessibleName(tr("Device"))
        self.device.addItems(DEVICES)
        for words, editor in ((tr("Seeds"), self.seeds), (tr("Device"), self.device)):
            self.addWidget(label(words))
            self.addWidget(editor)
