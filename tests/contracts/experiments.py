"""Random experiments: any choices, their settings at the ends of what is allowed and in between."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from tests.contracts.faces import CATALOGUE, small_settings
from workbench.spec.check import problems
from workbench.spec.entry import Entry, by_role
from workbench.spec.experiment import CHOICES, Spec

Draw = random.Random

#: Tasks of each family that there are: families are cut down.
N_TASKS = 2

#: Whole numbers above this are seldom drawn: data, or parts one beside the other, take seconds.
_FEW, _SIDE_BY_SIDE = 40, 12
#: Whole numbers of learners above this are seldom drawn: each of their steps is as many.
_INSIDE = 4
#: Items of a list above this are hardly ever drawn.
_SHORT = 3
#: How often choices are drawn again that do not fit by what they need and give.
_TRIES = 12
#: Settings that say where data are, or name others, which are given, or left at their defaults.
_FILES = (
    "file",
    "folder",
    "labels",
    "sha256",
    "labels_sha256",
    "targets",
    "inputs",
    "split",
    "group",
    "target",
    "languages",
    "pairs",
    "sentences",
)


def experiment(number: int) -> Spec:
    """Experiment `number`: the same each time. Most fit by what their choices need and give."""
    draw = Draw(f"experiment {number}")
    more_tries = _TRIES - 1 if draw.random() < 0.95 else 0
    spec = Spec.model_validate(_experiment(draw))
    for _ in range(more_tries):
        if not problems(spec, CATALOGUE):
            break
        spec = Spec.model_validate(_experiment(draw))
    return spec


def _experiment(draw: Draw) -> dict[str, Any]:
    tasks = [_family(draw) for _ in range(draw.choice((1, 1, 1, 1, 2, 3)))]
    data: dict[str, Any] = {"name": "random", "tasks": tasks}
    has_input = all("no-input" not in CATALOGUE["tasks", t["family"]].gives for t in tasks)
    has_texts = any("tokens" in CATALOGUE["tasks", t["family"]].gives for t in tasks)
    for role in CHOICES:
        entries = by_role(CATALOGUE, role)
        entry = draw.choice(entries)
        if role in ("curriculum", "retention") and draw.random() < 0.3:
            entry = entries[0]
        if role == "learner" and draw.random() < 0.5:  # all but one adapt, beside which less fits
            entry = entries[0]
        if role == "encoder" and draw.random() < 0.9:
            usual_kinds = ("transformer",) if has_texts else ("mlp", "auto")
            entry = CATALOGUE["encoder", draw.choice(usual_kinds) if has_input else "point"]
        usual = _INSIDE if role == "learner" else _SIDE_BY_SIDE
        most = math.inf if draw.random() < 0.1 else usual
        data[role] = {"kind": entry.key, **_settings(entry, draw, most)}
    if draw.random() < 0.2:
        data["heads"] = {
            "hidden": [draw.choice((1, 8, 65536 if draw.random() < 0.02 else 3))]
            * draw.choice((0, 1, 2, 16)),
            "activation": draw.choice(("relu", "tanh", "gelu")),
            "norm": draw.random() < 0.5,
            "dropout": draw.choice((0.0, 0.5, 0.999)),
        }
    data["optimizer"] = _optimizer(draw)
    data["training"] = _training(draw)
    data["seeds"] = [draw.choice((0, 1, 2**31 - 1))]
    if draw.random() < 0.3:
        data["probes"] = _probes(draw)
    if draw.random() < 0.03:
        data["budget"] = {
            "match_parameters": draw.choice(("hard", "number")),
            "parameters": draw.choice((1, 1000, 100_000, 10**12)),
            "tolerance": draw.choice((1e-6, 0.02, 1.0)),
        }
    if draw.random() < 0.05:
        data["device"] = draw.choice(("auto", "cuda", "cuda:9", "mps"))
    if draw.random() < 0.2:
        data["interventions"] = [_intervention(draw, tasks) for _ in range(draw.choice((1, 3)))]
    return data


def _family(draw: Draw) -> dict[str, Any]:
    entry = draw.choice(by_role(CATALOGUE, "tasks"))
    given = small_settings(entry)
    drawn = _settings(entry, draw, most=_FEW)
    if draw.random() < 0.98:
        drawn = {name: value for name, value in drawn.items() if name not in _FILES}
    data = {"family": entry.key, **given, **drawn}
    if draw.random() < 0.2:
        data["weight"] = draw.choice((0.0, 1e-6, 3.0, 1e6))
    if draw.random() < 0.1:
        data["head"] = [4] * draw.choice((0, 1, 3))
    if draw.random() < 0.1:
        kinds = ("usual", "squared", "absolute", "huber", "cross-entropy", "focal")
        data["loss"] = {
            "kind": draw.choice(kinds),
            "delta": draw.choice((1e-6, 1.0, 1e6)),
            "smoothing": draw.choice((0.0, 0.1, 0.999)),
            "gamma": draw.choice((0.0, 0.5, 2.0, 20.0)),
        }
    if entry.tasks and draw.random() < 0.2:
        data["task"] = draw.choice((*entry.tasks[:N_TASKS], "no-such-task"))
    return data


def _settings(entry: Entry, draw: Draw, most: float = math.inf) -> dict[str, Any]:
    """Some of a method's settings."""
    properties: Mapping[str, Mapping[str, Any]] = entry.settings.get("properties", {})
    share = draw.choice((0.0, 0.3, 1.0))
    return {
        name: value(schema, draw, most)
        for name, schema in properties.items()
        if draw.random() < share
    }


