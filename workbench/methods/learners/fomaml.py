"""fomaml: MAML without second derivatives."""

from workbench.engine.blocks.learners.adaptive import Adaptive, InnerSettings


class FirstOrderMAML(Adaptive):
    """MAML that takes the inner gradients for constants.

    θ ← θ − β Σᵢ ∇Lᵢ^query(φᵢ), with the gradient taken at φᵢ as if φᵢ did not depend on θ.
    """

    key = "fomaml"
    title = "First-order MAML"
    formula = "θ ← θ − β Σᵢ ∇Lᵢ(φᵢ)"
    paper = "Finn, Abbeel & Levine, Model-agnostic meta-learning, ICML 2017"
    link = "https://arxiv.org/abs/1703.03400"
    helps = "Large models or many inner steps, where second derivatives cost too much."

    Settings = InnerSettings

    @property
    def is_first_order(self) -> bool:
        return True
