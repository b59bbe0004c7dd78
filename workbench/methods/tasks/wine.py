"""wine: grower, alcohol and proline of wines."""

from typing import Any

from workbench.engine.blocks.tasks.table import Table
from workbench.engine.roles.task import Family, Task


class Wine(Family):
    """178 Italian wines: which of three growers, how much alcohol, how much proline?

    A chemical analysis of thirteen quantities, as scikit-learn ships it. Two of them, alcohol and
    proline, are not inputs but tasks. Split 70/10/20 in shuffled order.
    """

    key = "wine"
    title = "Wine"
    group = "tables"
    paper = "Aeberhard & Forina, Wine, UCI 1992"
    link = "https://archive.ics.uci.edu/dataset/109"
    helps = "A class and two numbers from one table, few rows: does sharing help?"
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("grower", "alcohol", "proline")

    def tasks(self) -> list[Task]:
        from sklearn.datasets import load_wine  # takes a second, when it is needed

        dataset: Any = load_wine()
        rows, names = dataset.data, [str(name).replace("_", " ") for name in dataset.feature_names]
        # Alcohol is the first column, proline the last.
        table = Table(rows[:, 1:-1], names[1:-1])
        return [
            table.classes("grower", dataset.target, ("grower 1", "grower 2", "grower 3")),
            table.values("alcohol", rows[:, 0]),
            table.values("proline", rows[:, -1]),
        ]
