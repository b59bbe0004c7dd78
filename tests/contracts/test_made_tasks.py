"""What every way of making tasks out of another family's must be, in every scenario."""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.contracts.faces import CATALOGUE, ENTRIES, FAMILIES, made_at, name_of, small_settings
from tests.engine.toys import SPLITS, Run, methods, training
from workbench.engine.build.data_sums import sums_of
from workbench.engine.build.families import made_by
from workbench.engine.build.tasks import select
from workbench.engine.roles.task import Part, Task, Vector
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.experiments.nested import is_maker

MAKERS = [entry for entry in FAMILIES if is_maker(entry)]
CURRICULA = [entry for entry in ENTRIES if entry.role == "curriculum"]
every_maker = pytest.mark.parametrize("entry", MAKERS, ids=name_of)

DIGITS = {"family": "digits-attributes", "task": "digit"}
#: Few digits: what is run here has a few steps.
FEW = {"family": "subset", "samples": 60, "of": DIGITS}
TABLE = {"family": "diabetes", "task": "progression"}


def scenarios_of(entry: Entry) -> list[dict[str, Any]]:
    """The settings of each scenario that a way has; one without, where it has none."""
    known = entry.settings["properties"].get("scenario", {}).get("enum")
    return [{"scenario": scenario} for scenario in known] if known else [{}]


def reads_columns(entry: Entry) -> bool:
    """Whether it takes tables alone."""
    return "column" in entry.settings["properties"]


def ways() -> Iterator[Any]:
    """Every way of making tasks in every scenario, out of a few digits."""
    for entry in MAKERS:
        is_list = entry.settings["properties"]["of"].get("type") == "array"
        of = [FEW, {**FEW, "data_seed": 1}] if is_list else FEW
        of = TABLE if reads_columns(entry) else of
        for scenario in scenarios_of(entry):
            settings = {**small_settings(entry), **scenario}
            settings.setdefault("of", of)
            name = "-".join([entry.key, *scenario.values()])
            yield pytest.param(TaskChoice(family=entry.key, **settings), id=name)


every_way = pytest.mark.parametrize("choice", list(ways()))


@every_way
@pytest.mark.parametrize("curriculum", CURRICULA, ids=name_of)
def test_every_way_runs_in_every_curriculum(choice: TaskChoice, curriculum: Entry):
    spec = Spec(
        tasks=(choice,),
        curriculum=Choice(kind=curriculum.key),
        encoder=Choice(kind="mlp", hidden=[4]),
        training=training(steps=3, batch_size=32, evaluate_every=0),
    )
    assert not problems(spec, CATALOGUE)
    run = Run(spec, quick()).to_the_end()
    assert isinstance(run.last, Finished)
    assert run.last.status == "done"


@cache
def quick() -> Any:
    """The catalogue, whose families are made once for each choice of settings."""
    return methods()


def hashes(values: Tensor) -> set[bytes]:
    """The different rows of a tensor."""
    plain = (values + 0).reshape(len(values), -1).numpy()
    return {hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in plain}


def seen_and_asked(tasks: list[Task]) -> tuple[set[bytes], set[bytes]]:
    """The rows, with all their views, that any task trains on, and that any is asked."""
    known: dict[tuple[int, ...], set[bytes]] = {}
    found: dict[str, set[bytes]] = {split: set() for split in SPLITS}
    for task in tasks:
        for split, part in task.data.items():
            key = tuple(id(values) for values in part.inputs.values())
            if key not in known:
                whole = torch.cat(
                    [values.double().reshape(len(part), -1) for values in part.inputs.values()], 1
                )
                known[key] = hashes(whole)
            found[split] |= known[key]
    return found["train"], found["val"] | found["test"]


@pytest.mark.parametrize("entry", [e for e in FAMILIES if "episodes" not in e.gives], ids=name_of)
def test_no_example_that_is_asked_is_trained_on_by_any_task_of_a_family(entry: Entry):
    if "no-input" in entry.gives:
        pytest.skip("it has no examples")
    tasks = made_at(entry, small_settings(entry))
    # One number that is drawn for each task may be another task's by chance.
    is_drawn = all(kind == Vector(1) for task in tasks for kind in task.inputs.values())
    for together in [[task] for task in tasks] if is_drawn else [tasks]:
        trained, asked = seen_and_asked(together)
        assert trained
        assert asked
        assert not trained & asked


@every_way
def test_what_is_made_leaves_what_it_is_made_of_as_it_is(choice: TaskChoice):
    """The rows of a source stay in their split, whatever is done to them, by way of their order."""
    spec = Spec(tasks=(choice,), seeds=(3,))
    one = sums_of(select(spec, methods(), torch.device("cpu"), 3))
    torch.manual_seed(5)
    two = sums_of(select(spec, methods(), torch.device("cpu"), 3))
    assert one == two


@every_way
def test_heads_are_those_of_the_scenario(choice: TaskChoice):
    tasks = made_by(choice, methods())
    heads = {task.head for task in tasks}
    scenario = choice.settings.get("scenario")
    if scenario == "task":
        assert len(heads) == len(tasks) > 1
        assert heads == {task.name for task in tasks}
    elif scenario is not None:
        assert len(heads) == 1
        assert len(tasks) > 1
    for task in tasks:
        if task.classes:
            for part in task.data.values():
                assert set(part.target.unique().tolist()) <= set(task.classes)


@every_way
def test_names_are_the_same_for_every_seed(choice: TaskChoice):
    names = [task.name for task in made_by(choice, methods(), 0)]
    assert names == [task.name for task in made_by(choice, methods(), 1)]
    assert len(set(names)) == len(names)


def test_an_order_by_the_seed_is_another_for_each_seed_and_the_same_again():
    choice = TaskChoice(family="split", order="seed", of=FEW)
    spec = Spec(tasks=(choice,), seeds=(0, 1))
    by_seed = [sums_of(select(spec, methods(), torch.device("cpu"), seed)) for seed in (0, 1, 0)]
    assert by_seed[0] == by_seed[2] != by_seed[1]
    assert list(by_seed[0]) == list(by_seed[1])


def test_a_source_with_a_tracer_keeps_every_row_in_its_split():
    """Every row of the source carries its split in one number, which no way may mix."""
    catalogue = methods()
    digits = catalogue.find("tasks", "digits-attributes")

    class Traced(digits):
        key = "traced"

        def tasks(self) -> list[Task]:
            made: list[Task] = []
            for task in super().tasks()[:1]:
                data: dict[str, Part] = {}
                for number, split in enumerate(SPLITS):
                    part = task.data[split]
                    (values,) = part.inputs.values()
                    marked = torch.full_like(values, float(number))
                    marked[:, 0] = 3.0  # what range the values have is learned from training
                    data[split] = Part({"pixels": marked}, part.target)
                made.append(Task("digit", task.inputs, task.output, data, picture=task.picture))
            return made

    catalogue.methods["tasks", "traced"] = Traced
    for entry in MAKERS:
        if reads_columns(entry):
            continue
        one = {"family": "traced"}
        is_list = entry.settings["properties"]["of"].get("type") == "array"
        for task in made_by(TaskChoice(family=entry.key, of=[one] if is_list else one), catalogue):
            for number, split in enumerate(SPLITS):
                (values,) = task.data[split].inputs.values()
                middle = values.reshape(len(values), -1)[:, 27].median()
                assert abs(float(middle) - number) < 0.5, (entry.key, task.name)
