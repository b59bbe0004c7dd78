"""GuidePage: a Markdown page of the program's own, with its pictures, in the window's colours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDesktopServices,
    QFont,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextFrameFormat,
    QTextTable,
    QWheelEvent,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from workbench.ui.look.fonts import mono_face
from workbench.ui.look.theme import Theme
from workbench.ui.words.language import translator

tr = translator("Guide")

#: Lines longer than this are hard to follow, pixels at the size that is shown first.
_WIDEST = 780
_MARGIN = 26
_SIZES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
_FONT_PIXELS = 14
_RESIZED_MS = 60
_LINE_PERCENT = 140
#: What stands for a picture in the text of a block.
_PICTURE = "\ufffc"


def _is_code(block: QTextBlock) -> bool:
    """Whether a block is a line of code between fences."""
    fence = QTextFormat.Property.BlockCodeFence.value
    return block.isValid() and block.blockFormat().hasProperty(fence)


class GuidePage(QTextBrowser):
    """Shows pages of one folder; what leads elsewhere is opened by the system."""

    #: A page is shown: its file.
    shown = Signal(str)

    def __init__(self, folder: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("guidePage")
        self.setAccessibleName(tr("Page of the guide"))
        self._folder = folder.resolve()
        self._theme = theme
        self._size = _SIZES.index(1.0)
        self._url = QUrl()  # `source` is that of the page before while a page is loaded
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(_MARGIN)
        self.anchorClicked.connect(self.follow)
        self.sourceChanged.connect(self._dress)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_RESIZED_MS)
        self._resized.timeout.connect(self._again)
        self._set_font()

    @property
    def path(self) -> Path:
        """The page that is shown."""
        return Path(self._url.toLocalFile())

    def open_page(self, path: Path) -> None:
        """Show a page."""
        if path.resolve() != self.path:
            self.setSource(QUrl.fromLocalFile(str(path.resolve())))

    def follow(self, link: QUrl) -> None:
        """Show another page, or let the system open what is on the web."""
        url = self._url.resolved(link)
        path = Path(url.toLocalFile()).resolve() if url.isLocalFile() else None
        if path is None and url.scheme() in ("https", "http"):
            QDesktopServices.openUrl(url)
        elif path is not None and path.is_relative_to(self._folder) and path.is_file():
            self.open_page(path)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._again()

    def change_size(self, steps: int) -> None:
        """Larger or smaller letters; 0 steps for the size that was there first."""
        wanted = self._size + steps if steps else _SIZES.index(1.0)
        self._size = min(max(wanted, 0), len(_SIZES) - 1)
        self._set_font()
        self._again()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's; with Ctrl it changes the size of the letters."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.change_size(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's; pictures are as wide as the page."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._resized.start()

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Qt's; a picture comes as wide as it is shown, for Qt itself scales it roughly."""
        if type != QTextDocument.ResourceType.ImageResource.value:
            self._url = self._url.resolved(QUrl(name))
            return super().loadResource(type, name)
        image = QImage(self._url.resolved(QUrl(name)).toLocalFile())
        ratio = self.devicePixelRatioF()
        width = min(round(self._text_width() * ratio), image.width())
        if 0 < width < image.width():
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaledToWidth(width, smooth)
        image.setDevicePixelRatio(ratio)
        return image

    def _text_width(self) -> int:
        widest = round(_WIDEST * _SIZES[self._size])
        return min(self.viewport().width() - 2 * _MARGIN, widest)

    def _set_font(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(round(_FONT_PIXELS * _SIZES[self._size]))
        self.setFont(font)
        self.document().setDefaultFont(font)

    def _again(self) -> None:
        """Lay the page out anew, where it was."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(bar.maximum(), 1)
        if not self.source().isEmpty():
            self.reload()
            bar.setValue(round(share * bar.maximum()))

    def _dress(self) -> None:
        """Give what Markdown leaves plain its distances and colours."""
        document = self.document()
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setLineWrapColumnOrWidth(self._text_width() + 2 * _MARGIN)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            self._dress_table(frame)
        cursor.endEditBlock()
        self.shown.emit(str(self.path))

    def _dress_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        form = QTextBlockFormat()
        level = block.blockFormat().headingLevel()
        if _is_code(block):
            form.setBackground(QColor(self._theme.sunken))
            form.setNonBreakableLines(False)  # a long line goes on in the next
            form.setBottomMargin(0 if _is_code(block.next()) else 12)
        elif level:
            form.setTopMargin(6 if level == 1 else 20)
            form.setBottomMargin(8)
        elif _PICTURE in block.text():
            form.setBottomMargin(12)  # a line as high as the picture needs no more
        elif cast("object", cursor.currentTable()) is None:
            form.setLineHeight(
                _LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            form.setBottomMargin(4 if block.textList() else 9)
        cursor.mergeBlockFormat(form)
        self._dress_words(block)

    def _dress_words(self, block: QTextBlock) -> None:
        """Code in the face of code, links in the colour of links."""
        # a copy: what is changed while it is walked through is walked through again
        fragments = [part.fragment() for part in cast("Iterable[Any]", block)]
        for fragment in fragments:
            kind = fragment.charFormat()
            change = QTextCharFormat()
            if kind.fontFixedPitch():
                change.setFontFamilies([mono_face()])
                if not block.blockFormat().headingLevel():
                    change.setBackground(QBrush(QColor(self._theme.sunken)))
            if kind.isAnchor():
                change.setForeground(QBrush(QColor(self._theme.accent)))
                change.setFontUnderline(False)
            if not change.isEmpty():
                cursor = QTextCursor(block)
                cursor.setPosition(fragment.position())
                end = fragment.position() + fragment.length()
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(change)

    def _dress_table(self, frame: QTextFrame) -> None:
        if not isinstance(frame, QTextTable):
            return
        form = frame.format()
        form.setCellPadding(6)
        form.setCellSpacing(0)
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QBrush(QColor(self._theme.border)))
        form.setTopMargin(4)
        form.setBottomMargin(12)
        frame.setFormat(form)

    def sizeHint(self) -> QSize:
        """Qt's; wide enough for a page."""
        return QSize(_WIDEST + 2 * _MARGIN + 16, 600)
