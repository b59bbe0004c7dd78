"""Ask a model that `workbench export-model --format torch` wrote. Needs torch and numpy alone.

    from load_model import Model

    model = Model("folder")                       # model.json and model.pt2 lie in it
    model.predict_csv("rows.csv")                 # {task: {"classes": ..., "probability": [N, n]}}
    model.predict({"size": [1.5, None], "colour": ["red", ""]})
    model.predict_arrays(pictures)                # models that learned from arrays or pictures

Values are in the target's own unit: {task: {"value": [N, n]}}. This file stands by itself: the
program writes a copy of it into the folder.
"""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch


class Model:
    """A model that was exported, with what prepares its inputs."""

    def __init__(self, folder: str | Path = ".") -> None:
        path = Path(folder)
        self.description: dict[str, Any] = json.loads((path / "model.json").read_text("utf-8"))
        self._program = torch.export.load(path / "model.pt2").module()

    def predict(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, dict[str, Any]]:
        """The answers to rows given as columns; None, "" and NaN are missing values."""
        inputs = [_table(each["preparation"], columns) for each in self.description["inputs"]]
        return self._answers(inputs)

    def predict_csv(self, path: str | Path, **reading: Any) -> dict[str, dict[str, Any]]:
        """The answers to the rows of a CSV file; `reading` goes to `csv.DictReader`."""
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, **reading))
        names = rows[0] if rows else ()
        return self.predict({name: [row[name] for row in rows] for name in names})

    def predict_arrays(self, *arrays: Any) -> dict[str, dict[str, Any]]:
        """The answers to arrays [N, ...], one an input, in their order."""
        pairs = zip(self.description["inputs"], arrays, strict=True)
        return self._answers([_array(each, np.asarray(array)) for each, array in pairs])

    def _answers(self, inputs: Sequence[np.ndarray]) -> dict[str, dict[str, Any]]:
        with torch.no_grad():
            outputs = self._program(*(torch.from_numpy(values) for values in inputs))
        told: dict[str, dict[str, Any]] = {}
        for task, output in zip(self.description["outputs"], outputs, strict=True):
            if task["classes"]:
                told[task["task"]] = {"classes": task["classes"], "probability": output.numpy()}
            else:
                told[task["task"]] = {"value": output.numpy()}
        return told


def _table(preparation: Mapping[str, Any] | None, columns: Mapping[str, Sequence[Any]]) -> Any:
    if preparation is None or preparation["kind"] != "table":
        raise ValueError("this model reads arrays: use predict_arrays")
    missing = [c["name"] for c in preparation["columns"] if c["name"] not in columns]
    if missing:
        raise ValueError(f"the columns {', '.join(missing)} are missing")
    made: list[Any] = []
    for column in preparation["columns"]:
        values = columns[column["name"]]
        made += _numbers(column, values) if column["kind"] == "number" else _ones(column, values)
    return np.stack(made, axis=1).astype(np.float32)


def _numbers(column: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
    numbers = np.array([_number(column, value) for value in values], dtype=np.float64)
    is_missing = np.isnan(numbers)
    numbers[is_missing] = column["fill"]
    made = [(numbers - column["mean"]) / column["deviation"]]
    return [*made, is_missing] if column["has_indicator"] else made


def _number(column: Mapping[str, Any], value: Any) -> float:
    if value is None or value == "":
        return math.nan
    if column.get("order"):
        order = list(column["order"])
        return float(order.index(_text(value))) if _text(value) in order else math.nan
    if column["is_time"] and isinstance(value, str):
        moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
        return moment.timestamp() / 86_400
    return float(value)


def _ones(column: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
    texts = ["" if value is None else _text(value) for value in values]
    texts = [text or column.get("fill", "") for text in texts]
    known = set(column["categories"])
    made = [np.array([text == name for text in texts]) for name in column["categories"]]
    if column["has_others"]:
        made.append(np.array([text != "" and text not in known for text in texts]))
    if column["has_indicator"]:
        made.append(np.array([text == "" for text in texts]))
    return made


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool | np.bool_) else str(value)


def _array(each: Mapping[str, Any], values: Any) -> Any:
    preparation, shape = each["preparation"], tuple(each["shape"])
    if preparation is None:
        return values.reshape(len(values), *shape).astype(np.float32)
    if len(shape) == 3 and values.shape[1:] != shape:  # a picture with its channels last, or grey
        values = values[:, None] if values.ndim == 3 else values.transpose(0, 3, 1, 2)
    values = values.reshape(len(values), *shape).astype(np.float64)
    broad = (1, -1, *[1] * (len(shape) - 1))
    mean = np.array(preparation["mean"]).reshape(broad)
    return ((values - mean) / np.array(preparation["deviation"]).reshape(broad)).astype(np.float32)
