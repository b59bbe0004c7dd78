"""Any two methods of different choices work together, or are refused with the reason."""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from tests.contracts.arrays import (
    ADAPTING,
    array_of,
    both_arrays,
    in_single_precision,
    tiny_settings,
)
from tests.contracts.covering import ROLES, Pair, Row
from tests.contracts.faces import CATALOGUE, ENTRIES, tiny_encoder
from tests.contracts.unwatched import unwatched
from tests.engine.toys import Run, methods, same, training
from workbench.engine.build.families import made_by
from workbench.engine.roles.loading import Loading
from workbench.engine.roles.made import Maker
from workbench.engine.roles.task import (
    Image,
    InputKind,
    Part,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Task,
)
from workbench.spec.check import problems
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Failed, Finished, StepsDone
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice

#: Tasks of each family, examples of each split, and examples of a step.
N_TASKS, N_EXAMPLES, BATCH = 2, 24, 8
#: Side of the pictures, about; where answers are pixels too, pictures stay as they are.
SIDE = 8
PIXELS = (PixelClasses, PixelValues, PixelDirections)
#: Of so many rows one is run a second time, to be compared; test_entries does it with each method.
TWICE_EVERY = 4


def small(tasks: list[Task], n_tasks: int = N_TASKS) -> list[Task]:
    """A few tasks with a few examples; inputs that were one tensor stay one."""
    cut: dict[int, torch.Tensor] = {}

    def of(x: torch.Tensor, thinning: int) -> torch.Tensor:
        few = x[:N_EXAMPLES]
        return (few[..., ::thinning, ::thinning] if thinning > 1 else few).clone()

    has_pixels = any(isinstance(task.output, PIXELS) for task in tasks)
    made: list[Task] = []
    for task in tasks[:n_tasks]:
        kinds = task.inputs
        thinnings = {view: 1 if has_pixels else _thinning(kind) for view, kind in kinds.items()}
        data = {
            split: Part(
                {
                    view: cut.setdefault(id(x), of(x, thinnings[view]))
                    for view, x in part.inputs.items()
                },
                part.target[:N_EXAMPLES],
            )
            for split, part in task.data.items()
        }
        inputs = {view: _thinned(kind, thinnings[view]) for view, kind in kinds.items()}
        made.append(dataclasses.replace(task, inputs=inputs, data=data))
    return made


