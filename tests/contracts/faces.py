"""A small experiment that uses a given catalogue entry, whatever it is."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.files import settings_of
from tests.engine.toys import discovered, methods, training
from workbench.engine.build.families import made_by
from workbench.engine.roles.task import Task
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice

#: Methods that nothing at hand can be made of: they need weights of the user's, and a library that
#: is an extra. Tests of their own make both.
ELSEWHERE = ("pretrained",)

ENTRIES = [entry for entry in discovered().entries() if entry.key not in ELSEWHERE]
CATALOGUE = {(entry.role, entry.key): entry for entry in ENTRIES}
RUNNABLE = [entry for entry in ENTRIES if entry.role != "metric"]
FAMILIES = [entry for entry in ENTRIES if entry.role == "tasks"]
SHARINGS = [entry for entry in ENTRIES if entry.role == "sharing"]

JOINT = TaskChoice(family="digits-attributes")
LIFELONG = TaskChoice(family="digits-split", n_tasks=2, scenario="task")

#: Families that take long at their defaults, with settings for a tiny run.
SLOW: dict[str, dict[str, Any]] = {
    "digits-pairs": {"samples": 400},
    "scenes": {"size": 16, "samples": 160},
}


#: Families of texts, with few of them: thousands take a second to make, and minutes to learn.
FEW_TEXTS: dict[str, dict[str, Any]] = {
    "numbers": {"sentences": 200, "held_out": 20, "highest": 299, "vocabulary": 320},
    "phrases": {"sentences": 200, "held_out": 20, "vocabulary": 320},
}
#: Of a tiny run: what little texts teach.
_TINY_TEXTS: dict[str, dict[str, Any]] = {
    "numbers": {"languages": ["en", "fr"]},
    "phrases": {"languages": ["en", "fr"], "kinds": ["time"], "questions": ["past"]},
    "sentences": {"languages": ["en", "fr"], "pairs": "from-en"},
}

#: Distributions at a tiny run have so few tasks.
FEW_TASKS = {"train_tasks": 200, "val_tasks": 20, "test_tasks": 40}


#: Encoders whose defaults are for more than a tiny run, at sizes for one, and at their smallest.
SMALL_ENCODERS: dict[str, dict[str, Any]] = {"vit": {"width": 32, "blocks": 1, "patch": 4}}
TINY_ENCODERS: dict[str, dict[str, Any]] = {
    "resnet": {"width": 4},
    "vit": {"width": 8, "blocks": 1},
}


def small_settings(family: Entry) -> dict[str, Any]:
    """Settings of a family for a tiny run: a file where it needs one, few tasks of many."""
    few = FEW_TASKS if "episodes" in family.gives else {}
    texts = {**FEW_TEXTS.get(family.key, {}), **_TINY_TEXTS.get(family.key, {})}
    return {**settings_of(family.key), **SLOW.get(family.key, {}), **few, **texts}


def name_of(entry: Entry) -> str:
    """The entry's name in a test's name."""
    return f"{entry.role}-{entry.key}"


def using(entry: Entry, **changes: Any) -> Spec:
    """The first small experiment that takes the entry.

    Joint, or one task after the other, or with a family that gives what the entry needs.
    """
    if entry.role == "tasks":
        candidates = [("joint", _small(entry))]
    else:
        giving = [f for f in FAMILIES if set(f.gives) & set(entry.needs)]
        giving.sort(key=lambda family: family.key not in SLOW)  # what has a tiny run comes first
        more = [("joint", _small(family)) for family in giving]
        candidates = [("joint", JOINT), ("sequential", LIFELONG), *more]
    for curriculum, tasks in candidates:
        family = CATALOGUE["tasks", tasks.family]
        fields: dict[str, Any] = {
            "tasks": (tasks,),
            "curriculum": Choice(kind=curriculum),
            "encoder": encoder_of(family, Choice(kind="mlp", hidden=[32])),
            "training": training(epochs=2 if "adapts" in entry.gives else 4, evaluate_every=0),
            **_giving(family),
        }
        if tasks not in (JOINT, LIFELONG):
            fields.update(_length(family))
        # An encoder of texts is as small as texts are few, for each of its steps takes long.
        if entry.role != "tasks" and fields["encoder"].kind != entry.key:
            few = SMALL_ENCODERS.get(entry.key, {}) if entry.role == "encoder" else {}
            fields[entry.role] = Choice(kind=entry.key, **few)
        spec = Spec(**{**fields, **changes})
        if not problems(spec, CATALOGUE):
            return spec
    raise AssertionError(f"no small experiment takes {entry.role} {entry.key}")


def _small(family: Entry) -> TaskChoice:
    return TaskChoice(family=family.key, **small_settings(family))


def encoder_of(family: Entry, otherwise: Choice) -> Choice:
    """A small encoder of texts where a family gives them, else that one."""
    if "tokens" in family.gives:
        return Choice(kind="transformer", width=32, blocks=1, heads=2)
    return otherwise


def _length(family: Entry) -> dict[str, Any]:
    """About 200 steps, whatever the size of a family; of slow ones 120, small and long."""
    if "tokens" in family.gives:
        brief = training(epochs=24, batch_size=16, evaluate_every=0)
        return {"training": brief, "optimizer": Optimizer(lr=0.01)}
    if family.key in SLOW:
        brief = training(epochs=10, batch_size=16, evaluate_every=0)
        return {"training": brief, "optimizer": Optimizer(lr=0.01)}
    if "episodes" in family.gives:
        brief = training(epochs=8, batch_size=16, evaluate_every=0)
        return {"training": brief, "optimizer": Optimizer(lr=0.01), **_adapting(family)}
    tasks = tasks_of(family)
    steps = -(-max(len(made.data["train"]) for made in tasks) // training().batch_size)
    return {
        "training": training(epochs=-(-200 // steps), evaluate_every=0),
        "optimizer": Optimizer(lr=0.002),
    }


def _adapting(family: Entry) -> dict[str, Choice]:
    """A learner that adapts: without one the tasks of a distribution contradict each other."""
    has_classes = "ways" in family.settings["properties"]
    keys = [e.key for e in ENTRIES if e.role == "learner" and "adapts" in e.gives]
    wanted = "protonet" if has_classes else "maml"
    return {"learner": Choice(kind=wanted)} if wanted in keys else {}


def tasks_of(family: Entry) -> list[Task]:
    """The tasks of a family at its defaults, few texts; one that needs a file is given one."""
    return made_at(family, {**settings_of(family.key), **FEW_TEXTS.get(family.key, {})})


def made_at(family: Entry, settings: Mapping[str, Any]) -> list[Task]:
    """The tasks of a family at these settings, made of another family's where it takes one."""
    return made_by(TaskChoice(family=family.key, **settings), methods())


def _giving(entry: Entry) -> dict[str, Choice]:
    """An encoder and a sharing method that give what a family needs."""
    return {
        other.role: Choice(kind=other.key)
        for other in reversed(ENTRIES)
        if other.role in ("encoder", "sharing") and set(other.gives) & set(entry.needs)
    }


def method_of(entry: Entry) -> Any:
    """The entry's class."""
    return methods().find(entry.role, entry.key)


def tiny_encoder(family: Entry, otherwise: str = "auto") -> Choice:
    """The smallest encoder that reads what a family gives."""
    if "point" in family.needs:
        return Choice(kind="point")
    if "tokens" in family.gives:
        return Choice(kind="transformer", width=8, blocks=1, heads=2)
    few = {"hidden": [8, 8]} if otherwise in ("auto", "mlp") else TINY_ENCODERS.get(otherwise, {})
    return Choice(kind=otherwise, **few)
