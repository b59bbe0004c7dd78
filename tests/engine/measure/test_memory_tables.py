"""What a memory holds, as a table and as pictures."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.measure import memory_tables
from workbench.engine.roles.retention import StoredExamples
from workbench.engine.roles.task import Classes, Episodes, Image, Part, Task, Values, Vector
from workbench.spec.event import Reported
from workbench.spec.experiment import Choice, TaskChoice

MEMORIES = {
    "replay": {"memory": 30},
    "der": {"memory": 30},
    "der++": {"memory": 30, "fill": "step"},
    "er-ace": {"memory": 30},
    "gdumb": {"memory": 30},
    "gem": {"memory_per_task": 10},
    "a-gem": {"memory": 30},
    "icarl": {"memory": 30},
}


def reports(kind: str) -> list[Reported]:
    spec = split_digits(retention=Choice(kind=kind, **MEMORIES[kind]), training=training(epochs=2))
    run = Run(spec).to_the_end()
    return [e for e in run.events if isinstance(e, Reported) and e.source == "retention"]


@pytest.mark.parametrize("kind", MEMORIES)
def test_the_table_counts_what_is_kept_by_task_and_class(kind: str):
    reported = reports(kind)
    for stage, report in enumerate(reported):
        (table,) = (t for t in report.tables if t.name == "memory")
        assert table.columns == ("examples", "bytes", "age")
        counts, sizes, ages = table.values.T
        assert counts[-1] == counts[:-1].sum() <= 30
        assert sizes[-1] == pytest.approx(sizes[:-1].sum())
        # Pixels as float32 and the class as int64; in a memory a key and the stage, in a reservoir
        # the task too, and of DER the outputs.
        more = {"icarl": 0, "er-ace": 20, "der": 20 + 10 * 4, "der++": 20 + 10 * 4}.get(kind, 12)
        assert sizes[-1] / counts[-1] == 64 * 4 + 8 + more
        tasks = [name.partition(" · ")[0] for name in table.rows[:-1]]
        arrived = [("0-1", "2-3", "4-5").index(task) for task in tasks]
        assert ages[:-1].tolist() == [stage - c for c in arrived]
    assert table.rows[-1] == "all"
    assert set(tasks) == {"0-1", "2-3", "4-5"}


@pytest.mark.parametrize("kind", ["replay", "icarl"])
def test_some_of_it_is_shown_as_pictures_when_a_stage_ends(kind: str):
    reported = reports(kind)
    last = reported[-1].pictures
    assert [shown.view for shown in last] == ["0-1", "2-3", "4-5"]
    assert sum(len(shown.images) for shown in last) <= 32
    for shown in last:
        assert shown.images.shape[1:] == (8, 8)
        assert shown.images.dtype == np.uint8
        assert set(shown.answers) <= set(shown.view.split("-"))


@pytest.mark.parametrize("kind", ["ewc", "ewc-online", "si", "mas"])
def test_importance_is_told_by_layer(kind: str):
    spec = split_digits(
        tasks=(TaskChoice(family="digits-split", n_tasks=5, scenario="class"),),
        retention=Choice(kind=kind),
    )
    run = Run(spec).to_the_end()
    (*_, last) = (e for e in run.events if isinstance(e, Reported) and e.source == "retention")
    table = next(table for table in last.tables if table.name == "importance")
    assert table.rows == ("stems.0.0", "heads.by_name.·digits-split:10")
    assert table.columns == ("mean", "largest", "share")
    assert table.values[:, 2].sum() == pytest.approx(1)
    assert (table.values[:, 0] <= table.values[:, 1]).all()
    assert (table.values >= 0).all()


@pytest.mark.parametrize("episodes", [Episodes(4, 2), None])
def test_small_tasks_that_are_kept_are_counted_whole_and_rows_of_one_are_shown(episodes: Any):
    part = Part({"x": torch.rand(3, 6, 1, 8, 8)}, (torch.arange(6) % 2).repeat(3, 1))
    task = Task("t", {"x": Image(1, 8, 8)}, Classes(2), {}, episodes=episodes)
    kept = {"t": StoredExamples(part, torch.zeros(3), 100)}
    table = memory_tables.contents(kept, {"t": task}, 1)
    assert table is not None
    assert table.rows == ("t", "all")
    assert table.values[0].tolist() == [3, 100, 1]
    (pictures,) = memory_tables.shown(kept, {"t": task})
    assert pictures.images.shape == (6, 8, 8)
    assert pictures.answers == ("0", "1") * 3


@pytest.mark.parametrize("episodes", [Episodes(4, 2), None])
def test_small_tasks_of_values_that_are_kept_show_no_pictures(episodes: Any):
    part = Part({"x": torch.rand(3, 6, 2)}, torch.rand(3, 6, 1))
    task = Task("t", {"x": Vector(2)}, Values(1), {}, episodes=episodes)
    kept = {"t": StoredExamples(part, torch.zeros(3), 100)}
    assert memory_tables.shown(kept, {"t": task}) == ()
    table = memory_tables.contents(kept, {"t": task}, 1)
    assert table is not None
    assert table.rows == ("t", "all")
