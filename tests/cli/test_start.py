"""The command line: the window or a command, help, and what is refused."""

import pytest

from tests import fakes
from tests.cli.printed import Capture
from workbench import cli


def test_without_arguments_the_window_opens():
    services = fakes.Services()
    assert cli.main(services, []) == 0
    assert services.opened == [None]


@pytest.mark.parametrize("arguments", [["--in-process"], ["--in-process", "see-forgetting"]])
def test_the_window_can_train_in_its_own_process(arguments: list[str]):
    services = fakes.Services()
    assert cli.main(services, arguments) == 0
    assert services.in_process == [True]
    assert cli.main(services, [*arguments[1:]]) == 0
    assert services.in_process == [True, False]


def test_training_in_the_window_is_not_for_commands():
    assert cli.main(fakes.Services(), ["run", "see-forgetting", "--in-process"]) == 2


def test_a_preset_alone_is_opened_in_the_window(good: str):
    services = fakes.Services()
    assert cli.main(services, [good]) == 0
    assert cli.main(services, ["see-forgetting"]) == 0
    assert services.opened == [good, "see-forgetting"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "no command or preset 'rum'; did you mean 'run'?"),
        (["zzz.yaml"], "no command or preset 'zzz.yaml'; see `workbench --help`"),
        (["a", "b"], "one preset at most"),
    ],
)
def test_what_is_neither_command_nor_preset_is_refused(
    arguments: list[str], said: str, capsys: Capture
):
    services = fakes.Services()
    assert cli.main(services, arguments) == 2
    assert services.opened == []
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


# --- help ---------------------------------------------------------------------------------


def test_help_names_every_command_and_the_exit_codes(capsys: Capture):
    assert cli.main(fakes.Services(), ["--help"]) == 0
    text = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert f"  {command} " in text
    assert "130" in text


def test_the_version_is_told(capsys: Capture):
    assert cli.main(fakes.Services(), ["--version"]) == 0
    assert capsys.readouterr().out.startswith("workbench 0.")


@pytest.mark.parametrize("arguments", [["run"], ["run", "--nope"], ["list", "a", "b"], ["--nope"]])
def test_bad_arguments_are_refused(arguments: list[str], capsys: Capture):
    assert cli.main(fakes.Services(), arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
