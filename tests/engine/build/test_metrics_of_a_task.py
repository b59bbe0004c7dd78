"""What a task is scored in may be chosen in its entry."""

import numpy as np
import pytest

from tests.engine.toys import discovered, methods
from workbench.engine.build import build as session
from workbench.engine.roles.method import BadSpecError
from workbench.spec import preset
from workbench.spec.check import problems
from workbench.spec.event import Began, Evaluated, Finished
from workbench.spec.experiment import Spec, TaskChoice, Training
from workbench.spec.fingerprint import fingerprint


def spec(*metrics: tuple[str, ...] | None) -> Spec:
    tasks = tuple(
        TaskChoice.model_validate({"family": "digits-attributes", "task": task, "metrics": keys})
        for task, keys in zip(("digit", "parity"), metrics, strict=True)
    )
    return Spec(tasks=tasks, training=Training(epochs=1, threads=1, evaluate_every=10))


def test_the_first_leads_and_all_are_told_with_each_evaluation():
    events = list(session.run(spec(("roc-auc", "macro-f1"), None), 0, methods()))
    (began,) = (event for event in events if isinstance(event, Began))
    assert [task.metric for task in began.tasks] == ["roc-auc", "accuracy"]
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    assert len(evaluated) > 2
    for event in evaluated:
        assert list(event.more) == ["macro-f1"]
        assert np.isfinite(event.more["macro-f1"][0])
        assert np.isnan(event.more["macro-f1"][1])
    last = events[-1]
    assert isinstance(last, Finished)
    assert list(last.scores["digit"]) == ["roc-auc", "macro-f1", "accuracy", "loss"]
    assert list(last.scores["parity"]) == ["accuracy", "loss"]
    assert last.scores["digit"]["roc-auc"] == pytest.approx(float(last.matrix[-1, 0]))


def test_choosing_a_metric_changes_no_step():
    plain, chosen = (
        list(session.run(spec(keys, None), 0, methods())) for keys in (None, ("matthews",))
    )
    first, second = plain[-1], chosen[-1]
    assert isinstance(first, Finished)
    assert isinstance(second, Finished)
    assert first.scores["digit"]["accuracy"] == second.scores["digit"]["accuracy"]
    assert first.scores["parity"] == second.scores["parity"]


def test_a_metric_that_does_not_score_such_answers_is_refused_at_its_place():
    with pytest.raises(BadSpecError) as refusal:
        session.build(spec(None, ("spearman",)), 0, methods())
    assert refusal.value.field == "tasks.1.metrics"
    assert "what does: accuracy" in str(refusal.value)


def test_a_metric_that_is_not_there_is_refused_by_the_catalogue_alone():
    entries = {(entry.role, entry.key): entry for entry in discovered().entries()}
    (problem,) = problems(spec(("roc-acu",), None), entries)
    assert problem.field == "tasks.0.metrics"
    assert "did you mean 'roc-auc'" in problem.message


def test_a_preset_says_it_and_reads_it_back():
    chosen = spec(("roc-auc", "macro-f1", "roc-auc"), None)
    assert chosen.tasks[0].metrics == ("roc-auc", "macro-f1")
    text = preset.text_of(chosen)
    assert "metrics: [roc-auc, macro-f1]" in text
    assert preset.spec_of(preset.parse(text)) == chosen
    assert "metrics" not in preset.text_of(spec(None, None))
    assert fingerprint(chosen) != fingerprint(spec(None, None))
