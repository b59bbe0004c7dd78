"""Run directories: what is recorded can be read, whatever ends the recording."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests import fakes
from workbench.spec import preset
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import (
    Began,
    Diverged,
    DriftDetected,
    Event,
    Failed,
    Finished,
    Intervened,
    Mapped,
    Noticed,
    Plotted,
    Preparing,
    Replanned,
    Reported,
    StageFacts,
    StepsDone,
    Structured,
    Table,
)
from workbench.spec.experiment import Intervention, Spec
from workbench.spec.shown.plane import Map, Plane
from workbench.spec.shown.samples import Pictures
from workbench.spec.structure import Edge, Node, Structure
from workbench.store import append, run
from workbench.store.claim import Claim, ClaimedError, is_claimed
from workbench.store.index import Index
from workbench.store.run import NotARunError

_ROOT = Path(__file__).parents[2]


BYTES = np.arange(6, dtype=np.uint8).reshape(2, 3)


def test_a_new_run_is_a_preset_of_its_seed_with_its_environment(folder: Path, home: Path):
    assert folder.parent == home / "runs"
    assert folder.name.startswith("fake-under-way-s3-")
    assert preset.load(folder / "spec.yaml").seeds == (3,)
    facts = json.loads((folder / "environment.json").read_text())
    assert facts["workbench"]
    assert facts["packages"]["numpy"] == np.__version__


def test_a_name_without_latin_letters_still_makes_a_folder(spec: Spec):
    assert run.create(spec.model_copy(update={"name": "任务"}), 0).name.startswith("run-s0-")


def test_a_run_that_cannot_be_made_leaves_nothing(
    spec: Spec, home: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run, "write_whole", fail)
    with pytest.raises(OSError, match="No space"):
        run.create(spec, 0)
    assert list((home / "runs").iterdir()) == []


def test_what_is_recorded_is_handed_on_and_read_back(folder: Path):
    events = list(fakes.run(seed=3))
    handed_on = list(run.record(iter(events), folder))
    assert handed_on == events
    first = handed_on[0]
    assert isinstance(first, Began)
    assert first.run_id == folder.name
    stored = run.read(folder)
    assert stored.status == "done"
    assert stored.seed == 3
    assert joined(stored.events) == joined(events)
    checkpoints = [e for e in events if type(e).__name__ == "CheckpointSaved"]
    assert [e for e in stored.events if type(e).__name__ == "CheckpointSaved"] == checkpoints


def test_float32_values_come_back_exactly(folder: Path):
    values = np.asarray([1 / 3, 1e-45, 3.4e38, np.inf, -np.inf, np.nan, -0.0], dtype=np.float32)
    table = np.stack([values, values], axis=1)
    events = [
        fakes.began(),
        StepsDone(7, table, table, values, 0.1),
        fakes.evaluated(7, 0, ends_stage=True),
        Reported(
            7, "sharing", (Table("gates", ("a", "b"), ("c", "d", "e"), values[:6].reshape(2, 3)),)
        ),
        Reported(
            7,
            "retention",
            (Table("memory", (), ("n",), np.zeros((0, 1), np.float32)),),
            (
                Pictures("first", np.arange(12, dtype=np.uint8).reshape(2, 2, 3), ("a", "b")),
                Pictures("second", np.zeros((1, 2, 2, 3), np.uint8), ("",)),
            ),
        ),
        DriftDetected(7, "first", "adwin"),
        Structured(
            7,
            Structure(
                ("first",),
                (Node("x", "input", 0, "x", ("first",)), Node("y", "head", 1, "y", ("first",), 3)),
                (Edge("x", "y", "flow", "gates", "a", "c"),),
            ),
        ),
        Plotted(
            7,
            (Plane("first", ("x", "y"), ("a", "b"), (0.0, 1.0), (-1.5, 2.0), table[:2], BYTES[0]),),
        ),
        Mapped(7, -1, (Map("first", BYTES, 255 - BYTES),), is_timed=False),
        Intervened(7, "first", 0.1),
        Diverged(7, "first", "the loss became nan ☃"),
    ]
    list(run.record(events, folder))
    assert run.read(folder).events == events


def test_maps_that_the_clock_asked_for_are_handed_on_and_not_kept(folder: Path):
    timed = Mapped(3, 0, (Map("first", BYTES, BYTES),), is_timed=True)
    events = [fakes.began(), timed, fakes.finished(status="stopped", step=4)]
    assert timed in list(run.record(events, folder))
    assert not [event for event in run.read(folder).events if isinstance(event, Mapped)]


def test_a_run_stopped_before_its_first_stage_ended_keeps_the_shape_of_its_matrix(folder: Path):
    list(run.record([fakes.began(), fakes.finished(status="stopped", step=0)], folder))
    last = run.read(folder).events[-1]
    assert isinstance(last, Finished)
    assert last.matrix.shape == (0, 2)


def test_the_summary_is_plain_json(folder: Path):
    list(run.record(fakes.run(), folder))
    summary = json.loads((folder / "summary.json").read_text(), parse_constant=pytest.fail)
    assert summary == run.read(folder).summary
    assert summary["status"] == "done"
    assert summary["steps_per_second"] == 40 / 0.04
    assert summary["tasks"]["first"] == {"accuracy": pytest.approx(0.6), "auroc": None}
    assert summary["summary"]["delta_m"] is None


def open_files() -> list[tuple[str, int]]:
    """Names and numbers; how far each is read or written may be another process's doing."""
    return sorted((file.path, file.fd) for file in psutil.Process().open_files())


