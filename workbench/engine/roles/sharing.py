"""Sharing: which parameters the tasks share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import adopted
from workbench.engine.layers.causal import causal_blocks, heads_for
from workbench.engine.layers.stages import DeepHead, decoder, hidden_layers
from workbench.engine.numerics.random_streams import starting
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import Method
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import (
    InputKind,
    Objective,
    OutputKind,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Task,
    TokensOut,
)
from workbench.spec.structure import Structure


class Reading(nn.Module):
    """The value [B, 1] of an objective at the features [B, n]; nothing in it is learned."""

    def __init__(self, objective: Objective) -> None:
        super().__init__()
        self.function = objective.function

    def forward(self, features: Tensor) -> Tensor:
        """The objective's value at each row."""
        return self.function(features).unsqueeze(1)


def make_head(task: Task, width: int) -> nn.Module:
    """A head for the task's output kind: [B, width] -> [B, n], or [B, n, H, W] for pixels.

    Of texts [B, L, width] -> [B, L, n]. With the blocks and hidden layers that the task asks for;
    an objective is read without any.
    """
    layers = task.head_layers
    with starting("head", task.head_identity):
        blocks: list[nn.Module] = []
        if isinstance(task.output, TokensOut):
            blocks = causal_blocks(layers.blocks, width, heads_for(width))
        if not (blocks or layers.hidden) or isinstance(task.output, Objective):
            return _answering(task.output, width)
        hidden = hidden_layers(
            (width, *layers.hidden), layers.activation, norm=layers.norm, dropout=layers.dropout
        )
        return DeepHead(*blocks, *hidden, _answering(task.output, [width, *layers.hidden][-1]))


def _answering(output: OutputKind, width: int) -> nn.Module:
    """The last layer of a head."""
    match output:
        case Objective():
            return Reading(output)
        case PixelClasses() | PixelValues() | PixelDirections():
            return decoder(width, output.n, output.height, output.width)
        case _:
            return nn.Linear(width, output.n)


def make_stem(kind: InputKind, encoder: Encoder) -> nn.Module:
    """The encoder's first stage for a kind of input: it starts alike beside any other."""
    with starting("stem", repr(kind)):
        made = adopted(encoder.stem(kind))
    return made if encoder.beginning is None else encoder.beginning.stem(kind, made)


def make_body(encoder: Encoder) -> list[nn.Module]:
    """The encoder's stages after the stem: they start alike whatever stems there are."""
    with starting("body"):
        made = [adopted(stage) for stage in encoder.body()]
    return made if encoder.beginning is None else encoder.beginning.body(made)


def make_tower(task: Task, encoder: Encoder) -> list[nn.Module]:
    """A network of the task's own without its head: it starts alike whichever others there are."""
    with starting("tower", task.identity):
        return [make_stem(task.input, encoder), *make_body(encoder)]


class Sharing(nn.Module, Method):  # pyright: ignore[reportIncompatibleMethodOverride]  # state_dict
    """The model of an experiment: encoder stages and heads, arranged among the tasks.

    A method says in `owners` whose its parameters are, or overrides the two that ask.
    """

    role: ClassVar[str] = "sharing"

    @classmethod
    def width_step(cls, settings: Any) -> int:
        """What every width of the encoder must be a multiple of."""
        del settings
        return 1

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        nn.Module.__init__(self)
        self.settings = settings
        self.owners = Owners(tasks)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Outputs of every task that has a part in the batch, by task name."""
        raise NotImplementedError

    def features(self, batch: Batch) -> dict[str, Tensor]:
        """What the head of each task reads, by task; one object for tasks that hold one input.

        Of a method that gives `representation`: all that is shared lies below it or in the heads.
        """
        raise NotImplementedError

    def answers(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The outputs by task that the heads give to `features`, as `forward` does to a batch."""
        raise NotImplementedError

    def shared_parameters(self) -> list[nn.Parameter]:
        """Parameters that more than one task uses: those in which gradients can conflict."""
        return self.owners.shared

    def task_parameters(self, task: str) -> list[nn.Parameter]:
        """Parameters that only this task uses."""
        return self.owners.own[task]

    def used_parameters(self, task: str) -> list[nn.Parameter]:
        """Parameters that this task uses: those that it shares, then its own."""
        users = [(p, self.owners.users(p)) for p in self.shared_parameters()]
        # Of a model that enters none of its parameters all that is shared is everybody's.
        return [*(p for p, by in users if not by or task in by), *self.task_parameters(task)]

    def regulariser(self) -> Tensor | None:
        """A term added to the loss, or None."""
        return None

    def after_step(self) -> None:
        """An update is made: what goes by steps counts one here, not in `forward`.

        Of one update a model may be asked several times: for what is replayed, for the gradients
        of past tasks, for a look back.
        """

    def structure(self) -> Structure:
        """The model as it is now, as a graph of parts for a view to draw.

        Unless a method draws itself, what is shared is one part, and what is a task's own another.
        """
        builder = StructureBuilder(self.owners)
        shared = nn.ParameterList(self.shared_parameters())
        if len(shared):
            builder.node("shared", "trunk", 1, "shared", [shared], builder.tasks)
            builder.feed("shared")
        for task in builder.tasks:
            own = nn.ParameterList(self.task_parameters(task))
            builder.node(f"own {task}", "head", 2, task, [own], (task,))
            if len(shared):
                builder.edge("shared", f"own {task}")
            else:
                builder.feed(f"own {task}")
        return builder.done()

    def common_stages(self) -> list[nn.Module]:
        """The stages that every task's input passes through in turn; none if there is no such."""
        return []

    def attach(self, name: str, parts: nn.Module, users: Sequence[str]) -> None:
        """Add parts that another role brings: trained and saved with the model, used by `users`."""
        self.add_module(name, parts)
        self.owners.divide(parts, users)

    def begin(self, stage: int, tasks: Sequence[str]) -> None:
        """Stage `stage`, in which these tasks are learned, begins; may add or freeze columns.

        Called again for every stage that had begun when a run is resumed, before its parameters
        are restored: what it does may depend on nothing else.
        """
        del stage, tasks


