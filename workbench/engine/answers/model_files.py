"""A run's model in files of other programs: safetensors, torch.export and ONNX."""

import json
from pathlib import Path
from typing import Any

import safetensors.torch

import workbench
from workbench.engine.answers.prediction import model_of
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.trained import loader
from workbench.engine.build.trained.core import Core, CoreInput, answer_names, core_of, exported
from workbench.engine.build.trained.description import shape_of
from workbench.engine.build.trained.model import TrainedModel
from workbench.engine.build.trained.onnx_graph import onnx_model
from workbench.engine.training.checkpoint import tensors_of
from workbench.spec.files import write_whole
from workbench.spec.preset import text_of
from workbench.spec.question import ExportModel, RefusedError, Tell

QUESTION = ExportModel

#: The forms there are, in the order in which they are written.
FORMATS = ("safetensors", "torch", "onnx")

_DESCRIPTION = "model.json"
#: What the loader is called in the folder.
_LOADER = "load_model.py"


def answer(question: ExportModel, catalogue: Catalogue, tell: Tell) -> tuple[str, ...]:
    """The files that were written. Raises RefusedError, BadSpecError and OSError."""
    unknown = [form for form in question.formats if form not in FORMATS]
    if unknown or not question.formats:
        raise RefusedError(f"a model is written as {', '.join(FORMATS)}; not as {unknown}")
    asked = model_of(question.as_prediction(), catalogue, tell)
    core, inputs = core_of(asked)
    text = json.dumps(_description(question, asked, inputs), indent=1, ensure_ascii=False)
    contents: dict[str, bytes] = {_DESCRIPTION: text.encode("utf-8")}
    for form in [form for form in FORMATS if form in question.formats]:
        tell(None, f"writing {form}")
        contents.update(_written(form, core, inputs, asked, text))
    out = Path(question.out)
    for name, content in contents.items():  # when all can be: no folder is left half full
        write_whole(out / name, content)
    return tuple(str(out / name) for name in contents)


def _written(
    form: str, core: Core, inputs: tuple[CoreInput, ...], asked: TrainedModel, text: str
) -> dict[str, bytes]:
    """The files of one form by name. Raises RefusedError."""
    if form == "safetensors":
        tensors = {name: x.detach().contiguous() for name, x in tensors_of(asked.model).items()}
        return {"model.safetensors": safetensors.torch.save(tensors, {"workbench": text})}
    if form == "torch":
        import io

        from torch.export import save

        buffer = io.BytesIO()
        save(exported(core), buffer)
        source = Path(loader.__file__).read_bytes()
        return {"model.pt2": buffer.getvalue(), _LOADER: source}
    made = onnx_model(core, inputs, list(asked.tasks.values()), text)
    return {"model.onnx": made.SerializeToString()}


def _description(
    question: ExportModel, asked: TrainedModel, inputs: tuple[CoreInput, ...]
) -> dict[str, Any]:
    """What the files are: inputs, how they are prepared, tasks and outputs, and the setup."""
    return {
        "format": 1,
        "program": f"workbench {workbench.__version__}",
        "run": Path(question.folder).name,
        "seed": question.seed,
        "step": asked.step,
        "inputs": [
            {
                "name": each.name,
                "tasks": list(each.tasks),
                "kind": type(each.kind).__name__,
                "shape": list(shape_of(each.kind)),
                "preparation": each.preparation.model_dump(mode="json")
                if each.preparation is not None
                else None,
            }
            for each in inputs
        ],
        "outputs": [
            {
                "task": task.name,
                "kind": type(task.output).__name__,
                "classes": list(answer_names(task)),
                "numbers": "probabilities" if answer_names(task) else "values in their own unit",
            }
            for task in asked.tasks.values()
        ],
        "preset": text_of(question.spec),
    }
