"""Run colours: how overlaid runs are told apart; tasks have other colours."""

from PySide6.QtGui import QColor, QPen

from workbench.ui.look.theme import Theme, dash

#: More runs than this are not overlaid: nobody could tell their lines apart.
MOST_RUNS = 6


def run_colour(theme: Theme, number: int) -> str:
    """The colour of run number `number` on a plot."""
    colours = (theme.muted, theme.accent, theme.heat_against, theme.good, theme.danger, theme.text)
    return colours[number % len(colours)]


def run_pen(theme: Theme, number: int, width: float) -> QPen:
    """The pen of a run: its colour and its dash, as wide on every scale of the screen."""
    pen = QPen(QColor(run_colour(theme, number)))
    pen.setWidthF(width)
    pen.setCosmetic(True)
    if dash(number):
        pen.setDashPattern(list(dash(number)))
    return pen


def run_mark(theme: Theme, number: int) -> str:
    """A short piece of a run's line, as HTML."""
    colour = run_colour(theme, number)
    return f"<b style='color:{colour}'>{'━' if not dash(number) else '╍'}</b>"
