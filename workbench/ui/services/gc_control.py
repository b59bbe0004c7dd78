"""GcControl: Python's cyclic collection, in the window's thread alone and out of its way."""

import gc

from PySide6.QtCore import QObject, QTimer

#: It is seen so often whether there is enough to collect.
_EVERY_MS = 500


class GcControl(QObject):
    """Collects in place of Python, which would do so in whichever thread happens to allocate.

    A widget in a cycle that another thread collects is destroyed there, which Qt does not survive;
    and what a start leaves behind for good takes a tenth of a second each time it is looked
    through.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Nobody else collects from now on."""
        gc.disable()
        self._timer.start()

    def keep(self) -> None:
        """What there is by now is there to stay: it is not looked through again."""
        gc.freeze()

    def collect(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds."""
        due = [
            have > limit > 0 for have, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        if any(due):
            gc.collect(max(i for i, is_due in enumerate(due) if is_due))

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
