"""The fingerprint: equal where the result is, and only there."""

import pytest

from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.fingerprint import NUMERICS, fingerprint

BASE = {"tasks": [{"family": "fake", "weight": 1.0}]}


def of(**more: object) -> str:
    return fingerprint(Spec.model_validate({**BASE, **more}))


@pytest.mark.parametrize(
    "aside",
    [
        {"name": "Another"},
        {"about": "In other words"},
        {"seeds": [1, 2]},
        {"probes": {"every": 7, "affinity": True}},
        {"training": {"evaluate_every": 3}},
        {"training": {"epochs": 20}},
        {"balancing": {"kind": "fixed"}},
    ],
)
def test_what_does_not_decide_the_result_is_left_out(aside: dict[str, object]):
    assert of(**aside) == of()


@pytest.mark.parametrize(
    "change",
    [
        {"tasks": [{"family": "fake", "weight": 2.0}]},
        {"tasks": [{"family": "fake", "task": "first"}]},
        {"training": {"epochs": 21}},
        {"training": {"threads": 2}},
        {"balancing": {"kind": "pcgrad"}},
        {"optimizer": {"lr": 0.01}},
        {"device": "cuda"},
        {"interventions": [{"step": 3, "lr": 0.1}]},
    ],
)
def test_what_decides_the_result_counts(change: dict[str, object]):
    assert of(**change) != of()


def test_how_a_program_computes_counts():
    spec = Spec.model_validate(BASE)
    assert fingerprint(spec) == fingerprint(spec, NUMERICS)
    assert len({fingerprint(spec, n) for n in (1, NUMERICS, NUMERICS + 1, "1+2")}) == 4


def test_a_whole_number_is_the_same_with_and_without_a_point():
    assert of(retention={"kind": "ewc", "strength": 100}) == of(
        retention={"kind": "ewc", "strength": 100.0}
    )


def test_a_setting_of_a_method_counts():
    assert of(balancing={"kind": "cagrad", "c": 0.4}) != of(balancing={"kind": "cagrad", "c": 0.5})


def test_what_is_in_a_file_decides_and_not_where_it_lies():
    def of(file: str, sha256: str) -> str:
        choice = TaskChoice(family="table", file=file, sha256=sha256)
        return fingerprint(Spec(tasks=(choice,)))

    assert of("/here/a.csv", "0" * 64) == of("/there/b.csv", "0" * 64)
    assert of("/here/a.csv", "0" * 64) != of("/here/a.csv", "1" * 64)
    assert of("/here/a.csv", "") != of("/there/b.csv", "")