def test_nothing_is_left_open_or_claimed_at_the_end(folder: Path):
    before = open_files()
    list(run.record(fakes.run(), folder))
    assert open_files() == before
    assert not (folder / "recording.json").exists()


def test_while_it_is_recorded_it_runs_and_once_given_up_it_is_interrupted(folder: Path):
    events = run.record(fakes.run(), folder)
    for event in events:
        if event.step == 10:
            break
    assert run.read(folder).status == "running"
    assert Index().rows()[0].status == "running"
    events.close()  # pyright: ignore[reportAttributeAccessIssue]
    stored = run.read(folder)
    assert stored.status == "interrupted"
    assert stored.outcome.step == 10
    assert Index().rows()[0].status == "interrupted"
    assert Index().rows()[0].steps == 10


def test_an_error_on_the_way_is_passed_on_and_the_run_is_interrupted(folder: Path):
    def breaks() -> Iterator[Event]:
        yield fakes.began()
        yield fakes.block(0, 5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run.record(breaks(), folder))
    stored = run.read(folder)
    assert stored.status == "interrupted"
    assert stored.events[1:] == [fakes.block(0, 5)]


def test_closing_the_recording_closes_the_run(folder: Path):
    closed: list[bool] = []

    def told() -> Iterator[Event]:
        try:
            yield from fakes.run()
        finally:
            closed.append(True)

    events = run.record(told(), folder)
    next(events)
    events.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert closed == [True]


def test_two_processes_do_not_record_one_run(folder: Path):
    first = run.record(fakes.run(), folder)
    next(first)
    (refused,) = run.record(fakes.run(), folder)
    assert isinstance(refused, Failed)
    assert "recorded already" in refused.message
    list(first)
    assert run.read(folder).status == "done"


def test_a_live_change_is_replayed_by_the_stored_preset(folder: Path):
    changes = [
        Intervened(5, "first", 0.25),
        Intervened(6, None, 0.01),
        Intervened(5, "first", 0.25),
        replanned(7, 1),
        replanned(9, 2, detector="adwin"),
    ]
    events = [fakes.began(), *changes, fakes.finished()]
    list(run.record(events, folder))
    assert preset.load(folder / "spec.yaml").interventions == (
        Intervention(step=5, task="first", weight=0.25),
        Intervention(step=6, lr=0.01),
        Intervention(step=7, stages=(("second",), ("first", "second"))),
    )
    stored = run.read(folder)
    assert [e for e in stored.events if isinstance(e, Replanned)] == changes[-2:]
    assert stored.outcome.began is not None
    assert [stage.steps for stage in stored.outcome.began.stages] == [9, 20, 20]


def replanned(step: int, first: int, detector: str = "") -> Replanned:
    """The first stage ended at `step`; two others follow."""
    stages = (
        StageFacts("first", ("first",), step),
        StageFacts("second", ("second",), 20),
        StageFacts("first + second", ("first", "second"), 20),
    )
    return Replanned(step, stages, first, detector)


@pytest.mark.parametrize("from_step", [0, 10, 20])
def test_a_resumed_run_reads_like_the_uninterrupted_one(folder: Path, from_step: int):
    told_events = list(fakes.run())
    events = run.record(iter(told_events), folder)
    for event in events:
        if event.step == 40 and not isinstance(event, StepsDone):
            break
    events.close()  # pyright: ignore[reportAttributeAccessIssue]
    list(run.record(fakes.run(from_step=from_step), folder))
    stored = run.read(folder)
    assert stored.status == "done"
    assert joined(stored.events) == joined(told_events)
    assert json.loads((folder / "summary.json").read_text())["matrix"] == [
        row.tolist() for row in (fakes.row(0), fakes.row(1))
    ]


def test_a_stopped_run_that_goes_on_forgets_that_it_stopped(folder: Path):
    events = list(fakes.run())
    until = next(i for i, e in enumerate(events) if e.step == 10 and not isinstance(e, StepsDone))
    stopped = [*events[: until + 1], fakes.finished(status="stopped", step=10)]
    list(run.record(stopped, folder))
    assert run.read(folder).status == "stopped"
    list(run.record(fakes.run(from_step=10), folder))
    assert joined(run.read(folder).events) == joined(events)


