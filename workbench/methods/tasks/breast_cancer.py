"""breast-cancer: diagnosis, and what the worst cells look like."""

from typing import Any

from workbench.engine.blocks.tasks.table import Table
from workbench.engine.roles.task import Family, Task

#: The first of the ten columns on the worst cells.
_WORST = 20


class BreastCancer(Family):
    """569 tumours: benign or malignant, and how large, rough and hollow are the worst cells?

    The Wisconsin diagnostic data as scikit-learn ships them. Inputs are mean and standard error
    of ten measures of the cell nuclei. The worst of each is not an input; three of them are tasks
    beside the diagnosis: knowledge that is there in training alone (Caruana & de Sa 1997). Split
    70/10/20 in shuffled order.
    """

    key = "breast-cancer"
    title = "Breast cancer"
    group = "tables"
    paper = "Caruana & de Sa, Promoting poor features to supervisors, NIPS 1996"
    link = "https://archive.ics.uci.edu/dataset/17"
    helps = "Extra tasks that help a main one: set their weights to 0 and compare."
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("diagnosis", "worst-radius", "worst-texture", "worst-concavity")

    def tasks(self) -> list[Task]:
        from sklearn.datasets import load_breast_cancer  # takes a second, when it is needed

        dataset: Any = load_breast_cancer()
        names = [str(name) for name in dataset.feature_names]
        table = Table(dataset.data[:, :_WORST], names[:_WORST])
        diagnosis = table.classes("diagnosis", dataset.target, ("malignant", "benign"))
        worst = [
            table.values(name, dataset.data[:, names.index(name.replace("-", " "))])
            for name in self.task_names()[1:]
        ]
        return [diagnosis, *worst]
