"""What a file of rows becomes, by each way that there is to open it."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import torch
from pyarrow import parquet

from tests.contracts.faces import CATALOGUE
from tests.engine.toys import SPLITS, methods, training
from workbench.engine.answers.dispatch import answer
from workbench.engine.build.tasks import select
from workbench.engine.roles.task import Task
from workbench.spec.check import problems
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.ui.dialogs.data_choice import DataChoice

N = 40


def table(head: str, row: str, n: int = N, end: str = "\n") -> str:
    """A file of `n` rows; `{i}` is the row's number, `{a}`, `{b}` and `{y}` are values in it."""
    rows = (
        row.format(i=i, n=i + 1, a=f"{i * 7 % 13}.5", b=i * 5 % 11, y=("ja", "nein")[i % 2])
        for i in range(n)
    )
    return end.join([head, *rows]) + end


def told(path: Path, **how: Any) -> FileFacts:
    return answer(Columns(str(path), Reading.of(how)), methods(), lambda _done, _text: None)


def spec_of(*choices: TaskChoice) -> Spec:
    return Spec(tasks=choices, encoder=Choice(kind="mlp", hidden=[4]), training=training(epochs=1))


def opened(path: Path, targets: dict[str, Any] | None = None, **settings: Any) -> dict[str, Task]:
    """The tasks of a file, as the window proposes them and as a preset would ask for them.

    They are the same, `check` has nothing against them, and the inputs are finite.
    """
    facts = told(path, **settings)
    choice = DataChoice.of(facts)
    choice.settings = dict(settings)
    if targets is not None:
        for name in list(choice.targets):
            choice.set_target(name, is_on=False)
            choice.set_input(name, is_on=name not in targets)
        for name, kind in targets.items():
            choice.set_target(name, is_on=True)
            choice.targets[name] = kind
    proposed = choice.task()
    setup = TaskChoice.model_validate(
        {"family": "table", "file": str(path), "targets": choice.targets, **settings}
    )
    both: list[dict[str, Task]] = []
    for one in (proposed, setup):
        assert problems(spec_of(one), CATALOGUE) == []
        both.append(select(spec_of(one), methods(), torch.device("cpu")))
    of_window, of_preset = both
    for name, task in of_window.items():
        assert of_preset[name].columns == task.columns
        for split in SPLITS:
            part, other = task.data[split], of_preset[name].data[split]
            assert part.inputs["row"].isfinite().all()
            assert torch.equal(part.inputs["row"], other.inputs["row"])
            assert torch.equal(part.target, other.target)
    return of_preset


def inputs_of(tasks: dict[str, Task]) -> tuple[str, ...]:
    """The columns that the inputs of the first task come from."""
    (task, *_) = tasks.values()
    return tuple(dict.fromkeys(name.partition(" = ")[0] for name in task.columns))


def reasons(facts: FileFacts) -> dict[str, str]:
    return {column.name: column.reason for column in facts.columns if column.reason}


def columnar(tmp_path: Path, **more: Any) -> Path:
    path = tmp_path / "mine.parquet"
    values = {"a": [i * 7 % 13 + 0.5 for i in range(N)], **more, "y": ["ja", "nein"] * (N // 2)}
    parquet.write_table(pa.table(values), path)
    return path
