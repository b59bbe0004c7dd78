"""Few-shot: your table. Groups are tasks, whole; dirt is named with its row and column."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from tests.contracts.hostile import ALL
from tests.engine.toys import methods
from workbench.engine.answers.dispatch import answer
from workbench.engine.blocks.tasks.groups import split_whole
from workbench.engine.readers.errors import DataError
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Part, Task, Values
from workbench.methods.tasks.few_shot_table import FewShotTable
from workbench.spec.question import Columns as Asked
from workbench.ui.dialogs.data_choice import DataChoice

N_SITES, N_ROWS = 10, 12

Columns = dict[str, list[Any]]


def columns() -> Columns:
    """Rows of ten sites in mixed order; x tells the site, so that a row shows whose it is."""
    draw = np.random.default_rng(0)
    sites = np.repeat(np.arange(N_SITES), N_ROWS)
    draw.shuffle(sites)
    x = sites * 100.0 + draw.uniform(0, 1, len(sites))
    return {
        "site": [f"s{i}" for i in sites],
        "x": x.tolist(),
        "z": draw.normal(size=len(sites)).tolist(),
        "y": (x % 1 * (sites + 1)).tolist(),
        "kind": draw.choice(["a", "b"], len(sites)).tolist(),
    }


def test_what_the_window_brings_of_a_file_is_what_the_family_takes(tmp_path: Path):
    path = save(tmp_path, {name: 2 * values for name, values in columns().items()})
    choice = DataChoice.of(answer(Asked(str(path)), methods(), lambda _done, _text: None))
    assert choice.groups == ("site",)
    choice.set_target("y", is_on=True)
    choice.set_group("site")
    brought = choice.task()
    assert brought.family == FewShotTable.key
    settings = {**brought.settings, "shots": 3, "queries": 3, "train_tasks": 20}
    (task,) = FewShotTable(FewShotTable.Settings.model_validate(settings)).tasks()
    assert task.output == Values(1)
    assert {name for names in task.drawn_from.values() for name in names} == set(columns()["site"])


def save(folder: Path, made: Columns, name: str = "mine.csv") -> Path:
    path = folder / name
    if name.endswith("csv"):
        rows = zip(*made.values(), strict=True)
        lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
        path.write_text("\n".join([",".join(made), *lines]) + "\n")
    else:
        parquet.write_table(pa.table(made), path)
    return path


def load(path: Path, **settings: Any) -> Task:
    given = {
        "file": str(path), "group": "site", "target": "y",
        "shots": 3, "queries": 4, "train_tasks": 50, "val_tasks": 10, "test_tasks": 10,
    }  # fmt: skip
    (task,) = FewShotTable(FewShotTable.Settings.model_validate({**given, **settings})).tasks()
    return task


def refused(path: Path, **settings: Any) -> str:
    with pytest.raises((BadSpecError, DataError)) as caught:
        load(path, **settings)
    return str(caught.value)


def pool_of(part: Part) -> Pooled:
    x = part.inputs["row"]
    assert isinstance(x, Pooled)
    return x


def test_every_task_is_of_one_group_that_no_other_split_has(tmp_path: Path):
    task = load(save(tmp_path, columns()), standardise=False, inputs=["x"])
    assert isinstance(task.output, Values)
    assert task.data["train"].inputs["row"].shape == (50, 7, 1)
    for split, part in task.data.items():
        sites = (part.inputs["row"] / 100).floor().squeeze(2)
        assert (sites == sites[:, :1]).all()
        names = {f"s{int(site)}" for site in sites[:, 0]}
        assert names == set(task.drawn_from[split])
        # the target goes with its row
        expected = part.inputs["row"] % 1 * (sites.unsqueeze(2) + 1)
        torch.testing.assert_close(part.target, expected, atol=1e-2, rtol=1e-3)
    assert [len(names) for names in task.drawn_from.values()] == [6, 2, 2]


def test_training_groups_are_drawn_from_as_often_as_each_other(tmp_path: Path):
    task = load(save(tmp_path, columns()), standardise=False, inputs=["x"], train_tasks=62)
    sites = (task.data["train"].inputs["row"][:, 0, 0] / 100).long().bincount()
    assert sorted(sites[sites > 0].tolist()) == [10, 10, 10, 10, 11, 11]


def test_csv_and_parquet_give_the_same_tasks(tmp_path: Path):
    one, two = (load(save(tmp_path, columns(), name)) for name in ("a.csv", "a.parquet"))
    for split in one.data:
        a, b = one.data[split], two.data[split]
        torch.testing.assert_close(a.inputs["row"] + 0, b.inputs["row"] + 0)
        torch.testing.assert_close(a.target, b.target)


def test_only_training_groups_decide_what_numbers_become(tmp_path: Path):
    made = columns()
    before = load(save(tmp_path, made))
    train = pool_of(before.data["train"]).pool
    torch.testing.assert_close(train[:, :2].mean(0), torch.zeros(2), atol=1e-5, rtol=0)
    assert before.scaling is not None
    for row, site in enumerate(made["site"]):
        if site in (*before.drawn_from["val"], *before.drawn_from["test"]):
            made["x"][row], made["y"][row] = 1e6 + row, -1e6 - row
    after = load(save(tmp_path, made))
    assert torch.equal(pool_of(after.data["train"]).pool, train)
    assert torch.equal(after.data["train"].target, before.data["train"].target)


def test_a_target_of_classes(tmp_path: Path):
    task = load(save(tmp_path, columns()), target="kind")
    assert task.output == Classes(2)
    assert task.answers == ("a", "b")
    assert task.metric == "accuracy"
    assert task.columns == ("x", "z", "y")
    assert task.data["test"].target.shape == (10, 7)


def test_groups_that_are_too_small_are_left_out_and_named(tmp_path: Path):
    made = columns()
    for i, name in enumerate(made["site"]):
        if name in ("s1", "s4") and made["site"][:i].count(name) >= 5:
            made["site"][i] = "s9"
    task = load(save(tmp_path, made))
    said = "site: 2 of 10 groups have fewer than 7 different rows, and are left out: "
    assert task.notices == (said + "'s1' (5), 's4' (5)",)
    assert not {"s1", "s4"} & {name for names in task.drawn_from.values() for name in names}


def test_rows_without_a_group_or_an_answer_are_left_out_and_counted(tmp_path: Path):
    made = columns()
    for row in (3, 30, 31):
        made["site"][row] = None
    made["y"][50] = None
    assert load(save(tmp_path, made)).notices == (
        "site: 3 of 120 rows have no group, and are left out",
        "y: 1 of 117 rows have no answer, and are left out",
    )


def test_a_row_that_is_there_twice_counts_once(tmp_path: Path):
    made = columns()
    task = load(save(tmp_path, {name: values * 2 for name, values in made.items()}))
    n_rows = sum(len(pool_of(part).pool) for part in task.data.values())
    assert n_rows == N_SITES * N_ROWS
    for part in task.data.values():
        for episode in part.inputs["row"] + 0:
            assert len(episode.unique(dim=0)) == 7


def test_numbers_may_name_groups_and_one_more_group_moves_few(tmp_path: Path):
    made = columns()
    made["site"] = [int(name[1:]) for name in made["site"]]
    task = load(save(tmp_path, made))
    named = [name for names in task.drawn_from.values() for name in names]
    assert sorted(named) == [str(i) for i in range(N_SITES)]
    names = [str(i) for i in range(100)]
    before = {names[i] for i in split_whole(names, 0.2, 0.2, 0)["test"]}
    after = {[*names, "x"][i] for i in split_whole([*names, "x"], 0.2, 0.2, 0)["test"]}
    assert len(before - after) <= 1
    other = {names[i] for i in split_whole(names, 0.2, 0.2, 1)["test"]}
    assert len(before - other) > 5


@pytest.mark.parametrize("n", range(3, 12))
@pytest.mark.parametrize(("val", "test"), [(0.2, 0.2), (0.9, 0.05), (0.05, 0.9), (0.01, 0.01)])
def test_every_split_has_a_group(n: int, val: float, test: float):
    splits = split_whole([str(i) for i in range(n)], val, test, 0)
    assert all(splits.values())
    assert sorted(i for chosen in splits.values() for i in chosen) == list(range(n))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"group": ""}, "group: names no column: choose the one that says whose a row is"),
        ({"target": ""}, "target: names no column to predict: choose one"),
        ({"group": "y"}, "group: 'y' is the target too"),
        ({"group": "sight"}, "group: mine.csv has no column 'sight' (it has: site, x, z, y, kind)"),
        ({"inputs": ["x", "site"]}, "inputs: 'site' is the group too: it would be told"),
        ({"inputs": ["y"]}, "inputs: 'y' is a target too: it would be told"),
        ({"inputs": ["nothing"]}, "inputs: mine.csv has no column 'nothing'"),
        ({"shots": 20}, "mine.csv, column 'site': has 0 groups with 24 different rows"),
        ({"target_kind": "values", "target": "kind"}, "is no number"),
        ({"file": ""}, "file: names no file: choose one"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path: Path, settings: Any, words: str):
    assert words in refused(save(tmp_path, columns()), **settings)


def test_shares_that_take_every_group_are_refused(tmp_path: Path):
    message = refused(save(tmp_path, columns()), val=0.6, test=0.4)
    assert message == "val: must be less than 0.6: test takes 0.4"


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400", "1e200"])
@pytest.mark.parametrize("column", ["x", "y"])
def test_numbers_without_an_end_are_named_with_their_row(tmp_path: Path, cell: str, column: str):
    made = columns()
    made[column][6] = cell
    message = refused(save(tmp_path, made))
    assert f"mine.csv, row 7, column '{column}': " in message


def test_a_group_column_without_a_value_is_refused(tmp_path: Path):
    made = columns()
    made["site"] = [None] * len(made["site"])
    assert "column 'site': has no value in any row that is used" in refused(save(tmp_path, made))


def test_columns_that_say_nothing_are_left_out(tmp_path: Path):
    made = {**columns(), "empty": [None] * (N_SITES * N_ROWS)}
    task = load(save(tmp_path, made))
    assert "empty" not in task.columns
    assert "column 'empty' is left out: it has no value in any row" in task.notices


@pytest.mark.parametrize("how", ["mean", "median", "indicator", "drop"])
def test_missing_values(tmp_path: Path, how: str):
    made = columns()
    for row in (3, 7, 20):
        made["z"][row] = None
    task = load(save(tmp_path, made), missing=how)
    n_rows = sum(len(pool_of(part).pool) for part in task.data.values())
    assert n_rows == N_SITES * N_ROWS - (3 if how == "drop" else 0)
    for part in task.data.values():
        assert pool_of(part).pool.isfinite().all()
    assert ("z missing" in task.columns) == (how == "indicator")


def test_groups_and_columns_may_have_any_name(tmp_path: Path):
    made = columns()
    names = dict(zip([f"s{i}" for i in range(N_SITES)], ALL, strict=False))
    whose = names.pop("s0")
    made = {
        whose: [names.get(name, name) for name in made["site"]],
        "R&D [/b]": made["x"],
        "y": made["y"],
    }
    task = load(save(tmp_path, made, "mine.parquet"), group=whose)
    found = {name for group in task.drawn_from.values() for name in group}
    assert found == {*names.values(), "s0"}
    assert task.columns == ("R&D [/b]",)
