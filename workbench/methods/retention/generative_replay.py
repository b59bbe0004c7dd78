"""generative-replay: a generator makes up the past, and the old network says what it is."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from workbench.engine.ahead import Ahead, n_bytes
from workbench.engine.blocks.autoencoder import Autoencoder, Packed
from workbench.engine.blocks.memory import mixed
from workbench.engine.blocks.snapshot import Snapshot
from workbench.engine.past import StageData
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Classes, Image, Part, Task, Values, Vector
from workbench.engine.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class GenerativeReplay(Retention):
    """Rehearses examples that a generator makes up, with the old network's answers as labels.

    A scholar is a generator and a solver. In each stage the generator, a variational autoencoder,
    learns from the new inputs and from what the old one makes up, and the solver from the new
    examples and from made-up ones with the old solver's answers: L(batch) + λ L(made up) (Shin et
    al., NIPS 2017, who have a GAN). Labels are classes, as in the paper, among those learned so
    far where the tasks say which. The generator has an Adam of its own. No example is kept.
    """

    key = "generative-replay"
    title = "Generative replay"
    formula = "L = L(batch) + λ L(x′, f_old(x′)), x′ ~ G_old"
    paper = "Shin et al., Continual learning with deep generative replay, NIPS 2017"
    link = "https://arxiv.org/abs/1705.08690"
    helps = "When no example may be kept, and inputs are simple enough to be made up."
    needs = ("stages", "boundaries")
    is_judged_built = True

    class Settings(Settings):
        """Size of the generator, and use of what it makes up."""

        batch_size: int = setting(
            32, "Examples made up with each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(1.0, "λ: weight of the made-up examples' loss.", ge=0, le=1e6)
        hidden: int = setting(
            128, "Width of the generator.", ge=1, le=65536, unit="units", title="Width"
        )
        latent: int = setting(16, "Size of the generator's code.", ge=1, le=4096, unit="numbers")
        lr: float = setting(0.002, "Learning rate of the generator.", gt=0, le=10, title="Rate")

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: A generator for each kind of input.
        self.makers: dict[str, Maker] = {}
        self.old = Snapshot()
        self.past: list[str] = []
        self._new: Batch = {}
        self._made: dict[str, Tensor] = {}

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        for name, task in tasks.items():
            if not all(isinstance(kind, Vector | Image) for kind in task.inputs.values()):
                message = f"makes up vectors and pictures; {name} takes something else"
                raise BadSpecError("retention.kind", message)
            if not isinstance(task.output, Classes | Values):
                message = f"can answer with classes and values; {name} asks for something else"
                raise BadSpecError("retention.kind", message)
        self._model, self._tasks = model, tasks

    def begin(self, stage: StageData) -> None:
        for part in (stage.tasks[name].data["train"] for name in stage.names):
            if _kind(part) not in self.makers:
                self._add_maker(_kind(part), _shapes(part), part.target.device)

    def _add_maker(self, kind: str, shapes: Mapping[str, list[int]], device: torch.device) -> None:
        seed = int(torch.randint(2**31, (1,), generator=self.generator).item())
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.makers[kind] = Maker(shapes, self.settings, device)

    def mix(self, batch: Batch) -> Batch:
        self._new, self._made = batch, {}
        drawn: dict[str, Part] = {}
        n = self.settings.batch_size
        for kind, names in self._asked().items():
            rows = self.makers[kind].made(n, self.generator)
            self._made[kind] = rows
            inputs = self.makers[kind].packed.unpack(rows)
            parts = {name: Part(inputs, rows.new_zeros(n)) for name in names}
            for name, output in self.old.outputs(self._model, parts).items():
                drawn[name] = Part(inputs, self._label(name, output))
        return mixed(batch, drawn, self.settings.strength) if drawn else batch

    def _asked(self) -> dict[str, list[str]]:
        """One past task of each head, by the kind of their inputs."""
        by_head = {
            (_kind(self._tasks[name].data["train"]), self._tasks[name].head): name
            for name in self.past
        }
        found: dict[str, list[str]] = {}
        for (kind, _), name in by_head.items():
            found.setdefault(kind, []).append(name)
        return found

    def _label(self, name: str, output: Tensor) -> Tensor:
        """The old solver's answers, as targets."""
        task = self._tasks[name]
        if not isinstance(task.output, Classes):
            return output
        users = [self._tasks[past] for past in self.past if self._tasks[past].head == task.head]
        classes = sorted({label for user in users for label in user.classes})
        if not classes or not all(user.classes for user in users):
            return output.argmax(1)
        known = torch.tensor(classes, device=output.device)
        return known[output.index_select(1, known).argmax(1)]

    def settle(self, step: Step) -> None:
        by_kind: dict[str, dict[tuple[int, ...], Part]] = {}
        for part in self._new.values():
            same = tuple(map(id, part.inputs.values()))
            by_kind.setdefault(_kind(part), {})[same] = part
        for kind, parts in by_kind.items():
            maker = self.makers.get(kind)
            if maker is None:
                continue  # of a task that is not this stage's, at a soft boundary
            rows = [maker.packed.pack(part.inputs) for part in parts.values()]
            if kind in self._made:
                rows.append(self._made[kind])
            maker.learn(torch.cat(rows), self.generator)

    def end(self, stage: StageData) -> None:
        self.past += [name for name in stage.names if name not in self.past]
        self.old.take(stage.model)
        for maker in self.makers.values():
            maker.keep()

    def capacity(self, ahead: Ahead) -> Holding:
        kinds = {_kind(part): part for part in (t.data["train"] for t in ahead.tasks.values())}
        makers = [Maker.bytes_of(_shapes(part), self.settings) for part in kinds.values()]
        return Holding(0, ahead.values + sum(makers))

    def state_dict(self) -> dict[str, Any]:
        makers = {kind: maker.state_dict() for kind, maker in self.makers.items()}
        return {"makers": makers, "old": self.old.state_dict(), "past": list(self.past)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        device = next(self._model.parameters()).device
        for kind, saved in state["makers"].items():
            self.makers[kind] = Maker(saved["shapes"], self.settings, device)
            self.makers[kind].load_state_dict(saved)
        self.old.load_state_dict(state["old"])
        self.past = list(state["past"])


class Maker:
    """A generator that learns, and the one that it was when the last stage ended."""

    def __init__(
        self, shapes: Mapping[str, list[int]], settings: Any, device: torch.device
    ) -> None:
        self.packed = Packed(shapes)
        self.model = Autoencoder(self.packed.n, settings.hidden, settings.latent).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=settings.lr)
        self.old = copy.deepcopy(self.model)

    @classmethod
    def bytes_of(cls, shapes: Mapping[str, list[int]], settings: Any) -> int:
        """Bytes of what `state_dict` gives: both generators, and two moments and a count."""
        with torch.device("meta"):
            model = cls(shapes, settings, torch.device("meta")).model
        return 4 * n_bytes(model.parameters()) + 4 * len(list(model.parameters()))

    def learn(self, rows: Tensor, generator: torch.Generator) -> None:
        """One step on examples [B, n]."""
        self.optimizer.zero_grad()
        self.model.loss(rows, generator).backward()
        self.optimizer.step()

    def made(self, n: int, generator: torch.Generator) -> Tensor:
        """`n` examples that the old generator makes up."""
        return self.old.draw(n, generator)

    def keep(self) -> None:
        """From now on the past is what it makes up now."""
        self.old.load_state_dict(self.model.state_dict())

    def state_dict(self) -> dict[str, Any]:
        """Both generators, and the optimizer of the one that learns."""
        return {
            "shapes": dict(self.packed.shapes),
            "model": dict(self.model.state_dict()),
            "old": dict(self.old.state_dict()),
            "optimizer": self.optimizer.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.model.load_state_dict(state["model"])
        self.old.load_state_dict(state["old"])
        self.optimizer.load_state_dict(state["optimizer"])


def _shapes(part: Part) -> dict[str, list[int]]:
    return {view: list(values.shape[1:]) for view, values in part.inputs.items()}


def _kind(part: Part) -> str:
    """What inputs of one shape have in common."""
    return repr(_shapes(part))
