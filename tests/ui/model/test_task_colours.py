"""A task keeps one colour, whatever is learned beside it and in whatever order."""

from typing import Any

from tests.contracts.faces import CATALOGUE as REAL
from tests.ui.fakes import entries
from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.experiment import TaskChoice
from workbench.ui.model.task_colours import colour_numbers, orders_of, tasks_of

FAMILY = "digits-attributes"
ORDERS = orders_of(entries())


def numbers(*names: str) -> list[int]:
    return colour_numbers([(FAMILY, name) for name in names], ORDERS)


def test_a_task_has_the_number_of_its_place_in_its_family() -> None:
    assert numbers("at-least-five", "parity") == [2, 1]
    assert numbers("parity") == [1]


def test_tasks_of_unknown_families_are_numbered_in_order() -> None:
    assert colour_numbers([("new", "x"), ("new", "y")], ORDERS) == [0, 1]


def test_no_two_tasks_share_a_number() -> None:
    tasks = [(FAMILY, "parity"), ("digits-split", "0-1"), ("digits-split", "2-3")]
    result = colour_numbers(tasks, ORDERS)
    assert result[0] == 1
    assert len(set(result)) == 3


def test_a_setup_lists_the_tasks_that_its_run_will_have() -> None:
    assert tasks_of(joint_spec().tasks, entries()) == [(FAMILY, "digit"), (FAMILY, "parity")]
    split = tasks_of(sequential_spec().tasks, entries())
    assert colour_numbers(split, ORDERS) == [0, 1, 2, 3, 4]


def test_several_entries_of_one_task_have_numbers_of_their_own_beside_its_own() -> None:
    assert numbers("parity", "parity", "parity") == [1, 2, 3]


def test_made_tasks_are_as_many_as_their_settings_say():
    digits = {"family": "digits-attributes", "task": "digit"}
    counts: dict[str, tuple[dict[str, Any], int]] = {
        "split": ({"n_tasks": 2}, 2),
        "permuted": ({}, 5),
        "rotated": ({"angles": [0.0, 45.0]}, 2),
        "corrupted": ({}, 4),
        "subset": ({}, 1),
    }
    for family, (settings, n) in counts.items():
        choice = TaskChoice(family=family, of=digits, **settings)
        assert len(tasks_of([choice], REAL)) == n, family
