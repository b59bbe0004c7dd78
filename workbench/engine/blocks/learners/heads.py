"""Heads: what a learner may ask of them."""

from torch import Tensor, nn

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.task import Part


def head_of(model: Sharing, task: str) -> nn.Module:
    """The head that answers for a task. Raises BadSpecError where there is none to be learned."""
    for module in model.modules():
        if isinstance(module, Heads) and task in module.of_task:
            head = module.by_name[module.of_task[task]]
            if next(head.parameters(), None) is not None:
                return head
    message = f"needs a head that stands apart from the rest of the network; {task} has none"
    raise BadSpecError("learner.kind", message)


def features(model: Sharing, task: str, part: Part) -> Tensor:
    """What the head of a task reads, [B, width], of examples [B, …], with its graph."""
    read: list[Tensor] = []

    def keep(_: nn.Module, arguments: tuple[Tensor, ...]) -> None:
        read.append(arguments[0])

    hook = head_of(model, task).register_forward_pre_hook(keep)
    try:
        batch: Batch = {task: part}
        model(batch)
    finally:
        hook.remove()
    return read[-1]
