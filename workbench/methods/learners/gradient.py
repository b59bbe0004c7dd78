"""gradient: one optimizer step on the balanced loss."""

from workbench.engine.roles.learner import Learner


class Gradient(Learner):
    """One optimizer step on each batch's balanced loss."""

    key = "gradient"
    title = "Gradient descent"
    formula = "θ ← θ − η·opt(∇L)"
    helps = "Everything that is not about learning to learn."
    gives = ("single-update",)
