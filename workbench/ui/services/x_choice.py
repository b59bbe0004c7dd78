"""XChoice: what the x-axis of the curves counts, chosen once and kept for the next start."""

from PySide6.QtCore import QObject, QSettings, Signal

from workbench.ui.plots.x_scale import XUnit

#: Where the choice is kept.
_KEY = "x_axis"


class XChoice(QObject):
    """Steps, epochs or time."""

    changed = Signal()

    def __init__(self, settings: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        name = str(settings.value(_KEY, "")) if settings is not None else ""
        self.unit = XUnit(name) if name in list(XUnit) else XUnit.STEP

    def choose(self, unit: XUnit) -> None:
        """Count something else from now on."""
        if unit is not self.unit:
            self.unit = unit
            if self._settings is not None:
                self._settings.setValue(_KEY, unit.value)
            self.changed.emit()
