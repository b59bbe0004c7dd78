"""Work in turns is done in order, one piece a turn of the event loop."""

from pytestqt.qtbot import QtBot

from workbench.ui.services.idle_queue import IdleQueue


def test_acts_are_done_in_order_and_the_event_loop_turns_between_them(qtbot: QtBot) -> None:
    turns, done = IdleQueue(), list[str]()
    turns.do(lambda: done.append("a"), lambda: turns.do(lambda: done.append("c")))
    turns.do(lambda: done.append("b"))
    assert done == []
    qtbot.waitUntil(lambda: turns.are_over)
    assert done == ["a", "b", "c"]


def test_nothing_is_done_after_stop(qtbot: QtBot) -> None:
    turns, done = IdleQueue(), list[str]()
    turns.do(lambda: done.append("a"), turns.stop, lambda: done.append("b"))
    qtbot.waitUntil(lambda: turns.are_over)
    assert done == ["a"]


def test_an_act_that_breaks_does_not_come_again(qtbot: QtBot) -> None:
    turns, done = IdleQueue(), list[str]()

    def broken() -> None:
        done.append("broken")
        raise ValueError

    turns.do(broken, lambda: done.append("after"))
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: turns.are_over)
    assert [kind for kind, *_ in raised] == [ValueError]
    assert done == ["broken", "after"]
