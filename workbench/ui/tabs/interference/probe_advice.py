"""Advice: what to do where there are no probes to see."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.ui.model.run_model import RunModel
from workbench.ui.widgets.basics import EmptyState, column, row
from workbench.ui.words.language import translator

tr = translator("ProbeAdvice")


@dataclass(frozen=True, slots=True)
class Advice:
    """Why nothing is compared, what helps, and the field of the setup where it is done.

    `has_weights` says that the tasks' weights are still worth watching.
    """

    title: str
    hint: str
    field: str = ""
    has_weights: bool = False


def advice(model: RunModel) -> Advice | None:
    """What to say in place of the matrix of `model`; None where there is one."""
    began, spec = model.began, model.spec
    if len(model.probes):
        return None
    if began is None:
        return Advice(
            tr("Nothing compared yet"),
            tr(
                "Press Run, or F5. Every few steps the gradients of the tasks are compared, "
                "and who fights whom shows here."
            ),
        )
    if len(began.tasks) < 2:
        hint = tr("One task cannot interfere with itself. Tick a second one in Setup.")
        return Advice(tr("Only one task"), hint, "tasks")
    is_joint = any(len(stage.tasks) > 1 for stage in began.stages)
    if began.shared_parameters == 0:
        hint = tr(
            "Each task has its own network, so no gradients meet. "
            "Choose another sharing, such as hard."
        )
        return Advice(tr("Nothing is shared"), hint, "sharing.kind", is_joint)
    if spec is not None and spec.probes.every == 0:
        hint = tr(
            "Set Probe every in Training to some steps, and run again. Probes change nothing."
        )
        return Advice(tr("Probes are off"), hint, "probes.every", is_joint)
    if not is_joint:
        hint = tr(
            "Each stage learns one task, so there is nothing to compare it with. Choose the joint "
            "curriculum; or replay, and what is replayed is compared with what is learned."
        )
        return Advice(tr("One task at a time"), hint, "curriculum.kind")
    return _wait(model, is_joint)


def _wait(model: RunModel, is_joint: bool) -> Advice:
    every = model.spec.probes.every if model.spec is not None else 0
    longest = max((stage.steps for stage in model.began.stages), default=0) if model.began else 0
    if model.is_over or (every and longest and every > longest):
        hint = tr("Make Probe every in Training shorter than a stage, which has {} steps.")
        title = tr("The run ended before its first probe")
        if not model.is_over:
            title = tr("No probe will be taken")
        return Advice(title, hint.format(f"{longest:,}"), "probes.every", is_joint)
    hint = tr("It comes after {} steps of a stage.").format(f"{every:,}") if every else ""
    return Advice(tr("The first probe is on its way"), hint, "", is_joint)


class AdvicePage(QWidget):
    """The advice, and a button that goes where it is followed."""

    go_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = ""
        self._words = EmptyState("", "")
        self._words.setMaximumHeight(160)
        self.button = QPushButton(tr("Show the setting"))
        self.button.clicked.connect(self._go)
        layout = column(self, (0, 0, 0, 0), 0)
        layout.addStretch(2)
        layout.addWidget(self._words)
        layout.addLayout(row(1, self.button, 1))
        layout.addStretch(3)

    def set_advice(self, new_advice: Advice) -> None:
        """Say it."""
        self._field = new_advice.field
        self._words.set_text(new_advice.title, new_advice.hint)
        self.button.setVisible(bool(new_advice.field))
        self.setAccessibleDescription(f"{new_advice.title}. {new_advice.hint}")

    def _go(self) -> None:
        self.go_wanted.emit(self._field)