def test_a_change_at_the_step_of_the_checkpoint_is_told_once(folder: Path):
    change = Intervened(10, "first", 0.5)
    events = list(fakes.run())
    until = next(i for i, e in enumerate(events) if type(e).__name__ == "CheckpointSaved")
    head, tail = events[:until], events[until:]
    list(run.record([*head, change, tail[0], fakes.finished(status="stopped", step=10)], folder))
    went_on = list(fakes.run(from_step=10))
    list(run.record([went_on[0], change, *went_on[1:]], folder))
    assert joined(run.read(folder).events) == joined([*head, change, *tail])


def test_a_run_that_cannot_go_on_stays_what_it_was(folder: Path):
    list(run.record(fakes.run(), folder))
    before = run.read(folder)
    list(run.record([Failed(0, "there is no checkpoint")], folder))
    assert run.read(folder).events == before.events
    assert run.read(folder).status == "done"
    assert not (folder / "recording.json").exists()


def test_a_run_that_fails_before_it_begins_says_so(folder: Path):
    list(run.record([Failed(0, "device: no CUDA")], folder))
    stored = run.read(folder)
    assert stored.status == "failed"
    assert stored.summary["message"] == "device: no CUDA"


@pytest.mark.parametrize("name", ["events.jsonl", "steps-000.arrow"])
def test_a_file_cut_anywhere_can_be_read_and_gone_on_from(folder: Path, name: str):
    events = list(fakes.run())
    list(run.record(iter(events), folder))
    whole = (folder / name).read_bytes()
    for size in range(0, len(whole), 37):
        (folder / name).write_bytes(whole[:size])
        stored = run.read(folder)
        others = [e for e in stored.events if not isinstance(e, StepsDone)]
        original = [e for e in events if not isinstance(e, StepsDone)]
        assert others == original[: len(others)]
        steps = [e for e in stored.events if isinstance(e, StepsDone)]
        first = 0
        for item in steps:
            assert item == fakes.block(first, item.step)
            first = item.step
    list(run.record(fakes.run(from_step=10), folder))
    assert run.read(folder).status == "done"


@pytest.mark.parametrize("junk", [b"", b"\x00" * 50, b"{}", b'{"event": 3}\n{"event": "Began"}\n'])
def test_junk_in_the_journal_is_passed_over(folder: Path, junk: bytes):
    (folder / "events.jsonl").write_bytes(junk)
    assert run.read(folder).status == "interrupted"


def test_a_folder_that_is_no_run_says_why(tmp_path: Path):
    with pytest.raises(NotARunError, match=r"spec\.yaml"):
        run.read(tmp_path)


_CHILD = """
import sys, itertools
from pathlib import Path
from tests import fakes
from workbench.store import run

def told():
    yield fakes.began()
    for i in itertools.count():
        yield fakes.block(10 * i, 10 * i + 10)

for event in run.record(told(), Path(sys.argv[1])):
    print(event.step, flush=True)
"""


