"""The specs a question needs: like the experiment in all but what is asked."""

from dataclasses import replace

import pytest

from tests import fakes
from workbench.spec.check import problems
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Choice, Intervention, Optimizer, Spec, TaskChoice, Training
from workbench.study import plan
from workbench.study.plan import alone, grouped, members, together, weighted

CATALOGUE = {
    **fakes.CATALOGUE,
    ("tasks", "varying"): fakes.entry("tasks", "varying", gives=("varying-tasks",)),
    ("sharing", "fusing"): fakes.entry("sharing", "fusing", gives=("several-views",)),
}


def facts_of(name: str, entry: int, own_name: str = "") -> TaskFacts:
    return replace(fakes.facts(name), entry=entry, own_name=own_name or name)


def change(**values: object) -> Intervention:
    return Intervention.model_validate({"step": 5, **values})


SPEC = Spec(
    name="Study",
    tasks=(
        TaskChoice(family="fake", task="first", weight=2.0),
        TaskChoice(family="fake", task="second", weight=0.5),
    ),
    balancing=Choice(kind="pcgrad"),
    retention=Choice(kind="replay", memory=5),
    optimizer=Optimizer(lr=0.02),
    training=Training(epochs=7),
    seeds=(3, 4),
    interventions=(change(lr=0.1), change(task="first", weight=3.0)),
)


def test_a_family_as_a_whole_is_taken_apart():
    tasks = members(Spec(tasks=(TaskChoice(family="fake", weight=3.0),)), CATALOGUE)
    assert [task.name for task in tasks] == ["first", "second"]
    assert [task.choice.task for task in tasks] == ["first", "second"]
    assert [task.choice.weight for task in tasks] == [3.0, 3.0]


def test_a_task_taken_apart_keeps_its_head_and_its_loss():
    entry = TaskChoice.model_validate({"family": "fake", "head": [8], "loss": {"kind": "huber"}})
    tasks = members(Spec(tasks=(entry,)), CATALOGUE)
    assert [task.choice for task in tasks] == [
        entry.model_copy(update={"task": name}) for name in ("first", "second")
    ]


def test_tasks_only_a_run_can_name():
    spec = Spec(
        tasks=(
            TaskChoice(family="fake", task="first"),
            TaskChoice(family="varying", n_tasks=2),
            TaskChoice(family="fake", task="second"),
        )
    )
    with pytest.raises(ValueError, match="name the tasks of varying"):
        members(spec, CATALOGUE)
    facts = [
        facts_of("first", 0),
        facts_of("varying/first", 1, "first"),
        facts_of("0-1 (2)", 1, "0-1"),
        facts_of("second", 2),
    ]
    facts[1:3] = [replace(task, family="varying") for task in facts[1:3]]
    tasks = members(spec, CATALOGUE, facts)
    assert [task.name for task in tasks] == ["first", "varying/first", "0-1 (2)", "second"]
    assert [task.choice.task for task in tasks] == ["first", "first", "0-1", "second"]
    assert tasks[1].choice.settings == {"n_tasks": 2}


def test_several_entries_of_one_task_are_its_own_members():
    spec = SPEC.model_copy(
        update={
            "tasks": tuple(TaskChoice(family="fake", task="first", noise=x) for x in (0, 0.1, 0.2)),
            "interventions": (change(task="fake/first (2)", weight=3.0),),
        }
    )
    names = ["first", "fake/first", "fake/first (2)"]
    facts = [facts_of(name, i, "first") for i, name in enumerate(names)]
    tasks = members(spec, CATALOGUE, facts)
    assert [task.choice.settings["noise"] for task in tasks] == [0, 0.1, 0.2]
    assert [(task.name, task.choice.task) for task in tasks] == [(n, "first") for n in names]
    assert members(spec, CATALOGUE) == tasks
    pair = together(spec, tasks[1:], tasks)
    assert pair.interventions == (change(task="fake/first", weight=3.0),)


def test_facts_that_are_of_another_setup_are_refused():
    facts = [facts_of("first", 0), facts_of("second", 1)]
    assert len(members(SPEC, CATALOGUE, facts)) == 2
    with pytest.raises(ValueError, match="the setup has more"):
        members(SPEC, CATALOGUE, facts[:1])
    with pytest.raises(ValueError, match="no task of this setup"):
        members(SPEC, CATALOGUE, [facts[0], facts_of("third", 1)])
    with pytest.raises(ValueError, match="the setup names 2"):
        members(SPEC, CATALOGUE, [fakes.facts("first")])


def test_alone_nothing_is_left_of_the_others():
    task = members(SPEC, CATALOGUE)[0]
    spec = alone(SPEC, task, CATALOGUE)
    assert spec.name == "Study · first alone"
    assert spec.tasks == (TaskChoice(family="fake", task="first", weight=1.0),)
    kinds = (spec.sharing.kind, spec.balancing.kind, spec.retention.kind)
    assert kinds == ("hard", "fixed", "none")
    assert (spec.optimizer, spec.training) == (SPEC.optimizer, SPEC.training)
    assert spec.seeds == SPEC.seeds
    assert spec.interventions == (change(lr=0.1),)


