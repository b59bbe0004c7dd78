"""Check: a Spec either fits the catalogue or says why not."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests import fakes
from workbench.spec.check import as_document, check, problems, settings_problems, unmet, with_choice
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, Intervention, Optimizer, Spec, TaskChoice
from workbench.spec.preset import PresetError, parse


def _spec(**more: Any) -> Spec:
    return Spec(**{"tasks": (TaskChoice(family="fake"),), **more})


def _told(spec: Spec) -> list[str]:
    return [problem.text() for problem in problems(spec, fakes.CATALOGUE)]


def test_the_defaults_fit():
    assert _told(_spec()) == []
    assert check(as_document(_spec()), fakes.CATALOGUE) == _spec()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"hiden": [3]}, "encoder.hiden: unknown key; did you mean 'hidden'?"),
        ({"hidden": 3}, "encoder.hidden: must be a list; found 3"),
        ({"hidden": [0]}, "encoder.hidden.0: must be at least 1; found 0"),
        ({"hidden": [1.0]}, "encoder.hidden.0: must be a whole number; found 1.0"),
        ({"hidden": [True]}, "encoder.hidden.0: must be a whole number; found true"),
        ({"hidden": [1, 2, 3, 4]}, "encoder.hidden: must have at most 3 items; found [1, 2, 3, 4]"),
        ({"activation": "x"}, "encoder.activation: must be one of relu, tanh; found 'x'"),
        ({"rate": "x"}, "encoder.rate: must be a number or null; found 'x'"),
        ({"rate": -1}, "encoder.rate: must be at least 0 or null; found -1"),
        ({"size": 0}, "encoder.size: must be more than 0; found 0"),
        ({"size": float("nan")}, "encoder.size: must be a number; found nan"),
    ],
)
def test_bad_settings_are_explained(settings: dict[str, Any], said: str):
    (messages,) = _told(_spec(encoder=Choice(kind="mlp", **settings)))
    assert messages.startswith(said)


@pytest.mark.parametrize(
    "settings", [{"hidden": []}, {"hidden": [2, 3]}, {"rate": None}, {"rate": 1}, {"size": 1}]
)
def test_good_settings_are_accepted(settings: dict[str, Any]):
    assert settings_problems(fakes.CATALOGUE["encoder", "mlp"], settings, "encoder") == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"sharing": Choice(kind="hart")},
            "sharing.kind: there is no 'hart'; did you mean 'hard'?",
        ),
        (
            {"balancing": Choice(kind="pcgrad"), "sharing": Choice(kind="separate")},
            "balancing.kind: Pcgrad needs a sharing strategy in which tasks share parameters",
        ),
        ({"retention": Choice(kind="replay")}, "retention.kind: Replay needs a curriculum with"),
        ({"tasks": (TaskChoice(family="fak"),)}, "tasks.0.family: there is no 'fak'; did you mean"),
        ({"tasks": (TaskChoice(family="broken"),)}, "tasks.0.family: cannot be used: ImportError"),
        ({"tasks": (TaskChoice(family="fake", task="x"),)}, "tasks.0.task: there is no 'x'"),
        (
            {"tasks": (TaskChoice(family="fake", n=1),)},
            "tasks.0.n: unknown key"
            " (allowed: class_weights, family, head, loss, metrics, task, weight)",
        ),
        ({"tasks": (TaskChoice(family="fake", weight=0),)}, "tasks: every weight is 0"),
        (
            {"tasks": (TaskChoice(family="fake"), TaskChoice(family="fake", task="first"))},
            "tasks.1: task first is chosen twice: entry 0 has it too",
        ),
        ({"optimizer": Optimizer(momentum=0.5)}, "optimizer.momentum: only SGD has momentum"),
    ],
)
def test_choices_that_do_not_fit_are_refused_with_the_reason(more: dict[str, Any], said: str):
    (messages,) = _told(_spec(**more))
    assert messages.startswith(said)


def test_stages_are_planned_anew_in_an_open_curriculum_only():
    change = Intervention.model_validate({"step": 3, "stages": [["first"]]})
    closed = _spec(interventions=(change,))
    (problem,) = problems(closed, fakes.CATALOGUE)
    assert problem.field == "interventions.0.stages"
    assert "needs a curriculum whose stages may be changed" in problem.message
    entry = replace(fakes.CATALOGUE["curriculum", "joint"], gives=("open-plan",))
    assert problems(closed, {**fakes.CATALOGUE, ("curriculum", "joint"): entry}) == []


def test_another_choice_may_meet_a_need():
    replay = fakes.CATALOGUE["retention", "replay"]
    joint = _spec()
    assert "needs a curriculum with several stages" in unmet(replay, joint, fakes.CATALOGUE)
    sequential = with_choice(joint, "curriculum", Choice(kind="sequential"))
    assert unmet(replay, sequential, fakes.CATALOGUE) == ""


def test_a_setting_may_ask_for_what_another_choice_gives():
    family = fakes.CATALOGUE["tasks", "fake"]
    gap = {"properties": {"gap": {"type": "number", "default": 0.0}}}
    holey = replace(family, settings=gap, demands={"gap": "missing-views"})
    hard = fakes.CATALOGUE["sharing", "hard"]
    gated = replace(hard, key="gated", gives=("missing-views",))
    result = {**fakes.CATALOGUE, ("tasks", "fake"): holey, ("sharing", "gated"): gated}
    whole = _spec()
    assert problems(whole, result) == []
    gappy = _spec(tasks=(TaskChoice(family="fake", gap=0.5),))
    (problem,) = problems(gappy, result)
    assert problem.text().startswith("tasks.0.gap: above 0 it needs a sharing strategy that does")
    assert problems(with_choice(gappy, "sharing", Choice(kind="gated")), result) == []


def test_a_settings_value_may_ask_for_what_another_choice_gives():
    family = fakes.CATALOGUE["tasks", "fake"]
    place = {"properties": {"place": {"type": "string", "default": "all"}}}
    asking = replace(family, settings=place, demands_at={"place": {"one": ("trunk", "towers")}})
    hard = fakes.CATALOGUE["sharing", "hard"]
    both = replace(hard, key="both", gives=("trunk", "towers"))
    result = {**fakes.CATALOGUE, ("tasks", "fake"): asking, ("sharing", "both"): both}
    assert problems(_spec(tasks=(TaskChoice(family="fake", place="all"),)), result) == []
    chosen = _spec(tasks=(TaskChoice(family="fake", place="one"),))
    first, second = (problem.text() for problem in problems(chosen, result))
    assert first.startswith("tasks.0.place: one needs a sharing strategy with one trunk")
    assert second.startswith("tasks.0.place: one needs a sharing strategy with a network for each")
    assert problems(with_choice(chosen, "sharing", Choice(kind="both")), result) == []
    assert Entry.from_json(json.loads(json.dumps(asking.to_json()))) == asking


def test_every_problem_names_its_line():
    text = "tasks:\n  - {family: fake,\n     weight: 0}\nencoder:\n  kind: mlp\n  size: -1\n"
    with pytest.raises(PresetError) as caught:
        check(parse(text, "f.yaml"), fakes.CATALOGUE)
    assert str(caught.value).splitlines() == [
        "f.yaml:1: tasks: every weight is 0: nothing would be learned",
        "f.yaml:6: encoder.size: must be more than 0; found -1",
    ]
