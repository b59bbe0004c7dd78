"""What every sharing method must be: honest about which parameters are whose."""

import copy

import pytest
import torch
from torch import nn
from torch.func import functional_call

from tests.contracts.faces import JOINT, LIFELONG, SHARINGS, name_of, using
from tests.engine.toys import Run
from workbench.spec.entry import Entry
from workbench.spec.experiment import TaskChoice

PLAIN = {
    "own-heads": JOINT,
    "separate-inputs": LIFELONG,
    "one-head": TaskChoice(family="digits-split", n_tasks=2),
    "views": TaskChoice(family="digits-views"),
}
#: The same with a hidden layer in every head.
DEEP = {f"{name}-deep": choice.model_copy(update={"head": (8,)}) for name, choice in PLAIN.items()}
SETTINGS = PLAIN | DEEP
every_case = pytest.mark.parametrize(
    ("entry", "tasks"),
    [
        pytest.param(entry, tasks, id=f"{setting}-{name_of(entry)}")
        for entry in SHARINGS
        for setting, tasks in SETTINGS.items()
        if setting.startswith("views") == ("views" in entry.needs)
    ],
)


def build(entry: Entry, tasks: TaskChoice) -> Run:
    return Run(using(entry, tasks=(tasks,)))


def ids(parameters: list[nn.Parameter]) -> set[int]:
    return {id(parameter) for parameter in parameters}


@every_case
def test_no_module_has_two_names(entry: Entry, tasks: TaskChoice):
    # torch's functional_call would leave such a module with the wrong parameters.
    model = build(entry, tasks).model
    modules = [id(module) for _, module in model.named_modules(remove_duplicate=False)]
    assert len(modules) == len(set(modules))
    parameters = [id(p) for _, p in model.named_parameters(remove_duplicate=False)]
    assert len(parameters) == len(set(parameters))


@every_case
def test_functional_call_replaces_every_parameter(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    run.model.eval()  # what is drawn in training differs from call to call
    batch = run.trainer.plan.samplers[0].draw()
    other = copy.deepcopy(run.model)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(0.01)
    outputs = functional_call(run.model, dict(other.named_parameters()), (batch,))
    for name, output in other(batch).items():
        torch.testing.assert_close(outputs[name], output)


@every_case
def test_every_parameter_is_shared_or_one_tasks_own(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    groups = [run.model.shared_parameters()]
    groups += [run.model.task_parameters(name) for name in run.trainer.update.tasks]
    listed = [id(parameter) for group in groups for parameter in group]
    assert len(listed) == len(set(listed))
    trainable = [p for p in run.model.parameters() if p.requires_grad]
    assert set(listed) == ids(trainable)


@every_case
def test_a_tasks_loss_reaches_shared_and_own_parameters_only(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    model, update = run.model, run.trainer.update
    step = update.step(run.trainer.plan.samplers[0].draw())
    parameters = list(model.parameters())
    for name, loss in zip(step.names, step.separate_losses, strict=True):
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        allowed = ids(model.shared_parameters()) | ids(model.task_parameters(name))
        reached = {
            id(p)
            for p, gradient in zip(parameters, gradients, strict=True)
            if gradient is not None and gradient.any()  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
        }
        assert reached
        assert reached <= allowed


@every_case
def test_shared_parameters_are_reached_by_more_than_one_task(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    shared = run.model.shared_parameters()
    if not shared:
        assert "shared-parameters" not in entry.gives
        return
    step = run.trainer.update.step(
        {name: made.data["train"][:8] for name, made in run.trainer.update.tasks.items()}
    )
    counts = dict.fromkeys(ids(shared), 0)
    for loss in step.separate_losses:
        gradients = torch.autograd.grad(loss, shared, retain_graph=True, allow_unused=True)
        for parameter, gradient in zip(shared, gradients, strict=True):
            counts[id(parameter)] += gradient is not None  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
    assert min(counts.values()) >= 2


@every_case
def test_an_answer_does_not_depend_on_who_else_is_asked(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    run.model.eval()
    batch = {name: made.data["val"][:8] for name, made in run.trainer.update.tasks.items()}
    together = run.model(batch)
    assert list(together) == list(batch)
    for name, part in batch.items():
        torch.testing.assert_close(run.model({name: part})[name], together[name])
