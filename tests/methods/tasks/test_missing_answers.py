"""Rows of your own data with answers for some tasks only, labels, and weights, end to end."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.engine.toys import SPLITS, Run, methods, same, training
from workbench.engine.build.tasks import select
from workbench.engine.measure.examples import preview
from workbench.engine.numerics.missing import NOT_ASKED, known
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Labels, Values
from workbench.spec.event import Finished, Noticed
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice

N = 600
DRAW = np.random.default_rng(0)
X = DRAW.normal(size=(N, 3))
THERE = (DRAW.normal(size=(N, 5)) + X[:, :1] > 0).astype(int)


def csv(folder: Path, **columns: Any) -> str:
    """A table of three inputs and these columns; None is a gap."""
    made = {**dict(zip("abc", X.T.tolist(), strict=True)), **columns}
    rows = zip(*made.values(), strict=True)
    lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
    path = folder / "mine.csv"
    path.write_text("\n".join([",".join(made), *lines]) + "\n")
    return str(path)


def npz(folder: Path, **arrays: Any) -> str:
    np.savez(folder / "a.npz", x=X, **arrays)
    return str(folder / "a.npz")


def spec(choice: TaskChoice, **changes: Any) -> Spec:
    fields: dict[str, Any] = {
        "tasks": (choice,),
        "encoder": Choice(kind="mlp", hidden=[8]),
        "training": training(batch_size=32),
    }
    return Spec(**{**fields, **changes})


def table(file: str, **settings: Any) -> TaskChoice:
    return TaskChoice(family="table", file=file, inputs=["a", "b", "c"], **settings)


def loaded(choice: TaskChoice) -> Any:
    return select(spec(choice), methods(), torch.device("cpu"))


def thirds() -> dict[str, list[float | None]]:
    """Three targets, each known in another third of the rows."""
    return {
        f"t{i}": [float(X[row].sum()) if row % 3 == i else None for row in range(N)]
        for i in range(3)
    }


def test_a_target_with_few_gaps_loses_those_rows_alone(tmp_path: Path):
    price = [None if row < 19 else 5e6 + 1e5 * x for row, x in enumerate(X[:, 0].tolist())]
    kind = [str(int(x > 0)) for x in X[:, 1]]
    choice = table(csv(tmp_path, price=price, kind=kind), targets={"price": "auto", "kind": "auto"})
    run = Run(spec(choice)).to_the_end()
    assert isinstance(run.last, Finished)
    told = [event.message for event in run.events if isinstance(event, Noticed)]
    facts = {f.name: f for f in run.trainer.began.tasks}
    counts = facts["price"]
    assert counts.n_train + counts.n_val + counts.n_test == N - 19
    assert sum((facts["kind"].n_train, facts["kind"].n_val, facts["kind"].n_test)) == N
    (line,) = [message for message in told if message.startswith("price")]
    assert line.startswith(f"price: 19 of {N} rows have no answer; it learns from ")
    # In its own unit before the run and after.
    (rows,) = preview(run.trainer.update.tasks["price"], 400)
    assert all(answer == "—" or 4e6 < float(answer) < 6e6 for answer in rows.answers)
    assert "—" in rows.answers
    # The price's own unit, where the deviation is about 100,000.
    assert 1e4 < (run.last.scores["price"]["rmse"] or 0) < 1e6


def test_targets_that_never_meet_all_learn_and_lose_no_row(tmp_path: Path):
    choice = table(csv(tmp_path, **thirds()), targets=dict.fromkeys(thirds(), "values"))
    longer: dict[str, Any] = {
        "training": training(epochs=20, batch_size=32),
        "optimizer": Optimizer(lr=0.01),
    }
    run = Run(spec(choice, **longer)).to_the_end()
    tasks = run.trainer.update.tasks
    assert len({id(task.data["train"].inputs["row"]) for task in tasks.values()}) == 1
    assert sum(len(task.answered("train")) for task in tasks.values()) == len(
        tasks["t0"].data["train"]
    )
    assert isinstance(run.last, Finished)
    assert all((scores["r2"] or 0) > 0.5 for scores in run.last.scores.values())


def test_a_run_with_gaps_is_resumed_bit_for_bit(tmp_path: Path):
    file = csv(tmp_path, **thirds(), w=np.arange(N).tolist())
    choice = table(file, targets=dict.fromkeys(thirds(), "values"), row_weight="w")
    changes: dict[str, Any] = {
        "retention": Choice(kind="replay", memory=40, batch_size=8),
        "curriculum": Choice(kind="sequential"),
        "training": training(epochs=1, batch_size=32),
    }
    one = spec(choice, **changes)
    whole = Run(one, folder=tmp_path / "whole").to_the_end()
    cut = Run(one, folder=tmp_path / "cut")
    for event in cut.trainer.run():
        if type(event).__name__ == "CheckpointSaved":
            break
    resumed = Run(one, folder=tmp_path / "cut", resume=True).to_the_end()
    assert resumed.trainer.began.step > 0
    assert same(resumed.parameters, whole.parameters)


def test_labels_of_an_array_are_one_task(tmp_path: Path):
    choice = TaskChoice(family="arrays", file=npz(tmp_path, y=THERE), targets={"y": "auto"})
    run = Run(spec(choice, training=training(epochs=30, batch_size=32))).to_the_end()
    (task,) = run.trainer.update.tasks.values()
    assert task.output == Labels(5)
    assert isinstance(run.last, Finished)
    scores = run.last.scores["y"]
    assert {"macro-f1", "average-precision", "subset-accuracy"} <= scores.keys()
    assert (scores["average-precision"] or 0) > 0.6


def test_labels_may_be_declared_missing(tmp_path: Path):
    y = THERE.copy()
    y[::2, 0] = -1
    y[::3] = -1
    file = npz(tmp_path, y=y)
    tasks = loaded(TaskChoice(family="arrays", file=file, targets={"y": "auto"}, missing=[-1]))
    assert tasks["y"].output == Labels(5)
    target = torch.cat([tasks["y"].data[split].target for split in SPLITS])
    assert int((~known(target)).sum()) == int((y == -1).sum())
    assert sum(len(tasks["y"].answered(split)) for split in SPLITS) == N - N // 3
    # Not declared, it is a number like any other.
    plain = loaded(TaskChoice(family="arrays", file=file, targets={"y": "auto"}))
    assert plain["y"].output == Values(5)


def test_unlabelled_classes_may_be_declared_missing(tmp_path: Path):
    y = np.where(np.arange(N) % 4 == 0, -1, THERE[:, 0])
    choice = TaskChoice(
        family="arrays", file=npz(tmp_path, y=y), targets={"y": "auto"}, missing=[-1]
    )
    tasks = loaded(choice)
    assert tasks["y"].output == Classes(2)
    assert tasks["y"].answers == ("0", "1")
    target = torch.cat([tasks["y"].data[split].target for split in SPLITS])
    assert int((target == NOT_ASKED).sum()) == N // 4
    assert isinstance(Run(spec(choice)).to_the_end().last, Finished)
    (rows,) = preview(tasks["y"])
    assert set(rows.answers) == {"0", "1", "—"}


def test_columns_of_a_table_are_labels(tmp_path: Path):
    columns = {f"l{i}": [None if row % 7 == 0 else int(v) for row, v in enumerate(THERE[:, i])]
               for i in range(3)}  # fmt: skip
    file = csv(tmp_path, **columns)
    run = Run(spec(table(file, labels={"tags": list(columns)}))).to_the_end()
    (task,) = run.trainer.update.tasks.values()
    assert (task.name, task.output, task.answers) == ("tags", Labels(3), ("l0", "l1", "l2"))
    n_gaps = 3 * len(range(0, N, 7))
    assert f"tags: {n_gaps} of {3 * N:,} labels are not known" in task.notices
    assert isinstance(run.last, Finished)
    with pytest.raises(BadSpecError, match="labels are 0 and 1; label a is"):
        loaded(TaskChoice(family="table", file=file, inputs=["b"], labels={"tags": ["a", "l0"]}))


@pytest.mark.parametrize("wanted", [(1.0, 3.0, 0.0), "balanced"])
@pytest.mark.parametrize("kind", ["usual", "focal"])
def test_weights_of_classes_are_torchs(tmp_path: Path, wanted: Any, kind: Any):
    y = np.digitize(X[:, 0], [-1, 1])
    choice = TaskChoice.model_validate(
        {"family": "arrays", "file": npz(tmp_path, y=y), "targets": {"y": "auto"},
         "class_weights": wanted, "loss": {"kind": kind, "gamma": 0.0}}
    )  # fmt: skip
    task = loaded(choice)["y"]
    target = task.data["train"].target
    counts = target.bincount()
    weights = len(target) / (3 * counts) if wanted == "balanced" else torch.tensor(wanted)
    output = torch.randn(len(target), 3, generator=torch.Generator().manual_seed(0))
    expected = functional.cross_entropy(output, target, weight=weights)
    assert task.loss(output, target).item() == pytest.approx(expected.item(), rel=1e-5)


def test_weights_of_classes_need_classes(tmp_path: Path):
    settings: dict[str, Any] = {"family": "arrays", "targets": {"y": "auto"}}
    for y, weights, words in (
        (X[:, 0], "balanced", "answers with Values, which have no classes"),
        (THERE[:, 0], [1, 2, 3], r"has 2 classes \(0, 1\); found 3 weights"),
    ):
        chosen = {**settings, "file": npz(tmp_path, y=y), "class_weights": weights}
        with pytest.raises(BadSpecError, match=words):
            loaded(TaskChoice.model_validate(chosen))


def test_a_column_weighs_the_rows(tmp_path: Path):
    weight = np.where(np.arange(N) % 2, 3.0, 1.0)
    file = csv(tmp_path, y=X[:, 0].tolist(), w=weight.tolist())
    task = loaded(table(file, targets={"y": "values"}, row_weight="w"))["y"]
    part = task.data["train"]
    assert part.row_weights is not None
    assert part.row_weights.mean().item() == pytest.approx(1)
    assert part.row_weights.max() / part.row_weights.min() == pytest.approx(3)
    output = torch.zeros_like(part.target)
    expected = np.average(part.target.numpy()[:, 0] ** 2, weights=part.row_weights.numpy())
    found = task.loss(output, part.target, part.row_weights)
    assert found.item() == pytest.approx(expected, rel=1e-5)
    for bad, words in ((-1.0, "have a weight below 0"), (None, "have no weight")):
        file = csv(tmp_path, y=X[:, 0].tolist(), w=[bad, *weight[1:].tolist()])
        with pytest.raises(BadSpecError, match=words):
            loaded(table(file, targets={"y": "values"}, row_weight="w"))


def test_learners_that_adapt_take_no_weights_of_rows(tmp_path: Path):
    file = csv(tmp_path, y=X[:, 0].tolist(), w=[1 + row % 2 for row in range(N)])
    choice = table(file, targets={"y": "values"}, row_weight="w")
    with pytest.raises(BadSpecError, match="takes all rows of a small task alike"):
        Run(spec(choice, learner=Choice(kind="maml")))


@pytest.mark.parametrize("learner", ["maml", "reptile"])
def test_learners_that_adapt_do_so_to_what_is_answered(tmp_path: Path, learner: str):
    kinds = {
        name: [None if v is None else str(int(v > 0)) for v in values]
        for name, values in thirds().items()
    }
    choice = table(csv(tmp_path, **kinds), targets=dict.fromkeys(kinds, "classes"))
    run = Run(spec(choice, learner=Choice(kind=learner))).to_the_end()
    assert isinstance(run.last, Finished)
