"""Guide: the pages that come with the program, in a window of their own beside the window."""

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QPushButton, QSplitter, QWidget

from workbench.spec.files import shipped
from workbench.ui.dialogs.guide_page import GuidePage
from workbench.ui.look.theme import CurrentTheme, Theme
from workbench.ui.widgets.basics import column, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_LINK = re.compile(r"\[[^\]]*\]\(([\w./-]+\.md)\)")


tr = translator("Guide")


def contents(folder: Path) -> list[tuple[str, Path]]:
    """Title and file of each page, as the first page of the guide leads to them."""
    first = folder / "guide" / "README.md"
    links = _LINK.findall(first.read_text(encoding="utf-8"))
    files = dict.fromkeys([first, *((first.parent / link).resolve() for link in links)])
    return [(title_of(path), path) for path in files]


def title_of(path: Path) -> str:
    """A page's first heading."""
    with path.open(encoding="utf-8") as lines:
        return next(line for line in lines if line.startswith("# ")).removeprefix("# ").strip()


class GuideWindow(QDialog):
    """The list of pages, the page that is shown, and the way back."""

    def __init__(self, look: CurrentTheme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("guideWindow")
        self.setWindowTitle(tr("Guide"))
        folder = shipped("docs")
        self.page = GuidePage(folder, look.theme)
        self.list = QListWidget()
        self.list.setObjectName("guideContents")
        self.list.setAccessibleName(tr("Contents of the guide"))
        for title, path in contents(folder):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            self.list.addItem(item)
        self._build()
        self.page.shown.connect(self._mark)
        self.list.currentItemChanged.connect(self._open)
        look.changed.connect(self._set_theme)
        self.resize(min(parent.width() - 60, 1120), min(parent.height() - 40, 860))
        self.list.setCurrentRow(0)
        self.page.setFocus()

    def _build(self) -> None:
        back, forward = QPushButton(tr("&Back")), QPushButton(tr("&Forward"))
        for button, keys, act, available in (
            (back, QKeySequence.StandardKey.Back, self.page.backward, self.page.backwardAvailable),
            (
                forward,
                QKeySequence.StandardKey.Forward,
                self.page.forward,
                self.page.forwardAvailable,
            ),
        ):
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(act)
            available.connect(button.setEnabled)
            shortcut = QKeySequence(keys)
            self._key([shortcut], act)
            set_hint(button, f"{button.text().replace('&', '')} ({shortcut.toString()})")
        self._key(QKeySequence.keyBindings(QKeySequence.StandardKey.ZoomIn), self._larger)
        self._key([QKeySequence("Ctrl+=")], self._larger)
        self._key(QKeySequence.keyBindings(QKeySequence.StandardKey.ZoomOut), self._smaller)
        self._key([QKeySequence("Ctrl+0")], lambda: self.page.change_size(0))
        smaller, larger = QPushButton("A−"), QPushButton("A+")
        for button, words, act in (
            (smaller, tr("Smaller letters (Ctrl+-)"), self._smaller),
            (larger, tr("Larger letters (Ctrl++)"), self._larger),
        ):
            button.setAutoDefault(False)
            button.setAccessibleName(words)
            set_hint(button, words)
            button.clicked.connect(act)
        layout = column(self, (14, 12, 14, 14), 10)
        layout.addLayout(row(back, forward, 1, smaller, larger))
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        for part in (self.list, self.page):
            sheet = QWidget()
            sheet.setObjectName("pane")
            sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            column(sheet, (4, 6, 4, 6)).addWidget(part)
            splitter.addWidget(sheet)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([210, 900])
        layout.addWidget(splitter, 1)

    def _key(self, keys: list[QKeySequence], act: object) -> None:
        action = QAction(self)
        action.setShortcuts(keys)
        action.triggered.connect(act)
        self.addAction(action)

    def _larger(self) -> None:
        self.page.change_size(1)

    def _smaller(self) -> None:
        self.page.change_size(-1)

    def _set_theme(self, theme: Theme) -> None:
        self.page.set_theme(theme)

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.page.open_page(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _mark(self, path: str) -> None:
        """Choose in the list the page that is shown, or the first page of its folder."""
        shown = Path(path).resolve()
        items = [self.list.item(i) for i in range(self.list.count())]
        by_path = {Path(item.data(Qt.ItemDataRole.UserRole)): item for item in items}
        item = by_path.get(shown) or by_path.get(shown.parent / "README.md")
        if item is not None:
            self.list.blockSignals(True)
            self.list.setCurrentItem(item)
            self.list.blockSignals(False)
