"""Cycles are collected in the window's thread, and only there."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from workbench.ui.services.gc_control import GcControl


class Cycle:
    """Something that only a collection lets go of."""

    def __init__(self) -> None:
        self.me = self
        self.died_in: list[int] = []
        weakref.finalize(self, lambda told=self.died_in: told.append(threading.get_ident()))


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[GcControl]:
    made = GcControl()
    made.start()
    yield made
    made.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def allocate() -> list[list[int]]:
    """More than Python waits for before it collects."""
    return [[i] for i in range(20 * gc.get_threshold()[0])]


def test_another_thread_collects_nothing(garbage: GcControl):
    cycle = Cycle()
    died_in = cycle.died_in
    del cycle
    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
    assert died_in == []
    held = allocate()
    garbage.collect()
    assert died_in == [threading.get_ident()]
    del held


def test_a_collection_comes_by_itself(garbage: GcControl, qtbot: QtBot):
    cycle = Cycle()
    died_in = cycle.died_in
    del cycle
    held = allocate()
    qtbot.waitUntil(lambda: bool(died_in))
    del held


def test_what_is_kept_is_not_looked_through(garbage: GcControl):
    garbage.keep()
    assert gc.get_freeze_count() > 1000
