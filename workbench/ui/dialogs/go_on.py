"""GoOnDialog: from where a recorded run another goes on, and for how much longer."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.spec.experiment import Spec
from workbench.spec.experiments.forks import forked, lengthened
from workbench.spec.text import visible
from workbench.ui.widgets.basics import label
from workbench.ui.words.language import translator

tr = translator("GoOn")

_MOST_MORE = 100_000


class GoOnDialog(QDialog):
    """Asks for a checkpoint and a length; `chosen` has the setup, and whether it is run at once."""

    chosen = Signal(object, bool)

    def __init__(
        self, spec: Spec, run_id: str, steps: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("goOnDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Go on from “{}”").format(visible(spec.name)))
        self._spec, self._run_id = spec, run_id
        self.step = QComboBox()
        self.step.setObjectName("goOn.step")
        self.step.setAccessibleName(tr("Checkpoint"))
        for step in reversed(steps):
            is_last = step == steps[-1]
            words = tr("step {} (the last)") if is_last else tr("step {}")
            self.step.addItem(words.format(f"{step:,}"), step)
        self.more = QSpinBox()
        self.more.setObjectName("goOn.more")
        self.more.setRange(0, _MOST_MORE)
        counts_steps = bool(spec.training.steps)
        self.more.setValue(max(1, (spec.training.steps if counts_steps else spec.training.epochs)))
        title = tr("More steps a stage") if counts_steps else tr("More epochs a stage")
        self.more.setAccessibleName(title)
        form = QFormLayout()
        form.addRow(tr("From"), self.step)
        form.addRow(title, self.more)
        about = tr(
            "A new run begins at the checkpoint, with its model, optimizer, data order and"
            " memories. It keeps tasks, network and seed; weights, rate, balancing and retention"
            " can be changed in the setup first. Stages that had ended stay as they were."
        )
        buttons = QDialogButtonBox()
        run = buttons.addButton(tr("Run"), QDialogButtonBox.ButtonRole.AcceptRole)
        change = buttons.addButton(
            tr("Change the setup first"), QDialogButtonBox.ButtonRole.ActionRole
        )
        cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        run.clicked.connect(lambda: self._choose(runs=True))
        change.clicked.connect(lambda: self._choose(runs=False))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label(about, "muted", wraps=True))
        layout.addLayout(form)
        layout.addWidget(buttons)
        run.setDefault(True)

    @property
    def setup(self) -> Spec:
        """The setup of the run that goes on."""
        return lengthened(
            forked(self._spec, self._run_id, self.step.currentData()), self.more.value()
        )

    def _choose(self, *, runs: bool) -> None:
        self.chosen.emit(self.setup, runs)
        self.accept()
