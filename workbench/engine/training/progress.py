"""Progress: where a run is, and what it has scored so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.spec.event import Floats


@dataclass(slots=True)
class Progress:
    """The stage, steps done in all and in the stage, scores so far, rate and time spent."""

    stage: int = 0
    step: int = 0
    stage_step: int = 0
    is_begun: bool = False
    rows: list[Floats] = field(default_factory=list[Floats])
    baseline: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    rate: float = 0.0
    seconds: float = 0.0
    train_seconds: float = 0.0

    def state_dict(self) -> dict[str, Any]:
        """All of it, in types that load without code."""
        return {
            "stage": self.stage,
            "step": self.step,
            "stage_step": self.stage_step,
            "is_begun": self.is_begun,
            "rows": [row.tolist() for row in self.rows],
            "baseline": self.baseline.tolist(),
            "rate": self.rate,
            "seconds": self.seconds,
            "train_seconds": self.train_seconds,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Progress":
        """What `state_dict` told; other keys are passed over."""
        plain = ("stage", "step", "stage_step", "is_begun", "rate", "seconds", "train_seconds")
        return cls(
            **{name: state[name] for name in plain},
            rows=[np.asarray(row, dtype=np.float32) for row in state["rows"]],
            baseline=np.asarray(state["baseline"], dtype=np.float32),
        )
