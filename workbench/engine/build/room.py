"""Room: whether a model goes into the memory there is, before it is made."""

from collections.abc import Sequence

import torch

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.compatibility import check_room, is_heavy
from workbench.engine.build.device import device_of
from workbench.engine.build.parts import method_of, model_of
from workbench.engine.build.sizing import n_parameters
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Spec


def require_room(
    spec: Spec,
    catalogue: Catalogue,
    tasks: dict[str, Task],
    encoder: Encoder,
    stages: Sequence[Stage],
) -> None:
    """Raise BadSpecError where the model does not go into the memory there is.

    One that may not is laid out without numbers, as it is when every stage has begun.
    """
    settings = catalogue.settings("sharing", spec.sharing, "sharing")
    if is_heavy(spec, encoder, settings, tasks, stages):
        with torch.device("meta"):
            learner: Learner = method_of(catalogue, spec, "learner")
            model = model_of(spec, 0, catalogue, tasks, encoder, learner)
            n_parameters(model, [stage.tasks for stage in stages])
        rule = catalogue.find("balancing", spec.balancing.kind, "balancing.kind")
        check_room(spec, model, rule, tasks, stages, device_of(spec), learner=learner)
