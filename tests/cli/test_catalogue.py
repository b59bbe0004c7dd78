"""check, list, show and schema, without training."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests import fakes
from tests.cli.conftest import GOOD
from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.spec import preset
from workbench.spec.cost import Holding, ModelCost
from workbench.spec.question import Cost, RefusedError
from workbench.spec.structure import Structure


def test_check_says_that_a_good_preset_is_good(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["check", good]) == 0
    assert capsys.readouterr().out == f"{good}: 'Good' can be run\n"


def test_check_says_everything_that_is_wrong_with_its_line(tmp_path: Path, capsys: Capture):
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace("memory: 50", "memory: 0").replace("sequential", "joint"))
    assert cli.main(fakes.Services(), ["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"{path}:6: retention.memory: must be at least 1; found 0",
        f"{path}:6: retention.kind: Replay needs a curriculum with several stages: with one stage "
        "there is no past to protect",
    ]


def test_check_lays_the_model_out_only_where_that_alone_tells(tmp_path: Path, capsys: Capture):
    runner = fakes.Runner()
    runner.refusal = RefusedError("no widths come near", "budget.match_parameters")
    path = tmp_path / "sized.yaml"
    path.write_text(GOOD)
    assert cli.main(fakes.Services(runner), ["check", str(path)]) == 0
    assert not runner.asked
    path.write_text(f"{GOOD}budget: {{match_parameters: number, parameters: 10}}\n")
    capsys.readouterr()
    assert cli.main(fakes.Services(runner), ["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{path}:9: budget.match_parameters: no widths come near\n"


def test_check_says_what_a_preset_takes_where_it_is_asked(good: str, capsys: Capture):
    runner = fakes.Runner()
    nothing = Structure((), (), ())
    runner.answers[Cost] = ModelCost(1, 1, 2.0, 3.0, nothing, retained=Holding(50, 13_800))
    assert cli.main(fakes.Services(runner), ["check", good, "--cost"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{good}: 'Good' can be run"
    assert second.endswith("retention keeps up to 50 examples, 13.8 kB")


def test_check_says_what_is_to_be_known_of_the_data(good: str, capsys: Capture):
    runner = fakes.Runner()
    notices = ("a column was left out", "[/b] too")
    runner.answers[Cost] = ModelCost(1, 1, 2.0, 3.0, Structure((), (), ()), notices=notices)
    assert cli.main(fakes.Services(runner), ["check", good, "--cost"]) == 0
    printed = capsys.readouterr().err.splitlines()
    assert printed == [f"workbench: note: {notice}" for notice in notices]


def test_list_names_the_methods_of_a_role(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "balancing"]) == 0
    text = capsys.readouterr().out
    assert "pcgrad" in text
    assert "replay" not in text
    assert cli.main(fakes.Services(), ["list"]) == 0
    assert "cannot be used: ImportError: no module" in capsys.readouterr().out


def outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A preset whose way of keeping the past was written for an earlier version."""
    warnings = ("defines 'mix', which nothing calls: it is 'augment_batch' now",)
    entry = replace(fakes.CATALOGUE["retention", "replay"], warnings=warnings)
    monkeypatch.setitem(fakes.CATALOGUE, ("retention", "replay"), entry)
    path = tmp_path / "p.yaml"
    path.write_text(GOOD)
    return str(path)


def test_a_hook_of_an_earlier_version_is_told_in_list_show_and_check(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    preset_path = outdated(tmp_path, monkeypatch)
    assert cli.main(fakes.Services(), ["list", "retention"]) == 0
    message = "defines 'mix', which nothing calls: it is 'augment_batch' now"
    assert capsys.readouterr().err == f"workbench: warning: retention replay {message}\n"
    assert cli.main(fakes.Services(), ["list", "balancing"]) == 0
    assert not capsys.readouterr().err
    assert cli.main(fakes.Services(), ["show", "replay"]) == 0
    assert f"warning: {message}" in capsys.readouterr().out
    assert cli.main(fakes.Services(), ["check", preset_path]) == 0
    line = f"{preset_path}:6: retention.kind: warning: replay {message}"
    assert capsys.readouterr().err == f"workbench: {line}\n"


def test_what_is_known_without_building_is_said_before_it(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    preset_path, runner = outdated(tmp_path, monkeypatch), fakes.Runner()
    runner.refusal = RefusedError("no widths come near", "budget.match_parameters")
    assert cli.main(fakes.Services(runner), ["check", preset_path, "--cost"]) == 2
    warning, error = capsys.readouterr().err.splitlines()
    assert "retention.kind: warning: replay defines 'mix'" in warning
    assert error.endswith("budget.match_parameters: no widths come near")


def test_list_as_json_has_every_fact(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "--json"]) == 0
    entries = printed_json(capsys)["entries"]
    assert len(entries) == len(fakes.CATALOGUE)
    assert entries[0]["tasks"] == list(fakes.TASKS)


def test_an_unknown_role_or_key_names_what_comes_near(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "balance"]) == 2
    assert "did you mean 'balancing'?" in capsys.readouterr().err
    assert cli.main(fakes.Services(), ["show", "pcgrat"]) == 2
    assert "did you mean pcgrad?" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["pcgrad", "balancing.pcgrad"])
def test_show_tells_formula_paper_and_settings(key: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["show", key]) == 0
    text = capsys.readouterr().out
    assert "formula: d = Σᵢ gᵢ" in text
    assert "paper: Yu 2020 · https://arxiv.org/abs/2001.06782" in text
    assert "needs: shared-parameters" in text
    assert "normalise" in text
    assert "false" in text


def test_show_tells_what_a_setting_may_be(capsys: Capture):
    assert cli.main(fakes.Services(), ["show", "mlp"]) == 0
    text = capsys.readouterr().out
    assert "[8]" in text
    assert "relu, tanh" in text
    assert "number, ≥ 0 or null" in text
    assert "number, > 0" in text
    assert "(required)" in text


def test_the_schema_accepts_a_good_preset_and_refuses_a_bad_one(capsys: Capture):
    from jsonschema import Draft202012Validator

    assert cli.main(fakes.Services(), ["schema"]) == 0
    schema = printed_json(capsys)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    document = preset.parse(GOOD).data
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "retention": {"kind": "replay", "memory": 0}})
    assert not validator.is_valid({**document, "nonsense": 1})
