"""The tables of a run, found again by name and step."""

import numpy as np

from workbench.spec.event import Reported, Table
from workbench.ui.model.report_record import ReportRecord


def told(step: int, value: float, name: str = "gates") -> Reported:
    return Reported(step, "sharing", (Table(name, ("a",), ("b",), np.float32([[value]])),))


def test_the_newest_table_up_to_a_step_is_shown():
    record = ReportRecord()
    assert record.at("sharing", "gates") is None
    for step in (10, 20, 30):
        record.add(told(step, step))
    assert record.at("sharing", "gates", 9) is None
    at_25 = record.at("sharing", "gates", 25)
    assert at_25 is not None
    assert at_25.values.tolist() == [[20.0]]
    newest = record.at("sharing", "gates")
    assert newest is not None
    assert newest.values.tolist() == [[30.0]]
    assert record.steps("sharing", "gates") == [10, 20, 30]
    assert [step for step, _ in record.all("sharing", "gates")] == [10, 20, 30]


def test_tables_are_told_apart_by_source_and_name():
    record = ReportRecord()
    record.add(told(1, 1.0))
    record.add(told(1, 2.0, "experts"))
    record.add(Reported(1, "retention", (Table("memory", (), (), np.zeros((0, 0))),)))
    assert record.names("sharing") == ["gates", "experts"]
    assert record.names("retention") == ["memory"]
    assert record.names("balancing") == []


def test_what_a_resumed_run_tells_again_takes_the_place_of_what_was_told():
    record = ReportRecord()
    for step, value in ((10, 1.0), (20, 2.0), (30, 3.0), (20, 4.0)):
        record.add(told(step, value))
    assert record.steps("sharing", "gates") == [10, 20]
    newest = record.at("sharing", "gates")
    assert newest is not None
    assert newest.values.tolist() == [[4.0]]
