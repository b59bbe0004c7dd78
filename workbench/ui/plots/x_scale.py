"""XScale: where a step stands on an x-axis of steps, of epochs or of time (Qt-free)."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel


class XUnit(StrEnum):
    """What an x-axis counts."""

    STEP = "step"
    EPOCH = "epoch"
    TIME = "time"


def _none() -> Values:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class XScale:
    """Places on the x-axis, linear between the steps [K] at which they are known.

    Both grow. Beyond the last known step places go on at the mean pace; without any, a place is
    the step itself.
    """

    steps: Values = field(default_factory=_none)
    places: Values = field(default_factory=_none)

    @property
    def is_plain(self) -> bool:
        """Whether a place is the step itself."""
        return len(self.steps) < 2

    def at(self, steps: Values) -> Values:
        """The places of steps; NaN stays NaN."""
        return steps if self.is_plain else _map(steps, self.steps, self.places)

    def step_at(self, places: Values) -> Values:
        """The steps that stand at these places."""
        return places if self.is_plain else _map(places, self.places, self.steps)

    def place(self, step: float) -> float:
        """The place of one step."""
        return float(self.at(np.array([float(step)]))[0])

    def step(self, place: float) -> float:
        """The step at one place."""
        return float(self.step_at(np.array([float(place)]))[0])


def scale_of(model: RunModel, unit: XUnit) -> XScale:
    """The scale of a run; plain where the run does not tell what is asked for."""
    if unit is XUnit.EPOCH:
        return _of_epochs(model)
    if unit is XUnit.TIME:
        return _of_time(model)
    return XScale()


def _of_epochs(model: RunModel) -> XScale:
    """An epoch of a stage is a pass over the largest of the data of its tasks."""
    if model.began is None or model.spec is None:
        return XScale()
    batch = model.spec.training.batch_size
    n_steps = {facts.name: max(-(-facts.n_train // batch), 1) for facts in model.tasks}
    steps, places = [0.0], [0.0]
    for stage in model.began.stages:
        if stage.steps:
            in_epoch = max((n_steps.get(name, 1) for name in stage.tasks), default=1)
            steps.append(steps[-1] + stage.steps)
            places.append(places[-1] + stage.steps / in_epoch)
    return XScale(np.array(steps), np.array(places))


def _of_time(model: RunModel) -> XScale:
    """Seconds of training alone, as the blocks of steps told them."""
    clock = model.steps.clock
    if len(clock) < 2 or clock[-1, 1] <= clock[0, 1]:
        return XScale()
    return XScale(clock[:, 0], clock[:, 1])


def _map(values: Values, known: Values, onto: Values) -> Values:
    inside = np.interp(values, known, onto)
    pace = (onto[-1] - onto[0]) / (known[-1] - known[0])
    after = onto[-1] + (values - known[-1]) * pace
    before = onto[0] + (values - known[0]) * pace
    return np.where(values > known[-1], after, np.where(values < known[0], before, inside))
