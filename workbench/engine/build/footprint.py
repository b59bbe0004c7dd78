"""Footprint: work and memory of a model's steps, counted without taking one."""

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils.flop_counter import FlopCounterMode

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import Learner
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
    """Work of answering one example in evaluation, by every task that sees it.

    Of a distribution that is a row of a small task, before the model adapts.
    """
    batch = drawn(tasks, 1)
    sizes = {tuple(map(id, part.inputs.values())): len(part) for part in batch.values()}
    n_examples = sum(sizes.values())
    was_training = model.training
    model.eval()
    with FlopCounterMode(display=False) as counter:
        model(batch)
    model.train(was_training)
    return counter.get_total_flops() / n_examples


def memory_of(
    model: Sharing,
    tasks: Mapping[str, Task],
    spec: Spec,
    batch_size: int | None = None,
    learner: Learner | None = None,
) -> float:
    """Bytes of a training step on a batch of every task, by default of the spec's size.

    What a learner that adapts keeps of its inner loop is added.
    """
    n_examples = batch_size or spec.training.batch_size
    batch = drawn(tasks, n_examples)
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
    inner = learner.inner_bytes(model, n_examples, sum(held.values())) if learner else 0
    return size + sum(held.values()) + inner


def drawn(tasks: Mapping[str, Task], n: int) -> Batch:
    """A batch of `n` examples of every task without numbers; inputs that are shared are one.

    Of a distribution, the rows of `n` small tasks.
    """
    made: dict[int, Tensor] = {}

    def like(values: Tensor, task: Task) -> Tensor:
        is_row = task.episodes is None
        shape = (n, *values.shape[1:]) if is_row else (n * values.shape[1], *values.shape[2:])
        return made.setdefault(id(values), torch.empty(shape, dtype=values.dtype, device="meta"))

    return {
        name: Part(
            {view: like(values, task) for view, values in task.data["train"].inputs.items()},
            like(task.data["train"].target, task),
        )
        for name, task in tasks.items()
    }
