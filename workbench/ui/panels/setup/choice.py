"""Choice: one method for a role, and its settings."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.spec.entry import Entry, by_role
from workbench.spec.text import visible
from workbench.ui.look.icons import has_icon, icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.setup.section import Section
from workbench.ui.widgets.basics import ElidedLabel, WheelGuard, guard_wheel, label
from workbench.ui.widgets.form import Form
from workbench.ui.words.plain_text import hint, set_hint
from workbench.ui.words.texts import said

_KEY = Qt.ItemDataRole.UserRole
_HINT = Qt.ItemDataRole.UserRole + 1


class MethodDelegate(QStyledItemDelegate):
    """Two lines a method: its title, and what it does or why it does not fit."""

    def __init__(self, theme: Theme, parent: QComboBox) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room for both lines."""
        return QSize(380, 44)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw both lines."""
        area: QRect = option.rect.adjusted(10, 4, -10, -4)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QIcon):
            is_known = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
            mode = QIcon.Mode.Normal if is_known else QIcon.Mode.Disabled
            picture.paint(painter, QRect(area.left(), area.center().y() - 13, 28, 28), mode=mode)
            area.setLeft(area.left() + 40)
        is_open = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected and is_open:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.accent_soft))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text if is_open else self.theme.faint))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, visible(str(index.data())))
        font.setWeight(QFont.Weight.Normal)
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted if is_open else self.theme.warning))
        second = QFontMetrics(font).elidedText(
            visible(str(index.data(_HINT))), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, second)
        painter.restore()


class ChoiceSection(Section):
    """A combo box of methods and the form of the one chosen."""

    entry_asked = Signal(object)

    def __init__(
        self, number: int, role: str, title: str, question: str, presenter: Presenter, theme: Theme
    ) -> None:
        super().__init__(number, title, question, f"methods/{role}.md")
        self.role = role
        self._presenter = presenter
        self._theme = theme
        self.form: Form | None = None
        self._shown_kind = ""
        self.combo = QComboBox()
        self.combo.setObjectName(f"{role}.kind")
        self.combo.setAccessibleName(title)
        self.combo.setAccessibleDescription(question)
        set_hint(self.combo, question)
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(10)
        self._delegate = MethodDelegate(theme, self.combo)
        self.combo.setItemDelegate(self._delegate)
        self.combo.view().setMinimumWidth(400)
        guard_wheel(WheelGuard(self), self.combo)
        self.combo.activated.connect(self._choose)
        self.body.addWidget(self.combo)
        self._reason = label("", "reason", wraps=True)
        self._reason.hide()
        self.body.addWidget(self._reason)
        self.note = ElidedLabel("")
        self.note.setObjectName("hint")
        self.note.hide()
        self.body.addWidget(self.note)

    def build(self) -> None:
        """List the methods, once the catalogue is known."""
        model = QStandardItemModel(self.combo)
        for entry in by_role(self._presenter.catalogue, self.role):
            item = QStandardItem(entry.title)
            item.setData(entry.key, _KEY)
            if has_icon(f"{self.role}/{entry.key}"):
                item.setIcon(icon(f"{self.role}/{entry.key}", self._theme, size=28))
            model.appendRow(item)
        self.combo.setModel(model)
        self._shown_kind = ""
        self.refresh()

    @property
    def entry(self) -> Entry | None:
        """The method chosen, where the catalogue knows it."""
        kind = self._presenter.spec.choice(self.role).kind
        return self._presenter.catalogue.get((self.role, kind))

    def refresh(self) -> None:
        """Show the setup, and grey what does not fit it."""
        choice = self._presenter.spec.choice(self.role)
        model = self.combo.model()
        for i in range(self.combo.count()):
            key = self.combo.itemData(i, _KEY)
            entry = self._presenter.catalogue[(self.role, key)]
            reason = said(self._presenter.reason_against(entry))
            index = model.index(i, 0)
            model.setData(index, reason or entry.summary, _HINT)
            model.setData(index, hint(reason or entry.summary), Qt.ItemDataRole.ToolTipRole)
            if isinstance(model, QStandardItemModel):
                model.item(i).setEnabled(not reason)
        self.combo.setCurrentIndex(self.combo.findData(choice.kind, _KEY))
        self.combo.setEnabled(not self._presenter.is_live)
        entry = self.entry
        reason = said(self._presenter.reason_against(entry)) if entry else ""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        if choice.kind != self._shown_kind:
            self._make_form(entry)
            self._shown_kind = choice.kind
        if self.form is not None:
            self.form.setEnabled(not self._presenter.is_live)
            self.form.set_values(choice.settings, self._presenter.refused)

    def _make_form(self, entry: Entry | None) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if entry is not None and entry.settings.get("properties"):
            self.form = Form(entry.settings, self._theme, self.role)
            self.form.edited.connect(self._set)
            self.form.refused.connect(self._presenter.refuse_entry)
            self.body.insertWidget(self.body.indexOf(self.note), self.form)

    def set_note(self, text: str, details: str = "") -> None:
        """Say under the settings what the choice comes to, in a line and in full."""
        self.note.setText(text)
        set_hint(self.note, details)
        self.note.setAccessibleName(text)
        self.note.setAccessibleDescription(details)
        self.note.setVisible(bool(text))

    def _choose(self, index: int) -> None:
        self._presenter.choose(self.role, self.combo.itemData(index, _KEY))
        self.entry_asked.emit(self.entry)

    def _set(self, name: str, value: object) -> None:
        self._presenter.set_setting(self.role, name, value)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._delegate.theme = theme
        model = self.combo.model()
        for i in range(self.combo.count()):
            name = f"{self.role}/{self.combo.itemData(i, _KEY)}"
            if isinstance(model, QStandardItemModel) and has_icon(name):
                model.item(i).setIcon(icon(name, theme, size=28))
        if self.form is not None:
            self.form.set_theme(theme)
