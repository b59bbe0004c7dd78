"""StepBuffer: gathers steps into blocks, so that telling of them costs little."""

from itertools import pairwise
from time import perf_counter

import numpy as np
import torch

from workbench.engine.update.divergence import NotFiniteError, not_finite
from workbench.engine.update.update import Report
from workbench.spec.event import Floats, StepsDone

#: A block is handed on after so many seconds or steps.
_SECONDS, _STEPS = 0.05, 256


class StepBuffer:
    """Reports of single steps in, blocks of steps out.

    An accelerator's losses are first seen here. Where one is not finite, the block ends before
    its step, `failure` tells of it and `end` is that step.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = tuple(names)
        self.column = {name: i for i, name in enumerate(names)}
        self.train_seconds = 0.0
        self.failure: NotFiniteError | None = None
        self.end = 0
        self._reports: list[Report] = []
        self._rates: list[float] = []
        self._since = perf_counter()

    def resume_clock(self) -> None:
        """Training time counts from now: what came before was something else."""
        self._since = perf_counter()

    def add(self, report: Report, rate: float) -> bool:
        """Take a step's report; true when the block should be handed on."""
        self._reports.append(report)
        self._rates.append(rate)
        return len(self._rates) >= _STEPS or perf_counter() - self._since >= _SECONDS

    def flush(self, step: int) -> StepsDone | None:
        """The block of steps that ends before step number `step`; None if there is none."""
        if not self._reports:
            return None
        reports, self._reports = self._reports, []
        rates, self._rates = self._rates, []
        losses = self._table([report.losses for report in reports], reports)
        weights = self._table([report.weights for report in reports], reports)
        now = perf_counter()
        elapsed, self._since = now - self._since, now
        self.train_seconds += elapsed
        n = self._n_finite(reports, losses) if torch.is_tensor(reports[0].losses) else len(reports)
        self.end = step - len(reports) + n
        if n == 0:
            return None
        paces = np.asarray(rates[:n], dtype=np.float32)
        return StepsDone(self.end, losses[:n], weights[:n], paces, elapsed)

    def _table(self, values: list[list[float] | torch.Tensor], reports: list[Report]) -> Floats:
        tensors = [value for value in values if isinstance(value, torch.Tensor)]
        if tensors:  # one transfer from the accelerator, not one a step
            flat: list[float] = torch.cat(tensors).tolist()
            ends = np.cumsum([0, *(len(tensor) for tensor in tensors)]).tolist()
            rows: list[list[float]] = [flat[a:b] for a, b in pairwise(ends)]
        else:
            rows = [value for value in values if isinstance(value, list)]
        if all(report.names == self.names for report in reports):
            return np.asarray(rows, dtype=np.float32)
        table = np.full((len(rows), len(self.names)), np.nan, dtype=np.float32)
        for line, row, report in zip(table, rows, reports, strict=True):
            for name, value in zip(report.names, row, strict=True):
                line[self.column[name]] = value
        return table

    def _n_finite(self, reports: list[Report], losses: Floats) -> int:
        """Number of steps before the first with a loss that is not finite; notes the failure."""
        for i, (report, row) in enumerate(zip(reports, losses, strict=True)):
            for name in report.names:
                value = float(row[self.column[name]])
                if not np.isfinite(value):
                    self.failure = not_finite("loss", name, value)
                    return i
        return len(reports)
