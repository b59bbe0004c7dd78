"""fairgrad: progress shared out fairly."""

from workbench.engine.numerics.solvers import Cosines, inverse_power
from workbench.engine.roles.balancing import CosineBalancing, GradientSettings
from workbench.spec.settings import setting


class FairGrad(CosineBalancing):
    """The direction that is α-fair to the tasks' rates of progress.

    Equation 4 of the paper, solved by Newton steps to a relative change of 1e-6, where the
    authors' code uses general least squares. The user's weights p weigh the tasks' utilities, of
    which the direction makes the sum largest. Tasks without a gradient take no part. For α ≠ 1 the
    weights found depend on the scale of the losses.
    """

    key = "fairgrad"
    title = "FairGrad"
    formula = "d = Σᵢ wᵢ gᵢ,  Gw = (p/w)^(1/α)  (elementwise, w > 0)"
    paper = "Ban & Ji, Fair resource allocation in multi-task learning, ICML 2024"
    link = "https://arxiv.org/abs/2402.15638"
    helps = "To choose how fair: α = 1 is Nash-MTL, a larger α helps the worst-off task more."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "no fixed number"

    class Settings(GradientSettings):
        alpha: float = setting(
            1.0,
            "Kind of fairness: towards 0 the sum, 1 proportional, 2 delay, large the worst-off.",
            ge=0.1,
            le=10.0,
        )

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        if len(cosines.alive) == 0:
            return [0.0] * cosines.n_tasks
        power = 1 / self.settings.alpha
        scale = cosines.norms ** (power - 1) * cosines.preference**power
        return cosines.weights(inverse_power(cosines.matrix, scale, power))
