"""SpreadChoice: what is drawn around a mean over seeds, chosen once for the whole window."""

from PySide6.QtCore import QObject, QSettings, Signal

from workbench.study.spread import Spread

#: Where the choice is kept.
_KEY = "spread"


class SpreadChoice(QObject):
    """The kind of every band, whisker and ± in the window; kept for the next start."""

    changed = Signal()

    def __init__(self, settings: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        name = str(settings.value(_KEY, "")) if settings is not None else ""
        self.kind = Spread.__members__.get(name, Spread.INTERVAL)

    def choose(self, kind: Spread) -> None:
        """Draw another kind of spread from now on."""
        if kind is not self.kind:
            self.kind = kind
            if self._settings is not None:
                self._settings.setValue(_KEY, kind.name)
            self.changed.emit()
