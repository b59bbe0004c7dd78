"""The child process: warm, reused, reported when it dies, never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.runner.specs import endless, short
from workbench.runner.isolated import IsolatedRunner
from workbench.spec import command
from workbench.spec.event import Failed, Finished, StepsDone
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import ListMethods, Preview, RefusedError
from workbench.store import run as store

#: Far more than anything here takes; only a hang waits so long.
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def runner() -> Iterator[IsolatedRunner]:
    """One for several tests: a child takes seconds to start, and what is left warm is reused."""
    made = IsolatedRunner()
    yield made
    made.close()


def test_one_child_serves_runs_and_questions_and_goes_with_the_runner(tmp_path: Path):
    runner = IsolatedRunner()
    runner.warm()
    before = runner.processes
    (shown,) = runner.ask(Preview(TaskChoice(family="digits-attributes", task="parity"), n=2))
    assert shown.samples[0].images.shape == (2, 8, 8)
    with pytest.raises(RefusedError, match="there is no 'nonsense'"):
        runner.ask(Preview(TaskChoice(family="nonsense")))
    for _ in range(2):
        assert isinstance(list(runner.run(short(), 0, tmp_path))[-1], Finished)
    assert runner.processes == before
    runner.close()
    assert not psutil.pid_exists(before[0])


def test_a_question_during_a_run_is_answered_by_a_second_child(
    runner: IsolatedRunner, tmp_path: Path
):
    events = runner.run(endless(), 0, tmp_path)
    next(events)
    assert runner.catalogue()
    assert len(runner.processes) == 2
    runner.send(command.Stop())
    assert isinstance(list(events)[-1], Finished)


def test_children_that_die_are_failures_not_the_end(runner: IsolatedRunner, tmp_path: Path):
    for number, words in ((signal.SIGKILL, "memory runs out"), (signal.SIGSEGV, "SIGSEGV")):
        root = tmp_path / words
        last = None
        for event in runner.run(endless(), 0, root):
            if isinstance(event, StepsDone):
                os.kill(runner.processes[0], number)
            last = event
        assert isinstance(last, Failed)
        assert words in last.message
        (folder,) = root.iterdir()
        assert store.read(folder).status == "interrupted"
    assert isinstance(list(runner.run(short(), 0, tmp_path))[-1], Finished)


def test_a_question_after_a_child_died_goes_to_a_new_one(runner: IsolatedRunner):
    assert runner.ask(ListMethods())
    (link,) = runner._free
    link.process.kill()
    link.process.join(PATIENCE_SECONDS)
    assert runner.ask(ListMethods())
    assert runner.processes != [link.process.pid]


def test_a_run_nobody_reads_any_more_does_not_go_on(runner: IsolatedRunner, tmp_path: Path):
    events = runner.run(endless(), 0, tmp_path)
    next(events)
    (child,) = runner.processes
    events.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert not psutil.pid_exists(child)
    assert runner.processes == []


def test_a_closed_runner_starts_nothing(tmp_path: Path):
    runner = IsolatedRunner()
    runner.close()
    runner.send(command.Stop())
    with pytest.raises(RuntimeError, match="closed"):
        list(runner.run(short(), 0, tmp_path))


def test_a_child_whose_parent_is_gone_ends_with_a_checkpoint(tmp_path: Path):
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import sys
            from pathlib import Path
            from tests.runner.specs import endless
            from workbench.runner.isolated import IsolatedRunner

            if __name__ == "__main__":
                runner = IsolatedRunner()
                for event in runner.run(endless(), 0, Path(sys.argv[1])):
                    print(type(event).__name__, *runner.processes, flush=True)
            """
        )
    )
    root = tmp_path / "runs"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script), str(root)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        line = next(line for line in parent.stdout if line.startswith("StepsDone"))
        child = psutil.Process(int(line.split()[1]))
        parent.kill()
    ended, alive = psutil.wait_procs([child], timeout=PATIENCE_SECONDS)
    assert ended
    assert not alive
    (folder,) = root.iterdir()
    stored = store.read(folder)
    assert stored.status == "interrupted"
    assert list(store.checkpoint(folder).iterdir())
