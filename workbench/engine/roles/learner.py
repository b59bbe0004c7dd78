"""Learner: how one update is made."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import Method
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task

if TYPE_CHECKING:
    from workbench.engine.update.update import Report, Update

#: Gives the outputs by task of a batch.
Ask = Callable[[Batch], dict[str, Tensor]]

#: Gives the losses [n] of the small tasks of each task of a batch, with their graph.
LossesOf = Callable[[Sharing, Batch], list[Tensor]]


class Learner(Method):
    """The body of one update, and how a task is answered.

    A learner that `adapts` first learns from a few examples of a task, its support, and is judged
    on others, its query. An example of a distribution of tasks is then a whole small task; other
    learners are given the rows of a distribution instead.
    """

    role: ClassVar[str] = "learner"
    #: Whether it adapts to a task before it answers; `losses`, `answer` and `answers` say how.
    adapts: ClassVar[bool] = False
    #: Whether it adapts by inner steps, of which any number may be taken when a task is asked.
    adapts_by_steps: ClassVar[bool] = False
    #: Whether the rates of its inner steps are learned, and so not to be chosen.
    learns_rates: ClassVar[bool] = False

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @property
    def weighs_small_tasks(self) -> bool:
        """Whether balancing is to weigh each small task of a batch, not their mean."""
        return False

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        """The model is made: what is learned beside it is attached here. Raises BadSpecError."""
        del model, tasks

    def losses(self, model: Sharing, batch: Batch) -> list[Tensor]:
        """The losses [n] of each task's small tasks after adapting, with their graph.

        A task with a name is one small task. Asked of a learner that adapts, at every update.
        """
        raise NotImplementedError

    def answer(self, ask: Ask, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        """Outputs by task when the model is asked, not taught; of episodes, of all their queries.

        `ask` gives what the model and retention say without adapting. May run where nothing is
        recorded for gradients.
        """
        del model
        return ask(batch)

    @property
    def shown_after(self) -> tuple[int, ...]:
        """The numbers of inner steps after which its adaptation is shown."""
        return ()

    @property
    def judged_after(self) -> int:
        """Inner steps after which a task is judged."""
        return 0

    @property
    def inner_rate(self) -> float | None:
        """The learning rate of its inner steps, where it has one that may be chosen."""
        return None

    def at_rate(self, rate: float) -> "Learner":
        """This learner with another inner rate, to be asked; it stays itself as it is."""
        raise NotImplementedError

    def cut(self, task: str, part: Part) -> tuple[Part, Part]:
        """A part of a task to be asked, as support [N, s, …] and query [N, q, …] of small tasks.

        Of a task that is no distribution N is 1, and the query the part itself.
        """
        raise NotImplementedError

    def answers(
        self, model: Sharing, task: str, support: Part, query: Part, steps: Sequence[int]
    ) -> Tensor:
        """Outputs [K, N, q, …] for small tasks after each of K numbers of inner steps."""
        raise NotImplementedError

    def embedding(self, model: Sharing, task: str, rows: Part) -> Tensor | None:
        """Where it places rows [n, …] by what they are, [n, width]; None where it does not."""
        del model, task, rows

    def inner_bytes(self, model: Sharing, n_tasks: int, activations: int) -> int:
        """Bytes that an update keeps of inner steps on `n_tasks` small tasks of each task.

        `activations` are the bytes that a backward pass through all their rows keeps.
        """
        del model, n_tasks, activations
        return 0

    def learn(self, batch: Batch, update: "Update") -> "Report":
        """Make one update from a batch and tell its losses and weights."""
        step = update.step(batch)
        report = update.combine(step)
        update.project(step)
        update.apply()
        update.look_back(step)
        return report