def test_a_killed_process_loses_nothing_that_was_handed_on(folder: Path):
    command = [sys.executable, "-c", _CHILD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= 500:
                assert run.read(folder).status == "running"
                child.send_signal(signal.SIGKILL)
                break
        handed_on = [int(line), *(int(rest) for rest in child.stdout if rest.endswith("\n"))]
        # Dead, but not yet waited for: a zombie counts as dead.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        stored = run.read(folder)
    assert stored.status == "interrupted"
    _, steps = stored.events
    assert steps == fakes.block(0, steps.step)
    assert steps.step >= handed_on[-1]
    assert Index().rows()[0].status == "interrupted"
    assert Index().rows()[0].steps == steps.step
    names = {path.name for path in folder.iterdir()}
    expected = {"spec.yaml", "environment.json", "events.jsonl", "steps-000.arrow"}
    assert names == {*expected, "recording.json"}


def test_another_process_with_the_same_number_is_not_taken_for_the_one_recording(folder: Path):
    own = Claim(folder)
    assert is_claimed(folder)
    left = (folder / "recording.json").read_bytes()
    own.release()
    assert not is_claimed(folder)
    (folder / "recording.json").write_bytes(left)  # as a kill leaves it; the number is this one's
    assert not is_claimed(folder)


def test_a_clock_that_steps_does_not_let_a_second_process_record(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    events = run.record(fakes.run(), folder)
    next(events)
    created = psutil.Process.create_time
    for step in (-3600, 3600):
        # The start of a process is told from the system's clock.
        monkeypatch.setattr(psutil.Process, "create_time", lambda p, by=step: created(p) + by)
        assert run.read(folder).status == "running"
        assert Index().rows()[0].status == "running"
        (refused,) = run.record(fakes.run(), folder)
        assert isinstance(refused, Failed)
        assert "recorded already" in refused.message
    list(events)
    assert run.read(folder).status == "done"


def test_a_run_that_a_version_without_locks_records_is_running(folder: Path):
    process = psutil.Process()
    claim = {"pid": process.pid, "process_started": process.create_time()}
    (folder / "recording.json").write_text(json.dumps(claim))
    assert is_claimed(folder)
    with pytest.raises(ClaimedError):
        Claim(folder)
    claim["process_started"] -= 1000
    (folder / "recording.json").write_text(json.dumps(claim))
    assert not is_claimed(folder)


def test_a_full_disk_ends_the_run_with_a_clear_message(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    room = 2500
    write = append.os.write

    def until_full(handle: int, data: memoryview) -> int:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(handle, data[:room])
        room -= written
        return written

    with monkeypatch.context() as full_disk:
        full_disk.setattr(append.os, "write", until_full)
        handed_on = list(run.record(fakes.run(), folder))
    failed = handed_on[-1]
    assert isinstance(failed, Failed)
    assert "No space left on device" in failed.message
    assert str(folder) in failed.message
    assert f"workbench resume {folder.name}" in failed.message
    stored = run.read(folder)
    assert stored.status in ("failed", "interrupted")
    events = [event for event in stored.events if not isinstance(event, Failed)]
    assert joined(events) == joined(handed_on[:-1])
    list(run.record(fakes.run(from_step=0), folder))
    assert joined(run.read(folder).events) == joined(list(fakes.run()))


_LIMITED = """
import resource, sys
from pathlib import Path
from tests import fakes
from workbench.store import run

def told():
    yield fakes.began()
    for i in range(100_000):
        yield fakes.block(10 * i, 10 * i + 10)

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
*_, last = run.record(told(), Path(sys.argv[1]))
print(type(last).__name__, last.message)
"""


def test_the_kernel_refusing_a_write_ends_the_run_too(folder: Path):
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    command = [sys.executable, "-c", _LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=_ROOT)
    assert done.stdout.startswith("Failed the run could not be recorded")
    stored = run.read(folder)
    assert stored.status == "failed"
    steps = stored.events[1]
    assert steps == fakes.block(0, steps.step)


def test_an_index_that_cannot_be_written_hides_nothing_and_stops_nothing(folder: Path, home: Path):
    (home / "index.sqlite").mkdir()
    handed_on = list(run.record(fakes.run(), folder))
    assert handed_on == list(fakes.run())
    assert run.read(folder).status == "done"
    assert [(row.run_id, row.status) for row in Index.open().rows()] == [(folder.name, "done")]


def test_a_run_elsewhere_that_cannot_be_noted_says_so(
    spec: Spec, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = run.create(spec, 3, root=tmp_path / "elsewhere")
    (home / "elsewhere.jsonl").mkdir(parents=True)
    handed_on = list(run.record(fakes.run(), folder))
    (notice,) = [event for event in handed_on if isinstance(event, Noticed)]
    assert notice.source == "store"
    assert "elsewhere.jsonl" in notice.message
    assert run.read(folder).status == "done"


def test_reading_of_data_is_handed_on_and_not_recorded(folder: Path):
    events = [Preparing(0, "reading a.csv", 0.5), fakes.began(), fakes.finished()]
    handed_on = list(run.record(events, folder))
    assert isinstance(handed_on[0], Preparing)
    assert not any(isinstance(event, Preparing) for event in run.read(folder).events)


def test_a_run_that_is_stopped_before_it_begins_leaves_nothing_behind(folder: Path):
    events = [Preparing(0, "reading a.csv", 0.5), fakes.finished(status="stopped", step=0)]
    assert list(run.record(events, folder)) == events
    assert not (folder / "events.jsonl").exists()


def test_the_environment_is_completed_when_the_run_begins_and_stays_when_it_goes_on(folder: Path):
    events = list(fakes.run(seed=3))
    list(run.record(iter(events[:6]), folder))
    first = (folder / "environment.json").read_bytes()
    facts = json.loads(first)
    assert (facts["threads"], facts["device"], facts["data"]) == (1, "cpu", {})
    list(run.record(fakes.run(3, from_step=10), folder))
    assert (folder / "environment.json").read_bytes() == first


@pytest.mark.parametrize("left", [None, b"{", b"[]"])
def test_an_environment_that_was_lost_is_no_reason_not_to_record(folder: Path, left: bytes | None):
    path = folder / "environment.json"
    path.unlink() if left is None else path.write_bytes(left)
    assert list(run.record(fakes.run(3), folder))[-1] == fakes.finished(3)
