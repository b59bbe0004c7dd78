"""Drift detector: watches the errors of a stream and says when they have become more."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from river.base import BinaryDriftAndWarningDetector as WarningWatch
    from river.base import DriftDetector as Watch

#: The detectors of river, by the names that `probes.detector` takes.
Kind = Literal["adwin", "page-hinkley", "ddm"]


class DriftDetector:
    """ADWIN, Page–Hinkley or DDM at river's defaults, on errors of 0 and 1, one after the other.

    - adwin: two parts of a window that adapts its length differ (Bifet & Gavaldà, SDM 2007)
    - page-hinkley: the errors above their mean add up (Page, Biometrika 1954)
    - ddm: the error rate is 3 deviations above its least (Gama et al., SBIA 2004)

    Fewer errors are learning, no drift: ADWIN, which finds both, counts where its mean has risen.
    After whatever it found a detector starts anew.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind
        self._watch = _made(kind)

    def update(self, error: bool) -> bool:
        """Take one error in; true where it shows a drift."""
        watch = self._watch
        before = cast("float", getattr(watch, "estimation", 0.0))
        watch.update(error)
        if not watch.drift_detected:
            return False
        after = cast("float", getattr(watch, "estimation", 1.0))
        self._watch = _made(self.kind)
        return after > before

    def finds(self, errors: Iterable[bool]) -> bool:
        """Take errors in, one after the other; true where one of them shows a drift."""
        shown = [self.update(error) for error in errors]
        return any(shown)

    def state_dict(self) -> dict[str, Any]:
        """What it has seen since it started anew, as numbers and text."""
        held = vars(self._watch)
        if self.kind == "adwin":
            # river keeps the window in compiled code, which gives it as bytes
            return {"window": held["_helper"].__getstate__().hex()}
        numbers = {
            name: value
            for name, value in held.items()
            if name.startswith("_") and (value is None or isinstance(value, (int, float)))
        }
        mean = held[_MEANS[self.kind]]
        return {"numbers": numbers, "mean": [mean.n, mean.get()]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self._watch = _made(self.kind)
        held = vars(self._watch)
        if self.kind == "adwin":
            held["_helper"].__setstate__(bytes.fromhex(state["window"]))
            return
        held.update(state["numbers"])
        mean = held[_MEANS[self.kind]]
        mean.n, mean._mean = state["mean"]


#: Where a detector keeps the mean of its errors.
_MEANS: Mapping[Kind, str] = {"page-hinkley": "_x_mean", "ddm": "_p"}


def _made(kind: Kind) -> "Watch | WarningWatch":
    # imported when first needed: it takes a second, and hardly a run asks for it
    from river.drift import ADWIN, PageHinkley
    from river.drift.binary import DDM

    match kind:
        case "adwin":
            return ADWIN()
        case "page-hinkley":
            return PageHinkley(mode="up")
        case "ddm":
            return DDM()