def _thinning(kind: InputKind) -> int:
    """Of so many rows and columns of a picture one is taken."""
    return max(1, min(kind.height, kind.width) // SIDE) if isinstance(kind, Image) else 1


def _thinned(kind: InputKind, thinning: int) -> InputKind:
    if not isinstance(kind, Image):
        return kind
    return Image(kind.channels, -(-kind.height // thinning), -(-kind.width // thinning))


@cache
def small_families() -> Any:
    """The catalogue, whose families are made once and cut down."""
    catalogue = methods()
    for entry in ENTRIES:
        if entry.role == "tasks":
            catalogue.methods["tasks", entry.key] = _cut_down(catalogue.methods["tasks", entry.key])
    return catalogue


def _cut_down(family: Any) -> Any:
    return made_once(family, small)


def made_once(family: Any, cut: Callable[[list[Task]], list[Task]]) -> Any:
    """A family whose tasks are made once for all settings, and cut; of whole ones of another's."""
    made: dict[str, list[Task]] = {}

    def tasks(self: Any, sources: Any = None) -> list[Task]:
        del sources
        key = repr(self.settings)
        if key not in made:
            choice = TaskChoice(family=family.key, **self.settings.model_dump(exclude_unset=True))
            with in_single_precision():
                made[key] = cut(made_by(choice, methods()))
        return [dataclasses.replace(task) for task in made[key]]

    def loading(self: Any) -> Loading:
        yield from ()
        return tasks(self)

    made_of = {"make": tasks} if issubclass(family, Maker) else {}
    return type(family.__name__, (family,), {"tasks": tasks, "loading": loading, **made_of})


def specs_of(row: Row) -> list[Spec]:
    """The row as an experiment; a second time with a head a task, where the family has that."""
    family = row["tasks"]
    properties = family.settings.get("properties", {})
    given = tiny_settings(family)
    scenarios: list[dict[str, Any]] = [{}]
    if "task" in properties.get("scenario", {}).get("enum", []):
        scenarios.append({"scenario": "task"})
    choices: dict[str, Any] = {
        role: Choice(kind=row[role].key) for role in ROLES if role != "tasks"
    }
    return [
        Spec(
            tasks=(TaskChoice(family=family.key, **given, **scenario),),
            encoder=tiny_encoder(family),
            optimizer=Optimizer(kind="sgd", lr=0.01, momentum=0.5),
            training=training(epochs=1, batch_size=BATCH, evaluate_every=0),
            **choices,
        )
        for scenario in scenarios
    ]


def outcome(spec: Spec, *, is_watched: bool = True) -> tuple[str, Any]:
    """ran, refused with the reason, or broken with what happened."""
    refusals = problems(spec, CATALOGUE)
    if refusals:
        return "refused", refusals[0].message
    try:
        run = Run(spec, small_families())
        if not is_watched:
            unwatched(run.trainer)
        run.to_the_end()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its row
        refusal = getattr(error, "message", "")
        return ("refused", refusal) if refusal else ("broken", repr(error))
    if isinstance(run.last, Failed):
        return "broken", run.last.message
    return "ran", run


def checked(run: Run) -> str:
    """What is wrong with a run that came to its end; empty where nothing is."""
    if not isinstance(run.last, Finished):
        return f"ended with {run.last}"
    losses = [e.losses for e in run.events if isinstance(e, StepsDone)]
    if not losses or not all(np.isfinite(block).any(axis=1).all() for block in losses):
        return "a step without a finite loss"
    if not all(values.isfinite().all() for values in run.parameters.values()):
        return "a parameter is not finite"
    return ""


def tried(row: Row, *, twice: bool, is_watched: bool = True) -> tuple[str, str]:
    """ran, refused or broken, and why."""
    kind, result = "refused", ""
    for spec in specs_of(row):
        kind, result = outcome(spec, is_watched=is_watched)
        if kind == "refused":
            continue
        if kind == "broken":
            return kind, str(result)
        wrong = checked(result)
        if not wrong and twice:
            _, again = outcome(spec, is_watched=is_watched)
            if joined(again.events) != joined(result.events):
                wrong = "not the same a second time"
            elif not same(again.parameters, result.parameters):
                wrong = "other parameters a second time"
        return ("broken", wrong) if wrong else ("ran", "")
    return kind, str(result)


@pytest.mark.slow
@both_arrays
def test_every_pair_that_fits_together_trains_and_every_other_is_refused(
    learners: str,
    capsys: pytest.CaptureFixture[str],
):
    covering = array_of(learners)
    broken: list[str] = []
    refused: dict[Pair, str] = {}
    n_rows = n_covered = 0
    for pair, row in covering.rows():
        twice = n_rows % TWICE_EVERY == 0
        # To measure how well is adapted takes most of a run of learners that adapt.
        is_watched = twice or learners != ADAPTING
        kind, why = tried(row, twice=twice, is_watched=is_watched)
        n_rows += 1
        if kind == "refused":
            smallest = covering.smallest(pair)
            assert smallest is not None
            kind, why = tried(smallest, twice=twice, is_watched=is_watched)
            row = smallest
            if kind == "refused":
                refused[pair] = why
                covering.refused(pair)
                continue
        if kind == "broken":
            broken.append(f"{[row[role].key for role in ROLES]}: {why}")
        before = len(covering.left)
        covering.covered(row)
        n_covered += before - len(covering.left)
    for pair in covering.unfit:
        row = covering.row_of(pair)
        rest = {role: CATALOGUE[role, key] for role, key in covering.defaults.items()}
        (spec, *_) = specs_of({**rest, **row})
        refusals = problems(spec, CATALOGUE)
        assert refusals, f"{pair} does not fit, and is not refused"
        refused[pair] = refusals[0].message
    assert all(refused.values()), "a refusal has its reason"
    with capsys.disabled():
        print(
            f"\n{learners}: {n_covered} pairs of methods covered in {n_rows} rows, "
            f"{len(refused)} refused, of {len(covering.all)}"
        )
    assert n_covered + len(refused) == len(covering.all)
    assert not broken, "\n".join(broken)
