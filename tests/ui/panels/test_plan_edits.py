"""A plan in which a task is put elsewhere keeps all the others where they were."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.panels.plan.edits import earlier, later, moved, taken_out

PLAN = (("a",), ("b", "c"), ("d",))


def test_a_task_joins_another_stage() -> None:
    assert moved(PLAN, "d", 2, 0) == (("a", "d"), ("b", "c"))
    assert moved(PLAN, "b", 1, 2) == (("a",), ("c",), ("d", "b"))
    assert moved(PLAN, "b", 1, 1) == PLAN


def test_a_task_becomes_a_stage_of_its_own() -> None:
    assert moved(PLAN, "d", 2, 0, is_new=True) == (("d",), ("a",), ("b", "c"))
    assert moved(PLAN, "b", 1, 1, is_new=True) == (("a",), ("b",), ("c",), ("d",))
    assert moved(PLAN, "a", 0, 3, is_new=True) == (("b", "c"), ("d",), ("a",))
    assert moved(PLAN, "a", 0, 1, is_new=True) == PLAN


def test_a_task_that_waited_comes_in() -> None:
    assert moved(PLAN, "e", None, 0) == (("a", "e"), ("b", "c"), ("d",))
    assert moved(PLAN, "e", None, 3, is_new=True) == (*PLAN, ("e",))


def test_a_task_is_taken_out_but_the_last_one_stays() -> None:
    assert taken_out(PLAN, "a", 0) == (("b", "c"), ("d",))
    assert taken_out((("a",),), "a", 0) == (("a",),)
    assert taken_out((("a",), ("b",), ("a",)), "a", 2) == (("a",), ("b",))


def test_earlier_and_later_pass_one_stage_at_a_time() -> None:
    assert earlier(PLAN, "d", 2) == (("a",), ("d",), ("b", "c"))
    assert earlier(PLAN, "c", 1) == (("a",), ("c",), ("b",), ("d",))
    assert earlier(PLAN, "a", 0) == PLAN
    assert later(PLAN, "a", 0) == (("b", "c"), ("a",), ("d",))
    assert later(PLAN, "b", 1) == (("a",), ("c",), ("b",), ("d",))
    assert later(PLAN, "d", 2) == PLAN


@given(st.integers(0, 2), st.integers(0, 3), st.booleans())
def test_nothing_is_lost_wherever_a_task_goes(source: int, target: int, is_new: bool) -> None:
    target = target if is_new else min(target, 2)
    for task in PLAN[source]:
        made = moved(PLAN, task, source, target, is_new=is_new)
        assert sorted(t for group in made for t in group) == ["a", "b", "c", "d"]
        assert all(made)
