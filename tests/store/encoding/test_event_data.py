"""Events as data, and those that an earlier version wrote."""

import numpy as np

from tests import fakes
from workbench.spec.event import Began, Reported, Table
from workbench.store.encoding.event_data import data_of, event_of


def test_tasks_and_tables_of_earlier_versions_say_less():
    began = data_of(fakes.began(), 0)
    for task in began["tasks"]:
        for name in ("entry", "own_name", "score_range"):
            del task[name]
    read = event_of(began)
    assert read is not None
    assert isinstance(read[0], Began)
    facts = read[0].tasks[0]
    assert (facts.entry, facts.own_name, facts.is_share) == (-1, "first", True)
    began["tasks"][0]["metric"] = "rmse"
    assert not event_of(began)[0].tasks[0].is_share  # pyright: ignore

    table = Table("gates", ("a",), ("b",), np.ones((1, 1), np.float32), "Gates", "How open.")
    report = data_of(Reported(3, "sharing", (table,)), 0)
    assert event_of(report) == (Reported(3, "sharing", (table,)), 0)
    for name in ("title", "meaning"):
        del report["tables"][0][name]
    read = event_of(report)
    assert read is not None
    assert isinstance(read[0], Reported)
    assert (read[0].tables[0].title, read[0].tables[0].meaning) == ("", "")