class Heads(nn.Module):
    """Heads by name: tasks that name the same head share it."""

    def __init__(self, tasks: Sequence[Task], width: int) -> None:
        super().__init__()
        self.by_name = nn.ModuleDict()
        self.users: dict[str, list[str]] = {}
        for task in tasks:
            name = module_name(task.head)
            if name not in self.by_name:
                self.by_name[name] = make_head(task, width)
            self.users.setdefault(name, []).append(task.name)
        self.of_task = {task.name: module_name(task.head) for task in tasks}
        # Looked up once a step: a plain dict of modules is several times faster than ModuleDict.
        self._direct = {task: self.by_name[name] for task, name in self.of_task.items()}
        self._own = {
            task: list(self.by_name[name].parameters()) if len(self.users[name]) == 1 else []
            for task, name in self.of_task.items()
        }
        self._is_reused = len(self.users) < len(self.of_task)

    def forward(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Outputs by task from features [B, width] by task."""
        direct = self._direct
        if len(features) == 1 or not self._is_reused:
            return {task: direct[task](values) for task, values in features.items()}
        together: dict[nn.Module, dict[int, Tensor]] = {}
        for task, values in features.items():
            together.setdefault(direct[task], {})[id(values)] = values
        answers = {head: _applied(head, distinct) for head, distinct in together.items()}
        return {task: answers[direct[task]][id(values)] for task, values in features.items()}

    def only(self, tasks: Iterable[str]) -> nn.Module | None:
        """The one head that all of these tasks use; None where they use several."""
        if not self._is_reused:
            return None
        heads = {id(self._direct[task]): self._direct[task] for task in tasks}
        return next(iter(heads.values())) if len(heads) == 1 else None

    def shared_parameters(self) -> list[nn.Parameter]:
        """Parameters of heads that several tasks use."""
        return [
            parameter
            for name, head in self.by_name.items()
            if len(self.users[name]) > 1
            for parameter in head.parameters()
        ]

    def task_parameters(self, task: str) -> list[nn.Parameter]:
        """Parameters of the task's head, if no other task uses it."""
        return self._own[task]

    def tell(self, owners: Owners) -> None:
        """Enter every head's parameters."""
        for name, users in self.users.items():
            if len(users) == 1:
                owners.give(users[0], self.by_name[name])
            else:
                owners.share(self.by_name[name], users)


def _applied(head: nn.Module, distinct: Mapping[int, Tensor]) -> dict[int, Tensor]:
    """A head's answers to several features [B, width], in one pass over all of them."""
    if len(distinct) == 1:
        return {key: head(values) for key, values in distinct.items()}
    pieces = list(distinct.values())
    outputs: Tensor = head(torch.cat(pieces))
    return dict(zip(distinct, outputs.split([len(piece) for piece in pieces]), strict=True))


def module_name(name: str) -> str:
    """A task's or head's name for use in a ModuleDict.

    There dots are not allowed, nor names of its own methods: a task may be called "values".
    """
    return "·" + name.replace(".", "·")


def encode_once(
    module: Callable[[Tensor], Tensor], inputs: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Features by task, with each distinct input tensor encoded once and all in one pass.

    Tasks that hold the same tensor object get the same features object; different tensors are
    encoded together, one after the other in one batch.
    """
    distinct: dict[int, Tensor] = {id(values): values for values in inputs.values()}
    if len(distinct) == 1:
        features: Tensor = module(next(iter(distinct.values())))
        return dict.fromkeys(inputs, features)
    pieces = list(distinct.values())
    encoded = module(torch.cat(pieces)).split([len(piece) for piece in pieces])
    by_input = dict(zip(distinct, encoded, strict=True))
    return {task: by_input[id(values)] for task, values in inputs.items()}


def inputs_of(batch: Batch) -> dict[str, Tensor]:
    """The only view of every part, by task."""
    return {name: next(iter(part.inputs.values())) for name, part in batch.items()}