def value(schema: Mapping[str, Any], draw: Draw, most: float = math.inf) -> Any:
    """A value that a schema allows: an end of the range, the default, or any."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return draw.random() < 0.5
        case "integer":
            return _whole(schema, draw, most)
        case "number":
            return _real(schema, draw)
        case "array":
            few, many = schema.get("minItems", 0), schema.get("maxItems", 10)
            n = draw.choice((few, min(few + 1, many), min(many, _SHORT)))
            n = many if draw.random() < 0.005 else n
            return [value(schema["items"], draw, most) for _ in range(n)]
        case "object":
            return {
                draw.choice(("even", "species", "x")): draw.choice(("auto", "classes", "values"))
            }
        case _:
            return draw.choice((schema.get("default", ""), "digit | parity", "left", "x" * 50))


def _whole(schema: Mapping[str, Any], draw: Draw, most: float) -> int:
    low, high = schema.get("minimum", 0), schema.get("maximum", 2**31)
    if draw.random() < 0.98 and schema.get("default") != 0:
        high = max(low, min(high, most)) if math.isfinite(most) else high
    between = round(math.exp(draw.uniform(math.log(max(low, 1)), math.log(max(high, 1)))))
    default = min(max(schema.get("default", low), low), high)
    return int(draw.choice((low, low + 1 if low < high else low, high, default, between)))


def _real(schema: Mapping[str, Any], draw: Draw) -> float:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1.0))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1.0))
    lowest = low if "minimum" in schema else low + (high - low) * draw.choice((1e-12, 1e-4))
    highest = high if "maximum" in schema else high - (high - low) * draw.choice((1e-9, 1e-3))
    return float(
        draw.choice((lowest, highest, schema.get("default", low), draw.uniform(low, high)))
    )


def _optimizer(draw: Draw) -> dict[str, Any]:
    kind = draw.choice(("sgd", "adam", "adamw"))
    data: dict[str, Any] = {"kind": kind, "lr": draw.choice((1e-12, 1e-3, 1e-2, 0.1, 100.0))}
    if kind == "sgd" and draw.random() < 0.5:
        data["momentum"] = draw.choice((0.5, 0.999999))
    if draw.random() < 0.2:
        data["weight_decay"] = draw.choice((1e-9, 0.01, 10.0))
    if draw.random() < 0.4:
        shape = draw.choice(("constant", "step", "cosine", "one-cycle"))
        data["schedule"] = {
            "kind": shape,
            "factor": draw.choice((1e-12, 0.1, 1.0)),
            "every": draw.choice((1e-12, 0.3, 1.0)),
            "warmup": draw.choice((0.0, 0.3, 0.999999)),
        }
    return data


def _training(draw: Draw) -> dict[str, Any]:
    return {
        "epochs": draw.choice((1, 1, 2, 100_000)),
        "batch_size": draw.choice((1, 2, 8, 8, 64, 1_000_000)),
        "evaluate_every": draw.choice((0, 0, 1, 5, 10_000_000)),
        "clip": draw.choice((0.0, 0.0, 1e-9, 1.0, 1e9)),
        "threads": 1,
    }


def _probes(draw: Draw) -> dict[str, Any]:
    return {
        "every": draw.choice((0, 1, 3, 10_000_000)),
        "layers": draw.choice(([], [], ["first"], ["last", "*"], ["no-such-layer"], ["[", "*.0"])),
        "affinity": draw.random() < 0.3,
        "prequential": draw.random() < 0.5,
        "fading": draw.choice((1e-9, 0.995, 1.0)),
        "detector": draw.choice(("none", "adwin", "page-hinkley", "ddm")),
    }


def _intervention(draw: Draw, tasks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = [name for task in tasks for name in CATALOGUE["tasks", task["family"]].tasks[:N_TASKS]]
    known = draw.choice([*names, "no-such-task"] if draw.random() < 0.2 else names or ["class"])
    step = draw.choice((0, 1, 3, 10**9))
    match draw.choice(("weight", "lr", "stages")):
        case "weight":
            return {"step": step, "task": known, "weight": draw.choice((0.0, 2.0, 1e6))}
        case "lr":
            return {"step": step, "lr": draw.choice((1e-12, 0.1, 100.0))}
        case _:
            return {"step": step, "stages": [[known]] * draw.choice((1, 2))}
