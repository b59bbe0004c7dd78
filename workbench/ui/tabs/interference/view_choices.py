"""ViewChoices: what the matrix shows, for which time, and in which layer."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from workbench.ui.tabs.interference.seed_probes import SeedProbes
from workbench.ui.widgets.basics import FlowLayout, WheelGuard, guard_wheel
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

NOW, MEAN, AT = "now", "mean", "at"
COSINE, AFFINITY = "cosine", "affinity"

tr = translator("Interference")


class ViewChoices(QWidget):
    """Three boxes in a line, or in two."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.measure = self._box("measure", tr("What the matrix shows"), 6)
        self.measure.addItem(tr("Cosine"), COSINE)
        self.measure.addItem(tr("Affinity"), AFFINITY)
        self.when = self._box("when", tr("The time it is shown for"))
        self.when.addItem(tr("Now"), NOW)
        self.when.addItem(tr("Mean of the run"), MEAN)
        self.when.addItem(tr("At a step"), AT)
        self.layer = self._box("layer", tr("The parameters in which gradients are compared"))
        flow = FlowLayout(self, 6)
        for combo in (self.measure, self.when, self.layer):
            combo.activated.connect(self.changed)
            flow.addWidget(combo)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _box(self, name: str, title: str, n_letters: int = 9) -> QComboBox:
        """A box no wider than it must be, which the wheel does not change in passing."""
        combo = QComboBox()
        combo.setObjectName(f"interference.{name}")
        combo.setAccessibleName(title)
        set_hint(combo, title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(n_letters)
        guard_wheel(WheelGuard(self), combo)
        return combo

    def offer(self, probes: SeedProbes) -> None:
        """Offer what these probes have."""
        if self.layer.count() != len(probes.layers):
            now = self.layer.currentIndex()
            self.layer.clear()
            is_all = probes.layers[:1] != ("chosen",)
            self.layer.addItem(tr("All layers") if is_all else tr("Chosen layers"))
            self.layer.addItems([tr("Layer {}").format(name) for name in probes.layers[1:]])
            self.layer.setCurrentIndex(max(now, 0))
        items = self.measure.model()
        if isinstance(items, QStandardItemModel):
            items.item(1).setEnabled(probes.has_affinity)
            set_hint(
                items.item(1),
                "" if probes.has_affinity else tr("Not probed: turn on Affinity in Training"),
            )
        if not probes.has_affinity:
            self.measure.setCurrentIndex(0)
        self.layer.setEnabled(self.measure.currentData() == COSINE)
