"""What every method must be where answers are texts: right whatever the padding, or refused."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.faces import CATALOGUE, name_of, small_settings
from tests.engine.texts import FIRST, LENGTH, text_tasks
from tests.engine.toys import Run, given, same, teaching, training
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.measure import evaluation
from workbench.engine.measure.generation import Ask, Prompts
from workbench.engine.roles.method import BadSpecError
from workbench.spec.check import problems
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.entry import Entry, by_role
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Optimizer, Spec

ROLES = ("sharing", "balancing", "retention", "curriculum", "learner")
#: What a method keeps is the same whatever is learned: some of each role are resumed on texts.
some_methods = pytest.mark.parametrize(
    "entry", [e for role in ROLES for e in by_role(CATALOGUE, role)[::3]], ids=name_of
)
#: Methods of the other roles have nothing to do with heads.
HEADS = {"sharing": ("", "one"), "retention": ("", "one")}
every_head = pytest.mark.parametrize(
    ("entry", "head"),
    [
        pytest.param(entry, head, id=f"{name_of(entry)}-{head or 'own'}")
        for role in ROLES
        for entry in by_role(CATALOGUE, role)
        for head in HEADS.get(role, ("",))
    ],
)


def texts(head: str, padded: int = LENGTH) -> Catalogue:
    known = teaching(partial(text_tasks, 8, head=head, padded=padded))
    known.methods["tasks", "given"].gives = ("tokens",)
    return known


def of(entry: Entry, **changes: Any) -> Spec:
    """Lists of letters, in four steps with the method, one after the other where it asks."""
    several = {"curriculum": Choice(kind="sequential")} if "stages" in entry.needs else {}
    return given(
        **{
            "encoder": Choice(kind="transformer", width=8, heads=2, blocks=2),
            "training": training(epochs=2, batch_size=4, evaluate_every=3),
            "optimizer": Optimizer(kind="adamw", lr=0.01),
            **several,
            entry.role: Choice(kind=entry.key, **small_settings(entry)),
            **changes,
        }
    )


def run_or_skip(spec: Spec, known: Catalogue, **more: Any) -> Run:
    """A run to its end; one that is refused says why in a sentence about its own field."""
    refused = problems(
        spec, {**CATALOGUE, ("tasks", "given"): known.find("tasks", "given").entry()}
    )
    if refused:
        assert all(problem.field and problem.message for problem in refused)
        pytest.skip(refused[0].message)
    try:
        return Run(spec, known, **more).to_the_end()
    except BadSpecError as error:
        pytest.skip(f"{error.field}: {error.message}")


@pytest.fixture(autouse=True)
def _no_answer_is_written_out(monkeypatch: pytest.MonkeyPatch):
    """What is learned does not depend on it, and it takes most of so short a run."""
    monkeypatch.setattr(evaluation, "written", one_letter)


def one_letter(ask: Ask, prompts: Mapping[str, Prompts]) -> dict[str, torch.Tensor]:
    """The same answer to everything, without a question to the model."""
    del ask
    return {name: torch.full((len(of), 1), FIRST) for name, of in prompts.items()}


@every_head
def test_padding_changes_no_parameter(entry: Entry, head: str):
    spec = of(entry)
    short = run_or_skip(spec, texts(head))
    long = run_or_skip(spec, texts(head, LENGTH + 9))
    assert isinstance(short.events[-1], Finished)
    for a, b in zip(short.parameters.values(), long.parameters.values(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-5)


@some_methods
def test_stopped_in_the_midst_of_an_epoch_and_resumed_it_is_the_same(entry: Entry, tmp_path: Path):
    spec, known = of(entry), texts("")
    whole = run_or_skip(spec, known)
    first = run_or_skip(spec, known, folder=tmp_path, commands={2: [Stop()]})
    second = Run(spec, known, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)
