"""Cost: parameters, work and memory of a model, counted without training it."""

from collections.abc import Callable, Mapping, Sequence

import torch

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.compatibility import (
    check_fit,
    check_length,
    check_room,
    is_heavy,
    metrics_of,
)
from workbench.engine.build.compiler_stub import leave_out_compiler
from workbench.engine.build.device import device_of
from workbench.engine.build.footprint import flops_of, memory_of
from workbench.engine.build.parts import encoder_of, method_of, model_of, retention_of
from workbench.engine.build.sizing import n_parameters, target_of, widths_of
from workbench.engine.build.trained.trunk import trunk_for
from workbench.engine.roles.balancing import Balancing
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.task import Task, TokensOut, taught
from workbench.engine.training import fork
from workbench.spec.checks.extent import LARGE_BYTES
from workbench.spec.cost import ModelCost
from workbench.spec.experiment import Spec, Start
from workbench.spec.experiments.forks import Origin


def cost_of(
    spec: Spec, catalogue: Catalogue, tasks: dict[str, Task], origin: Origin | None = None
) -> ModelCost:
    """What the model of a setup takes. Raises BadSpecError where there can be none.

    The model is laid out on torch's meta device: it has shapes and no numbers, so that a large one
    costs no more than a small one. A retention method that looks at what a model answers is shown
    one with numbers. `origin` is what the setup begins from, where that was looked up.
    """
    leave_out_compiler()
    device = device_of(spec)
    curriculum = method_of(catalogue, spec, "curriculum")
    stages: list[Stage] = curriculum.stages(taught(tasks), spec.training.epochs)
    check_length(stages)
    if origin is not None and isinstance(spec.start, Start):
        for seed in spec.seeds:
            fork.check(spec, seed, origin)
    trunk = trunk_for(spec, catalogue, origin)
    encoder = encoder_of(spec, catalogue, tasks, stages, trunk)
    sharing = catalogue.settings("sharing", spec.sharing, "sharing")
    is_large = is_heavy(spec, encoder, sharing, tasks, stages)
    rule = catalogue.find("balancing", spec.balancing.kind, "balancing.kind")
    with torch.device("meta"):
        learner: Learner = method_of(catalogue, spec, "learner")
        model = model_of(spec, 0, catalogue, tasks, encoder, learner)
        check_fit(spec, catalogue, tasks, model, curriculum)
        parameters = n_parameters(model, [stage.tasks for stage in stages])
    metrics_of(catalogue, tasks)
    if is_large:
        check_room(spec, model, rule, tasks, stages, device, learner=learner)
    retention = retention_of(spec, 0, catalogue)
    if catalogue.find("retention", spec.retention.kind).is_judged_built:
        retention.prepare(model_of(spec, 0, catalogue, tasks, encoder), tasks)
    holding = retention.capacity(PlannedRun(model, tasks, [stage.tasks for stage in stages]))
    if is_large or holding.bytes > LARGE_BYTES:
        check_room(spec, model, rule, tasks, stages, device, holding, learner)
    target = None
    if spec.budget.match_parameters != "off":
        unsized = method_of(catalogue, spec, "encoder")
        target = target_of(unsized, list(tasks.values()), spec.budget)
    reasons: dict[str, str] = {}
    return ModelCost(
        parameters,
        sum(p.numel() for p in model.shared_parameters()),
        _tried("flops", lambda: flops_of(model, tasks), reasons),
        _tried("memory", lambda: memory_of(model, tasks, spec, learner=learner), reasons),
        model.structure(),
        target,
        () if target is None else tuple(widths_of(encoder)),
        reasons,
        holding,
        tuple(dict.fromkeys(notice for task in tasks.values() for notice in task.notices))
        + _of_many_passes(rule, tasks, stages),
    )


def _of_many_passes(
    rule: type[Balancing], tasks: Mapping[str, Task], stages: Sequence[Stage]
) -> tuple[str, ...]:
    """What to know where gradients are balanced of tasks whose losses have no common pass."""
    has_texts = any(isinstance(task.output, TokensOut) for task in tasks.values())
    most = max(len(stage.tasks) for stage in stages)
    if not (has_texts and rule.in_gradient_space) or most < 2:
        return ()
    message = f"{rule.title} takes a backward pass for each of {most} tasks in every step"
    return (f"{message}: of texts there is none for all together",)


def _tried(name: str, count: Callable[[], float], reasons: dict[str, str]) -> float | None:
    """What is counted, or None with the reason, where a model looks at numbers to know its way."""
    try:
        return count()
    except (NotImplementedError, RuntimeError) as error:
        reasons[name] = str(error).partition("\n")[0]
        return None
