"""Picked: tasks with some of the rows of others, whose inputs stay shared where they were."""

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor

from workbench.engine.roles.task import Part, Task, Vector

#: Positions of the rows that are kept, by split.
Rows = Mapping[str, Tensor]


class Picked:
    """Makes tasks of rows; inputs of one tensor, picked under one name, are one tensor again."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], Tensor] = {}
        # What is known by its address has to stay there.
        self._kept: list[Tensor] = []

    def of(self, task: Task, name: str, rows: Rows, columns: Tensor | None = None) -> Task:
        """The rows of a task; of a split that `rows` does not have, all.

        With `columns`, positions, those numbers of its inputs alone.
        """
        data: dict[str, Part] = {}
        for split, part in task.data.items():
            if split not in rows and columns is None:
                data[split] = part
                continue
            chosen = rows[split]
            inputs = {
                view: self._values(values, f"{split} {name}", chosen, columns)
                for view, values in part.inputs.items()
            }
            rest = replace(part, inputs={})[chosen]
            data[split] = replace(rest, inputs=inputs)
        kinds, names, preparation = task.inputs, task.columns, task.preparation
        if columns is not None:
            kinds = dict.fromkeys(kinds, Vector(len(columns)))
            names = tuple(names[i] for i in columns.tolist())
            preparation = None
        numbers = {s: of[rows[s]] if s in rows else of for s, of in task.rows.items()}
        return replace(
            task, inputs=kinds, data=data, columns=names, rows=numbers, preparation=preparation,
            identity="", source="",
        )  # fmt: skip

    def _values(self, values: Tensor, name: str, chosen: Tensor, columns: Tensor | None) -> Tensor:
        key = (id(values), name)
        if key not in self._made:
            self._kept.append(values)
            picked = values[chosen]
            self._made[key] = picked if columns is None else picked[:, columns]
        return self._made[key]
