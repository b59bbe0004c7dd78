"""AnswerTables: how a task is answered on validation, as tables: which class for which, how sure.

Of classes a confusion matrix and the bins of a reliability diagram; of a value what is predicted
against what is true.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from workbench.engine.measure.evaluation import Answered
from workbench.engine.numerics.calibration import bins_of, edges
from workbench.engine.roles.metric import NO_ANSWER, answers_of
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.task import Classes, Task, Values
from workbench.spec.event import Table

#: A matrix of more classes cannot be read.
MOST_CLASSES = 100
#: Stretches into which values are divided.
N_STRETCHES = 12


def answer_tables(tasks: Mapping[str, Task], answered: Mapping[str, Answered]) -> list[Table]:
    """The tables of every task that has some."""
    tables: list[Table] = []
    for name, task in tasks.items():
        output, target = answered[name].output, answered[name].target
        if not isinstance(output, Tensor):
            continue
        if isinstance(task.output, Classes) and task.output.n <= MOST_CLASSES:
            tables += [_confusion(task, output, target), _reliability(name, output, target)]
        elif isinstance(task.output, Values) and task.output.n == 1:
            tables += _against_true(task, output, target)
    return tables


def _confusion(task: Task, output: Tensor, target: Tensor) -> Table:
    """Shares of each class's examples by what they were taken for; NaN: it has none."""
    n = output.shape[1]
    answer = answers_of(output)
    is_known = answer != NO_ANSWER
    pairs = target[is_known] * n + answer[is_known]
    counts = pairs.bincount(minlength=n * n).view(n, n).double()
    shares = counts / target.bincount(minlength=n).double().unsqueeze(1)
    named = len(task.answers) == n
    names = task.answers if named else tuple(str(i) for i in range(n))
    return figures(
        f"confusion · {task.name}",
        names,
        names,
        shares,
        meaning="Rows are the right classes of validation examples, columns what they were taken"
        " for: shares of each row",
    )


def _reliability(name: str, output: Tensor, target: Tensor) -> Table:
    bins = bins_of(output, target)
    return figures(
        f"calibration · {name}",
        edges(),
        ("confidence", "accuracy", "share"),
        torch.stack([bins.confidence, bins.accuracy, bins.share], 1),
        meaning="Validation examples by how sure their answers are: answers are calibrated where"
        " the accuracy is the confidence",
    )


def _against_true(task: Task, output: Tensor, target: Tensor) -> list[Table]:
    """Counts of examples by what is true and what is predicted, in the target's unit."""
    if task.scaling is not None:
        output, target = task.scaling.unscaled(output), task.scaling.unscaled(target)
    predicted, true = output.double()[:, 0].cpu(), target.double()[:, 0].cpu()
    is_number = predicted.isfinite()
    predicted, true = predicted[is_number], true[is_number]
    if not len(true) or float(true.min()) == float(true.max()):
        return []
    ends = torch.linspace(float(true.min()), float(true.max()), N_STRETCHES + 1).double()
    inner = ends[1:-1].contiguous()
    rows, columns = torch.bucketize(predicted, inner), torch.bucketize(true, inner)
    counts = (rows * N_STRETCHES + columns).bincount(minlength=N_STRETCHES**2)
    middles = ((ends[1:] + ends[:-1]) / 2).tolist()
    names = [f"{middle:.5g}" for middle in middles]
    if len(set(names)) < len(names):
        return []
    table = counts.view(N_STRETCHES, N_STRETCHES).double().flip(0)
    return [
        figures(
            f"predicted against true · {task.name}",
            reversed(names),
            names,
            table,
            meaning="Validation examples by what is predicted (rows) and what is true (columns):"
            " their number; right ones lie on the diagonal",
        )
    ]
