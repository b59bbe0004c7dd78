"""Detectors find that errors became more, and go on where they were saved."""

import io
from typing import get_args

import numpy as np
import pytest
import torch
from river.base import DriftDetector as Watch
from river.drift import PageHinkley
from river.drift.binary import DDM

from workbench.engine.numerics.drift_detector import DriftDetector, Kind

every_kind = pytest.mark.parametrize("kind", get_args(Kind))


def errors(*rates: float, n: int = 1000, seed: int = 0) -> list[bool]:
    """Errors at these rates, `n` at each."""
    chance = np.random.default_rng(seed)
    return [bool(e) for rate in rates for e in chance.random(n) < rate]


def found(made: DriftDetector, stream: list[bool]) -> list[int]:
    return [i for i, error in enumerate(stream) if made.update(error)]


@every_kind
def test_it_finds_that_errors_became_more_soon_after_they_did(kind: Kind):
    for seed in range(5):
        at = found(DriftDetector(kind), errors(0.1, 0.6, seed=seed))
        after = [i for i in at if i >= 1000]
        assert after
        assert after[0] < 1300


@every_kind
def test_it_hardly_ever_takes_chance_for_a_drift(kind: Kind):
    n_false = sum(len(found(DriftDetector(kind), errors(0.2, seed=s))) for s in range(20))
    # in 20 000 errors; DDM's bound is of three deviations, asked anew at every one of them
    assert n_false <= (20 if kind == "ddm" else 1)


@every_kind
def test_fewer_errors_are_no_drift(kind: Kind):
    for seed in range(5):
        at = found(DriftDetector(kind), errors(0.8, 0.2, seed=seed))
        assert not [i for i in at if i >= 1000]


@every_kind
def test_it_goes_on_where_it_was_saved(kind: Kind):
    stream = errors(0.1, 0.6, 0.1, 0.6, n=400)
    whole = found(DriftDetector(kind), stream)
    assert len(whole) >= 2
    for point in (0, 1, 33, 399, whole[0], whole[0] + 1, 900):
        first = DriftDetector(kind)
        before = found(first, stream[:point])
        file = io.BytesIO()
        torch.save(first.state_dict(), file)
        file.seek(0)
        second = DriftDetector(kind)
        second.load_state_dict(torch.load(file, weights_only=True))
        assert before + [point + i for i in found(second, stream[point:])] == whole
        assert first.kind == second.kind


@pytest.mark.parametrize(
    ("kind", "watch"), [("page-hinkley", PageHinkley(mode="up")), ("ddm", DDM())]
)
def test_it_finds_what_rivers_own_class_finds(kind: Kind, watch: Watch):
    stream = errors(0.1, 0.5, 0.1, 0.9)
    expected: list[int] = []
    for i, error in enumerate(stream):
        watch.update(error)
        if watch.drift_detected:
            expected.append(i)
    assert found(DriftDetector(kind), stream) == expected
    assert expected
