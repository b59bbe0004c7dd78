"""What the model of a run says of the rows of a file, from any of its checkpoints."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from workbench.engine.answers.saved_run import run_as_saved
from workbench.engine.answers.supports import supports_of
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.trained import inputs
from workbench.engine.build.trained.answers import told
from workbench.engine.build.trained.description import described
from workbench.engine.build.trained.inputs import FileRows
from workbench.engine.build.trained.model import TrainedModel, newest_or_at, trained_model
from workbench.engine.roles.batch import Part, slices
from workbench.engine.roles.loading import run_to_end
from workbench.engine.roles.task import Task
from workbench.spec.question import Predict, RefusedError, Tell
from workbench.spec.trained.description import ModelDescription, read_description
from workbench.spec.trained.prediction import Prediction

QUESTION = Predict

#: Rows passed through the model at once.
_AT_ONCE = 4096

#: The model asked last, and what it was asked for.
_kept: dict[tuple[str, int, int, Catalogue], TrainedModel] = {}


def answer(question: Predict, catalogue: Catalogue, tell: Tell) -> Prediction:
    """What the model says. Raises RefusedError, BadSpecError, DataError and OSError."""
    asked = model_of(question, catalogue, tell)
    if question.rows:
        rows = inputs.of_rows(asked.tasks, question.rows)
    else:
        work = inputs.reading(asked.tasks, Path(question.file))
        rows = run_to_end(work, tell)
    supports = supports_of(asked, question, tell) if asked.learner.adapts else {}
    parts = {name: support.part for name, support in supports.items()}
    outputs = predicted(asked, rows, parts, tell)
    tasks = tuple(told(asked.tasks[name], output) for name, output in outputs.items())
    tasks = tuple(
        replace(task, answers=supports[task.task].answers) if task.task in supports else task
        for task in tasks
    )
    return Prediction(asked.step, rows.n, tasks, rows.labels, tuple(rows.notices))


def predicted(
    asked: TrainedModel, rows: FileRows, supports: Mapping[str, Part], tell: Tell
) -> dict[str, Tensor]:
    """The outputs [N, …] of each task that the rows serve."""
    pieces: dict[str, list[Tensor]] = {name: [] for name in rows.inputs}
    parts = {
        name: Part(views, _no_targets(asked.tasks[name], rows.n))
        for name, views in rows.inputs.items()
    }
    threads = torch.get_num_threads()
    torch.set_num_threads(asked.threads)
    done = 0
    try:
        for batch in slices(parts, _AT_ONCE):
            for name, output in asked.outputs(batch, supports).items():
                pieces[name].append(output)
            done += max(map(len, batch.values()))
            tell(done / rows.n, "asking the model")
    except IndexError:
        message = "its retention answers from training rows, which are gone; choose a stage's end"
        raise RefusedError(message) from None
    finally:
        torch.set_num_threads(threads)
    return {name: torch.cat(outputs) for name, outputs in pieces.items()}


def _no_targets(task: Task, n: int) -> Tensor:
    """Something in the place of answers [n, …], which nobody looks at."""
    one = task.data["train"].target
    shape = one.shape[1 if task.episodes is None else 2 :]
    return one.new_zeros(1).expand(n, *shape)


def model_of(question: Predict, catalogue: Catalogue, tell: Tell) -> TrainedModel:
    """The model that is asked; kept for the next time. Raises RefusedError and BadSpecError."""
    folder = Path(question.folder)
    tell(None, "reading the run's checkpoint")
    saved = newest_or_at(folder, question.step)
    step: int = saved.state["step"]
    key = (str(folder), step, question.seed, catalogue)
    if key not in _kept:
        description = description_of(question, catalogue, tell)
        _kept.clear()
        _kept[key] = trained_model(question.spec, question.seed, catalogue, description, saved)
    return _kept[key]


def description_of(question: Predict, catalogue: Catalogue, tell: Tell) -> ModelDescription:
    """What is kept with the run; of one of an earlier version it is made of its data.

    Raises RefusedError and BadSpecError, where these are gone.
    """
    known = read_description(Path(question.folder))
    if known is not None:
        return known
    trainer = run_as_saved(question.spec, question.seed, question.folder, catalogue, tell)
    return described(trainer.update.tasks.values())


def forget() -> None:
    """Let go of the model that was asked last."""
    _kept.clear()
