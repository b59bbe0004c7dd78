"""Confusion matrices, reliability diagrams, and what is predicted against what is true."""

import numpy as np
import pytest
import torch
from sklearn import metrics as reference

from tests.engine.toys import Run, methods, spec, split_digits, training
from workbench.engine.measure.answer_tables import answer_tables
from workbench.engine.measure.evaluation import Answered
from workbench.engine.numerics.calibration import bins_of
from workbench.engine.roles.task import Classes, Part, Task, Values, Vector
from workbench.spec.event import Reported
from workbench.spec.experiment import Probes, TaskChoice


def task(output: Classes | Values, answers: tuple[str, ...] = ()) -> Task:
    part = Part({"x": torch.zeros(1, 2)}, torch.zeros(1))
    return Task("t", {"x": Vector(2)}, output, {"val": part}, "accuracy", answers=answers)


def drawn(n: int = 400, classes: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    output = torch.randn(n, classes, generator=generator) * 2
    target = torch.randint(classes, (n,), generator=generator)
    return output, target


def test_a_confusion_matrix_is_that_of_scikit_learn() -> None:
    output, target = drawn()
    confusion, _ = answer_tables(
        {"t": task(Classes(3), ("a", "b", "c"))}, {"t": Answered(output, target, 0.0)}
    )
    wanted = reference.confusion_matrix(target, output.argmax(1), normalize="true")
    assert confusion.rows == confusion.columns == ("a", "b", "c")
    np.testing.assert_allclose(confusion.values, wanted, rtol=1e-6)


def test_a_class_without_examples_and_outputs_that_are_no_numbers_are_in_no_cell() -> None:
    output = torch.tensor([[1.0, 0.0, 0.0], [float("nan"), 0.0, 1.0]])
    confusion, _ = answer_tables(
        {"t": task(Classes(3))}, {"t": Answered(output, torch.tensor([0, 0]), 0.0)}
    )
    assert confusion.values[0].tolist() == [0.5, 0.0, 0.0]
    assert np.isnan(confusion.values[1:]).all()


def test_bins_hold_the_answers_by_how_sure_they_are() -> None:
    output, target = drawn()
    bins = bins_of(output, target)
    sure, answer = output.double().softmax(1).max(1)
    for i in range(10):
        inside = (sure > i / 10) & (sure <= (i + 1) / 10)
        assert float(bins.share[i]) == pytest.approx(float(inside.double().mean()))
        if inside.any():
            right = (answer == target)[inside].double().mean()
            assert float(bins.accuracy[i]) == pytest.approx(float(right))
            assert float(bins.confidence[i]) == pytest.approx(float(sure[inside].mean()))


def test_values_lie_on_the_diagonal_where_they_are_right() -> None:
    true = torch.linspace(-2, 5, 60)[:, None]
    (table,) = answer_tables({"t": task(Values(1))}, {"t": Answered(true, true, 0.0)})
    assert table.values.sum() == 60
    assert np.fliplr(table.values).trace() == 60
    assert table.rows == table.columns[::-1]
    (off,) = answer_tables({"t": task(Values(1))}, {"t": Answered(true + 100, true, 0.0)})
    assert off.values[0].sum() == 60  # what lies beyond counts at the end


def test_a_run_tells_them_live_and_by_stage_where_it_is_asked() -> None:
    quiet = split_digits(training=training(epochs=1, steps=6, evaluate_every=3))
    asked = quiet.model_copy(update={"probes": Probes(answers=True)})
    assert not [e for e in Run(quiet).to_the_end().events if _tells(e)]
    run = Run(asked).to_the_end()
    told = [e for e in run.events if _tells(e)]
    n_stages = len(run.trainer.stages)
    assert [e.step for e in told] == [0, *(3 * (i + 1) for i in range(2 * n_stages))]
    names = {table.name for e in told if isinstance(e, Reported) for table in e.tables}
    first = next(iter(run.trainer.update.tasks))
    assert {f"confusion · {first}", f"calibration · {first}"} <= names


def test_of_values_a_run_tells_them_too() -> None:
    setup = spec(
        tasks=(TaskChoice(family="diabetes"),),
        training=training(epochs=1, steps=2, evaluate_every=0),
        probes=Probes(answers=True),
    )
    told = [e for e in Run(setup, methods()).to_the_end().events if _tells(e)]
    assert any(
        table.name.startswith("predicted against true")
        for e in told
        if isinstance(e, Reported)
        for table in e.tables
    )


def _tells(event: object) -> bool:
    return isinstance(event, Reported) and event.source == "answers"
