"""CostEstimator: what the model of the setup takes, asked for whenever the setup settles."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.spec.cost import ModelCost, amount
from workbench.spec.documents.document import Problem
from workbench.spec.experiment import Spec
from workbench.spec.question import Cost, RefusedError
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.problem_list import decisive
from workbench.ui.model.task_colours import colour_numbers, orders_of, tasks_of
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.words.language import translator

_TOPIC = "cost"
#: The setup has settled when nothing was changed for so long.
_SETTLED_MS = 250

tr = translator("CostEstimator")


class CostEstimator(QObject):
    """Keeps the newest answer. `changed` tells that it is another, or not known any more."""

    changed = Signal()

    def __init__(
        self, presenter: Presenter, questions: QuestionQueue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._questions = questions
        self._is_on = False
        self._spec: Spec | None = None
        self.cost: ModelCost | None = None
        self.reason = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self._ask)
        presenter.listeners.append(self._hear)

    def start(self) -> None:
        """The training process can be asked from now on."""
        self._is_on = True
        self._timer.start()

    def _hear(self, topic: str) -> None:
        if topic in ("spec", "catalogue", "state") and self._is_on:
            self._timer.start()

    def _ask(self) -> None:
        spec, presenter = decisive(self._presenter.spec), self._presenter
        if presenter.is_live or spec == self._spec or not presenter.catalogue:
            return
        self._spec = spec
        presenter.refuse(spec, None)
        if presenter.problems:
            self._questions.cancel(_TOPIC)
            self._refuse(RefusedError(tr("known when nothing keeps the setup from running")))
            return
        self._questions.ask(_TOPIC, Cost(presenter.spec), self._take, self._refuse_setup)

    def _take(self, cost: ModelCost) -> None:
        self.cost, self.reason = cost, ""
        self.changed.emit()

    def _refuse_setup(self, error: RefusedError) -> None:
        """A choice that does not fit keeps the setup from running.

        Data that could not be read may be there by the time of the run.
        """
        is_data = error.field.partition(".")[0] in ("", "tasks")
        if self._spec is not None and not is_data:
            self._presenter.refuse(self._spec, Problem(error.field, error.message))
        self._refuse(error)

    def _refuse(self, error: RefusedError) -> None:
        self.cost, self.reason = None, error.message
        self.changed.emit()

    @property
    def colours(self) -> Mapping[str, int]:
        """The number of the colour of each task in the newest answer."""
        if self.cost is None:
            return {}
        catalogue = self._presenter.catalogue
        tasks = tasks_of(self._presenter.spec.tasks, catalogue)
        names = self.cost.structure.tasks
        numbers = colour_numbers(tasks, orders_of(catalogue))
        # What a family's tasks are called may depend on more than the catalogue knows.
        fit = numbers if len(numbers) == len(names) else range(len(names))
        return dict(zip(names, fit, strict=True))

    @property
    def line(self) -> str:
        """The cost in one line; why it is not known, if it is not."""
        cost = self.cost
        if cost is None:
            return self.reason
        parts = [tr("{} parameters").format(amount(cost.parameters))]
        if cost.flops is not None:
            parts.append(tr("{} an example").format(amount(cost.flops, "FLOP")))
        if cost.memory is not None:
            parts.append(amount(cost.memory, "B"))
        return " · ".join(parts)

    @property
    def retained(self) -> str:
        """What retention will hold at most; empty where that is nothing or not known."""
        if self.cost is None or not self.cost.retained.bytes:
            return ""
        n, size = self.cost.retained.examples, amount(self.cost.retained.bytes, "B")
        if n:
            return tr("Keeps up to {} examples · {}").format(f"{n:,}", size)
        return tr("Keeps up to {}, and no examples").format(size)

    @property
    def retained_details(self) -> str:
        """What the size of what is kept counts."""
        return tr(
            "What is kept of the past beside the model, as it is in a checkpoint: examples with\n"
            "their answers and what is noted of them, importances, copies of the network"
        )

    @property
    def details(self) -> str:
        """What the figures mean, and which of them are not known and why."""
        cost = self.cost
        if cost is None:
            return self.reason
        lines = [
            tr("{} parameters, of which {} are shared").format(
                f"{cost.parameters:,}", f"{cost.shared_parameters:,}"
            )
        ]
        if cost.target is not None:
            off = 100 * (cost.parameters - cost.target) / cost.target
            lines.append(
                tr("{} were asked for ({} %); widths {}").format(
                    f"{cost.target:,}", f"{off:+.1f}", ", ".join(map(str, cost.widths))
                )
            )
        lines.append(tr("FLOPs of answering an example: matrix products and convolutions"))
        lines.append(tr("Memory of a training step, without what balancing and retention keep"))
        lines += [tr("Not known: {}").format(f"{k}: {why}") for k, why in cost.reasons.items()]
        return "\n".join(lines)
