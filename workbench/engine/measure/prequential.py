"""Prequential accuracy: each example is first asked, then learned."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from workbench.engine.numerics.drift_detector import DriftDetector, Kind
from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.metric import answers_of
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Task
from workbench.spec.event import DriftDetected, Reported, Table
from workbench.spec.experiment import Probes

#: The row of all tasks' examples together, in the order in which they came.
WHOLE = "stream"

#: What is told of examples at their first sight, and of those that were learned from before.
FIRST, AGAIN = "prequential accuracy", "training accuracy"

#: Both without their rows.
_TABLES = {
    FIRST: Table(
        FIRST,
        (),
        ("accuracy",),
        np.empty((0, 1), np.float32),
        title="Prequential accuracy",
        meaning="The accuracy on each example at its first sight, just before it is learned from; "
        "earlier examples count ever less. (Gama 2013)",
    ),
    AGAIN: Table(
        AGAIN,
        (),
        ("accuracy",),
        np.empty((0, 1), np.float32),
        title="Training accuracy",
        meaning="The accuracy on examples that come again, and were learned from before: how well "
        "they are known by heart, not how well new ones are answered.",
    ),
}

#: Faded sums of errors and of examples, by row.
Sums = dict[str, tuple[float, float]]


class Prequential:
    """Test-then-train accuracy of the tasks that answer with classes, with a fading memory.

    After examples 1 … n with errors eₖ it is 1 − Σₖ αⁿ⁻ᵏ eₖ / Σₖ αⁿ⁻ᵏ (Gama, Sebastião & Rodrigues,
    On evaluating stream learning algorithms, Machine Learning 2013); with α = 1 it is the mean of
    all. An example counts once, at its first sight: where one comes again, as in a second epoch, it
    was learned from, and counts for the training accuracy, which is another table. The run's own
    `answer` is asked, in evaluation mode and on the batch's own examples alone, not the outputs of
    the training step: replayed examples, dropout, batch statistics and heads that a method does
    not answer with stay out of it. No random number is drawn.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        answer: Callable[[Batch], dict[str, Tensor]],
        settings: Probes,
        watch: Kind | None = None,
    ) -> None:
        self.model = model
        self.tasks = tasks
        self.answer = answer
        self.fading = settings.fading
        names = [name for name, task in tasks.items() if isinstance(task.output, Classes)]
        rows = [*names, *([WHOLE] if len(names) > 1 else [])]
        #: By table.
        self.sums: dict[str, Sums] = {
            table: dict.fromkeys(rows, (0.0, 0.0)) for table in (FIRST, AGAIN)
        }
        #: Whether each training example [N] of a task came by.
        self.seen = {n: torch.zeros(len(tasks[n].data["train"]), dtype=torch.bool) for n in names}
        #: What ends the stages, and what only looks on; one for both where they are of one kind.
        self.watch = DriftDetector(watch) if watch is not None else None
        kind = settings.detector
        self.detector = DriftDetector(kind) if kind != "none" and kind != watch else None
        #: The drifts found since they were last told: in whose examples, and by which detector.
        self.new_drifts: list[tuple[str, Kind]] = []

    def test(self, batch: Batch, drawn: Mapping[str, Tensor]) -> bool:
        """Ask the model the examples that it is about to learn from; true: a drift was found.

        `drawn` has the examples' positions [B] among their task's, by task. Where a batch has
        examples of several tasks, they are a stream in the batch's order.
        """
        classified = {name: part for name, part in batch.items() if name in self.seen}
        if not classified:  # its tasks answer with something else
            return False
        self.model.eval()
        with torch.inference_mode():
            outputs = self.answer(classified)
        self.model.train()
        for name, part in classified.items():
            positions, output, target = drawn[name], outputs[name], part.target
            if self.tasks[name].lacks_answers:
                rows = answered_rows(target)
                positions, output, target = positions[rows.cpu()], output[rows], target[rows]
            wrong = cast("list[bool]", (answers_of(output) != target).tolist())
            known = cast("list[bool]", self.seen[name][positions].tolist())
            self.seen[name][positions] = True
            errors = [error for error, is_known in zip(wrong, known, strict=True) if not is_known]
            self._count(FIRST, name, errors)
            if len(errors) < len(wrong):
                again = [error for error, is_known in zip(wrong, known, strict=True) if is_known]
                self._count(AGAIN, name, again)
            for detector in (self.watch, self.detector):
                if detector is not None and detector.finds(errors):
                    self.new_drifts.append((name, detector.kind))
        return bool(self.new_drifts)

    def drifts(self, step: int) -> list[DriftDetected]:
        """The drifts found since they were last told."""
        drifts, self.new_drifts = self.new_drifts, []
        return [DriftDetected(step, task, kind) for task, kind in dict.fromkeys(drifts)]

    def _count(self, table: str, task: str, errors: list[bool]) -> None:
        sums = self.sums[table]
        for row in (task, WHOLE):
            if row in sums:
                wrong, seen = sums[row]
                for error in errors:
                    wrong = self.fading * wrong + error
                    seen = self.fading * seen + 1
                sums[row] = wrong, seen

    def report(self, step: int) -> list[Reported]:
        """The accuracies now, NaN where none came; that of training where examples came again."""
        tables = [
            replace(
                _TABLES[name],
                rows=tuple(sums),
                values=np.asarray(
                    [[1 - wrong / seen if seen else np.nan] for wrong, seen in sums.values()],
                    dtype=np.float32,
                ),
            )
            for name, sums in self.sums.items()
            if name == FIRST or any(seen for _, seen in sums.values())
        ]
        return [Reported(step, "stream", tuple(tables))]

    def state_dict(self) -> dict[str, Any]:
        """What is counted so far."""
        return {
            "sums": {
                table: {name: list(pair) for name, pair in sums.items()}
                for table, sums in self.sums.items()
            },
            "seen": dict(self.seen),
            "detector": self.detector.state_dict() if self.detector is not None else None,
            "watch": self.watch.state_dict() if self.watch is not None else None,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        if "seen" in state:  # an earlier version counted what it had learned from as new
            self.seen = dict(state["seen"])
            self.sums = {
                table: {name: (wrong, seen) for name, (wrong, seen) in sums.items()}
                for table, sums in state["sums"].items()
            }
        if self.detector is not None:
            self.detector.load_state_dict(state["detector"])
        if self.watch is not None:
            self.watch.load_state_dict(state["watch"])


def prequential(
    model: Sharing,
    tasks: Mapping[str, Task],
    answer: Callable[[Batch], dict[str, Tensor]],
    settings: Probes,
    watch: Kind | None = None,
) -> Prequential | None:
    """What tests each batch, where that is asked for and a task answers with classes.

    `watch` is the detector whose drifts end the stages of the run, where one does.
    """
    if not settings.prequential and settings.detector == "none" and watch is None:
        return None
    made = Prequential(model, tasks, answer, settings, watch)
    return made if made.seen else None
