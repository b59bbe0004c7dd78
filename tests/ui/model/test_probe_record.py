"""The columns of the probes say what the probes said."""

import numpy as np
import pytest

from tests.ui.fakes import probed
from workbench.spec.event import Probed
from workbench.ui.model.probe_record import ProbeRecord, thinned


def probe(step: int, cosines: list[list[float]], norms: list[float]) -> Probed:
    """A probe without layers."""
    empty = np.zeros((0, 0), dtype=np.float32)
    values = np.array([cosines], dtype=np.float32)
    return Probed(step, ("all",), values, np.array([norms], dtype=np.float32), empty)


def three(step: int, a: float, b: float, c: float) -> Probed:
    """Three tasks with these cosines: first and second, first and third, second and third."""
    return probe(step, [[1, a, b], [a, 1, c], [b, c, 1]], [1.0, 2.0, 0.0])


def test_matrices_are_those_of_the_probes_and_their_mean() -> None:
    record = ProbeRecord(3)
    record.add(three(10, 0.5, -0.5, 0.1))
    record.add(three(20, -0.25, -0.75, float("nan")))
    newest = record.cosines(0, 1)
    assert newest[0, 1] == newest[1, 0] == pytest.approx(-0.25)
    assert np.isnan(newest[1, 2])
    assert np.isnan(np.diag(newest)).all()
    mean = record.cosines(0, None)
    assert mean[0, 1] == pytest.approx(0.125)
    assert mean[0, 2] == mean[2, 0] == pytest.approx(-0.625)
    assert mean[1, 2] == pytest.approx(0.1)
    assert record.worst_pair(0) == (0, 2)


def test_series_are_those_of_the_pair() -> None:
    record = ProbeRecord(3)
    record.add(three(10, 0.5, -0.5, 0.1))
    record.add(three(20, -0.25, -0.75, float("nan")))
    assert record.steps.tolist() == [10, 20]
    assert record.pair_cosines(0, 2, 0) == pytest.approx([-0.5, -0.75])
    assert record.conflicts(0) == pytest.approx([1 / 3, 1.0])
    assert record.similarities(0, 0, 1) == pytest.approx([0.8, 0.8])
    assert record.similarities(0, 2, 2) == pytest.approx([np.nan, np.nan], nan_ok=True)


def test_every_pair_has_a_place_of_its_own() -> None:
    record = ProbeRecord(6)
    values = np.triu(np.arange(36.0).reshape(6, 6), 1) / 36
    record.add(probe(1, (values + values.T + np.eye(6)).tolist(), [1.0] * 6))
    result = [record.pair_cosines(0, i, j)[0] for i in range(6) for j in range(i + 1, 6)]
    assert result == pytest.approx(values[np.triu_indices(6, 1)])


def test_a_resumed_run_tells_its_probes_once() -> None:
    record, again = ProbeRecord(3), ProbeRecord(3)
    events = [probed(step, np.ones(3, dtype=bool), True) for step in range(10, 200, 10)]
    for event in (*events, *events[5:]):
        record.add(event)
    for event in events:
        again.add(event)
    assert record.steps.tolist() == again.steps.tolist()
    assert record.cosines(1, None) == pytest.approx(again.cosines(1, None), nan_ok=True)
    assert record.affinity(None) == pytest.approx(again.affinity(None))


def test_room_doubles_and_layers_may_join() -> None:
    record = ProbeRecord(2)
    for step in range(1, 201):
        record.add(probe(step, [[1, -0.5], [-0.5, 1]], [1.0, 1.0]))
    empty = np.zeros((0, 0), dtype=np.float32)
    cosines = np.full((2, 2, 2), 0.25, dtype=np.float32)
    grown = Probed(201, ("all", "column"), cosines, np.ones((2, 2), dtype=np.float32), empty)
    record.add(grown)
    assert record.layers == ("all", "column")
    assert len(record.pair_cosines(0, 0, 1)) == 201
    assert np.isnan(record.pair_cosines(1, 0, 1)[:200]).all()
    assert record.pair_cosines(1, 0, 1)[200] == 0.25
    assert record.cosines(1, None)[0, 1] == 0.25


def test_affinity_is_unknown_until_it_is_probed() -> None:
    record = ProbeRecord(2)
    record.add(probe(1, [[1, 0], [0, 1]], [1.0, 1.0]))
    assert not record.has_affinity
    assert np.isnan(record.affinity(0)).all()
    record.add(probed(2, np.ones(2, dtype=bool), True))
    assert record.has_affinity
    assert np.isnan(record.pair_affinity(0, 1)[0])
    assert np.isfinite(record.pair_affinity(0, 1)[1])
    assert record.affinity(1)[0, 1] != record.affinity(1)[1, 0]


def test_thinned_curves_keep_their_extremes() -> None:
    y = np.zeros((1000, 1))
    y[437], y[612] = 7.0, -3.0
    x, few = thinned(np.arange(1000.0), y, 50)
    assert len(x) == len(few) <= 102
    assert few.max() == 7.0
    assert few.min() == -3.0


def test_the_reference_case() -> None:
    """Gradients (−4, 1, 1) and (6, 1, 1)."""
    record = ProbeRecord(2)
    record.add(
        probe(1, [[1, -22 / (18 * 38) ** 0.5], [-22 / (18 * 38) ** 0.5, 1]], [18**0.5, 38**0.5])
    )
    assert record.pair_cosines(0, 0, 1) == pytest.approx([-0.84119], abs=1e-5)
    assert record.similarities(0, 0, 1) == pytest.approx([0.93405], abs=1e-5)
    assert record.conflicts(0).tolist() == [1.0]
