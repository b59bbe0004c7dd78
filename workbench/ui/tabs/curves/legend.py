"""TaskChip: a task in a legend."""

import math

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QScrollArea

from workbench.spec.event import TaskFacts
from workbench.ui.look.theme import Theme, soft
from workbench.ui.tabs.curves.score_summary import NO_FIGURES, ScoreSummary
from workbench.ui.widgets.basics import FlowLayout, paint_swatch
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("TaskChip")


#: Room for two lines of the legend; more of them scroll.
_HEIGHT = 60


def fit_legend(area: QScrollArea, chips: FlowLayout) -> None:
    """Give the legend its lines, but never so many that the curves lose their room."""
    needed = chips.heightForWidth(max(area.viewport().width(), 200))
    area.setFixedHeight(min(needed, _HEIGHT))


class TaskChip(QPushButton):
    """A task in the legend: its line, its name, its newest score. A click hides its curves."""

    def __init__(self, facts: TaskFacts, number: int, theme: Theme) -> None:
        super().__init__()
        self.facts = facts
        self.number = number
        self._theme = theme
        self.setObjectName("chip")
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(tr("Curves of {}").format(facts.name))
        self.set_figures(NO_FIGURES)

    @property
    def colour(self) -> QColor:
        """The task's colour."""
        return self._theme.task_colour(self.number)

    def set_figures(self, figures: ScoreSummary) -> None:
        """Show the newest score, and the best and the mean on hover."""
        name, hint = self.facts.name, tr("Click to hide or show the curves of {}")
        lines, text = [hint.format(name)], name
        if math.isfinite(figures.last):
            text = f"{name}  {figures.last:.3f}"
            scores = tr("last {}, best {} at step {}, mean {}").format(
                f"{figures.last:.3f}",
                f"{figures.best:.3f}",
                f"{figures.best_step:,}",
                f"{figures.mean:.3f}",
            )
            lines.insert(0, f"{self.facts.metric} ({tr('validation')}): {scores}")
        text = without_mnemonic(text)
        if text != self.text():
            self.setText(text)
        set_hint(self, "\n".join(lines))

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the task's line in front of the text."""
        super().paintEvent(event)
        painter = QPainter(self)
        colour = self.colour
        if not self.isChecked():
            colour = soft(self._theme.faint, 160)
        area = self.rect().toRectF().adjusted(9, 0, 0, 0)
        area.setWidth(24)
        paint_swatch(painter, area, colour, self.number)
