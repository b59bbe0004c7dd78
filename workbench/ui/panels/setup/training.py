"""Training: optimizer, learning rate, length, and what was changed live in an earlier run."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.spec.experiment import Optimizer, Probes, Schedule, Spec, Training, TrunkStart
from workbench.spec.experiments.training import Stopping
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.setup.section import Section
from workbench.ui.widgets.basics import label, row
from workbench.ui.widgets.editors import Schema
from workbench.ui.widgets.form import Form, titled
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Which settings each shape of the learning rate reads.
_SCHEDULE_READS: Mapping[str, tuple[str, ...]] = {
    "constant": (),
    "step": ("factor", "every"),
    "cosine": (),
    "one-cycle": ("warmup",),
}

tr = translator("Training")


def _probe_schema() -> Schema:
    probes = titled(
        Probes,
        {
            "every": tr("Probe every"),
            "layers": tr("Probe layers"),
            "affinity": tr("Probe affinity"),
            "prequential": tr("Prequential accuracy"),
            "fading": tr("Prequential fading"),
            "detector": tr("Drift detector"),
            "answers": tr("Confusion, calibration"),
        },
    )
    probes["properties"]["every"]["unit"] = tr("steps")
    probes["properties"]["layers"]["placeholder"] = tr("all")
    return probes


class ClearedLine(QWidget):
    """A line that says what the setup has beside its settings, with a button that takes it away."""

    cleared = Signal()

    def __init__(self, clears: str) -> None:
        super().__init__()
        self._text = label("", "muted", wraps=True)
        button = QPushButton(tr("Clear"))
        button.setAccessibleName(clears)
        set_hint(button, clears)
        button.clicked.connect(self.cleared)
        line = row(self._text, button)
        line.setStretch(0, 1)
        self.setLayout(line)

    def show_text(self, text: str) -> None:
        """Say this; nothing is shown where there is nothing to say."""
        self._text.setText(text)
        self.setVisible(bool(text))


class TrainingSection(Section):
    """The forms of the optimizer, its schedule and the training."""

    live_rate = Signal(float)

    def __init__(self, number: int, presenter: Presenter, theme: Theme) -> None:
        super().__init__(number, tr("Training"), tr("how long, and how fast"), "guide/first-run.md")
        self._presenter = presenter
        self._live_rate: float | None = None
        self._make_forms(theme)
        for form in self.forms:
            self.body.addWidget(form)
            form.refused.connect(presenter.refuse_entry)
        self.optimizer.edited.connect(self._set_optimizer)
        self.schedule.edited.connect(self._set_schedule)
        self.training.edited.connect(self._set_training)
        self.stopping.edited.connect(self._set_stopping)
        self.probes.edited.connect(self._set_probes)
        self._changes = ClearedLine(tr("Clear the scheduled changes"))
        self._changes.cleared.connect(lambda: self._clear({"interventions": ()}))
        self._start = ClearedLine(tr("Begin from nothing"))
        self._start.cleared.connect(lambda: self._clear({"start": None}))
        for line in (self._start, self._changes):
            self.body.addWidget(line)

    def _make_forms(self, theme: Theme) -> None:
        optimizer = titled(
            Optimizer,
            {
                "kind": tr("Optimizer"),
                "lr": tr("Learning rate"),
                "weight_decay": tr("Weight decay"),
                "momentum": tr("Momentum"),
            },
        )
        schedule = titled(
            Schedule,
            {
                "kind": tr("Schedule"),
                "factor": tr("Drop factor"),
                "every": tr("Drop every"),
                "warmup": tr("Warm-up"),
            },
        )
        training = titled(
            Training,
            {
                "epochs": tr("Epochs"),
                "steps": tr("Steps a stage"),
                "batch_size": tr("Batch size"),
                "evaluate_every": tr("Evaluate every"),
                "clip": tr("Clip gradients"),
                "threads": tr("Threads"),
            },
        )
        stopping = titled(
            Stopping,
            {
                "patience": tr("Patience"),
                "least_change": tr("Least change"),
                "of": tr("Judged by"),
                "on": tr("Deciding task"),
                "keep_best": tr("Keep the best"),
            },
        )
        self.optimizer = Form(optimizer, theme, "optimizer", leave_out=("schedule",))
        self.schedule = Form(schedule, theme, "optimizer.schedule")
        self.training = Form(training, theme, "training", leave_out=("stopping",))
        self.stopping = Form(stopping, theme, "training.stopping")
        self.probes = Form(_probe_schema(), theme, "probes")

    @property
    def forms(self) -> tuple[Form, Form, Form, Form, Form]:
        """Optimizer, schedule, training, stopping, probes."""
        return self.optimizer, self.schedule, self.training, self.stopping, self.probes

    def refresh(self) -> None:
        """Show the setup; while a run goes on only the learning rate is open."""
        spec, is_live = self._presenter.spec, self._presenter.is_live
        if not is_live:
            self._live_rate = None
        values = spec.optimizer.model_dump()
        if self._live_rate is not None:
            values["lr"] = self._live_rate
        self.optimizer.set_live(("lr",) if is_live else None)
        for form in (self.schedule, self.training, self.stopping, self.probes):
            form.setEnabled(not is_live)
        refused = self._presenter.refused
        self.optimizer.set_values(values, refused)
        self.schedule.set_values(values["schedule"], refused)
        self.training.set_values(spec.training.model_dump(), refused)
        self.stopping.set_values(spec.training.stopping.model_dump(), refused)
        self.probes.set_values(spec.probes.model_dump(), refused)
        self.optimizer.editors["momentum"].setEnabled(
            not is_live and (spec.optimizer.kind == "sgd" or spec.optimizer.momentum > 0)
        )
        reads = _SCHEDULE_READS[spec.optimizer.schedule.kind]
        self.schedule.set_shown(("kind", *reads))
        self.set_live(is_live)
        n_changes = len(spec.interventions)
        changes = tr("%n change(s) are made while it runs, at the steps of an earlier run")
        self._changes.show_text(changes.replace("%n", str(n_changes)) if n_changes else "")
        self._start.show_text(visible(_start_words(spec)))
        for line in (self._start, self._changes):
            line.setEnabled(not is_live)

    def _set_optimizer(self, name: str, value: object) -> None:
        if self._presenter.is_live:
            if name == "lr" and isinstance(value, float):
                self._live_rate = value
                self._presenter.accept_entry("optimizer.lr")
                self.live_rate.emit(value)
            return
        self._presenter.set_part("optimizer", name, value)

    def _set_schedule(self, name: str, value: object) -> None:
        self._presenter.set_part("optimizer", f"schedule.{name}", value)

    def _set_stopping(self, name: str, value: object) -> None:
        self._presenter.set_part("training", f"stopping.{name}", value)

    def _set_training(self, name: str, value: object) -> None:
        self._presenter.set_part("training", name, value)

    def _set_probes(self, name: str, value: object) -> None:
        self._presenter.set_part("probes", name, value)

    def _clear(self, change: dict[str, Any]) -> None:
        self._presenter.end_edit()
        self._presenter.change(change)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        for form in self.forms:
            form.set_theme(theme)


def _start_words(spec: Spec) -> str:
    """Where a setup begins that does not begin from nothing."""
    start = spec.start
    if start is None:
        return ""
    if not isinstance(start, TrunkStart):
        words = tr("Goes on from step {step} of {run}")
        return words.format(step=f"{start.step:,}", run=start.run)
    words = {
        "none": tr("Begins with the trunk of {run}, which is learned on"),
        "all-but-last": tr("Begins with the trunk of {run}, frozen but for its last stage"),
        "all": tr("Begins with the trunk of {run}, which is frozen"),
    }
    return words[start.freeze].format(run=start.trunk_of)
