"""Prequential accuracy: each example is first asked, then learned."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import torch

from workbench.engine.drift_detector import DriftDetector, Kind
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Classes, Task
from workbench.spec.event import DriftDetected, Reported, Table
from workbench.spec.experiment import Probes

#: The row of all tasks' examples together, in the order in which they came.
WHOLE = "stream"


class Prequential:
    """Test-then-train accuracy of the tasks that answer with classes, with a fading memory.

    After examples 1 … n with errors eₖ it is 1 − Σₖ αⁿ⁻ᵏ eₖ / Σₖ αⁿ⁻ᵏ (Gama, Sebastião & Rodrigues,
    On evaluating stream learning algorithms, Machine Learning 2013); with α = 1 it is the mean of
    all. The run's own `answer` is asked, in evaluation mode and on the new examples alone, not the
    outputs of the training step: replayed examples, dropout, batch statistics and heads that a
    method does not answer with stay out of it. No random number is drawn.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        answer: Callable[[Batch], dict[str, torch.Tensor]],
        settings: Probes,
        watch: Kind | None = None,
    ) -> None:
        self.model = model
        self.answer = answer
        self.fading = settings.fading
        names = [name for name, task in tasks.items() if isinstance(task.output, Classes)]
        rows = [*names, *([WHOLE] if len(names) > 1 else [])]
        #: Faded sums of errors and of examples, by row.
        self.sums = dict.fromkeys(rows, (0.0, 0.0))
        #: What ends the stages, and what only looks on; one for both where they are of one kind.
        self.watch = DriftDetector(watch) if watch is not None else None
        kind = settings.detector
        self.detector = DriftDetector(kind) if kind != "none" and kind != watch else None
        #: The drifts found since they were last told: in whose examples, and by which detector.
        self.found: list[tuple[str, Kind]] = []

    def test(self, batch: Batch) -> bool:
        """Ask the model the examples that it is about to learn from; true: a drift was found.

        Where a batch has examples of several tasks, they are a stream in the batch's order.
        """
        asked = {name: part for name, part in batch.items() if name in self.sums}
        if not asked:  # its tasks answer with something else
            return False
        self.model.eval()
        with torch.inference_mode():
            outputs = self.answer(asked)
        self.model.train()
        for name, part in asked.items():
            wrong = outputs[name].argmax(-1) != part.target
            errors = cast("list[bool]", wrong.tolist())
            self._count(name, errors)
            if WHOLE in self.sums:
                self._count(WHOLE, errors)
            for detector in (self.watch, self.detector):
                if detector is not None and detector.finds(errors):
                    self.found.append((name, detector.kind))
        return bool(self.found)

    def drifts(self, step: int) -> list[DriftDetected]:
        """The drifts found since they were last told."""
        found, self.found = self.found, []
        return [DriftDetected(step, task, kind) for task, kind in dict.fromkeys(found)]

    def _count(self, row: str, errors: list[bool]) -> None:
        wrong, seen = self.sums[row]
        for error in errors:
            wrong = self.fading * wrong + error
            seen = self.fading * seen + 1
        self.sums[row] = wrong, seen

    def report(self, step: int) -> list[Reported]:
        """The accuracy now, NaN for what has not come yet."""
        values = [[1 - wrong / seen if seen else np.nan] for wrong, seen in self.sums.values()]
        table = Table(
            "prequential accuracy",
            tuple(self.sums),
            ("accuracy",),
            np.asarray(values, dtype=np.float32),
        )
        return [Reported(step, "stream", (table,))]

    def state_dict(self) -> dict[str, Any]:
        """What is counted so far."""
        return {
            "sums": {name: list(sums) for name, sums in self.sums.items()},
            "detector": self.detector.state_dict() if self.detector is not None else None,
            "watch": self.watch.state_dict() if self.watch is not None else None,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self.sums = {name: (wrong, seen) for name, (wrong, seen) in state["sums"].items()}
        if self.detector is not None:
            self.detector.load_state_dict(state["detector"])
        if self.watch is not None:
            self.watch.load_state_dict(state["watch"])


def prequential(
    model: Sharing,
    tasks: Mapping[str, Task],
    answer: Callable[[Batch], dict[str, torch.Tensor]],
    settings: Probes,
    watch: Kind | None = None,
) -> Prequential | None:
    """What tests each batch, where that is asked for and a task answers with classes.

    `watch` is the detector whose drifts end the stages of the run, where one does.
    """
    if not settings.prequential and settings.detector == "none" and watch is None:
        return None
    made = Prequential(model, tasks, answer, settings, watch)
    return made if made.sums else None
