"""The program's parameters are those of the update written out, whatever is combined."""

import dataclasses
import random
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.contracts.arrays import (
    array_of,
    both_arrays,
    tiny_settings,
)
from tests.contracts.covering import ROLES, Covering, Factors, Pair, Row
from tests.contracts.faces import CATALOGUE, ENTRIES, FAMILIES, SLOW, tiny_encoder
from tests.contracts.files import settings_of
from tests.contracts.second_road import Values, parting, travelled
from tests.contracts.test_composition import BATCH, made_once, small
from tests.engine.toys import Run, methods, training
from tests.fuzz import scaled
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.families import made_by
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Part, Task
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.event import Diverged, Finished
from workbench.spec.experiment import DEFAULTS, Choice, Heads, Optimizer, Schedule, Spec, TaskChoice

#: Tasks of a family, updates of a run, about, and how far the roads may be apart.
N_TASKS, N_STEPS, TOLERANCE = 3, 12, 1e-8
#: One run in so many is measured on the way, which must change nothing.
WATCHED_EVERY = 4
#: By how much the start is shaken to see whether a run stands on an edge, and how often.
SHAKEN, N_SHAKEN = 1e-15, 3

#: Texts have an encoder of their own, whatever is chosen.
ENCODERS = [
    entry.key
    for entry in ENTRIES
    if entry.role == "encoder" and not entry.gives and "tokens" not in entry.needs
]

#: What else may differ: the first of each is what there is where another does not fit.
FACTORS: dict[str, tuple[str, ...]] = {
    "encoder": ("auto", *(key for key in ENCODERS if key != "auto")),
    "optimizer": ("adam", "adamw", "sgd", "momentum"),
    "schedule": ("constant", "step", "cosine", "one-cycle"),
    "zeros": ("none", "sharing", "balancing", "retention"),
    "weights": ("even", "uneven", "one is 0"),
    "decay": ("0", "0.05"),
    "clip": ("0", "0.05"),
    "reset": ("from-scratch", "stages"),
    "normalise": ("off", "on"),
    "balanced": ("distributions", "small-tasks"),
    "heads": ("as they come", "a head a task"),
    "hidden": ("none", "one layer", "two, normalised"),
    "taken": ("all", "one"),
    "beside": ("nothing", "another family"),
}


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """In single precision the roads part by rounding alone."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@cache
def families() -> Catalogue:
    """The catalogue, whose families are made once, cut down and in double precision."""
    catalogue = methods()
    for entry in FAMILIES:
        catalogue.methods["tasks", entry.key] = _cut_down(catalogue.methods["tasks", entry.key])
    return catalogue


def _cut_down(family: Any) -> Any:
    def cut(tasks: list[Task]) -> list[Task]:
        return uneven(small(tasks, N_TASKS))

    return made_once(family, cut)


def uneven(tasks: list[Task]) -> list[Task]:
    """The tasks in double precision; where each has inputs of its own, ever fewer of them."""
    known: dict[int, tuple[Tensor, Tensor]] = {}

    def double(x: Tensor) -> Tensor:
        made = x.double() if x.is_floating_point() else x
        return known.setdefault(id(x), (x, made))[1]

    inputs = [x for task in tasks for x in task.data["train"].inputs.values()]
    is_apart = len(set(map(id, inputs))) == len(inputs)
    made: list[Task] = []
    for i, task in enumerate(tasks):
        data: dict[str, Part] = {}
        for split, part in task.data.items():
            whole = Part({v: double(x) for v, x in part.inputs.items()}, double(part.target))
            data[split] = whole[: len(whole) - 3 * i] if is_apart and split == "train" else whole
        made.append(dataclasses.replace(task, data=data))
    return made


def experiment(row: Row, chosen: Mapping[str, str]) -> tuple[Spec, dict[str, float]]:
    """The row as an experiment, and the tasks' weights by name."""
    family = row["tasks"]
    given = tiny_settings(family)
    if chosen["heads"] != "as they come" and "scenario" in family.settings["properties"]:
        given["scenario"] = "task"
    names = [task.name for task in _tasks(family, given)]
    taken = names[:1] if chosen["taken"] == "one" else names
    tasks = [TaskChoice(family=family.key, task=name, **given) for name in taken]
    if chosen["beside"] != "nothing":
        other = next(f for f in FAMILIES if _is_plain(f) and f.key != family.key)
        first = _tasks(other, settings_of(other.key))[0].name
        tasks.append(TaskChoice(family=other.key, task=first, **settings_of(other.key)))
    weights = {"even": (1.0,), "uneven": (0.5, 2.0, 1.5), "one is 0": (0.0, 1.0, 2.0)}
    cycle = weights[chosen["weights"]]
    by_name = {str(choice.task): cycle[i % len(cycle)] for i, choice in enumerate(tasks)}
    settings: dict[str, dict[str, Any]] = {role: {} for role in ROLES}
    if (role := chosen["zeros"]) != "none":
        settings[role].update(zeros(row[role]))
    if chosen["normalise"] == "on":
        settings["balancing"]["normalise"] = True
    if chosen["balanced"] != "distributions" and "balance" in row["learner"].defaults():
        settings["learner"]["balance"] = chosen["balanced"]
    if "compared in" in chosen:
        settings["balancing"]["gradients_in"] = chosen["compared in"]
    hidden = {"none": (), "one layer": (6,), "two, normalised": (6, 5)}[chosen["hidden"]]
    choices: dict[str, Any] = {
        role: Choice(kind=row[role].key, **settings[role]) for role in ROLES if role != "tasks"
    }
    return Spec(
        tasks=tuple(tasks),
        encoder=tiny_encoder(family, chosen["encoder"]),
        heads=Heads(hidden=hidden, activation="tanh", norm=len(hidden) > 1),
        optimizer=optimizer(chosen),
        training=training(batch_size=BATCH, evaluate_every=0, clip=float(chosen["clip"])),
        **choices,
    ), by_name


