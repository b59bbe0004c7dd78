"""Recorder: gathers steps into blocks, so that telling of them costs little."""

import math
from time import perf_counter

import numpy as np
import torch

from workbench.engine.update import NotFinite, Report
from workbench.spec.event import StepsDone

#: A block is handed on after so many seconds or steps.
_SECONDS, _STEPS = 0.05, 256


class Recorder:
    """Reports of single steps in, blocks of steps out."""

    def __init__(self, names: list[str]) -> None:
        self.names = tuple(names)
        self.column = {name: i for i, name in enumerate(names)}
        self.train_seconds = 0.0
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
        """The block of steps that ends before step number `step`; None if there is none.

        Raises NotFinite if an accelerator turned out to have met a loss that is not finite.
        """
        if not self._reports:
            return None
        reports, self._reports = self._reports, []
        rates, self._rates = self._rates, []
        losses = self._table([report.losses for report in reports], reports)
        weights = self._table([report.weights for report in reports], reports)
        now = perf_counter()
        elapsed, self._since = now - self._since, now
        self.train_seconds += elapsed
        block = StepsDone(step, losses, weights, np.asarray(rates, dtype=np.float32), elapsed)
        if isinstance(reports[0].losses, torch.Tensor):
            self._look(reports, losses)
        return block

    def _table(self, values: list[list[float] | torch.Tensor], reports: list[Report]):
        if isinstance(values[0], torch.Tensor):
            sizes = [len(value) for value in values]
            flat = torch.cat([torch.as_tensor(value) for value in values]).tolist()
            ends = np.cumsum([0, *sizes])
            rows = [flat[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
        else:
            rows = values
        if all(report.names == self.names for report in reports):
            return np.asarray(rows, dtype=np.float32)
        table = np.full((len(rows), len(self.names)), np.nan, dtype=np.float32)
        for line, row, report in zip(table, rows, reports, strict=True):
            for name, value in zip(report.names, row, strict=True):
                line[self.column[name]] = value
        return table

    def _look(self, reports: list[Report], losses: np.ndarray) -> None:
        for report, row in zip(reports, losses, strict=True):
            for name in report.names:
                value = float(row[self.column[name]])
                if not math.isfinite(value):
                    raise NotFinite(name, value)
