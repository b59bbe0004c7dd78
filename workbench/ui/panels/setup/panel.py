"""SetupPanel: the preset's name and everything an experiment is made of."""

from typing import cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from workbench.spec.experiment import CHOICES
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.setup.choice import ChoiceSection
from workbench.ui.panels.setup.sharing import SharingSection
from workbench.ui.panels.setup.tasks import TasksSection
from workbench.ui.panels.setup.training import TrainingSection
from workbench.ui.widgets.basics import column, hairline, label, mark_invalid, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.texts import of_preset

tr = translator("Setup")


class SetupPanel(QWidget):
    """Name, tasks, the six choices, training."""

    entry_asked = Signal(object)
    live_weight = Signal(str, object, float)
    live_rate = Signal(float)
    #: Try this field, such as `optimizer.lr`, at many values.
    sweep_wanted = Signal(str)

    def __init__(self, presenter: Presenter, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._presenter = presenter
        roles = (
            ("curriculum", tr("Curriculum"), tr("when each task is seen")),
            ("encoder", tr("Encoder"), tr("what turns an input into features")),
            ("sharing", tr("Sharing"), tr("which parameters the tasks share")),
            ("balancing", tr("Balancing"), tr("how losses or gradients combine")),
            ("retention", tr("Retention"), tr("how the past is protected")),
            ("learner", tr("Learner"), tr("how one update is made")),
        )
        self.tasks = TasksSection(1, presenter, theme)
        self.choices = {
            role: (SharingSection if role == "sharing" else ChoiceSection)(
                i + 2, role, title, question, presenter, theme
            )
            for i, (role, title, question) in enumerate(roles)
        }
        self.training = TrainingSection(8, presenter, theme)
        inner = QWidget()
        layout = column(inner, (0, 0, 0, 8), 0)
        layout.addLayout(self._head())
        for section in (self.tasks, *self.choices.values(), self.training):
            layout.addWidget(hairline())
            layout.addWidget(section)
        layout.addStretch(1)
        self._area = scrolling(inner)
        column(self, (1, 0, 1, 1)).addWidget(self._area)
        self.tasks.entry_asked.connect(self.entry_asked)
        self.tasks.live_weight.connect(self.live_weight)
        self.training.live_rate.connect(self.live_rate)
        for choice in self.choices.values():
            choice.entry_asked.connect(self.entry_asked)

    def _head(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setContentsMargins(10, 10, 14, 10)
        layout.setSpacing(2)
        self.name = QLineEdit()
        self.name.setObjectName("presetName")
        self.name.setMaxLength(200)
        self.name.setAccessibleName(tr("Name of the preset"))
        set_hint(self.name, tr("Name of the preset"))
        self.name.editingFinished.connect(self._rename)
        self.about = label("", "muted", wraps=True)
        self.about.setContentsMargins(5, 0, 0, 0)
        layout.addWidget(self.name)
        layout.addWidget(self.about)
        return layout

    def build(self) -> None:
        """Make the rows and lists, once the catalogue is known."""
        self.tasks.build()
        for choice in self.choices.values():
            choice.build()
        self.refresh()

    def refresh(self) -> None:
        """Show the setup."""
        spec, is_live = self._presenter.spec, self._presenter.is_live
        is_refused = "name" in self._presenter.refused
        is_typing = self.name.hasFocus() and self.name.isModified()
        if not is_typing and not is_refused and self.name.text() != of_preset(spec.name):
            self.name.setText(of_preset(spec.name))
            self.name.setCursorPosition(0)
        mark_invalid(self.name, is_refused)
        self.name.setReadOnly(is_live)
        self.about.setText(of_preset(spec.about))
        self.about.setVisible(bool(spec.about))
        self.tasks.refresh()
        for choice in self.choices.values():
            choice.refresh()
        self.training.refresh()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """As wide as its editors need: what scrolls up and down is never cut at the side."""
        inner, bar = cast("QWidget", self._area.widget()), self._area.verticalScrollBar()
        width = inner.minimumSizeHint().width() + bar.sizeHint().width() + 2
        return QSize(width, super().minimumSizeHint().height())

    def set_note(self, role: str, line: str, details: str) -> None:
        """Say what the choice of a role comes to, in a line and in full."""
        self.choices[role].set_note(line, details)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.tasks.set_theme(theme)
        self.training.set_theme(theme)
        for choice in self.choices.values():
            choice.set_theme(theme)

    def go_to(self, field: str) -> None:
        """Bring the editor of `field`, such as `balancing.strength`, into view and focus it."""
        editor = self.findChild(QWidget, field)
        role = field.partition(".")[0]
        if field == "name":
            editor = self.name
        if editor is None and role in self.choices:
            editor = self.choices[role].combo
        if editor is None and role in ("training", "optimizer", "probes"):
            editor = self.training
        target = editor if editor is not None else self.tasks
        self._area.ensureWidgetVisible(target, 20, 60)
        target.setFocus()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What may be done to a setting: its editor's own menu, and a sweep of it."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        target = self.focusWidget() if by_key else self.childAt(event.pos())
        field, editor = self._field_of(target)
        menu = QMenu(self)
        line = editor.findChild(QLineEdit) if editor is not None else None
        line = editor if isinstance(editor, QLineEdit) else line
        if line is not None:
            menu = line.createStandardContextMenu()
            menu.setParent(self, menu.windowFlags())
            menu.addSeparator()
        if field and not self._presenter.is_live:
            wanted = menu.addAction(tr("Sweep this setting…"))
            wanted.setObjectName("sweep")
            wanted.triggered.connect(lambda: self.sweep_wanted.emit(field))
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.setObjectName("settingMenu")
        menu.popup(event.globalPos())
        menu.aboutToHide.connect(menu.deleteLater)

    def _field_of(self, target: QWidget | None) -> tuple[str, QWidget | None]:
        """The field of the setup that stands at a widget, and its editor; none elsewhere."""
        while target is not None and target is not self:
            buddy = target.buddy() if isinstance(target, QLabel) else None
            editor = buddy if buddy is not None else target
            head = editor.objectName().partition(".")[0]
            if "." in editor.objectName() and head in (*CHOICES, "optimizer", "training"):
                return editor.objectName(), editor
            target = target.parentWidget()
        return "", None

    def _rename(self) -> None:
        if not self.name.isModified():
            return
        self.name.setModified(False)
        name = self.name.text().strip()
        if name:
            self._presenter.end_edit()
            self._presenter.change({"name": name}, "name", name)
        else:
            self._presenter.refuse_entry("name", name, tr("a setup needs a name"))