def optimizer(chosen: Mapping[str, str]) -> Optimizer:
    """The optimizer of these options."""
    kind, reset = chosen["optimizer"], chosen["reset"]
    schedule = Schedule.model_validate({"kind": chosen["schedule"]})
    decay = float(chosen["decay"])
    common = {"lr": 0.01, "weight_decay": decay, "schedule": schedule, "reset": reset}
    if kind in ("sgd", "momentum"):
        common |= {"kind": "sgd", "momentum": 0.9 if kind == "momentum" else 0.0}
    return Optimizer.model_validate({"kind": kind, **common})


def zeros(entry: Entry) -> dict[str, float]:
    """The method's numbers that may be 0, at 0: penalties among them."""
    result = entry.settings.get("properties", {})
    return {
        name: 0.0
        for name, field in result.items()
        if field.get("type") == "number" and field.get("minimum") == 0
    }


def _is_plain(family: Entry) -> bool:
    return not family.needs and not family.gives and family.key not in SLOW


def _tasks(family: Entry, given: Mapping[str, Any]) -> list[Task]:
    return made_by(TaskChoice(family=family.key, **given), families())


@cache
def epochs(tasks: tuple[TaskChoice, ...], curriculum: str) -> int:
    """As many as there are steps to be taken, about."""
    spec = Spec(
        tasks=tasks,
        curriculum=Choice(kind=curriculum),
        training=training(batch_size=BATCH),
        encoder=tiny_encoder(CATALOGUE["tasks", tasks[0].family]),
        sharing=Choice(kind="views-late")
        if "several-views" in _needs(tasks)
        else Choice(kind="hard"),
    )
    return max(1, round(N_STEPS / sum(Run(spec, families()).trainer.plan.steps)))


def _needs(tasks: tuple[TaskChoice, ...]) -> set[str]:
    return {need for choice in tasks for need in CATALOGUE["tasks", choice.family].needs}


def outcome(row: Row, chosen: dict[str, str], *, is_watched: bool = True) -> tuple[str, str]:
    """agrees, refused with the reason, edge, or parts with where; what does not fit is left out."""
    why = ""
    plain = [
        {name: FACTORS[name][0]} for name in ("encoder", "zeros", "balanced", "beside", "taken")
    ]
    heads = [{"heads": option} for option in FACTORS["heads"]]
    for change in ({}, *plain, {"normalise": "off"}, *heads):
        chosen.update(change)
        spec, weights = experiment(row, chosen)
        refusals = problems(spec, CATALOGUE)
        if refusals:
            why = refusals[0].message
            continue
        try:
            return compared(spec, weights, is_watched=is_watched)
        except BadSpecError as error:
            why = error.message
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its row
            return "parts", repr(error)
    return "refused", why


