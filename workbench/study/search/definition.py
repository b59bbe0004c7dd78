"""Definition: what a sweep is, apart from what came of it; and the setup at each of its points."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from workbench.spec.check import as_document, check, parts
from workbench.spec.documents.document import PresetError, parse
from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import spec_of, text_of, with_data
from workbench.study.search.objective import Objective
from workbench.study.search.space import Axis, BadSpaceError, grid

Sampler = Literal["grid", "random", "tpe"]
SAMPLERS: tuple[Sampler, ...] = ("grid", "random", "tpe")

#: How many trials are made where nobody says.
USUAL_TRIALS = 20
MOST_TRIALS = 10_000

_LONGEST_NAME = 200
_FORMAT = 1

Point = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """A sweep: over which settings of which experiment, how, and for what.

    A trial is one point of the space, on all seeds of the experiment. `n_trials` are those to make
    in all; None: as many as a grid has points. `prunes` ends trials that fall behind. `seed` is
    that of what the sampler draws.
    """

    spec: Spec
    axes: tuple[Axis, ...]
    sampler: Sampler
    objectives: tuple[Objective, ...]
    n_trials: int | None = None
    prunes: bool = False
    seed: int = 0

    @property
    def mark(self) -> str:
        """A text that two sweeps share when one goes on with the other: all but how many trials."""
        return self.mark_for([(each.name, each.requested) for each in self.objectives])

    def mark_for(self, objectives: Sequence[tuple[str, str]]) -> str:
        """The mark with these objectives: name and direction as they were asked for."""
        data = self._rest() | {"objectives": [list(each) for each in objectives]}
        if self.sampler != "grid" or all(axis.kind == "choice" for axis in self.axes):
            del data["n_trials"]  # of a grid over ranges it decides where the points are
        data |= {"spec": fingerprint(self.spec), "seeds": list(self.spec.seeds)}
        text = json.dumps(data, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def points(self) -> list[dict[str, Any]]:
        """The points of a grid."""
        return grid(self.axes, self.n_trials)

    @property
    def n_possible(self) -> int | None:
        """How many points there are; None where they are as many as numbers."""
        if self.sampler == "grid":
            return len(self.points)
        n = 1
        for axis in self.axes:
            if axis.size is None:
                return None
            n *= axis.size
        return n

    @property
    def n_wanted(self) -> int:
        """How many trials there will be."""
        wanted = self.n_trials
        if wanted is None:
            wanted = MOST_TRIALS if self.sampler == "grid" else USUAL_TRIALS
        possible = self.n_possible
        return wanted if possible is None else min(wanted, possible)

    def words(self, point: Point) -> str:
        """A point in one line."""
        return ", ".join(
            f"{short(axis.key)}={axis.text(point[axis.key])}"
            if not axis.changes
            else axis.text(point[axis.key])
            for axis in self.axes
        )

    def called(self, point: Point, sweep: str, number: int) -> str:
        """What runs there are called beside their experiment: a name that no other run has.

        By it they are known as this sweep's from the first moment, whatever ends their maker.
        """
        if any(axis.changes for axis in self.axes):
            weights = any(self.changed(point))
            return f"{'weights ' if weights else ''}{self.words(point)} ({sweep})"
        return f"{sweep} #{number}: {self.words(point)}"

    def values(self, point: Point) -> dict[str, Any]:
        """The setting's value on each axis, as runs have it."""
        return {axis.key: axis.value(point[axis.key]) for axis in self.axes}

    def changed(self, point: Point) -> dict[str, Any]:
        """All that is set at a point, by the settings' names; methods before their settings."""
        changes = {k: v for axis in self.axes for k, v in axis.changed(point[axis.key]).items()}
        return dict(sorted(changes.items(), key=lambda item: not item[0].endswith("kind")))

    def spec_at(self, point: Point, catalogue: Catalogue, called: str) -> Spec:
        """The experiment at a point, named `called`. Raises PresetError where it cannot be run."""
        return check(self._document(point, called), catalogue)

    def unchecked_at(self, point: Point) -> Spec:
        """The experiment at a point, whether or not it can be run. Raises PresetError."""
        return spec_of(self._document(point, ""))

    def _document(self, point: Point, called: str) -> Any:
        changes = self.changed(point)
        spec = self.spec.model_copy(update={"interventions": _still_meant(self.spec, changes)})
        document = with_data(as_document(spec), {parts(k): v for k, v in changes.items()})
        if called:
            room = _LONGEST_NAME - len(called) - 3
            name = f"{spec.name[: max(room, 1)]} · {called}"[:_LONGEST_NAME]
            document = with_data(document, {("name",): name})
        return document

    def _rest(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "axes": [axis.to_json() for axis in self.axes],
            "sampler": self.sampler,
            "objectives": [asdict(objective) for objective in self.objectives],
            "n_trials": self.n_trials,
            "prunes": self.prunes,
            "seed": self.seed,
        }

    def to_json(self) -> dict[str, Any]:
        """The definition without its spec, which is a preset of its own."""
        return self._rest()

    def preset(self) -> str:
        """The experiment as the text of a preset."""
        return text_of(self.spec)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], preset: str) -> "Definition":
        """The definition that `to_json` and `preset` described. Raises ValueError."""
        try:
            if data["format"] != _FORMAT:
                raise ValueError(f"it is of format {data['format']}; this program reads {_FORMAT}")
            return cls(
                spec_of(parse(preset, "spec.yaml")),
                tuple(Axis.from_json(axis) for axis in data["axes"]),
                data["sampler"],
                tuple(Objective(**each) for each in data["objectives"]),
                data["n_trials"],
                data["prunes"],
                data["seed"],
            )
        except PresetError as error:
            raise ValueError(error.problems[0].text("spec.yaml")) from None
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it lacks or misnames something: {error}") from None

    def with_trials(self, n_trials: int | None) -> "Definition":
        """The same with another number of trials."""
        return replace(self, n_trials=n_trials)


