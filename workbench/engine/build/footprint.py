"""Footprint: work and memory of a model's steps, counted without taking one."""

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils.flop_counter import FlopCounterMode

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task
from workbench.spec.experiment import Optimizer, Spec

#: Numbers that the optimizer keeps for each parameter.
_KEPT: Mapping[str, Callable[[Optimizer], int]] = {
    "sgd": lambda chosen: int(chosen.momentum > 0),
    "adam": lambda _: 2,
    "adamw": lambda _: 2,
}


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


def memory_of(
    model: Sharing, tasks: Mapping[str, Task], spec: Spec, batch_size: int | None = None
) -> float:
    """Bytes of a training step on a batch of every task, by default of the spec's size."""
    batch = drawn(tasks, batch_size or spec.training.batch_size)
    # Each storage is counted once, whatever looks at it; parameters are counted by themselves.
    held = {StorageWeakRef(p.untyped_storage()).cdata: 0 for p in model.parameters()}

    def hold(values: Tensor) -> Tensor:
        storage = values.untyped_storage()
        held.setdefault(StorageWeakRef(storage).cdata, storage.nbytes())
        tensors.append(values)
        return values

    tensors: list[Tensor] = []
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
