"""The history as the window keeps it: fresh, labelled, deleted, and drawn over the plots."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner, entries
from tests.ui.specs import sequential_spec
from workbench.ui.model.presenter import Presenter
from workbench.ui.services import run_history
from workbench.ui.services.history_backend import RunRecord, StoredHistory
from workbench.ui.services.run_history import RunHistory
from workbench.ui.services.run_overlay import MOST_OVERLAID


def rows(n: int) -> list[FakeRow]:
    return [FakeRow(f"r{i}", path=f"/runs/{i}", seed=i) for i in range(n)]


class Kept:
    """A history with its backend, which is waited for at the end."""

    def __init__(self, qtbot: QtBot, n: int = 3) -> None:
        self.backend = FakeHistory(rows(n))
        for row in rows(n):
            events = list(FakeRunner().run(sequential_spec(), row.seed))
            record = RunRecord(row.run_id, sequential_spec(), row.seed, events)
            self.backend.recorded[row.path] = record
        self.presenter = Presenter(entries())
        self.history = RunHistory(self.backend, self.presenter, None)
        self.qtbot = qtbot

    def until_listed(self, *ids: str) -> None:
        self.qtbot.waitUntil(lambda: [row.run_id for row in self.history.rows] == list(ids))


@pytest.fixture
def kept(qtbot: QtBot):
    made = Kept(qtbot)
    made.history.refresh()
    made.until_listed("r0", "r1", "r2")
    qtbot.waitUntil(lambda: len(made.history.settings) == 3)
    yield made
    made.history.stop()
    assert made.history.wait(10_000)


def test_a_run_that_another_program_makes_appears_by_itself(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.backend.add(FakeRow("new", path="/runs/new"))
    monkeypatch.setattr(run_history, "LOOK_MS", 1)
    kept.history._look()
    kept.until_listed("new", "r0", "r1", "r2")


def test_where_nothing_changed_nothing_is_read_again(kept: Kept, qtbot: QtBot) -> None:
    changes: list[None] = []
    kept.history.changed.connect(lambda: changes.append(None))
    kept.history._looks.stop()
    kept.history._look()
    qtbot.waitUntil(kept.history._looks.isActive)
    assert changes == []


def test_a_run_of_this_window_is_not_read_each_time_it_tells_something(kept: Kept) -> None:
    kept.history.rows = [
        FakeRow("mine", path="/a", status="running"),
        FakeRow("other", path="/b", status="running"),
        FakeRow("done", path="/c"),
    ]
    kept.history.own.add("mine")
    assert kept.history._watched() == ["/b"]


def test_however_long_reading_takes_new_runs_are_seen_in_a_while(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter((0.0, 100.0))
    monkeypatch.setattr(run_history.time, "monotonic", lambda: next(clock))
    kept.history._began_reading = next(clock)
    kept.history._take_rows((kept.history.rows, None))
    assert kept.history._looks.interval() == 15_000


def test_after_the_end_nothing_is_looked_at(kept: Kept, qtbot: QtBot) -> None:
    kept.history.stop()
    with qtbot.waitSignal(kept.history.changed):
        kept.history.refresh()
    assert not kept.history._looks.isActive()


def test_a_label_is_seen_before_it_is_written(kept: Kept, qtbot: QtBot) -> None:
    kept.history.label({"/runs/1": {"tag": "paper", "name": "Mine"}})
    assert [(row.tag, row.name) for row in kept.history.rows][1] == ("paper", "Mine")
    qtbot.waitUntil(lambda: kept.backend.rows()[1].tag == "paper")


def test_one_baseline_is_pinned(kept: Kept, qtbot: QtBot) -> None:
    for chosen in ([0, 1], [2], []):
        kept.history.pin([kept.history.rows[i] for i in chosen])
        wanted = [i in chosen for i in range(3)]
        assert [row.pinned for row in kept.history.rows] == wanted
        qtbot.waitUntil(lambda: [row.pinned for row in kept.backend.rows()] == wanted)  # noqa: B023


def test_runs_are_deleted_and_come_back_and_what_is_refused_is_told(
    kept: Kept, qtbot: QtBot
) -> None:
    kept.backend._rows[1] = FakeRow("r1", path="/runs/1", status="running")
    with qtbot.waitSignal(kept.history.deleted) as told:
        kept.history.delete(kept.history.rows)
    kept.until_listed("r1")
    (deleted,) = told.args
    assert len(deleted) == 2
    (notice,) = kept.presenter.notices
    assert "r1 is being recorded" in notice.message
    kept.history.restore(deleted)
    qtbot.waitUntil(lambda: len(kept.history.rows) == 3)
    with qtbot.waitSignal(kept.history.deleted):
        kept.history.delete(kept.history.rows[:1])
    in_trash: list[object] = []
    kept.history.trash(in_trash.extend)
    qtbot.waitUntil(lambda: len(in_trash) == 1)
    with qtbot.waitSignal(kept.history.trash_changed):
        kept.history.empty_trash(kept.backend.trash())
    assert kept.backend.trash() == []


def test_an_open_eye_reads_its_runs_and_closes_when_they_are_gone(kept: Kept, qtbot: QtBot) -> None:
    overlay, listed = kept.history.overlay, kept.history.rows
    overlay.toggle("a", "A", listed[:2])
    qtbot.waitUntil(lambda: len(overlay.drawn[0].models) == 2)
    assert overlay.number("a") == 1
    assert overlay.number("b") is None
    overlay.toggle("b", "B", listed[2:])
    assert overlay.number("b") == 2
    overlay.toggle("a", "A", listed[:2])
    overlay.toggle("c", "C", listed[:1])
    assert overlay.number("c") == 1  # a colour that is free is used again
    overlay.update(listed[1:])
    assert [one.key for one in overlay.drawn] == ["b"]
    overlay.close_all()
    assert overlay.drawn == []


def test_the_pinned_run_is_drawn_first_in_a_colour_of_its_own(kept: Kept, qtbot: QtBot) -> None:
    overlay = kept.history.overlay
    overlay.open("a", "A", kept.history.rows[:1])
    pinned = FakeRow("r1", path="/runs/1", pinned=True)
    overlay.open("b", "B", [pinned])
    assert [(one.key, one.number) for one in overlay.drawn] == [("b", 0), ("a", 1)]
    qtbot.waitUntil(lambda: all(one.models for one in overlay.drawn))


def test_a_colour_is_chosen_and_what_had_it_takes_the_one_that_is_free(
    kept: Kept, qtbot: QtBot
) -> None:
    overlay, listed = kept.history.overlay, kept.history.rows
    overlay.open("a", "A", listed[:1])
    overlay.paint("b", "B", listed[1:], 5)
    assert (overlay.number("a"), overlay.number("b")) == (1, 5)
    overlay.paint("b", "B", listed[1:], 1)
    assert (overlay.number("a"), overlay.number("b")) == (5, 1)
    found = overlay.of(listed[2].path)
    assert found is not None
    assert found.key == "b"
    assert overlay.of("/nowhere") is None
    qtbot.waitUntil(lambda: all(one.models for one in overlay.drawn))


def test_more_than_can_be_told_apart_are_refused(kept: Kept, qtbot: QtBot) -> None:
    overlay = kept.history.overlay
    for i in range(MOST_OVERLAID - 1):
        overlay.open(str(i), "", kept.history.rows[:1])
    with qtbot.waitSignal(overlay.refused):
        overlay.open("more", "", kept.history.rows[:1])
    qtbot.waitUntil(lambda: all(one.models for one in overlay.drawn))


def test_a_look_at_a_home_without_runs_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    history = StoredHistory()
    before = history.look([str(tmp_path / "gone")])
    assert history.known_rows() == []
    assert history.trash() == []
    (tmp_path / "home" / "runs").mkdir(parents=True)
    assert history.look([str(tmp_path / "gone")]) != before
