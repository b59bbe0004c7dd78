"""When each task is seen."""

from workbench.methods.curricula.joint import Joint
from workbench.methods.curricula.sequential import Sequential


def test_joint_is_one_stage_of_all_tasks():
    (stage,) = Joint(None).stages(["a", "b"], 7)
    assert (stage.tasks, stage.epochs) == (("a", "b"), 7)


def test_sequential_is_a_stage_for_each_task_in_order():
    stages = Sequential(None).stages(["a", "b"], 7)
    assert [(stage.name, stage.tasks, stage.epochs) for stage in stages] == [
        ("a", ("a",), 7),
        ("b", ("b",), 7),
    ]
