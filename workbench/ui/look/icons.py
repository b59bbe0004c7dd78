"""Icons: the shipped drawings in the colours of a theme, sharp at every scale."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from workbench.spec.files import shipped
from workbench.ui.look.theme import Theme

_SCALES = (1, 2, 3)


def has_icon(name: str) -> bool:
    """Whether there is an icon of that name."""
    return (shipped("resources") / "icons" / f"{name}.svg").is_file()


def pixmap(name: str, colour: QColor | str, size: int = 16, scale: float = 1.0) -> QPixmap:
    """The icon `name` in one colour, `size` logical pixels wide; drawn once, then kept by Qt."""
    key = f"workbench {name} {QColor(colour).name()} {size} {scale}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    path = shipped("resources") / "icons" / f"{name}.svg"
    text = path.read_text(encoding="utf-8").replace("currentColor", QColor(colour).name())
    side = round(size * scale)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, result)
    return result


def icon(name: str, theme: Theme, colour: str | None = None, size: int = 16) -> QIcon:
    """The icon `name` for buttons and menus, with its disabled form."""
    result = QIcon()
    for scale in _SCALES:
        result.addPixmap(pixmap(name, colour or theme.text, size, scale), QIcon.Mode.Normal)
        result.addPixmap(pixmap(name, theme.faint, size, scale), QIcon.Mode.Disabled)
    return result
