"""Parts: the methods that a spec names, and the model that they make."""

from typing import Any

import torch

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.random_seeds import seed_for
from workbench.engine.build.sizing import sized
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.encoder import Beginning, Encoder, Trunk
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Choice, Spec


def method_of(catalogue: Catalogue, spec: Spec, role: str, *more: Any) -> Any:
    """The method chosen for a role, made from its settings and what else it takes."""
    choice = spec.choice(role)
    settings = catalogue.settings(role, choice, role)
    return catalogue.find(role, choice.kind, f"{role}.kind")(settings, *more)


def model_of(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    tasks: dict[str, Task],
    encoder: Encoder,
    made: Learner | None = None,
) -> Sharing:
    """The model of a run before its first stage, ready for its learner. Raises BadSpecError.

    `made` is the learner, where there is one already.
    """
    learner: Learner = made or method_of(catalogue, spec, "learner")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for(seed, 0))
        model: Sharing = method_of(catalogue, spec, "sharing", list(tasks.values()), encoder)
        learner.prepare(model, tasks)
    return model


def encoder_of(
    spec: Spec,
    catalogue: Catalogue,
    tasks: dict[str, Task],
    stages: list[Stage],
    trunk: Trunk | None = None,
) -> Encoder:
    """The encoder, with the widths that the budget asks for. Raises BadSpecError.

    Its stages begin with the values of a `trunk`, where there is one.
    """
    encoder = sized(
        method_of(catalogue, spec, "encoder"),
        catalogue.find("sharing", spec.sharing.kind, "sharing.kind"),
        catalogue.settings("sharing", spec.sharing, "sharing"),
        list(tasks.values()),
        [stage.tasks for stage in stages],
        spec.budget,
    )
    if trunk is not None or spec.freeze != "none":
        encoder.beginning = Beginning(trunk, spec.freeze)
    return encoder


def retention_of(spec: Spec, seed: int, catalogue: Catalogue) -> Any:
    """The retention method of a run, not yet prepared for its model."""
    generator = torch.Generator().manual_seed(seed_for(seed, 5))
    return method_of(catalogue, spec, "retention", generator)


def with_earlier_defaults(spec: Spec, catalogue: Catalogue) -> Spec:
    """The spec as an earlier version read it, whose encoders had other sizes by default."""
    chosen = spec.encoder
    earlier = catalogue.find("encoder", chosen.kind, "encoder.kind").earlier
    encoder = Choice(kind=chosen.kind, **{**earlier, **chosen.settings})
    return spec.model_copy(update={"encoder": encoder})
