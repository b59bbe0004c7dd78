"""generative-replay: a generator makes up the past, and the old network says what it is."""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.engine.blocks.retention.autoencoder import Maker, Size
from workbench.engine.blocks.retention.memory import mixed, weighed
from workbench.engine.blocks.retention.snapshot import Snapshot
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Image, Labels, Part, Task, Values, Vector
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting

#: The share of inputs' variance that their generator takes for noise.
_NOISE = 0.1
#: Pictures are black and white from this part on of the variance they had if no value were grey:
#: MNIST has .78, the grey pictures of the small digits .51.
_BLACK_AND_WHITE = 2 / 3


class GenerativeReplay(Retention):
    """Rehearses examples that a generator makes up, with the old network's answers as labels.

    A scholar is a generator and a solver. In each stage the generator, a variational autoencoder,
    learns from the new inputs and from what the old one makes up, and the solver from the new
    examples and from made-up ones with the old solver's answers (Shin et al., NIPS 2017, who have a
    GAN). Both weigh the new by r = 1/the number of tasks so far and the old by 1 − r, as the paper
    does; the solver's two means together count as two, as they do in Replay. Labels are classes,
    as in the paper, among those learned so far where the tasks say which. The generator of inputs
    that are nearly black and white is Bernoulli's, as in van de Ven et al. 2020; of others, a tenth
    of the inputs' variance is taken for noise, so that what is made up stays near them however long
    the generator learns. It has an Adam of its own. No example is kept.
    """

    key = "generative-replay"
    title = "Generative replay"
    formula = "L = 2 [r L(batch) + λ (1 − r) L(x′, f_old(x′))], x′ ~ G_old, r = 1/tasks so far"
    paper = "Shin et al., Continual learning with deep generative replay, NIPS 2017"
    link = "https://arxiv.org/abs/1705.08690"
    helps = "When no example may be kept, and inputs are simple enough to be made up."
    needs = ("stages", "boundaries", "single-update")
    is_judged_built = True
    mixes_examples = True

    class Settings(Settings):
        """Size of the generator, and use of what it makes up."""

        batch_size: int = setting(
            32, "Examples made up with each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(1.0, "λ: weight of the made-up examples.", ge=0, le=1e6)
        hidden: int = setting(
            400, "Width of the generator.", ge=1, le=65536, unit="units", title="Width"
        )
        latent: int = setting(16, "Size of the generator's code.", ge=1, le=4096, unit="numbers")
        lr: float = setting(0.003, "Learning rate of the generator.", gt=0, le=10, title="Rate")
        likelihood: Literal["auto", "bernoulli", "gaussian"] = setting(
            "auto",
            "What the generator takes values for: shades between 0 and 1, or numbers with noise."
            " auto: shades where inputs are nearly black and white.",
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: A generator for each kind of input.
        self.makers: dict[str, Maker] = {}
        self.old = Snapshot()
        self.past: list[str] = []
        #: r: what new examples weigh in all, against 1 − r of those made up.
        self.share_of_new = 1.0
        self._new: Batch = {}
        self._made: dict[str, Tensor] = {}

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        for name, task in tasks.items():
            if not all(isinstance(kind, Vector | Image) for kind in task.inputs.values()):
                message = f"makes up vectors and pictures; {name} takes something else"
                raise BadSpecError("retention.kind", message)
            if not isinstance(task.output, Classes | Values | Labels):
                message = (
                    f"can answer with classes, labels and values; {name} asks for something else"
                )
                raise BadSpecError("retention.kind", message)
            if self.settings.likelihood == "bernoulli" and not _are_shades(task.data["train"]):
                message = f"bernoulli needs values from 0 to 1; {name} has others"
                raise BadSpecError("retention.likelihood", message)
        self._model, self._tasks = model, tasks

    @property
    def _size(self) -> Size:
        return Size(self.settings.hidden, self.settings.latent, self.settings.lr)

    def on_stage_start(self, stage: StageData) -> None:
        for name in stage.names:
            part = stage.tasks[name].data["train"]
            if _kind(part) not in self.makers:
                self._add_maker(part)
        self.share_of_new = len(stage.names) / len({*self.past, *stage.names})

    def _add_maker(self, part: Part) -> None:
        seed = int(torch.randint(2**31, (1,), generator=self.generator).item())
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            maker = Maker(_shapes(part), self._size, part.target.device, self._variance(part))
        self.makers[_kind(part)] = maker

    def _variance(self, part: Part) -> float | None:
        """What the generator of inputs like a part's takes for noise; None: they are shades."""
        match self.settings.likelihood:
            case "bernoulli":
                return None
            case "auto" if _is_black_and_white(part):
                # One generator makes up the inputs of all tasks whose inputs have one shape.
                parts = (task.data["train"] for task in self._tasks.values())
                alike = (other for other in parts if _kind(other) == _kind(part))
                return None if all(map(_are_shades, alike)) else _noise(part)
            case _:
                return _noise(part)

    def augment_batch(self, batch: Batch) -> Batch:
        self._new, self._made = batch, {}
        drawn: dict[str, Part] = {}
        n = self.settings.batch_size
        for kind, names in self._past_by_kind().items():
            rows = self.makers[kind].made(n, self.generator)
            self._made[kind] = rows
            inputs = self.makers[kind].packed.unpack(rows)
            parts = {name: Part(inputs, rows.new_zeros(n)) for name in names}
            for name, output in self.old.outputs(self._model, parts).items():
                drawn[name] = Part(inputs, self._label(name, output))
        if not drawn:
            return batch
        new = {task: weighed(part, 2 * self.share_of_new) for task, part in batch.items()}
        return mixed(new, drawn, self.settings.strength * 2 * (1 - self.share_of_new))

    def _past_by_kind(self) -> dict[str, list[str]]:
        """One past task of each head, by the kind of their inputs."""
        by_head = {
            (_kind(self._tasks[name].data["train"]), self._tasks[name].head): name
            for name in self.past
        }
        by_kind: dict[str, list[str]] = {}
        for (kind, _), name in by_head.items():
            by_kind.setdefault(kind, []).append(name)
        return by_kind

    def _label(self, name: str, output: Tensor) -> Tensor:
        """The old solver's answers, as targets."""
        task = self._tasks[name]
        if isinstance(task.output, Labels):
            return output.sigmoid()
        if not isinstance(task.output, Classes):
            return output
        users = [self._tasks[past] for past in self.past if self._tasks[past].head == task.head]
        classes = sorted({label for user in users for label in user.classes})
        if not classes or not all(user.classes for user in users):
            return output.argmax(1)
        known = torch.tensor(classes, device=output.device)
        return known[output.index_select(1, known).argmax(1)]

    def after_step(self, step: Step) -> None:
        by_kind: dict[str, dict[tuple[int, ...], Part]] = {}
        for part in self._new.values():
            same = tuple(map(id, part.inputs.values()))
            by_kind.setdefault(_kind(part), {})[same] = part
        for kind, parts in by_kind.items():
            maker = self.makers.get(kind)
            if maker is None:
                continue  # of a task that is not this stage's, at a soft boundary
            rows = torch.cat([maker.packed.pack(part.inputs) for part in parts.values()])
            maker.learn(rows, self._made.get(kind), self.share_of_new, self.generator)

    def on_stage_end(self, stage: StageData) -> None:
        self.past += [name for name in stage.names if name not in self.past]
        self.old.take(stage.model)
        for maker in self.makers.values():
            maker.keep()

    def capacity(self, planned: PlannedRun) -> Holding:
        kinds = {_kind(part): part for part in (t.data["train"] for t in planned.tasks.values())}
        makers = [Maker.bytes_of(_shapes(part), self._size) for part in kinds.values()]
        return Holding(0, planned.values + sum(makers))

    def state_dict(self) -> dict[str, Any]:
        makers = {kind: maker.state_dict() for kind, maker in self.makers.items()}
        return {
            "makers": makers,
            "old": self.old.state_dict(),
            "past": list(self.past),
            "share_of_new": self.share_of_new,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for kind, saved in state["makers"].items():
            parts = (task.data["train"] for task in self._tasks.values())
            like = next(part for part in parts if _kind(part) == kind)
            # An earlier version saved none, and learned one.
            variance = saved["variance"] if "variance" in saved else _noise(like)
            size = Size.of(saved["model"])
            self.makers[kind] = Maker(saved["shapes"], size, like.target.device, variance)
            self.makers[kind].load_state_dict(saved)
        self.old.load_state_dict(state["old"])
        self.past = list(state["past"])
        self.share_of_new = state.get("share_of_new", 1 / (len(self.past) + 1))


def _are_shades(part: Part) -> bool:
    """Whether every value lies from 0 to 1."""
    bounds = [values.aminmax() for values in part.inputs.values() if values.numel()]
    return all(low >= 0 and high <= 1 for low, high in bounds)


def _is_black_and_white(part: Part) -> bool:
    """Whether values lie from 0 to 1 and few between: they vary nearly as 0 and 1 would."""
    if not _are_shades(part):
        return False
    rows = _rows(part)
    mean = rows.mean(0)
    most = (mean * (1 - mean)).sum()
    return bool(rows.var(0, correction=0).sum() > _BLACK_AND_WHITE * most)


def _rows(part: Part) -> Tensor:
    """All views of each example in one row, [B, n]."""
    return torch.cat([values.flatten(1) for values in part.inputs.values()], dim=1)


def _noise(part: Part) -> float:
    """The variance that a generator takes for noise."""
    rows = _rows(part)
    return max(_NOISE * rows.var(0, correction=0).mean().item(), 1e-6)


def _shapes(part: Part) -> dict[str, list[int]]:
    return {view: list(values.shape[1:]) for view, values in part.inputs.items()}


def _kind(part: Part) -> str:
    """What inputs of one shape have in common."""
    return repr(_shapes(part))
