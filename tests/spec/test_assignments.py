"""Names of setups, no two alike, by what makes one into the other."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.spec import preset
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training
from workbench.spec.experiments.assignments import assignments, distinct_names


def spec(**changes: Any) -> Spec:
    """A setup on one family."""
    return Spec(tasks=(TaskChoice(family="wine"),), **changes)


def test_the_first_of_a_name_keeps_it_and_the_others_say_what_sets_them_apart():
    setups = [spec(), spec(seeds=(1,)), spec(balancing=Choice(kind="pcgrad")), spec()]
    assert distinct_names(setups, ["a", "b", "a", "c"]) == [
        "a",
        "b",
        "a (balancing.kind=pcgrad)",
        "c",
    ]


def test_a_task_more_is_said_without_what_tasks_have_by_default():
    more = Spec(tasks=(TaskChoice(family="wine"), TaskChoice(family="iris", weight=2.0)))
    (change,) = assignments(spec(), more)
    assert change == "tasks=[{family: wine}, {family: iris, weight: 2.0}]"
    document = preset.with_values(preset.parse(preset.text_of(spec()), "one"), [change])
    assert preset.spec_of(document).tasks == more.tasks


def test_what_differs_in_nothing_that_can_be_told_gets_a_number():
    assert distinct_names([spec(), spec(seeds=(1,)), None], ["a"] * 3) == ["a", "a (2)", "a (3)"]


def test_many_changes_and_long_ones_are_cut_short():
    training = Training(epochs=3, batch_size=7, evaluate_every=9, clip=1.0)
    (_, name) = distinct_names([spec(), spec(training=training)], ["a", "a"])
    assert name.count("=") == 3
    assert name.endswith(" and 1 more)")
    layers = Choice(kind="mlp", hidden=list(range(100, 160)))
    (_, name) = distinct_names([spec(), spec(encoder=layers)], ["a", "a"])
    assert len(name) < 60


@given(st.lists(st.tuples(st.sampled_from(["a", "a (2)", "b"]), st.integers(1, 3)), max_size=12))
def test_no_two_names_are_alike(drawn: list[tuple[str, int]]):
    setups = [spec(training=Training(epochs=epochs)) for _, epochs in drawn]
    names = distinct_names(setups, [name for name, _ in drawn])
    assert len(set(names)) == len(names) == len(drawn)
