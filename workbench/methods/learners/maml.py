"""maml: a start from which a few gradient steps suffice."""

from workbench.engine.blocks.learners.adaptive import Adaptive


class MAML(Adaptive):
    """Learns a start from which a few gradient steps on a task's support suffice.

    θ ← θ − β ∇θ Σᵢ Lᵢ^query(φᵢ), where φᵢ is θ after inner steps φ ← φ − α ∇Lᵢ^support(φ), and the
    gradient is taken through them.
    """

    key = "maml"
    title = "MAML"
    formula = "θ ← θ − β∇ Σᵢ Lᵢ(θ − α∇Lᵢ(θ))"
    paper = "Finn, Abbeel & Levine, Model-agnostic meta-learning, ICML 2017"
    link = "https://arxiv.org/abs/1703.03400"
    helps = "Tasks that conflict when learned together but are alike in how they are learned."
