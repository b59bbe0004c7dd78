"""What a run takes of the machine, so that as many go side by side as have room."""

import torch

from workbench.engine.answers.cost import tasks_of
from workbench.engine.build import available_memory
from workbench.engine.build.build import building
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.cost import cost_of
from workbench.engine.roles.loading import run_to_end
from workbench.spec.experiments.job import RunNeeds
from workbench.spec.question import Needs, Tell

QUESTION = Needs

#: Bytes of a process that holds a device other than the processor, beside what it trains.
_CONTEXT = 1 << 30


def answer(question: Needs, catalogue: Catalogue, tell: Tell) -> RunNeeds:
    """Put a run together as if it were to begin, and look. Raises BadSpecError."""
    import psutil

    trainer = run_to_end(building(question.spec, question.seed, catalogue), tell)
    cost = cost_of(question.spec, catalogue, tasks_of(question.spec, catalogue, tell))
    step = cost.memory or 0.0
    device = torch.device(trainer.began.device)
    process = psutil.Process().memory_info().rss + cost.retained.bytes
    n = available_memory.free(torch.device("cpu")) // int(process + step)
    if device.type == "cuda":
        n = min(n, available_memory.free(device) // int(_CONTEXT + step + cost.retained.bytes))
    return RunNeeds(trainer.began.threads, n)
