"""gem: never step against the gradient of any past task."""

from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.rehearsal import Rehearsal
from workbench.engine.numerics.solvers import NotSolvedError, nonnegative
from workbench.engine.update.step import Step
from workbench.spec.settings import Settings, setting


class GEM(Rehearsal):
    """Takes the gradient nearest to the batch's own that raises no past task's loss.

    min ‖z − g‖² subject to ⟨z, gₖ⟩ ≥ 0 for each past task k, gₖ the gradient of its mean loss on
    all its kept examples (Lopez-Paz & Ranzato, NIPS 2017). The quadratic program is solved
    exactly, as a non-negative least-squares problem in its dual, z = g + Σ vₖgₖ; projecting off
    one gₖ after the other gives something else. strength is the paper's memory strength γ: added to
    each v of the solution, as the paper says (its code solves for v ≥ γ instead), it favours
    getting better at the past.
    The authors keep the last examples of a task; here it is a uniform sample.
    """

    key = "gem"
    title = "GEM"
    formula = "min ‖z − g‖² subject to z·gₖ ≥ 0 for each past k"
    paper = "Lopez-Paz & Ranzato, Gradient episodic memory for continual learning, NIPS 2017"
    link = "https://arxiv.org/abs/1706.08840"
    helps = "Keeping what was learned and improving on it, at a backward pass a past task."
    needs = ("stages", "boundaries")
    changes_gradient = True

    class Settings(Settings):
        """Size and use of the memory."""

        memory_per_task: int = setting(
            40,
            "Examples kept of each task.",
            ge=1,
            le=10_000_000,
            unit="examples",
            title="Memory a task",
        )
        strength: float = setting(
            0.5, "γ: how far the step leans towards past tasks.", ge=0, le=1e3
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator, settings.memory_per_task, "per-task")

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        past = {task: part for task, part in self.memory.parts.items() if task not in step.names}
        if not past:
            return gradient
        rows = [step.whole_gradient(step.on({task: part}).losses[0]) for task, part in past.items()]
        try:
            return nearest_harmless(gradient, torch.stack(rows), self.settings.strength)
        except NotSolvedError as error:
            self.notice(f"{error}; the batch's own gradient was used instead")
            return gradient


def nearest_harmless(gradient: Tensor, past: Tensor, strength: float = 0.0) -> Tensor:
    """The vector nearest to `gradient` [P] with no negative product with a row of `past` [K, P].

    It is left as it is where it harms nothing. Raises NotSolvedError.
    """
    if (past @ gradient >= 0).all():
        return gradient
    # ‖pastᵀv + g‖ over v ≥ 0 depends on past only through R of its QR decomposition.
    basis, triangle = torch.linalg.qr(past.T.double())
    right = -(basis.T @ gradient.double())
    solution = nonnegative(triangle.cpu().numpy(), right.cpu().numpy())
    weights = torch.from_numpy(solution).to(gradient) + strength
    return gradient + weights @ past
