"""Groups: hard sharing within, nothing between."""

import pytest

from tests.methods.sharing.toys import (
    apart,
    assert_same_answers,
    built,
    pictures,
    reached,
    together,
)
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task


def three() -> list[Task]:
    return together(3)


def test_a_loss_reaches_its_own_group_and_no_other():
    reach = reached(built("groups", three, groups="a, c | b"))
    assert {name.split(".")[1] for name in reach["a"] | reach["c"]} == {"0"}
    assert {name.split(".")[1] for name in reach["b"]} == {"1"}
    assert any(name.startswith("trunks") for name in reach["a"] & reach["c"])


def test_only_what_a_group_shares_is_shared():
    model = built("groups", three, groups="a, c | b").model
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    shared = {names[id(parameter)] for parameter in model.shared_parameters()}
    own = {names[id(parameter)] for parameter in model.task_parameters("b")}
    assert shared
    assert all(name.startswith("trunks.0") for name in shared)
    assert {name.partition(".")[2][0] for name in own} == {"1"}
    assert not set(model.task_parameters("a")) & set(model.shared_parameters())


def test_without_groups_it_is_hard_sharing():
    assert_same_answers(built("groups", three), built("hard", three), three)
    trained, hard = built("groups", three), built("hard", three)
    trained.to_the_end()
    hard.to_the_end()
    assert trained.last.scores == hard.last.scores


def test_tasks_that_are_not_named_share_one_more_network():
    model = built("groups", lambda: together(4), groups="b").model
    assert [sorted(heads.users) for heads in model.heads] == [["·b"], ["·a", "·c", "·d"]]


def test_a_network_a_task_shares_nothing():
    model = built("groups", three, groups="a|b|c").model
    assert model.shared_parameters() == []


def test_inputs_of_different_kinds_learn_in_one_group():
    def mixed() -> list[Task]:
        return [*apart(2), pictures("p")]

    run = built("groups", mixed, groups="a, b | p")
    run.to_the_end()
    assert set(run.last.scores) == {"a", "b", "p"}


@pytest.mark.parametrize(
    ("text", "found"),
    [("a, x", "'x'"), ("a | a", "'a'"), ("a, a | b", "'a'"), ("first", "'first'")],
)
def test_a_task_that_is_not_there_or_twice_is_refused(text: str, found: str):
    with pytest.raises(BadSpecError, match=found) as error:
        built("groups", three, groups=text)
    assert error.value.field == "sharing.groups"
