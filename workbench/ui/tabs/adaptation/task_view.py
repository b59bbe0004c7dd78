"""TaskView: one held-out small task, drawn as what it is: a line, classes or other numbers."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from workbench.spec.shown.adaptation import (
    AdaptedClasses,
    AdaptedLine,
    AdaptedTask,
    AdaptedValues,
)
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.adaptation.class_view import ClassView
from workbench.ui.tabs.adaptation.line_view import LineView
from workbench.ui.tabs.adaptation.value_view import ValueView
from workbench.ui.widgets.basics import EmptyState, column, keep_whole
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html

tr = translator("Adaptation")


def position_of(steps: tuple[int, ...], last: int) -> int:
    """Where the largest number of steps stands that is no more than `last`; else the first."""
    return max((k for k, step in enumerate(steps) if step <= last), default=0)


def _after(steps: tuple[int, ...], k: int) -> str:
    """After how many steps, in words; empty for learners that adapt without any."""
    if len(steps) < 2:
        return ""
    return (
        tr("after 1 inner step") if steps[k] == 1 else tr("after {} inner steps").format(steps[k])
    )


class TaskView(QWidget):
    """The key over the drawing; words in its place where there is nothing to draw."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.key = html_label("hint")
        self.key.setWordWrap(True)
        self.key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.line = LineView(theme)
        self.classes = ClassView(theme)
        self.values = ValueView(theme)
        self._nothing = EmptyState("", "")
        self._shown: tuple[AdaptedTask | None, tuple[int, ...], int, int] = (None, (), 0, 0)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for page in (self._nothing, self.line, self.classes, self.values):
            self._stack.addWidget(page)
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addWidget(self.key)
        layout.addWidget(pages, 1)

    @property
    def shown(self) -> AdaptedTask | None:
        """The small task that is drawn."""
        return self._shown[0]

    def say(self, title: str, hint: str) -> None:
        """Words in place of a drawing."""
        self._shown = (None, (), 0, 0)
        self._nothing.set_text(title, hint)
        self.key.setText("")
        self._stack.setCurrentWidget(self._nothing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The key takes the lines that it needs at this width."""
        super().resizeEvent(event)
        keep_whole(self.key)

    def show_task(self, shown: AdaptedTask, steps: tuple[int, ...], last: int, number: int) -> None:
        """Show a small task up to `last` inner steps; `number` is its distribution's colour."""
        self._shown = (shown, steps, last, number)
        k = position_of(steps, last)
        match shown:
            case AdaptedLine():
                self.line.show_line(shown, steps, last, number)
                self._stack.setCurrentWidget(self.line)
            case AdaptedClasses():
                self.classes.show_classes(shown, k)
                self._stack.setCurrentWidget(self.classes)
            case AdaptedValues():
                self.values.show_values(shown, steps, last, number)
                self._stack.setCurrentWidget(self.values)
        self.key.setText(self._key(shown, steps, k))
        keep_whole(self.key)

    def _key(self, shown: AdaptedTask, steps: tuple[int, ...], k: int) -> str:
        theme, gap = self._theme, "&nbsp;&nbsp;&nbsp; "
        colour = theme.task_colour(self._shown[3]).name()
        after = _after(steps, k)
        match shown:
            case AdaptedLine():
                parts = [
                    f"<span style='color:{theme.text}'>●</span> "
                    + tr("shown ({})").format(len(shown.x)),
                ]
                if shown.index >= 0:
                    queries = tr("asked ({})").format(len(shown.query_x))
                    parts.append(f"<span style='color:{theme.muted}'>○</span> {queries}")
                if 0 in steps:
                    parts.append(
                        f"<span style='color:{theme.muted}'>╍</span> " + tr("before any step")
                    )
                if not steps or steps[k] != 0:
                    words = after or tr("after it adapted")
                    parts.append(f"<b style='color:{colour}'>━</b> {words}")
                return gap.join(parts)
            case AdaptedClasses():
                answers = self.classes.answers
                words = answers.in_words() if answers is not None else ""
                return f"{after}: {in_html(words)}" if after else in_html(words)
            case AdaptedValues():
                return gap.join(
                    (
                        f"<span style='color:{theme.muted}'>○</span> " + tr("before any step"),
                        f"<span style='color:{colour}'>●</span> {after or tr('after it adapted')}",
                    )
                )

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for part in (self.line, self.classes, self.values):
            part.set_theme(theme)
        shown, steps, last, number = self._shown
        if shown is not None:
            self.show_task(shown, steps, last, number)
