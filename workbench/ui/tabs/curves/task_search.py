"""TaskSearch: many tasks in one line, with a search among them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.ui.tabs.curves.legend import TaskChip
from workbench.ui.tabs.curves.score_summary import ScoreSummary
from workbench.ui.widgets.basics import ElidedLabel, row
from workbench.ui.widgets.search_field import SearchField
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: So many chips are a legend; of more there is a line, and those that are searched for.
MOST_CHIPS = 12

tr = translator("TaskSearch")


class TaskSearch(QWidget):
    """Mean, best and worst newest score, and which chips are to be seen."""

    #: Other chips are to be seen.
    changed = Signal()

    def __init__(self, list_area: QWidget) -> None:
        """`list_area` holds the chips: it is there while one of them is to be seen."""
        super().__init__()
        self._list_area = list_area
        self._chips: Sequence[TaskChip] = ()
        self.summary = ElidedLabel("")
        self.summary.setObjectName("hint")
        self.field = SearchField(tr("Find a task"))
        self.field.setObjectName("curves.findTask")
        self.field.setMaximumWidth(160)
        self.field.textChanged.connect(self._filter)
        self.all = QPushButton(tr("List all"))
        self.all.setCheckable(True)
        set_hint(self.all, tr("Show every task in the list below, or only what is searched for"))
        self.all.toggled.connect(self._filter)
        self.only = QPushButton(tr("Only these"))
        set_hint(self.only, tr("Draw the curves of the listed tasks alone; again: of all tasks"))
        self.only.clicked.connect(self._draw_only)
        layout = row(self.summary, self.field, self.all, self.only, spacing=6)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def set_chips(self, chips: Sequence[TaskChip]) -> None:
        """Look after these: shown whole where they are few."""
        self._chips = chips
        self.setVisible(len(chips) > MOST_CHIPS)
        self._filter()

    @property
    def listed(self) -> list[TaskChip]:
        """The chips that are to be seen."""
        words = self.field.text().casefold().split()
        if len(self._chips) <= MOST_CHIPS or (self.all.isChecked() and not words):
            return list(self._chips)
        names = [(chip, chip.facts.name.casefold()) for chip in self._chips]
        return [chip for chip, name in names if words and all(word in name for word in words)]

    def set_figures(self, figures: Sequence[ScoreSummary]) -> None:
        """Say mean, best and worst of the newest scores, where one scale holds for all."""
        if len(self._chips) <= MOST_CHIPS:
            return
        text = tr("{} tasks").format(len(self._chips))
        last = np.array([each.last for each in figures])
        known = np.flatnonzero(np.isfinite(last))
        metrics = {chip.facts.metric for chip in self._chips}
        if len(known) and len(metrics) == 1:
            values = last[known] * (1 if self._chips[0].facts.higher_is_better else -1)
            best, worst = (int(known[at]) for at in (values.argmax(), values.argmin()))
            words = tr("mean {}, best {} {}, worst {} {}").format(
                f"{last[known].mean():.3f}",
                self._chips[best].facts.name,
                f"{last[best]:.3f}",
                self._chips[worst].facts.name,
                f"{last[worst]:.3f}",
            )
            text = f"{text} · {words}"
        if text != self.summary.accessibleName():
            self.summary.setText(text)
            self.summary.setAccessibleName(text)
            set_hint(self.summary, text)

    def _filter(self) -> None:
        listed = set(self.listed)
        for chip in self._chips:
            chip.setVisible(chip in listed)
        self._list_area.setVisible(bool(listed) or not self._chips)
        self.only.setEnabled(0 < len(listed) < len(self._chips) or self._some_are_off)
        self.changed.emit()

    @property
    def _some_are_off(self) -> bool:
        return not all(chip.isChecked() for chip in self._chips)

    def _draw_only(self) -> None:
        listed = set(self.listed)
        shown = {chip for chip in self._chips if chip.isChecked()}
        wanted = set(self._chips) if shown == listed or not listed else listed
        for chip in self._chips:
            chip.setChecked(chip in wanted)
        self._filter()