def compared(spec: Spec, weights: dict[str, float], *, is_watched: bool = True) -> tuple[str, str]:
    """agrees, parts with where, or edge: no two roads would end at the same place."""
    training = spec.training.model_copy(update={"epochs": epochs(spec.tasks, spec.curriculum.kind)})
    spec = spec.model_copy(update={"training": training})
    run, ours = travelled(spec, families(), weights, by_hand=False, is_watched=is_watched)
    other, theirs = travelled(spec, families(), weights, by_hand=True)
    if not isinstance(run.last, Finished | Diverged):
        return "parts", f"ended with {run.last}"
    where = parting(ours.seen, theirs.seen, TOLERANCE)
    if where:
        # A choice between equals (whom herding keeps, what pruning takes) is rounding's to make,
        # and so is the direction of a gradient of 1e-17, where a rule makes all equally long.
        is_edge = is_on_an_edge(spec, weights, ours.seen, theirs.seen)
        return ("edge" if is_edge else "parts"), where
    if len(ours.seen) != len(theirs.seen) or type(run.last) is not type(other.last):
        return "parts", f"{run.last} after {len(ours.seen)}, {other.last} after {len(theirs.seen)}"
    if ours.turned:
        return "parts", f"gradients lie otherwise than their parameters: {sorted(ours.turned)}"
    return "agrees", ""


def is_on_an_edge(
    spec: Spec, weights: dict[str, float], ours: list[Values], theirs: list[Values]
) -> bool:
    """Whether a road parts from itself where its start is another in rounding."""
    for seed in range(N_SHAKEN):
        for by_hand, seen in ((True, theirs), (False, ours)):
            shaken = (SHAKEN, seed)
            _, again = travelled(spec, families(), weights, by_hand=by_hand, shaken=shaken)
            if parting(seen, again.seen, TOLERANCE):
                return True
    return False


def labelled(row: Row, chosen: Mapping[str, str], why: str) -> str:
    """The row, its options and what became of it."""
    options = {n: option for n, option in chosen.items() if option != FACTORS.get(n, ("",))[0]}
    return f"{[row[role].key for role in ROLES]} {options}: {why}"


#: Families that are read in no time.
QUICK = [family for family in FAMILIES if family.key not in SLOW and "pictures" not in family.gives]


def test_some_combinations_end_where_the_update_written_out_does():
    chance = random.Random(0)
    options = [entry for entry in ENTRIES if entry.role != "tasks" or entry in QUICK]
    covering, factors = Covering(options, {**DEFAULTS, "tasks": "digits-split"}), Factors(FACTORS)
    wrong: list[str] = []
    n_agree = 0
    for _ in range(scaled(12)):
        row, chosen = covering.drawn(chance), factors.drawn(chance)
        kind, why = outcome(row, chosen)
        n_agree += kind == "agrees"
        if kind == "parts":
            wrong.append(labelled(row, chosen, why))
    assert not wrong, "\n".join(wrong)
    assert n_agree >= scaled(12) / 2


@pytest.mark.parametrize("retention", ["mas", "generative-replay"])
def test_running_statistics_end_where_the_update_written_out_leaves_them(retention: str):
    chosen = {name: options[0] for name, options in FACTORS.items()} | {"encoder": "resnet"}
    keys = {**DEFAULTS, "tasks": "arrays", "curriculum": "sequential", "retention": retention}
    row = {role: CATALOGUE[role, keys[role]] for role in ROLES}
    assert outcome(row, chosen) == ("agrees", "")
    assert chosen["encoder"] == "resnet"


def comparing() -> list[Entry]:
    """Methods beside which gradients may be compared in what the heads read, and those that do."""
    chosen: list[Entry] = []
    for entry in ENTRIES:
        match entry.role:
            case "tasks":
                fits = entry in QUICK and entry.key not in OTHER_EXAMPLES
            case "balancing":
                fits = "gradients_in" in entry.settings["properties"]
            case "sharing":
                fits = "representation" in entry.gives
            case "retention":
                fits = not methods().find("retention", entry.key).mixes_examples
            case "curriculum":
                fits = "open-plan" not in entry.gives
            case "learner":
                fits = "single-update" in entry.gives
            case _:
                fits = False
        chosen += [entry] if fits else []
    return chosen


