"""Reports show what a method tells of its inside, and change nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from tests.engine import toys
from workbench.engine.roles.retention import Retention
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Reported, Table
from workbench.spec.experiment import Choice, Probes


class Counting(Retention):
    """Tells how many examples it was shown."""

    key = "counting"

    def report(self, batch: Any) -> Sequence[Table]:
        assert not torch.is_grad_enabled()
        names = tuple(batch)
        values = np.array([[len(part)] for part in batch.values()], dtype=np.float32)
        return (Table("examples", names, ("examples",), values),)


def run(retention: str, every: int) -> toys.Run:
    spec = toys.split_digits(retention=Choice(kind=retention), probes=Probes(every=every))
    catalogue = toys.methods()
    catalogue.methods["retention", "counting"] = Counting
    return toys.Run(spec, catalogue).to_the_end()


def of_retention(run: toys.Run) -> list[Reported]:
    events = [event for event in run.events if isinstance(event, Reported)]
    return [event for event in events if event.source == "retention"]


def test_a_method_is_asked_at_each_probe_and_each_stage_end():
    reported = of_retention(run("counting", 3))
    seen = run("counting", 0)
    ends = of_retention(seen)
    assert len(ends) == 3
    starts = np.cumsum([0, *(stage.steps for stage in seen.trainer.began.stages)])
    at = [
        int(start) + i
        for start, stage in zip(starts[:-1], seen.trainer.began.stages, strict=True)
        for i in range(3, stage.steps + 1, 3)
    ]
    assert sorted(event.step for event in reported) == sorted([*at, *(e.step for e in ends)])
    table = reported[0].tables[0]
    assert table.rows == ("0-1", "2-3", "4-5")
    assert table.values.min() > 0
    assert table.values.max() <= 128
    assert all(event.tables == reported[0].tables for event in reported), "always the same examples"


def test_a_run_is_the_same_with_and_without_reports():
    plain, shown = run("none", 3), run("counting", 3)
    events = [event for event in shown.events if not isinstance(event, Reported)]
    others = [event for event in plain.events if not isinstance(event, Reported)]
    assert joined(events) == joined(others)
    assert toys.same(plain.parameters, shown.parameters)
