"""Fork: a run that begins where another was saved, with some of its settings changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.retention import Retention
from workbench.engine.training.checkpoint import Saved, restore
from workbench.engine.training.progress import Progress
from workbench.engine.training.trainer import Trainer
from workbench.engine.update import momentum_buffers as momentum
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.experiments.forks import Origin

#: What the state of a run is of: another network or other data could not take it.
_KEPT = ("curriculum", "encoder", "sharing", "heads", "budget")

#: Roles whose method may be another one from the fork on: it then begins there, and knows nothing
#: of what was before.
_CHANGEABLE = ("balancing", "retention")


def check(spec: Spec, seed: int, origin: Origin) -> None:
    """Raise BadSpecError where a setup cannot go on from the checkpoint of another."""
    before = origin.spec
    for name in _KEPT:
        if getattr(spec, name) != getattr(before, name):
            raise _other(name, name)
    if spec.freeze != before.freeze:
        raise _other("start.freeze", "frozen stages")
    if [_data(choice) for choice in spec.tasks] != [_data(choice) for choice in before.tasks]:
        raise _other("tasks", "tasks")
    if spec.learner.kind != before.learner.kind:
        raise _other("learner.kind", "learner")
    if spec.training.batch_size != before.training.batch_size:
        raise _other("training.batch_size", "batch size")
    if seed not in before.seeds:
        seeds = ", ".join(map(str, before.seeds))
        raise BadSpecError("seeds", f"the run it goes on from has seed {seeds}; found {seed}")
    for role in _CHANGEABLE:
        own, other = spec.choice(role), before.choice(role)
        if own.kind != other.kind:
            continue
        for key in {*own.settings, *other.settings}:
            if key.startswith("memory") and own.settings.get(key) != other.settings.get(key):
                raise _other(f"{role}.{key}", "size of the memory")


def _other(field: str, what: str) -> BadSpecError:
    return BadSpecError(field, f"a run that goes on from another keeps its {what}")


def _data(choice: TaskChoice) -> TaskChoice:
    """What decides a task's data and head."""
    return choice.model_copy(update={"weight": 1.0, "loss": None, "metrics": None})


def go_on(trainer: Trainer, saved: Saved, origin: Origin, retention: type[Retention]) -> None:
    """Let a run begin where the checkpoint of another was saved, which had this `retention`.

    Raises BadSpecError.
    """
    spec, before, state = trainer.spec, origin.spec, saved.state
    at = Progress.from_state(state)
    _check_length(trainer, at, origin)
    trainer.plan.load_state_dict(saved.plan)
    if _has_other_length(spec, before):
        trainer.plan.lengthen(at)
    for stage in range(saved.n_begun):
        trainer.grow(stage)
    restore(saved, trainer.model)
    trainer.at, trainer.is_fork = at, True
    if spec.optimizer.lr != before.optimizer.lr:
        at.rate = spec.optimizer.lr
    new = [role for role in _CHANGEABLE if spec.choice(role).kind != before.choice(role).kind]
    if "retention" in new:
        _check_answers(trainer, origin, retention)
    for role, method in trainer.methods.items():
        if role not in new:
            _load(role, method.load_state_dict, state["roles"][role])
    trainer.remarks = (*trainer.remarks, *_update(trainer, state, before, new))
    trainer.observers.load_state_dict(state)
    trainer.interruptions.go_on(at.step, 0)
    if at.is_begun:
        for role in new:
            trainer.boundaries.join(role, at.stage)
    trainer.began = replace(trainer.began, step=at.step, stages=trainer.plan.facts)


def _has_other_length(spec: Spec, before: Spec) -> bool:
    own, other = spec.training, before.training
    return (own.epochs, own.steps) != (other.epochs, other.steps)


def _check_length(trainer: Trainer, at: Progress, origin: Origin) -> None:
    """Raise BadSpecError where there is nothing to learn, or a stream would have to be longer."""
    has_other = _has_other_length(trainer.spec, origin.spec)
    if has_other and trainer.plan.is_stream:
        message = "the stream of the run it goes on from is as long as it was drawn"
        raise BadSpecError("training.epochs", message)
    if at.stage >= len(trainer.plan.stages) and not trainer.plan.curriculum.is_open:
        message = f"at step {at.step:,} that run had ended, and nothing is left to learn"
        raise BadSpecError("start.step", f"{message}: name an earlier checkpoint")


def _check_answers(trainer: Trainer, origin: Origin, retention: type[Retention]) -> None:
    """Raise BadSpecError where a retention that answers by itself would come or go."""
    kinds = (trainer.spec.retention.kind, origin.spec.retention.kind)
    classes = (type(trainer.update.retention), retention)
    for kind, method in zip(kinds, classes, strict=True):
        if method.answer is not Retention.answer:
            message = (
                f"{kind} answers from what it kept of each task: it cannot come or go on the way"
            )
            raise BadSpecError("retention.kind", message)


def _load(role: str, load: Any, state: dict[str, Any]) -> None:
    try:
        load(state)
    except (KeyError, ValueError, RuntimeError, TypeError) as error:
        message = f"what it had kept does not fit its settings now ({error})"
        raise BadSpecError(role, message) from None


def _update(trainer: Trainer, state: dict[str, Any], before: Spec, new: list[str]) -> Iterator[str]:
    """Take over weights, chance and what the optimizer keeps; what there is to say of it."""
    update = trainer.update
    changed = {
        name
        for name, task in update.tasks.items()
        if trainer.spec.tasks[task.entry].weight != before.tasks[task.entry].weight
    }
    saved = state["weights"]
    update.task_weights.update({n: w for n, w in saved.items() if n not in changed})
    for role, generator in update.generators.items():
        if role not in new:
            generator.set_state(state["generators"][role])
    is_same_kind = trainer.spec.optimizer.kind == before.optimizer.kind
    is_same_layout = (update.vector is None) == (not state.get("stretches"))
    if not (is_same_kind and is_same_layout):
        what = "it is another" if not is_same_kind else "balancing lays gradients out otherwise"
        yield f"the optimizer begins anew here, for {what}"
        return
    if update.vector is not None:
        update.vector.cut(state["stretches"], update.optimizer)
    own = [{k: v for k, v in g.items() if k != "params"} for g in update.optimizer.param_groups]
    update.optimizer.load_state_dict(state["optimizer"])
    for group, settings in zip(update.optimizer.param_groups, own, strict=True):
        group.update(settings)
    momentum.start(update.optimizer)
    update.refresh()
