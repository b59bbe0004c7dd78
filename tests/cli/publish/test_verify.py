"""verify: a run made again from its own record is the same, or it is said what is other."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import pytest

import workbench as wb
from tests import fakes
from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.__main__ import Services
from workbench.spec.event import Diverged, Evaluated, Event, Failed, Intervened, StepsDone
from workbench.store import run as store
from workbench.store.claim import Claim
from workbench.store.index import Index

SETUP: dict[str, Any] = {
    "name": "Small",
    "tasks": [{"family": "digits-split", "n_tasks": 2}],
    "curriculum": {"kind": "sequential"},
    "retention": {"kind": "replay", "memory": 20},
    "interventions": [{"step": 5, "lr": 0.01}, {"step": 25, "task": "5-9", "weight": 2.0}],
    "training": {"epochs": 1, "threads": 1},
}


def verified(services: Any, run: object, capsys: Capture) -> tuple[int, dict[str, Any]]:
    """The exit code, and the document."""
    capsys.readouterr()
    code = cli.main(services, ["verify", str(run), "--json", "--quiet"])
    return code, printed_json(capsys)


@pytest.fixture
def made(good: str, home: Path) -> Path:
    """A run that was told by the fakes."""
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3", "--quiet"]) == 0
    (folder,) = (home / "runs").iterdir()
    return folder


def again(told: Callable[[int], Iterator[Event]]) -> fakes.Services:
    return fakes.Services(fakes.Runner(told))


def test_a_real_run_is_equal_bit_for_bit_model_and_all(home: Path, capsys: Capture) -> None:
    (result,) = wb.run(SETUP, seeds=[2])
    runs = {row.run_id for row in Index().rows()}
    code, told = verified(Services(), result.run_id, capsys)
    assert (code, told["equal"], told["left_out"]) == (0, True, [])
    names = {part["name"]: part["n"] for part in told["compared"]}
    assert names["data of the tasks"] == 2
    assert names["losses"] == result.series.losses.size
    n_parameters = sum(p.numel() for p in result.model().parameters())
    assert names[f"model at step {len(result.series.steps)}"] == n_parameters
    assert told["conditions"] == []
    assert {row.run_id for row in Index().rows()} == runs
    assert not (home / "scratch").exists()
    assert not (home / "elsewhere.jsonl").exists()
    cli.main(Services(), ["verify", result.run_id, "--quiet"])
    out = capsys.readouterr().out
    assert out.startswith(f"{result.run_id}: equal, bit for bit\n")


def test_other_parameters_and_other_data_are_found_in_a_real_run(
    capsys: Capture, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    rows = [f"{i % 7},{(i * 3) % 5},{i % 2}" for i in range(60)]
    table.write_text("a,b,c\n" + "\n".join(rows))
    family = {"family": "table", "file": str(table), "targets": {"c": "classes"}}
    (result,) = wb.run({**SETUP, "tasks": [family], "curriculum": {"kind": "joint"},
                        "retention": {"kind": "none"}, "interventions": []})  # fmt: skip
    from safetensors.numpy import load_file, save_file

    model = sorted(result.path.glob("checkpoint/*/model.safetensors"))[-1]
    values = load_file(model)
    name = sorted(values)[0]
    values[name].flat[1] += np.float32(0.5)
    save_file(values, model)
    code, told = verified(Services(), result.run_id, capsys)
    (part,) = [part for part in told["compared"] if not part["equal"]]
    assert (code, part["n_differ"], part["first"]) == (1, 1, name)
    assert part["largest"] == pytest.approx(0.5)
    table.write_text("a,b,c\n" + "\n".join([*rows[:-1], "6,4,0"]))
    code, told = verified(Services(), result.run_id, capsys)
    assert (code, told["equal"]) == (1, False)
    data = next(part for part in told["compared"] if part["name"] == "data of the tasks")
    assert (data["n_differ"], data["first"]) == (1, "c")
    assert "data.c" in {condition["name"] for condition in told["conditions"]}


def test_a_file_that_its_preset_knows_and_that_changed_is_said(
    capsys: Capture, tmp_path: Path
) -> None:
    from workbench.spec.user_files.sources import digest

    table = tmp_path / "table.csv"
    table.write_text("a,b,c\n" + "\n".join(f"{i % 7},{i % 5},{i % 2}" for i in range(60)))
    family = {"family": "table", "file": str(table), "sha256": digest(table),
              "targets": {"c": "classes"}}  # fmt: skip
    (result,) = wb.run({"tasks": [family], "training": {"epochs": 1, "threads": 1}})
    facts = json.loads((result.path / "environment.json").read_text())
    assert facts["files"] == {"tasks.0.file": digest(table)}
    table.write_text(table.read_text() + "\n1,1,1")
    code, told = verified(Services(), result.run_id, capsys)
    assert code == 1
    assert "could not be made again" in told["problem"]
    assert "has changed since this was set up" in told["problem"]


def test_the_same_events_are_equal_and_no_model_is_said_to_be_left_out(
    made: Path, capsys: Capture
) -> None:
    code, told = verified(fakes.Services(), made.name, capsys)
    assert (code, told["equal"]) == (0, True)
    assert told["left_out"] == ["the model: no checkpoint of it is left"]


def test_one_loss_that_is_other_by_a_bit_is_found_with_its_step(
    made: Path, capsys: Capture
) -> None:
    def told(seed: int) -> Iterator[Event]:
        for event in fakes.run(seed):
            if isinstance(event, StepsDone) and event.first_step == 10:
                losses = event.losses.copy()
                losses[3, 0] = np.nextafter(losses[3, 0], np.float32(9))
                event = replace(event, losses=losses)
            yield event

    code, document = verified(again(told), made.name, capsys)
    assert (code, document["equal"]) == (1, False)
    (part,) = [part for part in document["compared"] if not part["equal"]]
    assert (part["name"], part["n_differ"], part["first"]) == ("losses", 1, "step 13")
    assert 0 < part["largest"] < 1e-6
    cli.main(again(told), ["verify", made.name, "--quiet"])
    out = capsys.readouterr().out
    assert "not equal" in out
    assert "losses: 1 of 80 differ" in out


def test_scores_a_matrix_and_measures_that_are_other_are_told_with_both_figures(
    made: Path, capsys: Capture
) -> None:
    def told(seed: int) -> Iterator[Event]:
        for event in fakes.run(seed):
            if isinstance(event, Evaluated) and event.stage == 1:
                event = replace(event, scores=event.scores + np.float32(0.01))
            if event == fakes.finished(seed):
                event = replace(event, summary={**fakes.finished(seed).summary, "acc": 0.5})
            yield event

    code, document = verified(again(told), made.name, capsys)
    assert code == 1
    wrong = {part["name"] for part in document["compared"] if not part["equal"]}
    assert wrong == {"evaluations: scores", "measures"}
    assert document["figures"]["acc"]["again"] == 0.5


def test_what_else_a_run_told_is_compared_too(made: Path, capsys: Capture) -> None:
    def told(seed: int) -> Iterator[Event]:
        for event in fakes.run(seed):
            yield replace(event, stage=0) if type(event).__name__ == "StageBegan" else event

    code, document = verified(again(told), made.name, capsys)
    (part,) = [part for part in document["compared"] if not part["equal"]]
    assert (code, part["name"], part["first"]) == (1, "other events", "step 20: StageBegan")


def test_kinds_of_events_that_the_record_does_not_know_are_no_difference(
    made: Path, capsys: Capture
) -> None:
    def told(seed: int) -> Iterator[Event]:
        *events, last = fakes.run(seed)
        yield from [*events, Intervened(40, None, 0.5), last]

    assert verified(again(told), made.name, capsys)[0] == 0


def test_what_is_other_than_when_it_was_recorded_is_told(made: Path, capsys: Capture) -> None:
    path = made / "environment.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "python": "3.8.1", "threads": 7}))
    code, told = verified(fakes.Services(), made.name, capsys)
    assert code == 0
    assert {(each["name"], each["recorded"]) for each in told["conditions"]} == {
        ("python", "3.8.1"),
        ("threads", 7),
    }


def test_a_run_that_was_cut_short_is_compared_as_far_as_it_came(
    good: str, home: Path, capsys: Capture
) -> None:
    def cut(seed: int) -> Iterator[Event]:
        for event in fakes.run(seed):
            if event.step > 20:
                return
            yield event

    cli.main(again(cut), ["run", good, "--seeds", "3", "--quiet"])
    (folder,) = (home / "runs").iterdir()
    assert store.read(folder).status == "interrupted"
    services = fakes.Services()
    code, told = verified(services, folder.name, capsys)
    assert (code, told["equal"]) == (0, True)
    assert "compared up to there" in told["left_out"][0]
    assert {part["name"]: part["n"] for part in told["compared"]}["steps"] == 20
    assert [type(command).__name__ for command in services.fake_runner.commands] == ["Stop"]


def test_a_run_that_diverged_diverges_again(good: str, home: Path, capsys: Capture) -> None:
    def diverging(seed: int) -> Iterator[Event]:
        yield from [fakes.began(seed), fakes.block(0, 7, seed)]
        yield Diverged(7, "first", "the loss of first became nan")

    cli.main(again(diverging), ["run", good, "--seeds", "3", "--quiet"])
    (folder,) = (home / "runs").iterdir()
    assert verified(again(diverging), folder.name, capsys)[0] == 0
    code, told = verified(fakes.Services(), folder.name, capsys)
    assert (code, told["problem"]) == (1, "it is diverged as recorded, and done made again")


def test_a_damaged_record_is_never_equal(made: Path, capsys: Capture) -> None:
    lines = (made / "events.jsonl").read_bytes().splitlines(keepends=True)
    lines[2] = b"{damage}\n"
    (made / "events.jsonl").write_bytes(b"".join(lines))
    code, told = verified(fakes.Services(), made.name, capsys)
    assert (code, told["equal"]) == (1, False)
    assert told["problem"].startswith("the record is damaged (events.jsonl, line 3")


def test_a_run_that_cannot_be_made_again_is_not_equal(made: Path, capsys: Capture) -> None:
    def failing(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        yield Failed(3, "the disk is full")

    code, told = verified(again(failing), made.name, capsys)
    assert code == 1
    assert told["problem"] == "it could not be made again: the disk is full"


def test_a_run_that_goes_on_or_never_began_is_not_verified(
    made: Path, home: Path, capsys: Capture
) -> None:
    assert cli.main(fakes.Services(), ["verify", "no-such-run"]) == 2
    (made / "events.jsonl").unlink()
    shutil.rmtree(made / "checkpoint", ignore_errors=True)
    for path in [*made.glob("steps-*"), made / "summary.json"]:
        path.unlink()
    assert cli.main(fakes.Services(), ["verify", made.name]) == 2
    assert "recorded nothing" in capsys.readouterr().err


def test_a_running_run_is_left_alone(made: Path, capsys: Capture) -> None:
    lines = (made / "events.jsonl").read_bytes().splitlines(keepends=True)
    (made / "events.jsonl").write_bytes(b"".join(lines[:-1]))
    (made / "summary.json").unlink()
    claim = Claim(made)
    try:
        assert cli.main(fakes.Services(), ["verify", made.name]) == 2
    finally:
        claim.release()
    assert "is running" in capsys.readouterr().err


def test_what_a_killed_verification_left_is_taken_away(
    made: Path, home: Path, capsys: Capture
) -> None:
    old, new = home / "scratch" / "old" / "run", home / "scratch" / "new" / "run"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old.parent, (time() - 7200, time() - 7200))
    assert verified(fakes.Services(), made.name, capsys)[0] == 0
    assert (old.exists(), new.exists()) == (False, True)


def test_the_threads_of_the_record_are_those_of_the_run_made_again(
    made: Path, capsys: Capture
) -> None:
    services = fakes.Services()
    verified(services, made.name, capsys)
    assert services.fake_runner.specs[0].training.threads == fakes.began().threads
