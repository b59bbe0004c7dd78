"""Trunk: what a trained model turns an input into features with, taken for another run."""

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.trained.model import trained_model
from workbench.engine.roles.encoder import Trunk
from workbench.engine.roles.method import BadSpecError
from workbench.engine.training import checkpoint
from workbench.spec.experiment import Spec, TrunkStart
from workbench.spec.experiments.forks import Origin
from workbench.spec.question import RefusedError

_FIELD = "start.trunk_of"


def trunk_for(spec: Spec, catalogue: Catalogue, origin: Origin | None) -> Trunk | None:
    """The trunk that a run begins with; None where it begins with none. Raises BadSpecError.

    The model is put together from its record alone: the data that it learned from may be gone.
    """
    if origin is None or not isinstance(spec.start, TrunkStart):
        return None
    _check_encoder(spec, catalogue, origin.spec)
    description = origin.description
    if description is None:
        message = "that run is of an earlier version, which kept no description of its model"
        raise BadSpecError(_FIELD, message)
    if description.reason:
        message = "only the trunk of a model that takes numbers or pictures can be taken"
        raise BadSpecError(_FIELD, f"{message}; {description.reason}")
    try:
        saved = checkpoint.load(origin.checkpoint)
        asked = trained_model(origin.spec, origin.spec.seeds[0], catalogue, description, saved)
    except (checkpoint.DamagedError, RefusedError, BadSpecError) as error:
        raise BadSpecError(_FIELD, f"its model cannot be put together: {error}") from None
    stages = asked.model.common_stages()
    if not stages:
        message = (
            f"its sharing strategy, {asked.model.title}, has no one trunk that every input passes"
            " through: learn it with hard sharing, from inputs of one kind"
        )
        raise BadSpecError(_FIELD, message)
    kind = next(iter(asked.tasks.values())).input
    values = [{n: x.detach() for n, x in stage.state_dict().items()} for stage in stages]
    return Trunk(kind, values)


def _check_encoder(spec: Spec, catalogue: Catalogue, before: Spec) -> None:
    """Raise BadSpecError where the encoder, or one of its settings, is another."""
    if spec.encoder.kind != before.encoder.kind:
        message = f"its trunk is of the encoder {before.encoder.kind}; found {spec.encoder.kind}"
        raise BadSpecError(_FIELD, message)
    own = catalogue.settings("encoder", spec.encoder, "encoder").model_dump()
    learned = catalogue.settings("encoder", before.encoder, "encoder").model_dump()
    for name, value in learned.items():
        if own[name] != value:
            message = f"its trunk was learned with encoder.{name} {value}; found {own[name]}"
            raise BadSpecError(_FIELD, message)
