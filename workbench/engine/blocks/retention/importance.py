"""Importance: how much each parameter matters to what a task answers, and how to hold it.

Every estimate is a mean over examples of something made from one example's own gradient, never
from the gradient of a mean.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from workbench.engine.blocks.retention.linear_calls import LinearCalls
from workbench.engine.numerics.missing import known
from workbench.engine.numerics.parameter_layout import Layout
from workbench.engine.roles.losses import filled
from workbench.engine.roles.task import (
    NOT_ASKED,
    Classes,
    Labels,
    Part,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Task,
    TokensOut,
)
from workbench.engine.roles.texts.cropping import cropped
from workbench.engine.update.stage_data import StageData
from workbench.spec.event import Table

#: Examples whose gradients are held in memory at once, where they must be.
_AT_ONCE = 32
#: Bytes of their gradients, one for each of their outputs, at most where several are looked at.
_BYTES = 2**27


Named = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Measure:
    """Σ_c w_c |∂s_c/∂θ|^power of one example.

    `scalars` gives s [N, C] from outputs [N, n] and targets [N, …], `weights` w [N, C] from
    outputs; None: all 1.
    """

    scalars: Callable[[Tensor, Tensor], Tensor]
    weights: Callable[[Tensor], Tensor] | None = None
    power: int = 2


def estimate(
    stage: StageData,
    n_examples: int,
    generator: torch.Generator,
    measure: Callable[[nn.Module, Task, Part], Named],
) -> list[Named]:
    """`measure` of each task of a stage on some of its training examples.

    The model answers as when it is asked, so running statistics do not move.
    """
    was_training = stage.model.training
    stage.model.eval()
    estimates: list[Named] = []
    for name, part in stage.train.items():
        chosen = torch.randperm(len(part), generator=generator)[:n_examples]
        part = part[chosen.to(part.target.device)]
        estimates.append(measure(stage.model, stage.tasks[name], part))
    stage.model.train(was_training)
    return estimates


def fisher(model: nn.Module, task: Task, part: Part, kind: str) -> Named:
    """Diagonal Fisher information of a task's examples, by parameter name and in its shape.

    `kind` is exact, the expectation over the model's own answers, or empirical, at the given
    labels. For values the likelihood is a Gaussian of unit variance around the output; of answers
    that are pictures it is −loss times the number of pixels, at the given labels.
    """
    if isinstance(task.output, PixelClasses | PixelValues | PixelDirections):
        # A pass for every answer at every pixel is out of reach: it is the given labels'.
        def of_picture(output: Tensor, target: Tensor) -> Tensor:
            losses = [task.loss(o[None], t[None]) for o, t in zip(output, target, strict=True)]
            return -torch.stack(losses).unsqueeze(-1) * output[0, 0].numel()

        return mean_over_examples(model, task, part, Measure(of_picture))
    if isinstance(task.output, TokensOut):  # as many answers again as there are texts: the given
        rows = task.output.row_losses
        return mean_over_examples(model, task, part, Measure(lambda o, t: -rows(o, t)[:, None]))
    if isinstance(task.output, Labels):
        of_labels = Measure(_log_likelihoods_of_labels, _answers_of_labels)
        measure = of_labels if kind == "exact" else Measure(_log_likelihood_of_labels)
        return mean_over_examples(model, task, part, measure)
    has_classes = isinstance(task.output, Classes)
    if kind == "exact":
        measure = Measure(_log_likelihoods, _answers) if has_classes else Measure(_outputs)
    else:
        measure = Measure(_log_likelihood if has_classes else _negative_error)
    return mean_over_examples(model, task, part, measure)


def sensitivity(model: nn.Module, task: Task, part: Part) -> Named:
    """Mean size of the gradient of one example's squared output norm, by parameter name."""
    is_text = isinstance(task.output, TokensOut)
    norm = _squared_norm_where_asked if is_text else _squared_norm
    return mean_over_examples(model, task, part, Measure(norm, power=1))


def _outputs(output: Tensor, target: Tensor) -> Tensor:
    del target
    return output


def _log_likelihoods(output: Tensor, target: Tensor) -> Tensor:
    del target
    return functional.log_softmax(output, -1)


def _answers(output: Tensor) -> Tensor:
    return functional.softmax(output, -1)


def _log_likelihood(output: Tensor, target: Tensor) -> Tensor:
    return functional.log_softmax(output, -1).gather(-1, target.unsqueeze(-1))


def _log_likelihoods_of_labels(output: Tensor, target: Tensor) -> Tensor:
    """Of each label that it is there, then that it is not, [N, 2n]."""
    del target
    return functional.logsigmoid(torch.cat([output, -output], -1))


def _answers_of_labels(output: Tensor) -> Tensor:
    return torch.cat([output, -output], -1).sigmoid()


def _log_likelihood_of_labels(output: Tensor, target: Tensor) -> Tensor:
    """Of all labels together, those alone that are known, [N, 1]."""
    is_known = known(target)
    rows = functional.binary_cross_entropy_with_logits(
        output, filled(target, is_known), reduction="none"
    )
    return -rows.where(is_known, 0.0).sum(-1, keepdim=True)


