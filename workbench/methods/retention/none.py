"""none: plain fine-tuning."""

from workbench.engine.roles.retention import Retention


class NoRetention(Retention):
    """Nothing protects the past: plain fine-tuning, the lower bound of lifelong learning."""

    key = "none"
    title = "None"
    helps = "Multi-task learning, or the lower bound of lifelong learning."
