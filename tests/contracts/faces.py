"""A small experiment that uses a given catalogue entry, whatever it is."""

from typing import Any

from tests.engine.toys import methods, training
from workbench.engine.catalogue import discover
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, Spec, TaskChoice

ENTRIES = discover().entries()
CATALOGUE = {(entry.role, entry.key): entry for entry in ENTRIES}
RUNNABLE = [entry for entry in ENTRIES if entry.role != "metric"]
FAMILIES = [entry for entry in ENTRIES if entry.role == "tasks"]
SHARINGS = [entry for entry in ENTRIES if entry.role == "sharing"]

JOINT = TaskChoice(family="digits-attributes")
LIFELONG = TaskChoice(family="digits-split", n_tasks=2, scenario="task")


def name_of(entry: Entry) -> str:
    """The entry's name in a test's name."""
    return f"{entry.role}-{entry.key}"


def using(entry: Entry, **changes: Any) -> Spec:
    """The first small experiment that takes the entry.

    Joint, or one task after the other, or with a family that gives what the entry needs.
    """
    if entry.role == "tasks":
        candidates = [("joint", TaskChoice(family=entry.key))]
    else:
        giving = [f for f in FAMILIES if set(f.gives) & set(entry.needs)]
        more = [("joint", TaskChoice(family=family.key)) for family in giving]
        candidates = [("joint", JOINT), ("sequential", LIFELONG), *more]
    for curriculum, tasks in candidates:
        family = CATALOGUE["tasks", tasks.family]
        is_usual = tasks in (JOINT, LIFELONG)
        fields: dict[str, Any] = {
            "tasks": (tasks,),
            "curriculum": Choice(kind=curriculum),
            "encoder": Choice(kind="mlp", hidden=[32]),
            "training": training(epochs=10 if is_usual else _epochs(family), evaluate_every=0),
            **_giving(family),
        }
        if entry.role != "tasks":
            fields[entry.role] = Choice(kind=entry.key)
        spec = Spec(**{**fields, **changes})
        if not problems(spec, CATALOGUE):
            return spec
    raise AssertionError(f"no small experiment takes {entry.role} {entry.key}")


def _epochs(entry: Entry) -> int:
    """Passes over the data of a family that make about 300 steps, whatever its size."""
    tasks = method_of(entry)(method_of(entry).Settings()).tasks()
    steps = -(-max(len(made.data["train"]) for made in tasks) // training().batch_size)
    return -(-300 // steps)


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
