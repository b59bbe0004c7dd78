"""Cost: parameters, work and memory of a model, counted without training it."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils.flop_counter import FlopCounterMode

from workbench.engine.ahead import Ahead
from workbench.engine.catalogue import Catalogue
from workbench.engine.eager import leave_out_compiler
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Part, Task
from workbench.engine.session import (
    check_fit,
    device_of,
    encoder_of,
    method_of,
    model_of,
    retention_of,
    stages_of,
)
from workbench.engine.sizing import n_parameters, target_of, widths_of
from workbench.spec.cost import ModelCost
from workbench.spec.experiment import Optimizer, Spec

#: Numbers that the optimizer keeps for each parameter.
_KEPT: Mapping[str, Callable[[Optimizer], int]] = {
    "sgd": lambda chosen: int(chosen.momentum > 0),
    "adam": lambda _: 2,
    "adamw": lambda _: 2,
}


def cost_of(spec: Spec, catalogue: Catalogue, tasks: dict[str, Task]) -> ModelCost:
    """What the model of a setup takes. Raises BadSpecError where there can be none.

    The model is laid out on torch's meta device: it has shapes and no numbers, so that a large one
    costs no more than a small one. A retention method that looks at what a model answers is shown
    one with numbers.
    """
    leave_out_compiler()
    device_of(spec)
    stages = stages_of(spec, catalogue, tasks)
    encoder = encoder_of(spec, catalogue, tasks, stages)
    with torch.device("meta"):
        model = model_of(spec, 0, catalogue, tasks, encoder)
        check_fit(spec, catalogue, tasks, model)
        parameters = n_parameters(model, [stage.tasks for stage in stages])
    retention = retention_of(spec, 0, catalogue)
    if catalogue.find("retention", spec.retention.kind).is_judged_built:
        retention.prepare(model_of(spec, 0, catalogue, tasks, encoder), tasks)
    target = None
    if spec.budget.match_parameters != "off":
        given = method_of(catalogue, spec, "encoder")
        target = target_of(given, list(tasks.values()), spec.budget)
    reasons: dict[str, str] = {}
    return ModelCost(
        parameters,
        sum(p.numel() for p in model.shared_parameters()),
        _tried("flops", lambda: flops_of(model, tasks), reasons),
        _tried("memory", lambda: memory_of(model, tasks, spec), reasons),
        model.structure(),
        target,
        () if target is None else tuple(widths_of(encoder)),
        reasons,
        retention.capacity(Ahead(model, tasks, [stage.tasks for stage in stages])),
    )


def _tried(name: str, count: Callable[[], float], reasons: dict[str, str]) -> float | None:
    """What is counted, or None with the reason, where a model looks at numbers to know its way."""
    try:
        return count()
    except (NotImplementedError, RuntimeError) as error:
        reasons[name] = str(error).partition("\n")[0]
        return None


def flops_of(model: Sharing, tasks: Mapping[str, Task]) -> float:
    """Work of answering one example in evaluation, by every task that sees it."""
    batch = drawn(tasks, 1)
    n_examples = len({tuple(map(id, part.inputs.values())) for part in batch.values()})
    was_training = model.training
    model.eval()
    with FlopCounterMode(display=False) as counter:
        model(batch)
    model.train(was_training)
    return counter.get_total_flops() / n_examples


def memory_of(model: Sharing, tasks: Mapping[str, Task], spec: Spec) -> float:
    """Bytes of a training step on a batch of every task."""
    batch = drawn(tasks, spec.training.batch_size)
    # Each storage is counted once, whatever looks at it; parameters are counted by themselves.
    held = {StorageWeakRef(p.untyped_storage()).cdata: 0 for p in model.parameters()}

    def hold(values: Tensor) -> Tensor:
        storage = values.untyped_storage()
        held.setdefault(StorageWeakRef(storage).cdata, storage.nbytes())
        kept.append(values)
        return values

    kept: list[Tensor] = []
    for part in batch.values():
        for values in (*part.inputs.values(), part.target):
            hold(values)
    trained = copy.copy(model).train()
    with saved_tensors_hooks(hold, lambda values: values):
        outputs = trained(batch)
        losses = [tasks[name].loss(output, batch[name].target) for name, output in outputs.items()]
        penalty = trained.regulariser()
    del losses, penalty
    moving = [p for p in model.parameters() if p.requires_grad]
    size = sum(p.numel() * p.element_size() for p in model.parameters())
    per_moving = 1 + _KEPT[spec.optimizer.kind](spec.optimizer)
    size += per_moving * sum(p.numel() * p.element_size() for p in moving)
    return size + sum(held.values())


def drawn(tasks: Mapping[str, Task], n: int) -> Batch:
    """A batch of `n` examples of every task without numbers; inputs that are shared are one."""
    made: dict[int, Tensor] = {}

    def like(values: Tensor) -> Tensor:
        shape = (n, *values.shape[1:])
        return made.setdefault(id(values), torch.empty(shape, dtype=values.dtype, device="meta"))

    return {
        name: Part(
            {view: like(values) for view, values in task.data["train"].inputs.items()},
            like(task.data["train"].target),
        )
        for name, task in tasks.items()
    }
