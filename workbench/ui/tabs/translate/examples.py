"""Examples: what was written for held-out texts of a task, with what is not right marked."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from workbench.spec.shown.written import AnswerShares, WrittenTexts
from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.translate.differences import differences, shortened
from workbench.ui.tabs.translate.marked_text import MarkedText
from workbench.ui.tabs.translate.pair_shares import pairs_over_seeds
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, label, row, scrolling
from workbench.ui.words.direction import direction_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint
from workbench.ui.words.spread_words import figure_words

#: So many examples are shown at most.
MOST_EXAMPLES = 40

tr = translator("Translate")


class ExampleRow:
    """The labels of one example in a grid."""

    def __init__(self) -> None:
        self.mark = label("", "muted")
        self.mark.setFixedWidth(16)
        self.read, self.right, self.written = MarkedText(), MarkedText(), MarkedText()
        self.parts: tuple[QLabel, ...] = (self.mark, self.read, self.right, self.written)

    def show_example(self, read: str, right: str, written: str, theme: Theme) -> None:
        """Show another example."""
        is_right = right == written
        self.mark.setText("✓" if is_right else "✗")
        self.mark.setAccessibleName(tr("right") if is_right else tr("wrong"))
        self.read.show_text(shortened(read))
        self.read.setLayoutDirection(direction_of(read))
        stretches = differences(right, written)
        colours = (theme.good_soft, theme.danger_soft)
        for part, text, marked, colour in zip(
            (self.right, self.written), (right, written), stretches, colours, strict=True
        ):
            part.show_stretches(marked or [(tr("(nothing)"), False)], colour)
            part.setLayoutDirection(direction_of(text))
            part.setAccessibleName(shortened(text))


class Examples(QWidget):
    """A list of tasks, how its answers are, and its examples."""

    #: Another task is looked at.
    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._written: WrittenTexts | None = None
        self.task = QComboBox()
        self.task.setObjectName("translate.task")
        words = tr("The task whose held-out examples are shown")
        self.task.setAccessibleName(words)
        set_hint(self.task, words)
        self.task.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.task.setMinimumContentsLength(12)
        guard_wheel(WheelGuard(self), self.task)
        self.wrong_first = QCheckBox(tr("Wrong first"))
        self.wrong_first.setChecked(True)
        set_hint(self.wrong_first, tr("Show what is wrong before what is right"))
        self.shares = label("", "hint", wraps=True)
        self.rows: list[ExampleRow] = []
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        for j, title in enumerate(("", tr("Text"), tr("Right"), tr("Written"))):
            head = label(title, "overline")
            self._grid.addWidget(head, 0, j)
            self._grid.setColumnStretch(j, 1 if j else 0)
        self.empty = label("", "muted", wraps=True)
        layout = column(self, (0, 4, 8, 0), 4)
        line = row(self.task, self.wrong_first, spacing=8)
        line.setStretch(0, 1)
        layout.addLayout(line)
        layout.addWidget(self.shares)
        layout.addWidget(self.empty)
        layout.addWidget(scrolling(inner), 1)
        self.task.activated.connect(lambda _: self.chosen.emit(self.name))
        self.wrong_first.toggled.connect(self._draw)

    @property
    def name(self) -> str:
        """The task that is looked at."""
        return self.task.currentData() or ""

    def offer_tasks(self, tasks: Sequence[str]) -> None:
        """These tasks can be looked at; the one that is stays, where it is there."""
        chosen = self.name
        with QSignalBlocker(self.task):
            if offer(self.task, tasks) and chosen in tasks:
                self.task.setCurrentIndex(list(tasks).index(chosen))

    def choose(self, task: str) -> None:
        """Look at a task."""
        at = self.task.findData(task)
        if at >= 0 and at != self.task.currentIndex():
            self.task.setCurrentIndex(at)
            self.chosen.emit(task)

    def show_texts(
        self,
        written: WrittenTexts | None,
        shares: Sequence[AnswerShares],
        copied: float | None = None,
        *,
        seed: int | None = None,
        kind: Spread = Spread.INTERVAL,
    ) -> None:
        """Show the examples of the chosen task, and how all its answers are, of each seed.

        `seed` is whose the examples are, where there are several. `copied` is the share that would
        be right if each text were said again, where it is known.
        """
        self._written = written
        pairs = pairs_over_seeds([[each] for each in shares], kind).values()
        words = [pair.in_words() for pair in pairs]
        if words and len(shares) > 1:
            words.append(figure_words(len(shares), kind))
        if words and copied is not None:
            words.append(tr("the text said again: {:.1f} % right").format(100 * copied))
        if seed is not None:
            words.append(tr("the texts are those of seed {}").format(seed))
        self.shares.setText("; ".join(words))
        self.shares.setVisible(bool(self.shares.text()))
        self._draw()

    def _draw(self, *_: object) -> None:
        written = self._written
        texts = (
            list(zip(written.read, written.right, written.written, strict=True)) if written else []
        )
        if self.wrong_first.isChecked():
            texts.sort(key=lambda each: each[1] == each[2])  # stable: else as they were
        texts = texts[:MOST_EXAMPLES]
        self.empty.setVisible(not texts)
        self.empty.setText(tr("Nothing was written for this task at this moment."))
        self._make_rows(len(texts))
        for each, example in zip(self.rows, texts, strict=True):
            each.show_example(*example, self._theme)

    def _make_rows(self, n: int) -> None:
        while len(self.rows) > n:
            for part in self.rows.pop().parts:
                self._grid.removeWidget(part)
                part.hide()
                part.deleteLater()
        while len(self.rows) < n:
            new = ExampleRow()
            for j, part in enumerate(new.parts):
                self._grid.addWidget(part, len(self.rows) + 1, j, Qt.AlignmentFlag.AlignTop)
            self.rows.append(new)
        self._grid.setRowStretch(MOST_EXAMPLES + 1, 1)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._draw()
