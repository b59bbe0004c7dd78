"""What is other than when a run was recorded."""

from workbench.publish.proof.conditions import Condition, changed

THEN = {"started": "1", "python": "3.11", "packages": {"torch": "2.6", "numpy": None}, "data": {}}


def test_only_what_is_other_is_told_with_both() -> None:
    now = {**THEN, "started": "2", "packages": {"torch": "2.7", "numpy": None}}
    assert changed(THEN, now) == [Condition("packages.torch", "2.6", "2.7")]


def test_what_an_earlier_version_did_not_record_is_no_difference() -> None:
    assert changed(THEN, {**THEN, "processor": "A", "threads": 4}) == []


def test_what_is_there_no_more_and_what_came_to_it_is_told() -> None:
    now = {**THEN, "packages": {"torch": "2.6", "new": "1"}}
    assert changed({**THEN, "packages": {"torch": "2.6", "old": "3"}}, now) == [
        Condition("packages.old", "3", None),
        Condition("packages.new", None, "1"),
    ]


def test_a_record_without_an_environment_has_no_conditions() -> None:
    assert changed({}, THEN) == []
