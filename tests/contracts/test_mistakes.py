"""A contributor's mistakes are caught: each faulty method here fails the contract that names it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.contracts import test_entries, test_families, test_metrics, test_retention
from tests.engine.toys import discovered
from workbench.engine.build import catalogue
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Classes, Family, Part, Task, Values, Vector
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.entry import Entry


class Fading(Retention):
    """Counts its steps and pulls the parameters to 0 ever harder; saves the count."""

    key = "fading"
    title = "A pull that grows"

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.n_steps = 0

    def penalty(self, step: Step) -> Tensor:
        squares = [p.square().sum() for p in step.model.shared_parameters()]
        return 1e-3 * self.n_steps * torch.stack(squares).sum()

    def after_step(self, step: Step) -> None:
        self.n_steps += 1

    def state_dict(self) -> dict[str, Any]:
        return {"n_steps": self.n_steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.n_steps = state["n_steps"]


class Forgetful(Fading):
    """The same, whose count is lost when a run is resumed."""

    key = "forgetful"

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        del state


class Hoarder(Retention):
    """Keeps every batch, and says that it keeps nothing like it."""

    key = "hoarder"
    title = "A memory without an end"

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.kept_targets: list[Tensor] = []

    def augment_batch(self, batch: Batch) -> Batch:
        self.kept_targets += [part.target for part in batch.values()]
        return batch

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, 8)

    def state_dict(self) -> dict[str, Any]:
        return {"kept": list(self.kept_targets)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.kept_targets = list(state["kept"])


class Flattering(Metric):
    """The share of right answers, of those that are numbers."""

    key = "flattering"
    title = "Right answers, where there are any"
    outputs = (Classes,)
    score_range = (0, 1)

    def score(self, output: Tensor, target: Tensor) -> float:
        there = output.isfinite().all(1)
        right = output.argmax(1)[there] == target[there]
        return right.float().mean().item() if len(right) else 1.0


class Misjudged(Flattering):
    """As a percentage, which is not the range that it tells."""

    key = "misjudged"

    def score(self, output: Tensor, target: Tensor) -> float:
        return 100 * (output.argmax(1) == target).float().mean().item()


class Outdated(Fading):
    """The same, with hooks as an earlier version called them."""

    key = "outdated"

    def mix(self, batch: Batch) -> Batch:
        return batch

    def settle(self, step: Step) -> None:
        del step


class Unfitting(Flattering):
    """The score of tasks of values that name none, which it does not score."""

    key = "unfitting"
    usual = (Values,)


class Second(Flattering):
    """Another score of tasks of classes that name none."""

    key = "second"
    usual = (Classes,)


class Leaking(Family):
    """Twenty points, the first of which is learned from and asked for."""

    key = "leaking"
    title = "Leaking points"
    first_of_test = 0

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("side",)

    def tasks(self) -> list[Task]:
        points = torch.linspace(-1, 1, 40).view(20, 2)
        side = (points[:, 0] > 0).long()
        rows = {"train": slice(0, 10), "val": slice(10, 14), "test": [self.first_of_test, 15, 16]}
        data = {split: Part({"x": points[at]}, side[at]) for split, at in rows.items()}
        return [Task("side", {"x": Vector(2)}, Classes(2), data, metric="accuracy")]


class Tight(Leaking):
    """The same, which asks for others than it learns from."""

    key = "tight"
    first_of_test = 14


def known(monkeypatch: pytest.MonkeyPatch, method: type[Any]) -> Entry:
    """The entry of a method that is in the catalogue for the time of a test."""
    entry = method.entry()
    monkeypatch.setitem(discovered().methods, (entry.role, entry.key), method)
    monkeypatch.setitem(test_retention.ENTRY, entry.key, entry)
    return entry


def test_state_that_is_lost_on_resume(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    resume = test_retention.test_a_resume_in_any_stage_is_bit_for_bit
    for method in (Fading, Forgetful):
        known(monkeypatch, method)
    resume("fading", 6, tmp_path / "whole")
    with pytest.raises(AssertionError):
        resume("forgetful", 6, tmp_path / "lost")


def test_a_capacity_that_is_not_what_is_held(monkeypatch: pytest.MonkeyPatch):
    known(monkeypatch, Hoarder)
    with pytest.raises(AssertionError):
        test_retention.test_what_it_may_hold_is_known_before_and_is_what_it_holds_in_the_end(
            "hoarder"
        )


def test_a_metric_that_praises_what_is_no_number(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(AssertionError):
        test_metrics.test_outputs_that_are_no_numbers_score_nothing(known(monkeypatch, Flattering))


def test_a_metric_whose_scores_are_not_in_its_range(monkeypatch: pytest.MonkeyPatch):
    in_range = test_metrics.test_every_score_is_in_the_range_that_is_told
    with pytest.raises(AssertionError):
        in_range(known(monkeypatch, Misjudged))


def test_rows_that_are_learned_from_and_asked_for(monkeypatch: pytest.MonkeyPatch):
    apart = test_families.test_no_example_is_in_two_splits
    apart(known(monkeypatch, Tight))
    with pytest.raises(AssertionError):
        apart(known(monkeypatch, Leaking))


class Misscored(Leaking):
    """Two classes, scored as if they were numbers."""

    key = "misscored"
    first_of_test = 14

    def tasks(self) -> list[Task]:
        (made,) = super().tasks()
        made.metric = "r2"
        return [made]


def test_a_metric_that_does_not_score_the_answers(monkeypatch: pytest.MonkeyPatch):
    score = test_families.test_its_metrics_score_its_answers
    score(known(monkeypatch, Tight))
    with pytest.raises(BadSpecError, match="the metric r2 of task side does not score"):
        score(known(monkeypatch, Misscored))


def broken_here(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """What is broken where this module is a package's, after all that are shipped."""
    own = list(catalogue._modules())  # pyright: ignore[reportPrivateUsage]  # what is scanned
    monkeypatch.setattr(catalogue, "_modules", lambda: [*own, ("retention", __name__)])
    return [entry for entry in catalogue.discover().entries() if entry.broken]


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (Unfitting, "it is usual for Values, which is not among its outputs"),
        (Second, "it is usual for Classes, as accuracy is already"),
    ],
)
def test_a_metric_that_would_take_the_place_of_the_usual_one(
    method: type[Metric], reason: str, monkeypatch: pytest.MonkeyPatch
):
    broken = broken_here(monkeypatch)
    (entry,) = [entry for entry in broken if reason in entry.broken]
    assert entry.role == "metric"
    with pytest.raises(AssertionError):
        test_entries.test_it_can_be_used(entry)


def test_a_hook_with_a_name_that_nothing_calls(monkeypatch: pytest.MonkeyPatch):
    broken_here(monkeypatch)
    result = {(e.role, e.key): e for e in catalogue.discover().entries() if not e.broken}
    entry = result["retention", "outdated"]
    assert entry.warnings == (
        "defines 'mix', which nothing calls: it is 'augment_batch' now",
        "defines 'settle', which nothing calls: it is 'after_step' now",
    )
    assert not result["retention", "fading"].warnings
    with pytest.raises(AssertionError):
        test_entries.test_it_can_be_used(entry)


def test_a_key_that_is_taken(monkeypatch: pytest.MonkeyPatch):
    taking = type("Again", (Fading,), {"key": "none", "__module__": __name__})
    monkeypatch.setitem(globals(), "Again", taking)
    broken = broken_here(monkeypatch)
    (entry,) = [entry for entry in broken if "'none'" in entry.broken]
    assert "is taken by workbench.methods.retention.none" in entry.broken
    with pytest.raises(AssertionError):
        test_entries.test_it_can_be_used(entry)