def _negative_error(output: Tensor, target: Tensor) -> Tensor:
    return -0.5 * (output - target).square().sum(-1, keepdim=True)


def _squared_norm(output: Tensor, target: Tensor) -> Tensor:
    del target
    return output.square().flatten(1).sum(-1, keepdim=True)


def _squared_norm_where_asked(output: Tensor, target: Tensor) -> Tensor:
    """Of texts: what is said of places that nobody asks is nobody's answer."""
    is_asked = (target != NOT_ASKED).unsqueeze(-1)
    return (output * is_asked).square().flatten(1).sum(-1, keepdim=True)


def mean_over_examples(model: nn.Module, task: Task, part: Part, measure: Measure) -> Named:
    """The mean of a measure over examples, by parameter name and in its shape."""
    part = cropped({task.name: task}, {task.name: part})[task.name]
    if not Layout(model).parameters:
        return {}  # all of it is frozen by now
    mean = _by_layers(model, task, part, measure)
    return _by_examples(model, task, part, measure) if mean is None else mean


def _by_layers(model: nn.Module, task: Task, part: Part, measure: Measure) -> Named | None:
    """The same from each linear layer's inputs and the gradients in its outputs.

    An example's gradient in a weight is their outer product, and the power of a product is the
    product of powers: a matrix product sums over examples. None where the model is not made of
    linear layers that see each example once.
    """
    with LinearCalls(model) as calls, torch.enable_grad():
        output = model({task.name: part})[task.name]
    scalars = measure.scalars(output, part.target)
    if not calls.explain(scalars.sum(), len(part)):
        return None
    total = {name: torch.zeros_like(p) for name, p in Layout(model).parameters.items()}
    factors = measure.weights(output.detach()) if measure.weights else torch.ones_like(scalars)
    factors = factors.pow(1 / measure.power)
    for scalar, factor in zip(scalars.unbind(-1), factors.detach().unbind(-1), strict=True):
        for name, value in calls.sums(scalar, factor, measure.power).items():
            total[name] += value
    return {name: value / len(part) for name, value in total.items()}


def _by_examples(model: nn.Module, task: Task, part: Part, measure: Measure) -> Named:
    """The same for any model, with each example's gradient computed."""
    parameters = {name: p.detach() for name, p in Layout(model).parameters.items()}
    buffers = dict(model.named_buffers())

    def output(values: Named, inputs: Named, target: Tensor) -> Tensor:
        views = {view: x.unsqueeze(0) for view, x in inputs.items()}
        batch = {task.name: Part(views, target.unsqueeze(0))}
        return functional_call(model, (values, buffers), (batch,))[task.name]

    def scalars(values: Named, inputs: Named, target: Tensor) -> Tensor:
        return measure.scalars(output(values, inputs, target), target.unsqueeze(0))[0]

    def of_one(values: Named, inputs: Named, target: Tensor) -> Named:
        rows: Named = jacrev(scalars)(values, inputs, target)
        powers = {name: row.abs().pow(measure.power) for name, row in rows.items()}
        if measure.weights is None:
            return {name: power.sum(0) for name, power in powers.items()}
        weights = measure.weights(output(values, inputs, target))[0]
        return {name: torch.tensordot(weights, power, dims=1) for name, power in powers.items()}

    total = {name: torch.zeros_like(p) for name, p in parameters.items()}
    with torch.no_grad():
        n_rows = len(scalars(parameters, *_example(part)))
    size = n_rows * sum(p.numel() * p.element_size() for p in parameters.values())
    at_once = max(1, min(_AT_ONCE, _BYTES // max(size, 1)))
    for start in range(0, len(part), at_once):
        piece = part[start : start + at_once]
        # Attention has its plain form alone for many examples side by side.
        with sdpa_kernel(SDPBackend.MATH):
            inputs = dict(piece.inputs)
            by_name = vmap(of_one, in_dims=(None, 0, 0))(parameters, inputs, piece.target)
        for name, values in by_name.items():
            total[name] += values.sum(0)
    return {name: values / len(part) for name, values in total.items()}


def _example(part: Part) -> tuple[Named, Tensor]:
    """The first example's inputs and target, without the dimension of the examples."""
    return {view: x[0] for view, x in part.inputs.items()}, part.target[0]


def layers_of(importance: Mapping[str, Tensor]) -> list[Table]:
    """Importance by layer: its mean, its largest value, and its share of all; none before any."""
    groups: dict[str, list[Tensor]] = {}
    for name, values in importance.items():
        groups.setdefault(name.rpartition(".")[0] or name, []).append(values.flatten())
    if not groups:
        return []
    whole = {layer: torch.cat(pieces) for layer, pieces in groups.items()}
    total = sum(values.sum().item() for values in whole.values())
    rows = [
        [v.mean().item(), v.max().item(), v.sum().item() / total if total else 0.0]
        for v in whole.values()
    ]
    columns = ("mean", "largest", "share")
    table = Table(
        "importance",
        tuple(whole),
        columns,
        np.asarray(rows, np.float32),
        title="Importance per layer",
        meaning="How much the method holds on to the weights of each layer: the mean and the "
        "largest importance of a weight, and the layer's share of all importance.",
    )
    return [table]
