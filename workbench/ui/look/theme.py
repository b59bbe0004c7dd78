"""Theme: colours, fonts and style sheet, light and dark, following the system where it tells."""

from dataclasses import asdict, dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from workbench.spec.files import shipped
from workbench.ui.look.fonts import mono_face, text_font

Mode = Literal["system", "light", "dark"]

#: One dash pattern a task, in pen widths; together with the colour it tells tasks apart in print.
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (7, 3),
    (2, 2),
    (9, 3, 2, 3),
    (14, 4),
    (5, 2, 1, 2, 1, 2),
    (4, 4),
    (12, 2, 3, 2),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one look, as `#rrggbb`; `tasks` are safe for colour-blind eyes.

    A heat map goes from `heat_low` to `heat_high`; one with a sign from `heat_against` through
    `heat_low` at 0 to `heat_high`.
    """

    name: str
    window: str
    surface: str
    sunken: str
    stripe: str
    field: str
    border: str
    line: str
    control: str
    track: str
    scroll: str
    hover: str
    pressed: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    warning: str
    danger: str
    danger_soft: str
    tooltip: str
    on_tooltip: str
    heat_against: str
    heat_low: str
    heat_high: str
    tasks: tuple[str, ...]

    def task_colour(self, index: int) -> QColor:
        """The colour of task number `index`; it repeats after the eighth, the dash does not."""
        return QColor(self.tasks[index % len(self.tasks)])


LIGHT = Theme(
    name="light",
    window="#F3F5F8",
    surface="#FFFFFF",
    sunken="#F1F3F7",
    stripe="#F8F9FB",
    field="#FFFFFF",
    border="#D8DDE6",
    line="#E8EBF0",
    control="#8D97A8",
    track="#DDE2EA",
    scroll="#C6CDD8",
    hover="#E8ECF2",
    pressed="#DBE1EA",
    text="#182030",
    muted="#556070",
    faint="#98A1B0",
    accent="#3257D6",
    accent_hover="#2848BC",
    accent_soft="#E4EAFC",
    on_accent="#FFFFFF",
    good="#14713F",
    good_soft="#DDF3E6",
    warning="#8A5A00",
    danger="#B42318",
    danger_soft="#FDE7E4",
    tooltip="#222B3A",
    on_tooltip="#F3F5F8",
    heat_against="#B8470B",
    heat_low="#F4F6FB",
    heat_high="#1F4FA8",
    tasks=(
        "#0072B2",
        "#D55E00",
        "#008F68",
        "#B8508C",
        "#B07C00",
        "#3A97CF",
        "#6B4FB3",
        "#5A6373",
    ),
)

DARK = Theme(
    name="dark",
    window="#12151B",
    surface="#1A1E26",
    sunken="#232833",
    stripe="#1D222B",
    field="#14181F",
    border="#303745",
    line="#272E3A",
    control="#77829A",
    track="#343C4B",
    scroll="#414A5B",
    hover="#262D39",
    pressed="#303847",
    text="#E7EAF0",
    muted="#A3ADBD",
    faint="#667084",
    accent="#7F9DFF",
    accent_hover="#99B1FF",
    accent_soft="#27335A",
    on_accent="#0F1424",
    good="#63D393",
    good_soft="#17382A",
    warning="#E6B450",
    danger="#FF8B80",
    danger_soft="#45211F",
    tooltip="#E7EAF0",
    on_tooltip="#182030",
    heat_against="#FF8E47",
    heat_low="#20262F",
    heat_high="#6FA3FF",
    tasks=(
        "#4DA9E6",
        "#FF8B4A",
        "#30CFA2",
        "#E993C4",
        "#EDB62F",
        "#9AD4F7",
        "#B49DF5",
        "#BAC2CF",
    ),
)


def dash(index: int) -> tuple[float, ...]:
    """The dash pattern of task number `index`, in pen widths; empty for a solid line.

    It moves on by one more each time the colours begin again, so that no two of the first
    sixty-four tasks share both.
    """
    return DASHES[(index + index // len(DASHES)) % len(DASHES)]


def style_sheet(theme: Theme) -> str:
    """The window's style sheet in the colours of `theme`."""
    template = (shipped("resources") / "themes" / "window.qss").read_text(encoding="utf-8")
    icons = (shipped("resources") / "icons").as_posix()
    tokens = {key: value for key, value in asdict(theme).items() if key != "tasks"}
    return Template(template).substitute(tokens, icons=icons, mono=f'"{mono_face()}"')


def palette(theme: Theme) -> QPalette:
    """The Qt palette of `theme`, for what a style sheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for key, value in (
        (role.Window, theme.window),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.stripe),
        (role.Button, theme.surface),
        (role.Text, theme.text),
        (role.WindowText, theme.text),
        (role.ButtonText, theme.text),
        (role.PlaceholderText, theme.faint),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.ToolTipBase, theme.tooltip),
        (role.ToolTipText, theme.on_tooltip),
        (role.Mid, theme.border),
        (role.Light, theme.surface),
        (role.Dark, theme.border),
    ):
        result.setColor(key, QColor(value))
    for key in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.faint))
    return result


class CurrentTheme(QObject):
    """The theme in force, for as long as its window is there; `changed` carries the new one."""

    changed = Signal(object)

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__()
        self._app = app
        self._mode: Mode = mode
        self._theme: Theme | None = None
        # What the window before has on would be worked out again for each of its widgets.
        if not app.styleSheet():
            app.setStyle("Fusion")
            app.setFont(text_font())
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.set_mode(mode)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme or LIGHT

    @property
    def mode(self) -> Mode:
        """What the user asked for."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Use the light theme, the dark one, or the system's."""
        self._mode = mode
        is_dark = mode == "dark" or (
            mode == "system" and self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        theme = DARK if is_dark else LIGHT
        if theme is self._theme:
            return
        self._theme = theme
        if self._app.styleSheet() != (sheet := style_sheet(theme)):
            self._app.setPalette(palette(theme))
            self._app.setStyleSheet(sheet)
        self.changed.emit(theme)

    def _follow(self) -> None:
        self.set_mode(self._mode)


def soft(colour: str | QColor, alpha: int) -> QColor:
    """`colour`, see-through; `alpha` from 0 to 255."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
