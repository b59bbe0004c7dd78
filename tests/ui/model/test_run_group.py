"""A launch as a group: which run is shown, who is over, how far all are."""

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.event import LAST
from workbench.spec.experiments.job import Job
from workbench.ui.model.run_group import RunGroup


def group_of(n_seeds: int) -> RunGroup:
    spec = joint_spec()
    return RunGroup([Job(spec, seed) for seed in range(n_seeds)])


def feed(group: RunGroup, number: int, n_events: int | None = None) -> None:
    """What a run tells, to its end where no number of events is given."""
    job = group.jobs[number]
    for event in list(FakeRunner(steps=60).run(job.spec, job.seed))[:n_events]:
        group.feed(number, event)
        if isinstance(event, LAST):
            group.end(number)


def test_side_by_side_the_first_that_goes_on_is_shown_where_one_alone_can_be():
    group = group_of(3)
    assert group.model.seed == 0
    feed(group, 1, 4)
    feed(group, 0, 4)
    assert group.model.seed == 0, "though another was quicker to begin"
    assert [model.seed for model in group.models] == [0, 1]
    feed(group, 0)
    assert group.model.seed == 1
    feed(group, 1)
    feed(group, 2)
    assert group.model.seed == 0, "of those that ended the first"
    assert [model.seed for model in group.finished] == [0, 1, 2]


def test_a_seed_that_is_picked_is_shown_alone():
    group = group_of(3)
    for number in range(3):
        feed(group, number)
    assert [model.seed for model in group.shown] == [0, 1, 2]
    group.picked = 2
    assert group.model.seed == 2
    assert [model.seed for model in group.shown] == [2]
    group.picked = 7
    assert [model.seed for model in group.shown] == [0, 1, 2], "there is none of it"


def test_runs_of_another_setup_are_no_seeds_of_it():
    first, second = joint_spec(), sequential_spec()
    group = RunGroup([Job(first, 0), Job(first, 1), Job(second, 0)])
    feed(group, 0)
    feed(group, 1)
    assert group.seeds == [0, 1]
    feed(group, 2)
    assert [model.spec for model in group.models] == [second]
    assert group.seeds == [0]


def test_how_far_a_launch_is_counts_every_run():
    group = group_of(4)
    assert group.share is None
    assert group.seconds_left(1.0) is None
    feed(group, 0)
    assert group.share == 0.25
    assert group.seconds_left(2.0) == 6.0
    for number in (1, 2, 3):
        feed(group, number)
    assert group.share == 1.0
    assert group.seconds_left(8.0) == 0.0


def test_a_run_that_never_began_is_no_work_to_come():
    group = group_of(2)
    feed(group, 0)
    group.open(1)
    group.end(1)
    assert group.share == 1.0
