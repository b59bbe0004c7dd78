"""ComparisonTable: measures and final scores of several setups, with paired differences."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from workbench.spec.text import visible
from workbench.study.interval import Estimate
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.compare.comparison import Figure
from workbench.ui.widgets.figure_card import shown
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_ROW_HEIGHT = 25
_WIDEST = 190

tr = translator("Comparison")


class ComparisonTable(QTableWidget):
    """A row a figure; for each setup its mean, and beside it the difference from the first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 0)
        self._theme = theme
        self.setObjectName("comparisonTable")
        self.setAccessibleName(tr("Figures compared"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(90)

    def show_figures(self, names: Sequence[str], figures: Sequence[Figure], base: int) -> None:
        """Show the figures of the setups called `names`; `base` is what they are compared with."""
        heads: list[tuple[str, str]] = [(tr("Figure"), "")]
        for i, name in enumerate(names):
            heads.append((name, name))
            if i != base:
                words = tr(
                    "{} minus {}, paired on the seeds both have, with its 95 % interval.\n"
                    "Coloured where the interval leaves no doubt about the sign."
                )
                heads.append((tr("difference"), words.format(name, names[base])))
        self.setColumnCount(len(heads))
        self.setRowCount(len(figures))
        for c, (title, hint) in enumerate(heads):
            head = QTableWidgetItem(visible(title))
            set_hint(head, hint)
            head.setTextAlignment(_side(c))
            self.setHorizontalHeaderItem(c, head)
        texts: list[str] = []
        for r, figure in enumerate(figures):
            title = _title(figure)
            self._set(r, 0, title)
            c = 1
            for i, value in enumerate(figure.values):
                mean = _rests_on(_mean(value), value, figure.n_seeds[i])
                self._set(r, c, mean)
                texts.append(f"{names[i]} {title} {mean}")
                c += 1
                if i != base:
                    difference = figure.differences[i]
                    colour = self._colour(difference, figure.more_is_better)
                    text = _rests_on(_difference(difference), difference, figure.n_shared[i])
                    self._set(r, c, text, colour)
                    c += 1
        self.setAccessibleDescription("; ".join(texts))
        self._fit()

    def _fit(self) -> None:
        """Share the width where there is enough of it; else each column as wide as its text."""
        header = self.horizontalHeader()
        needed = [
            min(max(self.sizeHintForColumn(c), header.sectionSizeHint(c)), _WIDEST)
            for c in range(self.columnCount())
        ]
        spare = max(self.viewport().width() - sum(needed), 0) // max(len(needed), 1)
        for c, width in enumerate(needed):
            header.resizeSection(c, width + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is shared anew."""
        super().resizeEvent(event)
        self._fit()

    def _colour(self, difference: Estimate | None, more_is_better: bool) -> QColor | None:
        if difference is None or not difference.is_certain:
            return None
        is_better = (difference.mean > 0) == more_is_better
        return QColor(self._theme.good if is_better else self._theme.danger)

    def _set(self, r: int, c: int, text: str, colour: QColor | None = None) -> None:
        item = self.item(r, c)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(r, c, item)
        item.setTextAlignment(_side(c))
        item.setForeground(colour or QColor(self._theme.text))
        item.setText(visible(text))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours, from the next numbers on."""
        self._theme = theme


def _side(c: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if c else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _title(figure: Figure) -> str:
    known = {
        "acc": "ACC",
        "forgetting": tr("Forgetting"),
        "bwt": "BWT",
        "learning_accuracy": tr("Learning accuracy"),
    }
    return known.get(figure.key, figure.task)


def _mean(value: Estimate | None) -> str:
    if value is None:
        return "–"
    spread = f" ± {value.sd:.3f}" if value.sd is not None else ""
    return f"{shown(value.mean)}{spread}"


def _rests_on(text: str, value: Estimate | None, n_seeds: int) -> str:
    """The text with how many seeds it rests on, where others have no such figure."""
    if value is None or value.n == n_seeds:
        return text
    return tr("{} ({} of {} seeds)").format(text, value.n, n_seeds)


def _difference(value: Estimate | None) -> str:
    if value is None:
        return "–"
    text = f"{value.mean:+.3f}".replace("-", "−")
    if value.low is None or value.high is None:
        return text
    return f"{text}  [{shown(value.low)}, {shown(value.high)}]"
