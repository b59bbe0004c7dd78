"""iris: species and petal width of flowers."""

from workbench.engine.blocks.tasks.table import Table
from workbench.engine.roles.task import Family, Task


class Iris(Family):
    """150 iris flowers, three measures each: which species, and how wide is a petal?

    Fisher's data as scikit-learn ships them. The fourth measure, the width of a petal, is not an
    input but a second task. Split 70/10/20 in shuffled order; two flowers that measure the same
    stay together.
    """

    key = "iris"
    title = "Iris"
    group = "tables"
    paper = "Fisher, The use of multiple measurements in taxonomic problems, 1936"
    link = "https://doi.org/10.1111/j.1469-1809.1936.tb02137.x"
    helps = "A class and a number from one small table, in a second."
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("species", "petal-width")

    def tasks(self) -> list[Task]:
        from sklearn.datasets import load_iris  # takes a second, when it is needed

        rows, species = load_iris(return_X_y=True)
        table = Table(rows[:, :3], ("sepal length", "sepal width", "petal length"))
        return [
            table.classes("species", species, ("setosa", "versicolor", "virginica")),
            table.values("petal-width", rows[:, 3]),
        ]
