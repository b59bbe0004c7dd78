"""Your table: what becomes of the columns, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from tests.engine.toys import SPLITS, methods
from workbench.engine.build.tasks import select
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.metric import chance_of
from workbench.engine.roles.task import Classes, Task, Values
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.user_files.sources import digest


def columns(n: int = 60) -> dict[str, list[Any]]:
    draw = np.random.default_rng(0)
    return {
        "size": draw.normal(5, 2, n).tolist(),
        "colour": draw.choice(["red", "green", "blue"], n).tolist(),
        "kind": draw.choice(["a", "b"], n).tolist(),
        "price": draw.normal(100, 20, n).tolist(),
        "stars": draw.integers(1, 6, n).tolist(),
    }


def save(folder: Path, made: dict[str, list[Any]], name: str = "a.csv") -> Path:
    path = folder / name
    if name.endswith("csv"):
        rows = zip(*made.values(), strict=True)
        lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
        path.write_text("\n".join([",".join(made), *lines]) + "\n")
    else:
        parquet.write_table(pa.table(made), path)
    return path


def load(path: Path, **settings: Any) -> dict[str, Task]:
    settings = {"targets": {"kind": "auto"}, **settings}
    choice = TaskChoice(family="table", file=str(path), **settings)
    return select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))


def refused(path: Path, **settings: Any) -> BadSpecError:
    with pytest.raises(BadSpecError) as caught:
        load(path, **settings)
    return caught.value


def every(task: Task) -> torch.Tensor:
    return torch.cat([task.data[split].inputs["row"] for split in SPLITS])


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_each_target_is_a_task_and_the_rest_are_inputs(tmp_path: Path, name: str):
    path = save(tmp_path, columns(), name)
    targets = {"kind": "auto", "price": "auto", "stars": "auto"}
    tasks = load(path, targets=targets)
    assert list(tasks) == ["kind", "price", "stars"]
    assert tasks["kind"].columns == ("size", "colour = blue", "colour = green", "colour = red")
    assert tasks["kind"].answers == ("a", "b")
    assert isinstance(tasks["price"].output, Values)
    assert tasks["stars"].answers == ("1", "2", "3", "4", "5")
    for split in SPLITS:
        parts = [task.data[split].inputs["row"] for task in tasks.values()]
        assert all(part is parts[0] for part in parts)


def test_csv_and_parquet_give_the_same_tasks(tmp_path: Path):
    one = load(save(tmp_path, columns(), "a.csv"))["kind"]
    two = load(save(tmp_path, columns(), "a.parquet"))["kind"]
    for split in SPLITS:
        torch.testing.assert_close(one.data[split].inputs["row"], two.data[split].inputs["row"])
        assert torch.equal(one.data[split].target, two.data[split].target)


def test_the_kind_of_a_target_can_be_chosen(tmp_path: Path):
    path = save(tmp_path, columns())
    assert isinstance(load(path, targets={"stars": "values"})["stars"].output, Values)
    assert isinstance(load(path, targets={"stars": "classes"})["stars"].output, Classes)


def test_only_training_rows_decide_what_numbers_become(tmp_path: Path):
    made = columns()
    made["size"][5] = None
    before = load(save(tmp_path, made), inputs=["size"], targets={"price": "values"})["price"]
    train = before.data["train"]
    assert train.inputs["row"].mean().abs() < 1e-6
    assert train.target.mean().abs() < 1e-6
    assert (train.target.std(correction=0) - 1).abs() < 1e-6
    # The rows of the test split become huge; what is trained on must not move.
    seen = {round(value, 4) for value in train.target[:, 0].tolist()}
    test_rows = _rows_of(before, made, "test")
    assert len(test_rows) == len(before.data["test"])
    for row in test_rows:
        made["size"][row] = 1e6 + row
        made["price"][row] = -1e6 - row
    after = load(save(tmp_path, made), inputs=["size"], targets={"price": "values"})["price"]
    assert {round(value, 4) for value in after.data["train"].target[:, 0].tolist()} == seen
    torch.testing.assert_close(
        after.data["train"].inputs["row"].sort(0).values, train.inputs["row"].sort(0).values
    )


def _rows_of(task: Task, made: dict[str, list[Any]], split: str) -> list[int]:
    """Rows of the file in a split: the order of prices is that of their scaled values."""
    prices = torch.cat([task.data[name].target[:, 0] for name in SPLITS])
    ranks = {round(value, 6): rank for rank, value in enumerate(prices.sort().values.tolist())}
    order = sorted(range(len(made["price"])), key=lambda row: made["price"][row])
    return [order[ranks[round(value, 6)]] for value in task.data[split].target[:, 0].tolist()]


@pytest.mark.parametrize("how", ["mean", "median", "indicator", "drop"])
def test_missing_values(tmp_path: Path, how: str):
    made = columns()
    for row in (3, 7, 20, 31, 44, 50):
        made["size"][row] = None
    task = load(save(tmp_path, made), missing=how, inputs=["size", "price"])["kind"]
    values = every(task)
    assert values.isfinite().all()
    assert len(values) == (54 if how == "drop" else 60)
    assert ("size missing" in task.columns) == (how == "indicator")
    if how == "indicator":
        assert values[:, task.columns.index("size missing")].sum() == 6
    if how == "mean":
        assert (values[:, 0].abs() < 1e-6).sum() == 6


def test_rare_categories_share_a_column(tmp_path: Path):
    made = columns()
    made["colour"] = ["red"] * 30 + ["blue"] * 20 + [f"c{i}" for i in range(10)]
    task = load(save(tmp_path, made), inputs=["colour"], most_categories=2)["kind"]
    assert task.columns == ("colour = blue", "colour = red", "colour = another")
    assert (every(task).sum(1) == 1).all()


def test_splits_have_the_classes_alike(tmp_path: Path):
    made = columns(1000)
    made["kind"] = ["rare" if i % 20 == 0 else "often" for i in range(1000)]
    task = load(save(tmp_path, made))["kind"]
    shares = [(task.data[split].target == 1).float().mean().item() for split in SPLITS]
    assert shares == pytest.approx([0.05] * 3, abs=0.001)
    assert [len(task.data[split]) for split in SPLITS] == [700, 100, 200]


def test_equal_rows_are_in_one_split(tmp_path: Path):
    made = {name: values * 3 for name, values in columns(50).items()}
    task = load(save(tmp_path, made))["kind"]
    rows = [{tuple(row) for row in task.data[split].inputs["row"].tolist()} for split in SPLITS]
    assert len(rows[0] | rows[1] | rows[2]) == sum(map(len, rows)) == 50


def test_another_seed_divides_otherwise(tmp_path: Path):
    path = save(tmp_path, columns())
    one, two = (load(path, split_seed=seed)["kind"].data["test"].target for seed in (0, 1))
    assert not torch.equal(one, two)


@pytest.mark.parametrize(
    ("made", "settings", "field", "words"),
    [
        (columns() | {"kind": ["a"] * 60}, {}, "tasks.0.file", "has one class only, 'a'"),
        (
            columns() | {"size": [None] * 60},
            {"inputs": ["size", "colour"]},
            "tasks.0.file",
            "column 'size': has no value",
        ),
        (columns() | {"kind": [None] * 60}, {}, "tasks.0.file", "so it cannot be a target"),
        (
            columns() | {"price": [7] * 60},
            {"targets": {"price": "values"}},
            "tasks.0.file",
            "is 7 in every row",
        ),
        (columns(), {"targets": {}}, "tasks.0.targets", "names no column"),
        (columns(), {"targets": {"kin": "auto"}}, "tasks.0.targets", "has no column 'kin'"),
        (columns(), {"inputs": ["kind"]}, "tasks.0.inputs", "'kind' is a target too"),
        (columns(), {"val": 0.5, "test": 0.5}, "tasks.0.test", "take everything"),
        (columns(3), {"targets": {"price": "values"}}, "tasks.0.val", "no row is left for val"),
        (
            columns(),
            {"targets": {"kind": "values"}},
            "tasks.0.file",
            "row 1, column 'kind': '",
        ),
    ],
)
def test_bad_data_are_refused_by_name(
    tmp_path: Path, made: dict[str, list[Any]], settings: dict[str, Any], field: str, words: str
):
    error = refused(save(tmp_path, made, "a.parquet"), **settings)
    assert error.field == field
    assert words in error.message


def test_a_changed_file_is_refused(tmp_path: Path):
    path = save(tmp_path, columns())
    sha256 = digest(path)
    assert load(path, sha256=sha256)
    path.write_text(path.read_text() + "1,red,a,2,3\n")
    error = refused(path, sha256=sha256)
    assert error.field == "tasks.0.file"
    assert "has changed" in error.message


def test_a_missing_file_is_refused(tmp_path: Path):
    assert "there is no" in refused(tmp_path / "none.csv").message


def test_a_row_without_an_answer_stays_for_the_tasks_that_it_answers(tmp_path: Path):
    made = columns()
    for row in range(0, 60, 3):
        made["price"][row] = None
        made["kind"][row] = None
    made["stars"] = [None if row % 2 else value for row, value in enumerate(made["stars"])]
    made["whole"] = list(range(60))
    targets = {"kind": "auto", "price": "values", "stars": "classes", "whole": "values"}
    tasks = load(save(tmp_path, made), targets=targets)
    counts = {name: sum(len(task.answered(s)) for s in SPLITS) for name, task in tasks.items()}
    assert counts == {"kind": 40, "price": 40, "stars": 30, "whole": 60}
    assert [task.lacks_answers for task in tasks.values()] == [True, True, True, False]
    for split in SPLITS:
        inputs = {id(task.data[split].inputs["row"]) for task in tasks.values()}
        assert len(inputs) == 1, "one split, encoded once"
        assert all(task.answered(split).target.isfinite().all() for task in tasks.values())
    price = torch.cat([tasks["price"].answered(split).target for split in SPLITS])
    assert (price.isfinite().all(), len(price)) == (True, 40)
    assert tasks["kind"].answered("train").target.min() == 0
    train = tasks["price"].answered("train").target
    assert (train.mean().item(), train.std(correction=0).item()) == pytest.approx((0, 1), abs=1e-5)


def test_targets_that_never_meet_all_train(tmp_path: Path):
    made = columns(90)
    for i, name in enumerate(("t1", "t2", "t3")):
        made[name] = [float(row) if row % 3 == i else None for row in range(90)]
    tasks = load(save(tmp_path, made), targets=dict.fromkeys(("t1", "t2", "t3"), "values"))
    assert [sum(len(task.answered(s)) for s in SPLITS) for task in tasks.values()] == [30] * 3
    assert [sum(len(task.data[s]) for s in SPLITS) for task in tasks.values()] == [90] * 3


def test_a_split_without_any_answer_is_refused(tmp_path: Path):
    made = columns()
    made["price"] = [1.0 if row < 2 else None for row in range(60)]
    made["price"][1] = 2.0
    error = refused(save(tmp_path, made), targets={"price": "values"})
    assert "column 'price': has too few answers: the rows for" in error.message


def test_errors_are_told_in_the_unit_of_the_target(tmp_path: Path):
    made = columns()
    made["price"] = [5e6 + 1000 * value for value in made["price"]]
    tasks = load(save(tmp_path, made), targets={"price": "values", "kind": "auto"})
    task = tasks["price"]
    known = {name: methods().find("metric", name)() for name in ("r2", "rmse", "mae", "accuracy")}
    known |= {name: methods().find("metric", name)() for name in ("balanced-accuracy", "macro-f1")}

    def guess_the_mean(batch: Any) -> dict[str, torch.Tensor]:
        return {
            "price": torch.zeros_like(batch["price"].target),
            "kind": torch.zeros(len(batch["kind"].target), 2),
        }

    made_up: Any = torch.nn.Module()
    result = Evaluator(made_up, tasks, known, guess_the_mean).all_scores("test")["price"]
    prices = {split: _prices_of(task, made, split) for split in SPLITS}
    off = np.subtract(prices["test"], np.mean(prices["train"]))
    assert result["rmse"] == pytest.approx(np.sqrt((off**2).mean()), rel=1e-5)
    assert result["mae"] == pytest.approx(np.abs(off).mean(), rel=1e-5)
    assert result["loss"] == pytest.approx((task.data["test"].target ** 2).mean().item(), rel=1e-5)
    target = task.data["test"].target
    assert chance_of(known["rmse"], task, target) == pytest.approx(np.std(prices["test"]), rel=1e-5)


def _prices_of(task: Task, made: dict[str, list[Any]], split: str) -> list[float]:
    return [made["price"][row] for row in _rows_of(task, made, split)]


def test_rare_classes_are_told_before_the_run(tmp_path: Path):
    made = columns()
    made["kind"] = ["once" if row == 30 else "often" if row % 2 else "also" for row in range(60)]
    notice, *_ = load(save(tmp_path, made))["kind"].notices
    assert notice == "kind: class 'once' (1) has too few rows to be in every split"
