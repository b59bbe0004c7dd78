"""Experiments for the runners: real tasks, short or long enough."""

from workbench.spec.experiment import Choice, Spec, TaskChoice, Training


def short() -> Spec:
    """Done in a fraction of a second."""
    return Spec(
        name="Short",
        tasks=(TaskChoice(family="digits-split"),),
        curriculum=Choice(kind="sequential"),
        training=Training(epochs=2, batch_size=64, evaluate_every=5, threads=1),
    )


def endless() -> Spec:
    """Goes on until somebody stops it."""
    return Spec(
        name="Endless",
        tasks=(TaskChoice(family="digits-attributes", task="parity"),),
        training=Training(epochs=100_000, batch_size=64, evaluate_every=0, threads=1),
    )
