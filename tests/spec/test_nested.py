"""Nested: families within a family are checked, found and told like any other."""

from pathlib import Path

import pytest

from tests.contracts.faces import CATALOGUE
from workbench.spec.check import check, problems
from workbench.spec.checks.preset_schema import preset_schema
from workbench.spec.experiment import Spec
from workbench.spec.experiments.nested import with_source
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import PresetError, parse, read, save, spec_of, text_of, with_values
from workbench.spec.user_files.sources import changed, digest
from workbench.study.comparison.likeness import facts_of
from workbench.study.search.fields import schema_of

DEEP = """
tasks:
  - family: split
    n_tasks: 2
    of:
      family: rotated
      angles: [0.0, 90.0]
      of: {family: digits-attributes, task: digit}
"""


def _refusals(text: str) -> list[str]:
    with pytest.raises(PresetError) as refused:
        check(parse(text), CATALOGUE)
    return [problem.text() for problem in refused.value.problems]


def test_several_deep_fit_and_are_written_and_read_as_they_are():
    spec = check(parse(DEEP), CATALOGUE)
    assert spec_of(parse(text_of(spec))) == spec


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("angles: [0.0, 90.0]", "n_tasks: 3", ":7: tasks.0.of.n_tasks: unknown key"),
        ("[0.0, 90.0]", "[0.0, 400.0]", ":7: tasks.0.of.angles.1: must be less than 360; found"),
        ("[0.0, 90.0]", "[0.0, 0.0]", ":7: tasks.0.of.angles: must differ; found 0 twice"),
        ("rotated", "rotate", ":6: tasks.0.of.family: there is no 'rotate'; did you mean"),
        ("task: digit", "task: digits", ":8: tasks.0.of.of.task: there is no 'digits'"),
        ("task: digit", "task: 3", ":8: tasks.0.of.of.task: must be text; found 3"),
        ("task: digit", "weight: 2", ":8: tasks.0.of.of.weight: unknown key (allowed: family"),
        ("family: digits-attributes, ", "", ":8: tasks.0.of.of: names no family"),
        ("family: digits-attributes", "family: 3", ":8: tasks.0.of.of.family: must be text"),
        ("{family: digits-attributes, task: digit}", "digits", ":8: tasks.0.of.of: must be a map"),
        (
            "{family: digits-attributes, task: digit}",
            "{family: few-shot-digits}",
            ":8: tasks.0.of.of.family: few-shot-digits is a distribution of small tasks",
        ),
        (
            "{family: digits-attributes, task: digit}",
            "{family: table, file: /no/such.csv}",
            ":8: tasks.0.of.of.file: there is no /no/such.csv",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_within_is_told_with_its_line(old: str, new: str, said: str):
    (refusal,) = _refusals(DEEP.replace(old, new))
    assert refusal.startswith(said)


def test_families_may_not_be_within_each_other_without_end():
    inner = "{family: digits-attributes, task: digit}"
    for _ in range(9):
        inner = f"{{family: subset, of: {inner}}}"
    (refusal,) = _refusals(f"tasks:\n  - {inner}")
    assert "8 deep at most" in refusal


def test_what_a_family_within_needs_and_gives_counts():
    split = CATALOGUE["tasks", "split"]
    assert "pictures" in with_source(split, {"of": {"family": "mnist"}}, CATALOGUE).gives
    assert "tokens" in with_source(split, {"of": {"family": "numbers"}}, CATALOGUE).gives
    point = Spec.model_validate({"tasks": [{"family": "subset", "of": {"family": "landscape"}}]})
    assert any("encoder point" in problem.message for problem in problems(point, CATALOGUE))


def test_a_file_within_is_found_beside_the_preset_and_known_by_its_sum(tmp_path: Path):
    file = tmp_path / "mine.csv"
    file.write_text("a,b\n1,x\n2,y\n")
    preset = tmp_path / "mine.yaml"
    of = "{family: subset, of: {family: table, file: mine.csv, sha256: '%s', targets: {b: auto}}}"
    preset.write_text(f"tasks:\n  - {{family: split, of: {of % digest(file)}}}\n")
    spec = spec_of(read(preset))
    assert spec.tasks[0].settings["of"]["of"]["file"] == str(file)
    assert changed(spec) == []
    save(spec, preset)
    assert "file: mine.csv" in preset.read_text()
    moved = tmp_path / "other" / "mine.csv"
    moved.parent.mkdir()
    moved.write_bytes(file.read_bytes())
    elsewhere = text_of(spec).replace(str(file), str(moved))
    assert fingerprint(spec_of(parse(elsewhere))) == fingerprint(spec)
    file.write_text("a,b\n1,x\n2,z\n")
    (problem,) = changed(spec)
    assert problem.field == "tasks.0.of.of.file"


def test_a_setting_within_can_be_set_searched_and_compared():
    document = parse(DEEP)
    spec = spec_of(with_values(document, ["tasks.0.of.angles=[0.0, 45.0]"]))
    assert spec.tasks[0].settings["of"]["angles"] == [0.0, 45.0]
    assert schema_of(spec, CATALOGUE, "tasks.0.of.angles")["type"] == "array"
    assert schema_of(spec, CATALOGUE, "tasks.0.n_tasks")["maximum"] == 1000
    data = facts_of(spec, CATALOGUE).data
    assert data["tasks.0.of.scenario"] == "domain"


def test_the_schema_has_any_family_within_any_other():
    schema = preset_schema(CATALOGUE)
    keys = {
        variant["properties"]["family"]["const"] for variant in schema["$defs"]["Source"]["oneOf"]
    }
    assert {"mnist", "split", "table"} <= keys
    (split,) = [
        variant
        for variant in schema["$defs"]["Source"]["oneOf"]
        if variant["properties"]["family"]["const"] == "split"
    ]
    assert split["properties"]["of"]["$ref"] == "#/$defs/Source"
