"""Divergence: the error of a run that stopped being finite."""


class NotFiniteError(Exception):
    """Something stopped being a finite number; `task` names whose it is, if it is a task's.

    `advice` says how to mend it.
    """

    def __init__(
        self,
        message: str,
        task: str = "",
        advice: str = "lower the learning rate or clip the gradient",
    ) -> None:
        self.task = task
        self.advice = advice
        super().__init__(message)


def not_finite(what: str, task: str, value: float) -> NotFiniteError:
    """The error to raise for a task's loss or weight."""
    return NotFiniteError(f"the {what} of {task} became {value}", task)
