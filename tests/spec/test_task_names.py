"""A run has one name a task, whatever its entries are."""

from workbench.spec.experiments.task_names import run_names


def test_a_name_that_is_taken_gets_its_family_in_front_and_then_a_number():
    tasks = [("digits", "parity"), ("rows", "parity"), ("rows", "parity"), ("rows", "digit")]
    assert run_names(tasks) == ["parity", "rows/parity", "rows/parity (2)", "digit"]
