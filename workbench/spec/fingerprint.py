"""Fingerprint: what decides the result of a run, in a few letters."""

import hashlib
import json
from typing import Any, cast

from workbench.spec.experiment import Heads, Spec, Start
from workbench.spec.experiments.nested import with_nested
from workbench.spec.experiments.training import Stopping
from workbench.spec.user_files.aligned import is_known
from workbench.spec.user_files.sources import FILES

#: How this program computes. Make it one more with every change after which some experiment gives
#: other numbers on the same seed: a method, a solver, an order of sums, a draw of data, a default
#: that presets do not write out. Runs that were computed otherwise are then not found in place of
#: new ones. A new method or setting that nobody used before needs no other number.
#:
#: 1: runs whose `environment.json` names no number, for there was none yet.
#: 2: gradients laid out as their parameters; what no task of a batch uses rests; weights that mean
#:    more of a task in every method; streams drawn once.
#: 3: generative replay's generator of black and white pictures, and its width.
NUMERICS = 3

#: What a spec also says: names, which seeds, and what is measured on the way.
_ASIDE = ("name", "about", "seeds", "probes")
_ASIDE_IN_TRAINING = ("evaluate_every",)


def fingerprint(spec: Spec, numerics: int | str = NUMERICS) -> str:
    """A text that two specs share when, on one seed, they give the same result.

    `numerics` is how the run was computed: `NUMERICS` of the program that made it. The number of
    threads counts as it was asked for: sums in another order round otherwise.

    Specs that say the same in other words (a default written out) may differ: then a run is made
    again, which costs time and is never wrong.
    """
    data: dict[str, Any] = spec.model_dump(mode="json")
    for name in _ASIDE:
        del data[name]
    for name in _ASIDE_IN_TRAINING:
        del data["training"][name]
    if spec.training.stopping == Stopping():
        del data["training"]["stopping"]
    else:  # what is validated when decides when it ends, and what is kept
        data["training"]["evaluate_every"] = spec.training.evaluate_every
    if data["optimizer"]["reset"] == "from-scratch":  # a field that came later, as below
        del data["optimizer"]["reset"]
    for change in data["interventions"]:
        if change["stages"] is None:  # a field that came later: what was found before still is
            del change["stages"]
    if spec.start is None:
        del data["start"]
    elif isinstance(spec.start, Start) and spec.freeze == "none":  # a field that came later
        del data["start"]["freeze"]
    if spec.heads == Heads():
        del data["heads"]
    for choice in data["tasks"]:
        for name in ("head", "loss", "metrics"):
            if choice[name] is None:
                del choice[name]
        _leave_out_places(choice)
        choice.update(with_nested(choice, _without_places))
    data["numerics"] = numerics
    text = json.dumps(_plain(data), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _leave_out_places(settings: dict[str, Any]) -> None:
    """Where a file lies: what is in it decides, where that is known."""
    for name in [name for name in FILES if is_known(settings, name)]:
        settings.pop(name, None)


def _without_places(data: dict[str, Any]) -> dict[str, Any]:
    result = dict(data)
    _leave_out_places(result)
    return result


def _plain(value: Any) -> Any:
    """The value with 1 and 1.0 written alike."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
