"""What becomes of trials: done, pruned, diverged, failed, found in the history, gone on with."""

import json
from collections.abc import Generator, Iterable
from pathlib import Path

import optuna
import pytest

from tests import fakes
from tests.study.search import quick
from tests.study.search.quick import (
    N_ROWS,
    RATE,
    UP,
    Runner,
    defined,
    diverged,
    driver,
    experiment,
    failed,
    reached,
)
from workbench.spec.event import Event, Failed
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job
from workbench.store.index import Index
from workbench.study.search.best import best_of, best_so_far
from workbench.study.search.driver import Driver
from workbench.study.search.folder import SweepFolder, create, find, marked
from workbench.study.search.objective import Objective
from workbench.study.search.storage import mend
from workbench.study.search.trial import State
from workbench.study.search.weights import newest_of

pytestmark = pytest.mark.usefixtures("home")


class SideBySide(fakes.Pool):
    """Takes an event of each of `n` jobs in turn, each with a runner of its own."""

    def __init__(self, n: int, make: type[Runner] = Runner) -> None:
        super().__init__(make(), n)
        self.n, self.make = n, make
        self.at_work: dict[int, tuple[Runner, Generator[Event]]] = {}

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of the jobs, interleaved."""
        waiting = enumerate(jobs)
        while True:
            while len(self.at_work) < self.n and not self.is_stopped:
                number, job = next(waiting, (-1, None))
                if job is None:
                    break
                self.jobs.append(job)
                runner = self.make()
                events = (
                    runner.run(job.spec, job.seed, job.root)
                    if job.folder is None
                    else runner.resume(job.folder)
                )
                self.at_work[number] = runner, events  # pyright: ignore[reportArgumentType]
            if not self.at_work:
                return
            for number, (_, events) in list(self.at_work.items()):
                event = next(events, None)
                if event is None:
                    del self.at_work[number]
                else:
                    yield number, event

    def send(self, command: object, number: int | None = None) -> None:
        """Stop one run, or all."""
        for at, (runner, _) in self.at_work.items():
            if number in (None, at):
                runner.send(command)


def _made(one: Driver, runner: Runner | None = None) -> State:
    return one.make(fakes.Pool(runner or Runner(), 1))


def test_a_sweep_says_what_was_reached_where(home: Path):
    definition = defined(RATE, "training.batch_size=int:8:64", n=8, seeds=(0, 1))
    state = _made(driver(definition))
    assert state.is_over
    assert [trial.number for trial in state.trials] == list(range(8))
    for trial in state.trials:
        rate, size = trial.values["optimizer.lr"], trial.values["training.batch_size"]
        spec = experiment().model_copy(
            update={
                "optimizer": experiment().optimizer.model_copy(update={"lr": rate}),
                "training": experiment().training.model_copy(update={"batch_size": size}),
            }
        )
        assert trial.results[0] == pytest.approx((reached(spec, 0) + reached(spec, 1)) / 2)
    (best,) = best_of(state.trials, [UP])
    assert state.trials[best].results[0] == max(trial.results[0] or 0 for trial in state.trials)
    assert best_so_far(state.trials, UP)[-1][1] == state.trials[best].results[0]
    rows = Index.open().rows()
    assert len(rows) == 16
    assert {row.tag for row in rows} == {find("quick").name}
    assert all(find("quick").short_name in row.name for row in rows)


def test_importance_is_of_what_matters():
    definition = defined(RATE, "training.batch_size=int:8:64", n=24)
    state = _made(driver(definition))
    assert list(state.importance) == ["optimizer.lr", "training.batch_size"]
    assert state.importance["optimizer.lr"] > 0.8
    assert sum(state.importance.values()) == pytest.approx(1)


@pytest.mark.parametrize("sampler", ["random", "tpe", "grid"])
def test_no_point_is_tried_twice_and_a_small_space_is_exhausted(sampler: str):
    definition = defined(
        "optimizer.kind=sgd,adam", "training.batch_size=int:8:10", sampler=sampler, n=40
    )
    state = _made(driver(definition))
    assert state.is_over
    assert len(state.trials) == 6
    assert len({json.dumps(dict(trial.values)) for trial in state.trials}) == 6


def test_tpe_finds_a_better_place_than_chance():
    guided = _made(driver(defined(sampler="tpe", n=40)))
    drawn = _made(driver(defined(sampler="random", n=40)))

    def late(state: State) -> float:
        return sum(trial.results[0] or 0 for trial in state.trials[20:]) / 20

    assert late(guided) > late(drawn) + 0.1


def test_what_is_there_is_found_and_what_was_asked_before_goes_on():
    definition = defined(n=3)
    first = driver(definition)
    _made(first)
    again = Runner()
    assert _made(driver(definition, first.folder), again).is_over
    assert again.specs == []
    assert marked(definition.mark) == first.folder
    longer = Runner()
    state = _made(driver(definition.with_trials(5), first.folder), longer)
    assert [len(longer.specs), len(state.trials)] == [2, 5]
    elsewhere = Runner()
    found = _made(driver(definition), elsewhere)  # another sweep of the same points
    assert elsewhere.specs == []
    assert all(run.was_there for trial in found.trials for run in trial.runs)
    assert [t.results for t in found.trials] == [t.results for t in state.trials[:3]]


def test_a_stopped_sweep_goes_on_with_the_same_run():
    definition = defined(n=3)
    first = driver(definition)
    runner = Runner()

    class Stopping(fakes.Pool):
        def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
            for number, (at, event) in enumerate(super().run(jobs)):
                if number == 20:
                    first.stop()
                    self.stop()
                yield at, event

    stopped = first.make(Stopping(runner, 1))
    assert not stopped.is_over
    assert [trial.status for trial in stopped.trials] == ["done", "stopped"][-len(stopped.trials) :]
    open_run = stopped.trials[-1].runs[0].run_id
    later = Runner()
    state = _made(driver(definition, first.folder), later)
    assert later.resumed == [open_run]
    assert len(runner.specs) + len(later.specs) == 3
    whole = _made(driver(defined(n=3)), Runner())
    assert [t.results for t in state.trials] == [t.results for t in whole.trials]


def test_a_diverged_trial_is_told_apart_and_is_not_made_again():
    definition = defined(sampler="tpe", n=12)
    first = driver(definition)
    state = _made(first, Runner(diverged))
    lost = [trial for trial in state.trials if trial.status == "diverged"]
    assert lost
    assert all(trial.values["optimizer.lr"] > 0.03 for trial in lost)
    assert all(trial.results == (None,) and "not finite" in trial.message for trial in lost)
    assert best_of(state.trials, [UP])[0] not in [trial.number for trial in lost]
    again = Runner()
    assert _made(driver(definition, first.folder), again).trials == state.trials
    assert again.specs == []


def test_where_every_trial_fails_the_sweep_ends_and_says_why():
    runner = Runner(failed)
    state = _made(driver(defined(n=20)), runner)
    assert len(runner.specs) == 3
    assert "boom" in state.message
    assert not state.is_over


def test_one_that_fails_does_not_stop_the_rest():
    seen: list[int] = []

    def first_fails(_spec: Spec, seed: int) -> Event | None:
        seen.append(seed)
        return Failed(100, "boom") if len(seen) == 1 else None

    state = _made(driver(defined(n=4)), Runner(first_fails))
    assert [trial.status for trial in state.trials] == ["failed", "done", "done", "done"]


def test_a_point_that_cannot_be_run_is_a_failed_trial_with_the_reason():
    definition = defined(
        "curriculum.kind=joint,sequential", "retention.kind=none,replay", sampler="grid", n=None
    )
    state = _made(driver(definition))
    assert [trial.status for trial in state.trials].count("failed") == 1
    (refused,) = [trial for trial in state.trials if trial.status == "failed"]
    assert "several stages" in refused.message
    assert refused.runs[0].run_id == ""


def test_trials_that_fall_behind_are_pruned_on_the_mean_of_their_seeds():
    definition = defined(n=30, prunes=True, seeds=(0, 1))
    one = driver(definition)
    state = one.make(SideBySide(2))
    pruned = [trial for trial in state.trials if trial.status == "pruned"]
    assert pruned
    for trial in pruned:
        assert {run.status for run in trial.runs} == {"stopped"}
        assert trial.results == (None,)
        at, value = trial.reports[-1]
        seeds = [run.values[0] or 0 for run in trial.runs]
        assert f"after {at} %" in trial.message
        assert len(trial.reports) < N_ROWS
        assert min(seeds) - 1e-6 <= value or at < 100
    assert best_of(state.trials, [UP])[0] not in [trial.number for trial in pruned]
    again = SideBySide(2)
    assert driver(definition, one.folder).make(again).trials == state.trials
    assert again.jobs == []
    states = {t.state for t in driver(definition, one.folder).study.get_trials()}
    assert states == {optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED}


def test_trials_side_by_side_differ_and_are_all_made():
    state = driver(defined(sampler="tpe", n=16)).make(SideBySide(4))
    assert state.is_over
    assert len({trial.values["optimizer.lr"] for trial in state.trials}) == 16


def test_several_objectives_have_a_front_and_no_pruning():
    definition = defined(n=8, objectives=(UP, Objective("validation:first", "min")))
    state = _made(driver(definition))
    front = best_of(state.trials, definition.objectives)
    assert sorted(front) == list(range(8))  # one is the other's opposite: nothing is beaten
    assert all(len(trial.results) == 2 for trial in state.trials)


def test_a_torn_journal_is_mended_and_a_damaged_line_costs_no_run(tmp_path: Path):
    definition = defined(n=4)
    first = driver(definition)
    state = _made(first)
    journal = first.folder.journal
    whole = journal.read_bytes()
    for cut in (1, 7, len(whole.splitlines()[-1]) + 3):
        journal.write_bytes(whole[:-cut])
        again = Runner()
        assert _made(driver(definition, first.folder), again).is_over
        assert again.specs == []
    journal.write_bytes(whole + b"\0" * 64)
    assert mend(journal) == 64
    lines = whole.splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:6], b"{rubbish\n", *lines[6:]]))
    again = Runner()
    assert [t.results for t in _made(driver(definition, first.folder), again).trials] == [
        t.results for t in state.trials
    ]
    assert again.specs == []  # what was proposed again was found in the store
    assert journal.with_name("journal.jsonl.damaged").is_file()


def test_a_sweep_says_what_it_is_in_its_folder():
    definition = defined(RATE, "optimizer.kind=sgd,adam", sampler="tpe", prunes=True, seeds=(1, 2))
    folder = driver(definition).folder
    assert SweepFolder(folder.path).definition() == definition
    assert folder.definition().mark == definition.mark


def test_importing_the_program_imports_no_optuna():
    import subprocess
    import sys

    code = (
        "import sys, workbench.__main__, workbench.cli.commands, workbench.cli.sweeps.making,"
        " workbench.ui.composition\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('optuna', 'sqlalchemy', 'ray')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_sweep_whose_preset_is_gone_is_made_anew_from_its_runs():
    definition = quick.defined(n=2)
    folder = create(definition, "quick")
    runner = quick.Runner()
    quick.driver(definition, folder).make(fakes.Pool(runner, 1))
    assert marked(definition.mark) == folder
    (folder.path / "spec.yaml").unlink()
    assert marked(definition.mark) is None
    assert newest_of(definition.spec) is None
    again = quick.driver(definition, create(definition, "quick"))
    state = again.make(fakes.Pool(runner, 1))
    assert [trial.status for trial in state.trials] == ["done", "done"]
    assert len(runner.specs) == 2
