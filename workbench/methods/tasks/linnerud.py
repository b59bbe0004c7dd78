"""linnerud: three body measures of men in a fitness club."""

from workbench.engine.blocks.tasks.table import Table
from workbench.engine.roles.task import Family, Task


class Linnerud(Family):
    """20 men in a fitness club: weight, waist and pulse from chin-ups, sit-ups and jumps.

    Linnerud's data as scikit-learn ships them, split 12/3/5 in shuffled order. So few rows tell
    little: ridge regression at its best explains -4, 24 and -23 % of the variance of a man left
    out. Expect test scores below guessing, and look at the training loss.
    """

    key = "linnerud"
    title = "Linnerud"
    group = "tables"
    paper = "Tenenhaus, La régression PLS, 1998"
    link = "https://scikit-learn.org/stable/datasets/toy_dataset.html"
    helps = "Three numbers to predict and almost no data: overfitting in its purest form."
    is_judged_built = False

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("weight", "waist", "pulse")

    def tasks(self) -> list[Task]:
        from sklearn.datasets import load_linnerud  # takes a second, when it is needed

        exercises, body = load_linnerud(return_X_y=True)
        table = Table(exercises, ("chin-ups", "sit-ups", "jumps"), val=0.15, test=0.25)
        return [table.values(name, body[:, i]) for i, name in enumerate(self.task_names())]
