"""What a recorded run's model says of the rows of a file, whatever became of its own data."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.engine.toys import Run, methods, spec, training
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.question import Predict, RefusedError
from workbench.spec.trained.description import FILE, read_description
from workbench.spec.trained.prediction import Prediction, TaskPrediction, columns_of, over_seeds

COLUMNS = ("size", "colour", "is_new", "when")
WORDS = ("red", "blue", "green", "red, or not")


def rows_of(n: int, seed: int = 0) -> list[list[str]]:
    """Rows with numbers, categories, truths and dates, some of them missing, and two answers."""
    draw = np.random.default_rng(seed)
    made: list[list[str]] = []
    for _ in range(n):
        size, word = draw.normal(50, 20), draw.integers(len(WORDS))
        cells = [
            "" if draw.random() < 0.2 else f"{size:.3f}",
            "" if draw.random() < 0.2 else f'"{WORDS[word]}"',
            draw.choice(["true", "false"]),
            f"20{draw.integers(10, 24)}-0{draw.integers(1, 9)}-11",
        ]
        made.append([*cells, f"{5e6 + 1e4 * size:.1f}", "yes" if word < 2 else "no"])
    return made


def table(path: Path, rows: list[list[str]], names: tuple[str, ...] = (*COLUMNS, "price", "sold")):
    lines = [",".join(names), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def setup(path: Path, **settings: Any) -> Spec:
    choice = TaskChoice(
        family="table",
        file=str(path),
        inputs=list(COLUMNS),
        targets={"price": "values", "sold": "classes"},
        **{"missing": "indicator", "most_categories": 2, **settings},
    )
    return spec(
        tasks=(choice,),
        encoder=Choice(kind="mlp", hidden=[8]),
        training=training(epochs=1, steps=8, evaluate_every=0),
    )


class Trained:
    """A run on a table of its own, and the question what it says of a file."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.file = table(folder / "own.csv", rows_of(80))
        self.spec = setup(self.file, **settings)
        self.run = Run(self.spec, folder=folder / "run" / "checkpoint")
        (folder / "run").mkdir()
        self.run.to_the_end()
        self.question = Predict(self.spec, 0, str(folder / "run"), str(self.file))

    def ask(self, **changes: Any) -> Prediction:
        return answer(replace(self.question, **changes), methods(), lambda done, text: None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(tmp_path_factory.mktemp("trained"))


def farthest(wanted: torch.Tensor, told: TaskPrediction) -> float:
    """How far the row that is farthest from every one that was told is from its nearest."""
    gaps = (wanted.detach()[:, None] - torch.from_numpy(told.values)[None]).abs().amax(2)
    return float(gaps.amin(1).max())


def by_task(told: Prediction) -> dict[str, TaskPrediction]:
    return {each.task: each for each in told.tasks}


@pytest.mark.parametrize("missing", ["mean", "median", "indicator"])
def test_it_says_what_the_run_scored(missing: str, tmp_path: Path):
    """The scores of the test rows follow from what is predicted for the whole file."""
    trained = Trained(tmp_path, missing=missing)
    told = by_task(trained.ask())
    task = trained.run.trainer.update.tasks["sold"]
    outputs = trained.run.trainer.evaluator.answer(
        {name: each.data["test"] for name, each in trained.run.trainer.update.tasks.items()}
    )
    assert farthest(outputs["sold"].double().softmax(1), told["sold"]) < 1e-6
    assert told["sold"].answers == task.answers == ("no", "yes")
    price = trained.run.trainer.update.tasks["price"]
    assert price.scaling is not None
    in_unit = price.scaling.unscaled(outputs["price"])
    assert farthest(in_unit, told["price"]) < 1e-6 * float(price.scaling.deviation)
    assert told["price"].values.min() > 1e6  # in its own unit


def test_a_run_whose_data_are_gone_still_predicts(tmp_path: Path):
    trained = Trained(tmp_path)
    before = trained.ask()
    other = trained.file.rename(tmp_path / "moved.csv")
    after = trained.ask(file=str(other))
    for one, two in zip(before.tasks, after.tasks, strict=True):
        assert np.array_equal(one.values, two.values)


def test_what_was_learned_of_the_columns_lies_readable_beside_the_run(trained: Trained):
    told = read_description(Path(trained.question.folder))
    assert told is not None
    (preparation,) = told.preparations
    assert preparation.kind == "table"
    size, colour, _, when = preparation.columns
    assert size.kind == "number"
    assert size.has_indicator
    assert 30 < size.fill < 70
    assert colour.kind == "category"
    assert len(colour.categories) == 2
    assert colour.has_others
    assert when.kind == "number"
    assert when.is_time
    assert json.loads((Path(trained.question.folder) / FILE).read_text())["version"] == 1


def test_a_run_of_an_earlier_version_is_described_by_its_data(tmp_path: Path):
    trained = Trained(tmp_path)
    wanted = trained.ask()
    (Path(trained.question.folder) / FILE).unlink()
    from workbench.engine.answers import prediction

    prediction.forget()
    told = trained.ask()
    for one, two in zip(wanted.tasks, told.tasks, strict=True):
        assert np.array_equal(one.values, two.values)


def test_columns_in_another_order_and_more_of_them_say_the_same(trained: Trained, tmp_path: Path):
    rows = [[row[3], "7", row[0], row[2], row[1]] for row in rows_of(80)]
    other = table(tmp_path / "other.csv", rows, ("when", "number", "size", "is_new", "colour"))
    told, wanted = trained.ask(file=str(other)), trained.ask()
    for one, two in zip(wanted.tasks, told.tasks, strict=True):
        assert np.array_equal(one.values, two.values)
    assert any("'number'" in notice for notice in told.notices)


def test_one_row_is_taken_as_it_is_among_others(trained: Trained, tmp_path: Path):
    """What else is in a file decides neither how a column is read nor what fills it."""
    whole = trained.ask()
    for i in range(8):
        alone = table(tmp_path / f"{i}.csv", rows_of(80)[i : i + 1])
        told = trained.ask(file=str(alone))
        assert told.n_rows == 1
        for one, two in zip(whole.tasks, told.tasks, strict=True):
            np.testing.assert_allclose(two.values[0], one.values[i], rtol=1e-6)


def test_rows_that_are_typed_say_what_rows_of_a_file_say(trained: Trained):
    rows = rows_of(80)[:5]
    typed = [
        {name: cell.strip('"') for name, cell in zip(COLUMNS, row[:4], strict=True)} for row in rows
    ]
    told = trained.ask(file="", rows=tuple(typed))
    for one, two in zip(trained.ask().tasks, told.tasks, strict=True):
        np.testing.assert_allclose(two.values, one.values[:5], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row, names: (row[1:], names[1:]), "lacks the column 'size'"),
        (lambda row, names: (row[2:], names[2:]), "lacks the columns 'size', 'colour'"),
        (lambda row, names: (["large", *row[1:]], names), "'large' is no number"),
        (lambda row, names: ([*row[:3], "12.5", *row[4:]], names), "learned from dates"),
        (lambda row, names: (["2020-01-01", *row[1:]], names), "learned from numbers"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    trained: Trained, tmp_path: Path, change: Callable[..., Any], words: str
):
    names = (*COLUMNS, "price", "sold")
    rows = [change(row, names)[0] for row in rows_of(3)]
    other = table(tmp_path / "other.csv", rows, change(rows_of(1)[0], names)[1])
    with pytest.raises(RefusedError, match=words):
        trained.ask(file=str(other))


@pytest.mark.parametrize(
    ("row", "words"),
    [({"size": "inf"}, "no number"), ({"size": "x"}, "no number"), ({"when": "soon"}, "no date")],
)
def test_what_is_wrong_with_a_typed_row_is_said(trained: Trained, row: dict[str, str], words: str):
    with pytest.raises(RefusedError, match=words):
        trained.ask(file="", rows=(row,))


def test_a_category_that_training_did_not_have_is_said(tmp_path: Path):
    trained = Trained(tmp_path, most_categories=50)
    rows = rows_of(3)
    rows[1][1] = "violet"
    told = trained.ask(file=str(table(tmp_path / "new.csv", rows)))
    assert any("colour: 1 row has" in note and "'violet'" in note for note in told.notices)


def test_any_checkpoint_can_be_asked(trained: Trained):
    told = trained.ask(step=8)
    assert told.step == 8
    with pytest.raises(RefusedError, match="was not saved at step 5; it was at 8"):
        trained.ask(step=5)


def test_arrays_are_prepared_as_they_were(tmp_path: Path):
    draw = np.random.default_rng(0)
    x = draw.normal(3, 7, (60, 5))
    y = (x[:, 0] > 3).astype(np.int64)
    np.savez(tmp_path / "own.npz", x=x, y=y)
    choice = TaskChoice(
        family="arrays", file=str(tmp_path / "own.npz"), targets={"y": "classes"}, standardise=True
    )
    run_spec = spec(tasks=(choice,), training=training(epochs=1, steps=4, evaluate_every=0))
    run = Run(run_spec, folder=tmp_path / "checkpoint").to_the_end()
    np.savez(tmp_path / "new.npz", x=x[:7], other=y[:7])
    np.save(tmp_path / "new.npy", x[:7])
    told = [
        answer(Predict(run_spec, 0, str(tmp_path), str(tmp_path / f)), methods(), lambda d, t: None)
        for f in ("new.npz", "new.npy")
    ]
    task = run.trainer.update.tasks["y"]
    inputs = (x[:7] - x[_train(task, x)].mean(0)) / x[_train(task, x)].std(0)
    output = run.model(
        {"y": replace(task.data["val"][:7], inputs={"array": torch.from_numpy(inputs).float()})}
    )
    wanted = output["y"].detach().double().softmax(1).numpy()
    for each in told:
        np.testing.assert_allclose(each.tasks[0].values, wanted, atol=1e-6)


def _train(task: Any, x: Any) -> Any:
    """Which rows of an array train: those whose order is that of the standardised inputs."""
    train = task.data["train"].inputs["array"][:, 0].numpy()
    ranks = np.argsort(np.argsort(x[:, 0]))
    every = np.concatenate([task.data[s].inputs["array"][:, 0].numpy() for s in task.data])
    places = np.argsort(np.argsort(every))
    of_train = places[: len(train)] if next(iter(task.data)) == "train" else None
    assert of_train is not None
    return np.isin(ranks, of_train)


def test_pictures_are_asked_by_file(tmp_path: Path):
    draw = np.random.default_rng(0)
    for name, base in (("dark", 30), ("light", 200)):
        (tmp_path / "own" / name).mkdir(parents=True)
        for i in range(12):
            pixels = draw.integers(base, base + 50, (9, 12, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "own" / name / f"{i}.png")
    choice = TaskChoice(family="pictures", file=str(tmp_path / "own"), size=8, standardise=True)
    run_spec = spec(tasks=(choice,), training=training(epochs=1, steps=4, evaluate_every=0))
    (tmp_path / "run").mkdir()
    run = Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    question = Predict(run_spec, 0, str(tmp_path / "run"), str(tmp_path / "own"))
    told = answer(question, methods(), lambda done, text: None)
    assert told.labels[:2] == ("dark/0.png", "dark/1.png")
    assert told.tasks[0].answers == ("dark", "light")
    output = run.trainer.evaluator.answer(
        {"class": run.trainer.update.tasks["class"].data["test"]}
    )["class"]
    assert farthest(output.double().softmax(1), told.tasks[0]) < 1e-6
    one = answer(
        replace(question, file=str(tmp_path / "own" / "dark" / "3.png")),
        methods(),
        lambda d, t: None,
    )
    assert one.labels == ("3.png",)
    np.testing.assert_allclose(
        one.tasks[0].values[0], told.tasks[0].values[_at(told, "dark/3.png")]
    )


def _at(told: Prediction, label: str) -> int:
    return told.labels.index(label)


def test_a_model_that_adapts_is_first_shown_rows_with_answers(tmp_path: Path):
    draw = np.random.default_rng(0)
    rows: list[list[str]] = []
    for user in range(12):
        slope = draw.normal()
        for _ in range(10):
            x = draw.normal()
            rows.append([f"u{user}", f"{x:.4f}", f"{slope * x + 100:.4f}"])
    own = table(tmp_path / "own.csv", rows, ("user", "x", "y"))
    choice = TaskChoice(
        family="few-shot-table", file=str(own), target="y", group="user", shots=4, queries=4,
        train_tasks=40, val_tasks=5, test_tasks=5,
    )  # fmt: skip
    run_spec = spec(
        tasks=(choice,),
        learner=Choice(kind="maml", inner_lr=0.1),
        training=training(epochs=1, steps=4, batch_size=4, evaluate_every=0),
    )
    (tmp_path / "run").mkdir()
    Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    question = Predict(run_spec, 0, str(tmp_path / "run"), str(own))
    with pytest.raises(RefusedError, match="adapts before it answers"):
        answer(question, methods(), lambda done, text: None)
    up = [["1.5", "102"], ["0.5", "100.5"], ["-0.5", "99.5"], ["-1.5", "98"]]
    few = table(tmp_path / "up.csv", up, ("x", "y"))
    more = table(tmp_path / "down.csv", [[f"-{x}".replace("--", ""), y] for x, y in up], ("x", "y"))
    asked = [
        answer(replace(question, support=str(shown)), methods(), lambda done, text: None)
        for shown in (few, more)
    ]
    first, second = (told.tasks[0].values for told in asked)
    assert first.shape == (120, 1)
    x = np.array([float(row[1]) for row in rows])
    assert np.corrcoef(x, (first - second)[:, 0])[0, 1] > 0.9  # it learned from what it was shown


def test_bounds_over_seeds_hold_the_mean():
    told = [
        Prediction(3, 2, (TaskPrediction("y", np.array([[value], [1.0]])),)) for value in (1.0, 3.0)
    ]
    both = over_seeds(told, 12.706)
    (task,) = both.tasks
    assert task.low is not None
    assert task.high is not None
    assert task.values.tolist() == [[2.0], [1.0]]
    assert task.low[:, 0] == pytest.approx([2 - 12.706, 1.0])
    assert task.high[:, 0] == pytest.approx([2 + 12.706, 1.0])
    assert list(columns_of(both)) == ["y", "y (low)", "y (high)"]


def test_inputs_that_are_made_into_others_are_not_prepared_as_their_source(tmp_path: Path):
    own = table(tmp_path / "own.csv", rows_of(60))
    inner = {"family": "table", "file": str(own), "inputs": ["size"], "targets": {"sold": "auto"}}
    choice = TaskChoice(family="permuted", of={**inner, "inputs": ["size", "when"]}, n_tasks=2)
    run_spec = spec(tasks=(choice,), training=training(epochs=1, steps=2, evaluate_every=0))
    (tmp_path / "run").mkdir()
    Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    told = answer(
        Predict(run_spec, 0, str(tmp_path / "run"), str(own)), methods(), lambda done, text: None
    )
    assert len(told.tasks) == 1  # the first is in the order of the columns
    assert any("reads no table" in notice for notice in told.notices)


def test_codes_of_one_row_are_the_categories_that_they_were(tmp_path: Path):
    """A row alone whose code looks like a number is read as the code that it is."""
    names = ("code", "n", "sold")
    rows = [[f"0{i % 3}1", str(i / 7), "yes" if i % 3 else "no"] for i in range(60)]
    own = table(tmp_path / "own.csv", rows, names)
    choice = TaskChoice(
        family="table", file=str(own), targets={"sold": "classes"}, types={"code": "category"}
    )
    run_spec = spec(tasks=(choice,), training=training(epochs=1, steps=4, evaluate_every=0))
    (tmp_path / "run").mkdir()
    Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    question = Predict(run_spec, 0, str(tmp_path / "run"), str(own))
    whole = answer(question, methods(), lambda done, text: None)
    alone = table(tmp_path / "one.csv", rows[1:2], names)
    one = answer(replace(question, file=str(alone)), methods(), lambda done, text: None)
    np.testing.assert_allclose(one.tasks[0].values[0], whole.tasks[0].values[1], rtol=1e-5)
    assert not [notice for notice in one.notices if "no training row" in notice]