def short(key: str) -> str:
    """A setting's name without its first part where that is clear."""
    head, dot, rest = key.partition(".")
    return rest if dot and head in ("optimizer", "training") else key


def _still_meant(spec: Spec, changes: Mapping[str, Any]) -> tuple[Any, ...]:
    """Live changes of the experiment, without those of what the sweep sets itself."""
    sets_rate = any(key.startswith("optimizer.lr") for key in changes)
    sets_weight = any(key.startswith("tasks") for key in changes)
    return tuple(
        change
        for change in spec.interventions
        if not (sets_rate and change.lr is not None)
        and not (sets_weight and change.weight is not None)
    )


#: Fields that are not to be swept, and what to use in their place.
_ASIDE = {
    "seeds": "each trial runs on all seeds: --seeds says which",
    "name": "it decides nothing",
    "about": "it decides nothing",
    "version": "it decides nothing",
    "probes": "probes measure and decide nothing",
    "interventions": "live changes are not swept",
    "device": "where a run is computed is not swept",
}


def refuse_unfit(spec: Spec, axes: Sequence[Axis], catalogue: Catalogue) -> None:
    """Raise BadSpaceError where a setting is not there or cannot have what is tried of it."""
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise BadSpaceError(f"{key}: it is swept twice; name it once")
        if key.split(".")[0] in _ASIDE:
            raise BadSpaceError(f"{key}: it cannot be swept: {_ASIDE[key.split('.')[0]]}")
    bases = _bases(spec, axes)
    for axis in axes:
        for raw in _extremes(axis):
            refusals = [_refusal(base, axis, raw, catalogue) for base in bases]
            # A method fits with some of the others that are tried; a setting must be there in all.
            is_refused = all(refusals) if axis.key.endswith("kind") else any(refusals)
            if is_refused:
                raise BadSpaceError(next(filter(None, refusals)))


def _bases(spec: Spec, axes: Sequence[Axis]) -> list[Spec]:
    """The setup as it is, or with each combination of methods that are swept."""
    bases = [spec]
    for axis in axes:
        if axis.key.endswith(".kind") and axis.kind == "choice":
            points = [Definition(base, (axis,), "grid", ()) for base in bases]
            bases = [_unchecked(each, {axis.key: raw}) for each in points for raw in axis.choices]
    return bases


def _unchecked(definition: Definition, point: Point) -> Spec:
    try:
        return definition.unchecked_at(point)
    except PresetError as error:
        (axis,) = definition.axes
        raise BadSpaceError(f"{axis.key}: {error.problems[0].message}") from None


def _extremes(axis: Axis) -> list[Any]:
    return list(axis.choices) if axis.kind == "choice" else [axis.low, axis.high]


def _refusal(base: Spec, axis: Axis, raw: Any, catalogue: Catalogue) -> str:
    """Why a value of one axis cannot be had in a setup; empty where it can."""
    try:
        Definition(base, (axis,), "grid", ()).spec_at({axis.key: raw}, catalogue, "")
    except PresetError as error:
        own = axis.key.rsplit(".", 1)[0]
        mine = [p for p in error.problems if p.field.startswith(axis.key)]
        others = [p for p in error.problems if not p.field or p.field.startswith(own)]
        problem = next(iter([*mine, *(others if not axis.key.endswith(".kind") else [])]), None)
        if problem is not None:
            text = axis.text(raw)
            is_said = f"found {text}" in problem.message or f"'{text}'" in problem.message
            return f"{axis.key}: {problem.message}" + ("" if is_said else f"; tried: {text}")
    return ""
