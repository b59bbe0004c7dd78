"""What came of a run, whatever its scores were."""

import numpy as np
import pytest

from workbench.spec.event import Evaluated
from workbench.store.outcome import Outcome


@pytest.mark.parametrize(
    "scores",
    [[np.inf, -np.inf, 0.5], [np.nan, 0.5, 0.5], [np.inf, np.inf, np.inf]],
    ids=["no mean", "unknown", "infinite"],
)
def test_a_mean_is_kept_where_there_is_one(scores: list[float]) -> None:
    outcome = Outcome()
    large = [3e38, 3e38, 3e38]
    for values in (scores, large, [0.25, 0.5, 0.75]):
        array = np.array(values, dtype=np.float32)
        outcome.take(Evaluated(10, 0, "val", array, array, False))
    assert outcome.course == [pytest.approx(3e38), 0.5]
