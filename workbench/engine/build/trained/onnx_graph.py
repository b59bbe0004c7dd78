"""ONNX: a trained model with what prepares its inputs inside, one input a column of a table."""

import contextlib
import importlib
import io
import logging
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.engine.build.trained.core import Core, CoreInput, exported
from workbench.engine.build.trained.description import shape_of
from workbench.engine.roles.kinds import Image
from workbench.engine.roles.task import Task
from workbench.spec.question import RefusedError
from workbench.spec.trained.preparation import (
    ArrayPreparation,
    CategoryColumn,
    NumberColumn,
    PicturePreparation,
    TablePreparation,
)

_OPSET, _ML_OPSET = 20, 3
_ML = "ai.onnx.ml"


def onnx_model(core: Core, inputs: Sequence[CoreInput], tasks: Sequence[Task], text: str) -> Any:
    """The model as ONNX: raw columns or arrays to answers. Raises RefusedError.

    Numbers of a table are doubles [N], NaN where one is missing; categories are texts [N], "" where
    one is missing. `text` is the description, kept among the model's properties.
    """
    try:
        onnx: Any = importlib.import_module("onnx")
        importlib.import_module("onnx.compose")
        importlib.import_module("onnxscript")
    except ImportError:
        message = "ONNX needs `pip install 'mtl-workbench[onnx]'`"
        raise RefusedError(message) from None
    network = _network(core, inputs, tasks)
    before = _Graph(onnx)
    for each in inputs:
        before.prepare(each)
    joined = onnx.compose.merge_models(
        before.model(network.ir_version),
        network,
        io_map=[(f"{each.name} prepared", f"{each.name} input") for each in inputs],
    )
    onnx.helper.set_model_props(joined, {"workbench": text})
    joined.producer_name = "workbench"
    onnx.checker.check_model(joined)
    return joined


def _network(core: Core, inputs: Sequence[CoreInput], tasks: Sequence[Task]) -> Any:
    """The core alone as ONNX, its inputs and outputs under their names."""
    import torch

    program = exported(core)
    with (
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
        _quiet("torch.onnx"),
    ):
        warnings.simplefilter("ignore")
        try:
            made = torch.onnx.export(
                program,
                core.example(),
                dynamo=True,
                opset_version=_OPSET,
                input_names=[f"{each.name} input" for each in inputs],
                output_names=[task.name for task in tasks],
            )
        except Exception as error:  # noqa: BLE001 - the exporter raises whatever it meets
            why = str(error).strip().partition("\n")[0][:200]
            raise RefusedError(f"this model has no ONNX form: {why}") from None
    assert made is not None
    return made.model_proto


