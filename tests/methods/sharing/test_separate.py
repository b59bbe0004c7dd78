"""Separate networks: a task learns as if it were alone."""

import torch

from tests.engine.toys import Run, given, sgd, task, teaching, training
from workbench.spec.experiment import Choice


def test_tasks_do_not_touch_each_other():
    chosen = given(sharing=Choice(kind="separate"), optimizer=sgd(0.1), training=training(epochs=5))
    run = Run(chosen, teaching(lambda: [task("a"), task("b")]))
    run.trainer.update.task_weights["b"] = 0.0
    before = {name: values.clone() for name, values in run.parameters.items()}
    run.to_the_end()
    for name, values in run.parameters.items():
        assert torch.equal(values, before[name]) == ("·b" in name)


def test_a_shared_head_becomes_one_for_each_task():
    catalogue = teaching(lambda: [task("a", head="h"), task("b", head="h")])
    model = Run(given(sharing=Choice(kind="separate")), catalogue).model
    a, b = ({id(p) for p in model.task_parameters(name)} for name in ("a", "b"))
    assert a.isdisjoint(b)
    assert len(a) == len(b) == 4
