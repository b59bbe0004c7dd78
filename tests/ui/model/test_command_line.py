"""The command line shown does what the window would do."""

import shlex
from pathlib import Path

import pytest

from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.check import as_document
from workbench.spec.experiment import Choice, Spec
from workbench.spec.experiments.assignments import assignments
from workbench.spec.files import gallery
from workbench.spec.preset import load, spec_of, with_values
from workbench.ui.model.command_line import command_line, seeds_of, seeds_text


def changed(spec: Spec, **values: object) -> Spec:
    data = {name: getattr(spec, name) for name in Spec.model_fields}
    return Spec.model_validate({**data, **values})


@pytest.mark.parametrize(
    "values",
    [
        {"sharing": Choice(kind="separate")},
        {"balancing": Choice(kind="pcgrad", normalise=True)},
        {"encoder": Choice(kind="mlp", hidden=[64, 32])},
        {"retention": Choice(kind="replay", memory=50)},
        {"optimizer": {"kind": "sgd", "lr": 1e-5, "schedule": {"kind": "step", "factor": 0.5}}},
        {"training": {"epochs": 3, "threads": 2}},
        {"training": {"threads": "auto", "batch_size": 7}},
        {"interventions": [{"step": 3, "lr": 0.1}]},
        {"tasks": joint_spec().tasks[:1]},
    ],
)
def test_assignments_lead_from_one_setup_to_the_other(values: dict[str, object]) -> None:
    old = joint_spec()
    new = changed(old, **values)
    document = with_values(as_document(old), assignments(old, new))
    assert spec_of(document) == new


def test_a_weight_is_named_by_its_place() -> None:
    old = joint_spec()
    tasks = (old.tasks[0].model_copy(update={"weight": 2.5}), old.tasks[1])
    assert assignments(old, changed(old, tasks=tasks)) == ["tasks.0.weight=2.5"]


def test_dropped_settings_are_dropped() -> None:
    old = changed(sequential_spec(), retention=Choice(kind="replay", memory=50))
    new = changed(old, retention=Choice(kind="replay"))
    assert spec_of(with_values(as_document(old), assignments(old, new))) == new


def test_command_names_shipped_presets_and_quotes_paths() -> None:
    path = gallery()[0]
    spec = load(path)
    assert command_line(spec, path, spec) == f"workbench run {path.stem}"
    text = command_line(changed(spec, seeds=(0, 1, 2)), Path("/a b/x.yaml"), spec)
    assert shlex.split(text) == ["workbench", "run", "/a b/x.yaml", "--seeds", "0..2"]


def test_without_a_file_there_is_none() -> None:
    assert command_line(joint_spec(), None, None) == ""


def test_seeds_read_and_written() -> None:
    assert seeds_of("0, 2,5") == (0, 2, 5)
    assert seeds_of("1..4") == (1, 2, 3, 4)
    assert seeds_of(seeds_text((3, 4, 5, 6))) == (3, 4, 5, 6)
    for wrong in ("", "a", "1,1", "2..1"):
        with pytest.raises(ValueError, match="seed"):
            seeds_of(wrong)
