"""diabetes: progression of the disease, and whether it is high."""

from typing import Any

import numpy as np

from workbench.engine.blocks.tasks.table import Table
from workbench.engine.roles.task import Family, Task


class Diabetes(Family):
    """442 patients: how far will diabetes go in a year, and is that more than usual?

    The data of the paper as scikit-learn ships them, unscaled. The second task is derived from
    the first: above the median of the training patients or not. Split 70/10/20 in shuffled order.
    """

    key = "diabetes"
    title = "Diabetes"
    group = "tables"
    paper = "Efron et al., Least angle regression, Annals of Statistics 2004"
    link = "https://doi.org/10.1214/009053604000000067"
    helps = "One question asked as a number and as a class: tasks that should agree."
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("progression", "above-median")

    def tasks(self) -> list[Task]:
        from sklearn.datasets import load_diabetes  # takes a second, when it is needed

        dataset: Any = load_diabetes(scaled=False)
        table = Table(dataset.data, [str(name) for name in dataset.feature_names])
        is_above = dataset.target > np.median(table.train_rows(dataset.target))
        return [
            table.values("progression", dataset.target),
            table.classes("above-median", is_above, ("below", "above")),
        ]