def test_alone_a_tasks_network_is_the_one_it_has_in_the_experiment():
    spec = SPEC.model_copy(update={"sharing": Choice(kind="towers")})
    catalogue = {
        **CATALOGUE,
        ("sharing", "towers"): fakes.entry("sharing", "towers", gives=("towers",)),
    }
    assert alone(spec, members(spec, catalogue)[0], catalogue).sharing.kind == "separate"


@pytest.mark.parametrize(
    ("lengths", "steps"),
    [((0, 0), 0), ((20, 20), 0), ((20, 5), 20)],
    ids=["unknown", "own", "more"],
)
def test_alone_a_task_takes_the_steps_it_has_in_the_experiment(
    lengths: tuple[int, int], steps: int
):
    task = replace(members(SPEC, CATALOGUE)[0], updates=lengths[0], updates_alone=lengths[1])
    assert alone(SPEC, task, CATALOGUE).training == Training(epochs=7, steps=steps)


def test_a_task_with_several_views_keeps_what_fuses_them():
    spec = SPEC.model_copy(update={"sharing": Choice(kind="fusing")})
    changed = alone(spec, members(spec, CATALOGUE)[0], CATALOGUE)
    assert changed.sharing.kind == "fusing"


def test_some_together_are_balanced_as_all_are():
    first, second = members(SPEC, CATALOGUE)
    third = plan.Member("third", TaskChoice(family="fake", task="third"))
    spec = together(SPEC, (second, third), (first, second, third))
    assert spec.name == "Study · second + third"
    assert [choice.task for choice in spec.tasks] == ["second", "third"]
    assert spec.tasks[0].weight == 0.5
    assert (spec.balancing, spec.retention) == (SPEC.balancing, SPEC.retention)
    assert spec.interventions == (change(lr=0.1),)


def test_a_plan_is_kept_where_its_tasks_are_learned():
    planned = SPEC.model_copy(update={"interventions": (change(stages=[["second"], ["third"]]),)})
    first, second = members(SPEC, CATALOGUE)
    third = plan.Member("third", TaskChoice(family="fake", task="third"))
    spec = together(planned, (second, third), (first, second, third))
    assert spec.interventions == planned.interventions
    assert not together(planned, (first, second), (first, second, third)).interventions
    assert not alone(planned, second, CATALOGUE).interventions


def test_all_together_are_the_experiment_itself():
    both = members(SPEC, CATALOGUE)
    assert together(SPEC, both, both) is SPEC


def test_a_grouping_names_its_tasks_and_pairs_undo_it():
    spec = grouped(SPEC, [["first", "second"], ["third"]])
    assert spec.sharing == Choice(kind="groups", groups="first, second | third")
    both = members(spec, CATALOGUE)
    assert together(spec, both, both).sharing.kind == "hard"


def test_a_network_a_task_leaves_nothing_to_balance():
    spec = grouped(SPEC, [["first"], ["second"]])
    assert (spec.sharing.kind, spec.balancing.kind) == ("separate", "fixed")


def test_weights_are_all_that_a_sweep_changes():
    spec = weighted(SPEC, members(SPEC, CATALOGUE), (0.4, 1.6))
    assert [choice.weight for choice in spec.tasks] == [0.4, 1.6]
    assert spec.balancing.kind == "fixed"
    assert (spec.retention, spec.sharing) == (SPEC.retention, SPEC.sharing)


def test_a_method_keeps_its_settings_among_others():
    spec = SPEC.model_copy(update={"balancing": Choice(kind="cagrad", c=0.3)})
    specs = plan.with_each(spec, "balancing", ["fixed", "cagrad"])
    assert [each.balancing for each in specs] == [
        Choice(kind="fixed"),
        Choice(kind="cagrad", c=0.3),
    ]
    assert [each.name for each in specs] == ["Study · fixed", "Study · cagrad"]


def test_the_bounds_of_lifelong_learning():
    spec = SPEC.model_copy(update={"curriculum": Choice(kind="sequential")})
    lower, upper = plan.fine_tuning(spec), plan.joint(spec)
    assert (lower.curriculum.kind, lower.retention.kind) == ("sequential", "none")
    assert upper.curriculum == Choice.model_validate({"kind": "joint", "smaller": "rests"})
    assert upper.retention.kind == "none"
    assert (upper.training, upper.optimizer) == (spec.training, spec.optimizer)


def test_a_long_name_stays_one():
    spec = SPEC.model_copy(update={"name": "n" * 200})
    changed = alone(spec, members(spec, CATALOGUE)[0], CATALOGUE)
    assert len(changed.name) == 200
    assert changed.name.endswith(" · first alone")


def test_what_is_planned_can_be_run():
    spec = SPEC.model_copy(
        update={"balancing": Choice(kind="fixed"), "curriculum": Choice(kind="sequential")}
    )
    both = members(spec, CATALOGUE)
    for item in (weighted(spec, both, (0.4, 1.6)), plan.fine_tuning(spec)):
        assert problems(item, CATALOGUE) == []
