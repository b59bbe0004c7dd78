"""Hard sharing: one trunk, and a stem for each kind of input."""

import torch

from tests.engine.toys import SPLITS, Run, given, task, teaching
from workbench.engine.roles.task import Classes, Image, Part, Task


def pictures(name: str = "pictures") -> Task:
    """A task on 2×2 pictures of one channel."""
    generator = torch.Generator().manual_seed(1)
    data = {
        split: Part(
            {"x": torch.randn(12, 1, 2, 2, generator=generator)},
            torch.arange(12) % 3,
        )
        for split in SPLITS
    }
    return Task(name, {"x": Image(1, 2, 2)}, Classes(3), data)


def names(run: Run, parameters: list[torch.nn.Parameter]) -> set[str]:
    result = {id(parameter) for parameter in parameters}
    return {name for name, p in run.model.named_parameters() if id(p) in result}


def test_one_kind_of_input_shares_the_whole_trunk():
    run = Run(given(), teaching(lambda: [task("a"), task("b")]))
    assert all(not name.startswith("heads") for name in names(run, run.model.shared_parameters()))
    assert all(name.startswith("heads") for name in names(run, run.model.task_parameters("a")))


def test_a_stem_for_one_task_alone_is_its_own():
    run = Run(given(), teaching(lambda: [task("a"), task("b"), pictures()]))
    own = names(run, run.model.task_parameters("pictures"))
    assert {name.partition(".")[0] for name in own} == {"stems", "heads"}
    assert {name.partition(".")[0] for name in names(run, run.model.task_parameters("a"))} == {
        "heads"
    }
    run.to_the_end()
    assert set(run.last.scores) == {"a", "b", "pictures"}


def test_outputs_are_those_of_stem_body_and_head_in_turn():
    run = Run(given(), teaching(lambda: [task("a"), pictures()]))
    batch = run.trainer.plan.samplers[0].draw()
    outputs = run.model(batch)
    for i, name in enumerate(("a", "pictures")):
        features = run.model.body(run.model.stems[i](batch[name].inputs["x"]))
        torch.testing.assert_close(outputs[name], run.model.heads({name: features})[name])


def test_an_answer_does_not_depend_on_which_tasks_are_asked():
    run = Run(given(), teaching(lambda: [task("a"), pictures()]))
    batch = run.trainer.plan.samplers[0].draw()
    alone = run.model({"a": batch["a"]})["a"]
    torch.testing.assert_close(run.model(batch)["a"], alone)


def test_tasks_of_one_head_are_answered_in_one_pass_by_stage_and_head():
    run = Run(given(), teaching(lambda: [task("a", head="h"), task("b", head="h"), task("c")]))
    batch = run.trainer.plan.samplers[0].draw()
    together = {name: batch[name] for name in ("a", "b")}
    calls: list[int] = []
    head = run.model.heads.only(together)
    assert head is not None
    assert run.model.heads.only(batch) is None
    head.register_forward_hook(lambda *_: calls.append(1))
    outputs = run.model(together)
    assert calls == [1]
    for name, part in together.items():
        features = run.model.body(run.model.stems[0](part.inputs["x"]))
        torch.testing.assert_close(outputs[name], head(features))
