"""Fonts: the faces of text and code, the best that are installed."""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

#: Preferred text faces, the best first; all are common on the platforms the window runs on.
TEXT_FACES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Noto Sans",
    "Ubuntu",
    "Cantarell",
    "Noto Sans CJK SC",
    "DejaVu Sans",
)
MONO_FACES = (
    "JetBrains Mono",
    "Cascadia Mono",
    "SF Mono",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
)


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(QFontDatabase.families())


def _first_installed(faces: tuple[str, ...], fallback: QFontDatabase.SystemFont) -> str:
    installed = _families()
    face = next((each for each in faces if each in installed), None)
    return face or QFontDatabase.systemFont(fallback).family()


def mono_face() -> str:
    """The family used for code and command lines."""
    return _first_installed(MONO_FACES, QFontDatabase.SystemFont.FixedFont)


def text_font() -> QFont:
    """The font of the whole window."""
    font = QFont(_first_installed(TEXT_FACES, QFontDatabase.SystemFont.GeneralFont))
    font.setPixelSize(13)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font
