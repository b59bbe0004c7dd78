"""gradient: one optimizer step on the balanced loss."""

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import Learner
from workbench.engine.update.update import Report, Update


class Gradient(Learner):
    """One optimizer step on each batch's balanced loss."""

    key = "gradient"
    title = "Gradient descent"
    formula = "θ ← θ − η·opt(∇L)"
    helps = "Everything that is not about learning to learn."
    gives = ("single-update",)

    def learn(self, batch: Batch, update: Update) -> Report:
        step = update.step(batch)
        report = update.combine(step)
        update.project(step)
        update.apply()
        update.look_back(step)
        return report