@contextlib.contextmanager
def _quiet(name: str) -> Any:
    """What this logger has to say that is no error is not said."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class _Graph:
    """The part before the network, node by node."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._n = 0

    def model(self, ir_version: int) -> Any:
        """What was put together."""
        helper = self._onnx.helper
        graph = helper.make_graph(
            self._nodes, "preparation", self._inputs, self._outputs, self._constants
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_ML, _ML_OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)

    def prepare(self, each: CoreInput) -> None:
        """Add what makes one input of the network."""
        match each.preparation:
            case TablePreparation() as table:
                made = self._table(table)
                shape: list[Any] = ["rows", len(table.features)]
            case ArrayPreparation() | PicturePreparation() as array:
                made, shape = self._array(each, array)
            case _:
                shape = ["rows", *_sizes(each)]
                made = self._input(each.name, "float", shape)
        kind = self._onnx.TensorProto.FLOAT
        name = f"{each.name} prepared"
        self._nodes.append(self._onnx.helper.make_node("Identity", [made], [name]))
        self._outputs.append(self._onnx.helper.make_tensor_value_info(name, kind, shape))

    def _table(self, table: TablePreparation) -> str:
        pieces: list[str] = []
        for column in table.columns:
            if isinstance(column, NumberColumn):
                pieces += self._numbers(column)
            else:
                pieces.append(self._categories(column))
        return self._add("Concat", *pieces, axis=1)

    def _numbers(self, column: NumberColumn) -> list[str]:
        values = (
            self._places(column) if column.order else self._input(column.name, "double", ["rows"])
        )
        is_missing = self._add("IsNaN", values)
        filled = self._add("Where", is_missing, self._double(column.fill), values)
        centred = self._add("Sub", filled, self._double(column.mean))
        scaled = self._add("Div", centred, self._double(column.deviation))
        made = [self._upright(self._float(scaled))]
        return [*made, self._upright(self._float(is_missing))] if column.has_indicator else made

    def _places(self, column: NumberColumn) -> str:
        """The place of each text among ordered categories; not a number for another."""
        codes = self._add(
            "LabelEncoder",
            self._input(column.name, "string", ["rows"]),
            domain=_ML,
            keys_strings=list(column.order),
            values_floats=[float(i) for i in range(len(column.order))],
            default_float=float("nan"),
        )
        return self._add("Cast", codes, to=self._onnx.TensorProto.DOUBLE)

    def _categories(self, column: CategoryColumn) -> str:
        n = len(column.categories)
        places = {name: i for i, name in enumerate(column.categories)}
        places.setdefault("", places.get(column.fill, n + 1))
        texts = self._input(column.name, "string", ["rows"])
        codes = self._add(
            "LabelEncoder",
            texts,
            domain=_ML,
            keys_strings=list(places),
            values_int64s=list(places.values()),
            default_int64=n,
        )
        depth = self._constant(np.array(n + 2, dtype=np.int64))
        ones = self._add(
            "OneHot", codes, depth, self._constant(np.array([0, 1], dtype=np.float32)), axis=-1
        )
        kept = [*range(n), *[n] * column.has_others, *[n + 1] * column.has_indicator]
        return self._add("Gather", ones, self._constant(np.array(kept, dtype=np.int64)), axis=1)

    def _array(
        self, each: CoreInput, array: ArrayPreparation | PicturePreparation
    ) -> tuple[str, list[Any]]:
        sizes = _sizes(each)
        shape = list(array.shape) if isinstance(array, ArrayPreparation) else sizes
        values = self._input(each.name, "double", ["rows", *shape])
        if isinstance(each.kind, Image):
            if len(shape) == 2:
                values = self._add("Unsqueeze", values, self._constant(np.array([1])))
            elif shape != sizes:
                values = self._add("Transpose", values, perm=[0, 3, 1, 2])
        elif not shape:
            values = self._upright(values)
        broad = (1, -1, *[1] * (len(sizes) - 1))
        mean, deviation = (
            self._constant(np.array(part, dtype=np.float64).reshape(broad))
            for part in (array.mean, array.deviation)
        )
        scaled = self._add("Div", self._add("Sub", values, mean), deviation)
        return self._float(scaled), ["rows", *sizes]

    def _input(self, name: str, kind: str, shape: Sequence[Any]) -> str:
        """One input of the model; a column that two tables have is given once."""
        kinds = self._onnx.TensorProto
        number = {"double": kinds.DOUBLE, "string": kinds.STRING, "float": kinds.FLOAT}[kind]
        if name not in (known.name for known in self._inputs):
            self._inputs.append(self._onnx.helper.make_tensor_value_info(name, number, shape))
        return name

    def _add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        self._n += 1
        name = f"preparation {self._n}"
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [name], **attributes))
        return name

    def _constant(self, values: Any) -> str:
        self._n += 1
        name = f"preparation {self._n}"
        self._constants.append(self._onnx.numpy_helper.from_array(values, name))
        return name

    def _double(self, value: float) -> str:
        return self._constant(np.array(value, dtype=np.float64))

    def _float(self, name: str) -> str:
        return self._add("Cast", name, to=self._onnx.TensorProto.FLOAT)

    def _upright(self, name: str) -> str:
        return self._add("Unsqueeze", name, self._constant(np.array([1], dtype=np.int64)))


def _sizes(each: CoreInput) -> list[int]:
    return list(shape_of(each.kind))