#: Families whose tasks read other examples each, or where there is nothing to compare.
OTHER_EXAMPLES = ("sinusoids", "landscape")


def check_comparing(place: str, n: int) -> None:
    """That rules which compare gradients in another place end where the other road does."""
    chance = random.Random(n)
    covering, factors = Covering(comparing(), {**DEFAULTS, "tasks": "iris"}), Factors(FACTORS)
    n_agree = 0
    for _ in range(n):
        row = covering.drawn(chance)
        chosen = {**factors.drawn(chance), "compared in": place, "beside": "nothing"}
        kind, why = outcome(row, chosen)
        n_agree += kind == "agrees"
        assert kind != "parts", labelled(row, chosen, why)
    assert n_agree >= n / 4


def test_gradients_that_are_compared_in_the_features_end_there_too():
    check_comparing("representation", scaled(4))


@pytest.mark.slow
@pytest.mark.parametrize("place", ["last-layer", "representation"])
def test_gradients_that_are_compared_elsewhere_end_there_too_often(place: str):
    check_comparing(place, scaled(60))


def adapting() -> list[Entry]:
    """Learners that adapt, rules that may weigh small tasks, and what goes with them."""
    chosen: list[Entry] = []
    for entry in ENTRIES:
        match entry.role:
            case "tasks":
                fits = entry in QUICK and "episodes" in entry.gives
            case "balancing":
                fits = "small-tasks" in entry.gives_with({})
            case "learner":
                fits = "adapts" in entry.gives
            case "curriculum":
                fits = "open-plan" not in entry.gives
            case _:
                fits = "single-update" not in entry.needs
        chosen += [entry] if fits else []
    return chosen


def check_small_tasks(n: int) -> None:
    """That balancing over small tasks ends where the update written out does."""
    chance = random.Random(n)
    defaults = {**DEFAULTS, "tasks": "few-shot-sinusoids", "learner": "maml"}
    covering, factors = Covering(adapting(), defaults), Factors(FACTORS)
    n_agree = 0
    for _ in range(n):
        row = covering.drawn(chance)
        chosen = {**factors.drawn(chance), "balanced": "small-tasks"}
        kind, why = outcome(row, chosen)
        n_agree += kind == "agrees" and chosen["balanced"] == "small-tasks"
        assert kind != "parts", labelled(row, chosen, why)
    assert n_agree >= n / 4


def test_small_tasks_that_are_weighed_end_there_too():
    check_small_tasks(scaled(4))


@pytest.mark.slow
def test_small_tasks_that_are_weighed_end_there_too_often():
    check_small_tasks(scaled(60))


@pytest.mark.slow
@pytest.mark.longest
@both_arrays
def test_every_pair_of_choices_ends_where_the_update_written_out_does(
    learners: str,
    capsys: pytest.CaptureFixture[str],
):
    covering, factors = array_of(learners), Factors(FACTORS)
    wrong: list[str] = []
    refused: dict[Pair, str] = {}
    n_rows = n_edges = 0
    for pair, full in covering.rows():
        row, wished = full, factors.beside(full)
        is_watched = n_rows % WATCHED_EVERY == 0
        n_rows += 1
        kind, why = outcome(row, chosen := dict(wished), is_watched=is_watched)
        if kind == "refused" and (smallest := covering.smallest(pair)) is not None:
            row, wished = smallest, factors.beside(smallest)
            kind, why = outcome(row, chosen := dict(wished), is_watched=is_watched)
        if kind == "refused":
            refused[pair] = why
            covering.refused(pair)
            continue
        if kind == "parts":
            wrong.append(labelled(row, chosen, why))
        n_edges += kind == "edge"
        covering.covered(row)
        factors.note(row, wished, chosen)
    with capsys.disabled():
        print(f"\n{learners}: {n_rows} rows, {len(refused)} refused, {n_edges} edges, ", end="")
        print(f"{len(wrong)} part")
    assert n_edges <= n_rows / 50
    assert all(refused.values()), "a refusal has its reason"
    assert not wrong, "\n".join(wrong)
    assert not factors.left, factors.left
