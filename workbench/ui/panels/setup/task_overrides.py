"""TaskOverrides: what a task has for itself in the model: the layers of its head, and its loss."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.spec.experiment import Heads, Loss, TaskChoice
from workbench.ui.look.theme import Theme
from workbench.ui.model.problem_list import RefusedEntry
from workbench.ui.widgets.basics import column
from workbench.ui.widgets.editors import Schema
from workbench.ui.widgets.form import Form, titled
from workbench.ui.words.language import translator

tr = translator("Tasks")

#: Letters of a metric that are shown in the line of a task.
_LONGEST_KEY = 12

#: The numbers that a loss has.
_LOSS_READS = {"huber": ("delta",), "cross-entropy": ("smoothing",), "focal": ("gamma",)}


class TaskOverrides(QWidget):
    """A form of hidden layers, empty where those of all heads hold, the loss and the metrics."""

    #: `head`, the widths or None, `loss`, a Loss or None, or `metrics`, their keys or None.
    edited = Signal(str, object)
    #: The field, what was typed there, and why it is no value.
    refused = Signal(str, str, str)

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._loss = Loss()
        self.form = Form(_schema(), theme, f"own.{name}")
        column(self, (20, 0, 0, 4), 0).addWidget(self.form)
        self.form.edited.connect(self._edit)
        self.form.refused.connect(self.refused)

    def show_choice(self, choice: TaskChoice | None, refused: Mapping[str, RefusedEntry]) -> None:
        """Show what an entry says, or nothing."""
        head = None if choice is None else choice.head
        self._loss = (choice.loss if choice else None) or Loss()
        widths = [] if head is None else list(head) or [0]
        metrics = list((choice.metrics if choice else None) or ())
        values = {"head": widths, **self._loss.model_dump(), "metrics": metrics}
        self.form.set_values(values, refused)
        self.form.set_shown(("head", "kind", *_LOSS_READS.get(self._loss.kind, ()), "metrics"))

    def _edit(self, name: str, value: Any) -> None:
        if name == "head":
            widths = tuple(value)
            self.edited.emit("head", None if not widths else () if widths == (0,) else widths)
            return
        if name == "metrics":
            self.edited.emit("metrics", tuple(value) or None)
            return
        loss = self._loss.model_copy(update={name: value})
        self.edited.emit("loss", None if loss == Loss() else loss)


def summary_of(choice: TaskChoice | None) -> str:
    """What a task has for itself, in a word or two; empty where nothing."""
    if choice is None:
        return ""
    words: list[str] = []
    if choice.head is not None:
        words.append(", ".join(map(str, choice.head)) or "0")
    if choice.loss is not None and choice.loss.kind != "usual":
        words.append(choice.loss.kind)
    if choice.metrics is not None:
        first, *others = choice.metrics
        words.append(_short(first) + (f" +{len(others)}" if others else ""))
    return " · ".join(words)


def _short(key: str) -> str:
    """A key that leaves the line of its task its width."""
    return key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 1]}…"


def _schema() -> Schema:
    titles = {
        "kind": tr("Loss"),
        "delta": tr("Delta"),
        "smoothing": tr("Label smoothing"),
        "gamma": tr("Gamma"),
    }
    head = {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "title": tr("Head layers"),
        "description": tr(
            "Width of each hidden layer of this task's head, such as 64 or 64, 32; 0 for none,"
            " empty for those that all heads have (in Sharing)."
        ),
        "placeholder": tr("as in Sharing"),
        "default": [],
    }
    metrics = {
        "type": "array",
        "items": {"type": "string"},
        "title": tr("Metrics"),
        "description": tr(
            "What this task is scored in, by keys such as roc-auc, accuracy; the first leads."
            " Empty for those of its family."
        ),
        "placeholder": tr("as its family says"),
        "default": [],
    }
    return {"properties": {"head": head, **titled(Loss, titles)["properties"], "metrics": metrics}}


def heads_schema() -> Schema:
    """The form of the layers that all heads have."""
    titles = {
        "hidden": tr("Head layers"),
        "activation": tr("Head activation"),
        "norm": tr("Head layer norm"),
        "dropout": tr("Head dropout"),
    }
    schema = titled(Heads, titles)
    schema["properties"]["hidden"]["placeholder"] = tr("one linear layer")
    return schema
