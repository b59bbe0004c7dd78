"""mgda: the shortest vector in the hull of the gradients."""

from collections.abc import Sequence

from workbench.engine.blocks.solvers import Cosines, shortest_in_hull
from workbench.engine.roles.balancing import GramianBalancing


class MGDA(GramianBalancing):
    """The shortest vector in the convex hull of the gradients: no task gets worse.

    d · gᵢ ≥ ‖d‖² for every task; d is 0 exactly where the point is Pareto stationary. Solved
    exactly, by an active set, not by the 2018 paper's Frank-Wolfe steps, and for the gradients as
    they are, without that paper's optional normalisation. A task whose gradient is 0 is at its
    optimum, so nothing moves: all weight is on such tasks. Set the weight of a finished task to 0
    to go on without it.
    """

    key = "mgda"
    title = "MGDA"
    formula = "α = argmin αᵀGα over α ≥ 0, Σα = 1;  d = Σᵢ αᵢ gᵢ"
    paper = (
        "Désidéri, Multiple-gradient descent algorithm (MGDA), 2012; Sener & Koltun, NeurIPS 2018"
    )
    link = "https://arxiv.org/abs/1810.04650"
    helps = "Steps that no task pays for. Follows the task with the smallest gradient."
    needs = ("shared-parameters",)
    weights_sum = "1"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        n_still = cosines.n_tasks - len(cosines.alive)
        if n_still:
            return [0.0 if row[i] > 0 else 1 / n_still for i, row in enumerate(gramian)]
        return shortest_in_hull(cosines).tolist()
