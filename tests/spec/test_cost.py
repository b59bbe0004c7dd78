"""A cost in words."""

from workbench.spec.cost import ModelCost, line_of
from workbench.spec.structure import Structure

NOTHING = Structure((), (), ())


def test_a_cost_is_one_line():
    cost = ModelCost(25_610, 24_000, 51_200.0, 312_000.0, NOTHING)
    assert line_of(cost) == "25.6 k parameters · 51.2 kFLOP an example · 312 kB in training"


def test_a_budget_is_told_with_how_far_it_is_off():
    cost = ModelCost(25_482, 0, 51_200.0, 312_000.0, NOTHING, 25_610, (61, 60))
    assert line_of(cost).startswith("25.5 k parameters (-0.5% of 25.6 k, at widths 61, 60) · ")


def test_what_is_not_known_says_why():
    cost = ModelCost(1, 1, None, 8.0, NOTHING, reasons={"flops": "it looks at its numbers"})
    assert line_of(cost) == (
        "1 parameters · flops not known: it looks at its numbers · 8 B in training"
    )
