"""What every entry of the catalogue must be and do; a new one faces this by itself."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contracts.faces import CATALOGUE, ENTRIES, RUNNABLE, method_of, name_of, using
from tests.contracts.test_composition import small_families
from tests.engine.toys import Run, same
from workbench.spec import preset
from workbench.spec.check import FACTS, problems
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.documents import document
from workbench.spec.entry import Entry
from workbench.spec.event import Finished, StepsDone

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
# The scope brings the tests of an entry together, so that they share its run.
every_runnable = pytest.mark.parametrize("entry", RUNNABLE, ids=name_of, scope="module")


@cache
def trained(role: str, key: str) -> Run:
    return Run(using(CATALOGUE[role, key])).to_the_end()


@every_entry
def test_it_can_be_used(entry: Entry):
    assert not entry.broken
    assert not entry.warnings


@every_entry
def test_it_says_what_it_is(entry: Entry):
    method = method_of(entry)
    assert method.__doc__ is not None, "the docstring is the summary"
    assert entry.summary.endswith((".", ":")) or len(method.__doc__.strip().splitlines()) > 1
    assert 10 < len(entry.summary) <= 120
    assert entry.title
    assert entry.title != entry.key
    assert entry.key == entry.key.lower()
    assert set(entry.key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-+")


@every_entry
def test_it_needs_and_gives_known_facts(entry: Entry):
    assert set(entry.needs) <= set(FACTS)
    assert set(entry.gives) <= set(FACTS) | {"varying-tasks"}


@every_entry
def test_its_settings_have_defaults(entry: Entry):
    method_of(entry).Settings()


def bounded(schema: dict[str, Any]) -> bool:
    """Whether numbers and lists in a JSON Schema are bounded below and above."""
    branches = schema.get("anyOf", [schema])
    for branch in branches:
        kind = branch.get("type")
        if kind in ("integer", "number") and "enum" not in branch and "const" not in branch:
            low = "minimum" in branch or "exclusiveMinimum" in branch
            high = "maximum" in branch or "exclusiveMaximum" in branch
            if not (low and high):
                return False
        if kind == "array" and not ("maxItems" in branch and bounded(branch["items"])):
            return False
    return True


@every_entry
def test_its_settings_are_explained_and_bounded(entry: Entry):
    for name, schema in entry.settings.get("properties", {}).items():
        assert schema.get("description", "").endswith("."), name
        assert "default" in schema, name
        assert bounded(schema), name


@every_runnable
def test_an_experiment_with_it_survives_yaml(entry: Entry):
    spec = using(entry)
    again = preset.spec_of(document.parse(preset.text_of(spec)))
    assert again == spec
    assert not problems(again, CATALOGUE)


@every_runnable
def test_its_default_settings_written_out_are_the_same_experiment(entry: Entry):
    spec = using(entry)
    if entry.role == "tasks":
        chosen = spec.tasks[0]
        tasks = (chosen.model_copy(update={**entry.defaults(), **chosen.settings}),)
        written = spec.model_copy(update={"tasks": tasks})
    else:
        choice = spec.choice(entry.role).model_copy(update=entry.defaults())
        written = spec.model_copy(update={entry.role: choice})
    assert not problems(written, CATALOGUE)
    # Families that are cut down make it a step an epoch, and three of them show what lasts.
    brief = written.training.model_copy(update={"epochs": 3})
    one, two = (
        Run(chosen.model_copy(update={"training": brief}), small_families()).to_the_end()
        for chosen in (using(entry, encoder=written.encoder), written)
    )
    assert same(one.parameters, two.parameters)


@every_runnable
def test_it_learns_and_stays_finite(entry: Entry):
    run = trained(entry.role, entry.key)
    last = run.last
    assert isinstance(last, Finished)
    assert last.status == "done"
    assert all(values.isfinite().all() for values in run.parameters.values())
    for event in run.events:
        if isinstance(event, StepsDone):
            took_part = ~np.isnan(event.weights)
            assert np.isfinite(event.losses[took_part]).all()
    all_facts = run.trainer.began.tasks
    guesses = [
        (before if facts.chance is None else facts.chance) * (1 if facts.higher_is_better else -1)
        for facts, before in zip(all_facts, last.baseline, strict=True)
    ]
    learned = last.summary["learning_accuracy"]
    if min(facts.n_test for facts in all_facts) < 10 and all_facts[0].chance is not None:
        # A score on a handful of rows says nothing: that something is learned shows in training.
        learned = run.trainer.evaluator.scores("train")[0].mean()
    assert learned is not None
    assert learned > np.mean(guesses) + 0.05


@every_runnable
def test_run_again_stopped_and_resumed_it_is_the_same_bit_for_bit(entry: Entry, tmp_path: Path):
    whole = trained(entry.role, entry.key)
    point = whole.last.step * 2 // 3
    first = Run(using(entry), folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    assert first.last.status == "stopped"
    second = Run(using(entry), folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)
