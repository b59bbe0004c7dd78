"""Ways of making tasks within each other, drawn at random: sound tasks, or a refusal."""

import random
from typing import Any

import pytest

from tests.contracts.experiments import value
from tests.contracts.faces import CATALOGUE
from tests.contracts.test_families import shape_of
from tests.contracts.test_made_tasks import MAKERS, seen_and_asked
from tests.engine.toys import SPLITS, methods
from tests.fuzz import scaled
from workbench.engine.build.families import made_by
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Task
from workbench.spec.check import problems
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.preset import parse, spec_of, text_of

#: What tasks are made of in the end: small, and of every kind of input and answer.
SOURCES: tuple[dict[str, Any], ...] = (
    {"family": "digits-attributes"},
    {"family": "digits-attributes", "task": "digit"},
    {"family": "digits-pairs", "samples": 60},
    {"family": "digits-split", "n_tasks": 2},
    {"family": "digits-views"},
    {"family": "iris"},
    {"family": "diabetes"},
    {"family": "diabetes", "task": "progression"},
    {"family": "boundaries-2d", "samples": 60},
    {"family": "related-regressions"},
    {"family": "scenes", "size": 16, "samples": 24},
    {"family": "landscape"},
    {"family": "few-shot-digits", "train_tasks": 4, "val_tasks": 2, "test_tasks": 2},
    {"family": "numbers", "languages": ["en", "fr"], "sentences": 60, "held_out": 10,
     "highest": 99, "vocabulary": 320},
)  # fmt: skip
#: Within each other at most, and settings that are drawn.
DEEPEST, SHARE = 3, 0.4
#: What a way is given that its schema knows nothing of.
COLUMNS = ("sex", "age", "bmi", "species", "", "no such column")


def drawn(draw: random.Random, depth: int = 0) -> dict[str, Any]:
    """A family, made of others where it is not at the bottom."""
    if depth and (depth >= DEEPEST or draw.random() < 0.5):
        return dict(draw.choice(SOURCES))
    entry = draw.choice(MAKERS)
    properties = entry.settings["properties"]
    data: dict[str, Any] = {"family": entry.key}
    for name, schema in properties.items():
        if name == "of":
            n = draw.choice((1, 2)) if schema.get("type") == "array" else 0
            within = [drawn(draw, depth + 1) for _ in range(max(n, 1))]
            data["of"] = within if n else within[0]
        elif name == "column":
            data[name] = draw.choice(COLUMNS)
        elif draw.random() < SHARE:
            data[name] = value(schema, draw, 12)
    return data


def wrong_with(tasks: list[Task]) -> str:
    """What is not sound in tasks; empty where all is."""
    names = [task.name for task in tasks]
    if not tasks or len(set(names)) < len(names):
        return f"names {names}"
    outputs: dict[str, Any] = {}
    for task in tasks:
        if outputs.setdefault(task.head, task.output) != task.output:
            return f"head {task.head} has two outputs"
        for split in SPLITS:
            part = task.data[split]
            if {*part.inputs} != {*task.inputs} or (
                task.rows and len(task.rows[split]) != len(part)
            ):
                return f"{task.name} has other views or rows in {split}"
            for view, values in part.inputs.items():
                if values.shape != (len(part), *shape_of(task.inputs[view])):
                    return f"{task.name} has inputs {tuple(values.shape)} in {split}"
                if not values.isfinite().all():
                    return f"{task.name} has inputs that are no numbers"
            if isinstance(task.output, Classes) and len(part):
                known = set(task.classes or range(task.output.n))
                if not set(part.target.unique().tolist()) <= known:
                    return f"{task.name} has other classes in {split}"
    trained, asked = seen_and_asked(tasks)
    return "a row is trained on and asked" if trained & asked else ""


def tried(data: dict[str, Any]) -> tuple[bool, str]:
    """Whether tasks are made of a choice, and what is wrong; nothing where it is refused."""
    spec = Spec(tasks=(TaskChoice.model_validate(data),))
    if spec_of(parse(text_of(spec))) != spec:
        return False, "other data once written and read"
    if refusals := problems(spec, CATALOGUE):
        return False, "" if all(one.message for one in refusals) else "no reason for a refusal"
    try:
        return True, wrong_with(made_by(spec.tasks[0], methods(), 1))
    except BadSpecError as error:
        is_placed = error.field.startswith("tasks.0.") and bool(error.message)
        return False, "" if is_placed else f"a refusal at {error.field}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its choice
        return True, repr(error)


@pytest.mark.parametrize("n", [40, pytest.param(1000, marks=pytest.mark.slow)], ids=["few", "many"])
def test_whatever_is_made_of_whatever_is_sound_or_refused(n: int):
    draw = random.Random(17 + n)
    wrong: list[str] = []
    n_made = 0
    for _ in range(scaled(n)):
        data = drawn(draw)
        is_made, why = tried(data)
        n_made += is_made
        if why:
            wrong.append(f"{data}: {why}")
    assert not wrong, "\n".join(wrong)
    assert n_made >= scaled(n) / 5
