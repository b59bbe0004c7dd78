"""Rules: what settings ask of each other, from the settings model to every check."""

import json
from typing import Any

import pytest

from tests.contracts.faces import ENTRIES
from workbench.spec.entry import Entry
from workbench.spec.rules import Relation, Rule, broken


@pytest.mark.parametrize(
    ("relation", "bound", "value", "holds"),
    [
        ("<", "1 - b", 0.4, True),
        ("<", "1 - b", 0.5, False),
        (">=", "-1 / max(n - 1, 1)", -0.5, True),
        (">=", "-1 / max(n - 1, 1)", -0.6, False),
        ("in", "names + ['none']", "none", True),
        ("in", "names + ['none']", "x", False),
        ("<=", "5 + 5 * (kind == 'class')", 10, True),
        (">", "len(names) * 2", 5, True),
    ],
)
def test_a_rule_compares_a_setting_with_others(
    relation: Relation, bound: str, value: Any, holds: bool
):
    values = {"a": value, "b": 0.5, "n": 3, "names": ["p", "q"], "kind": "class"}
    rule = Rule("a", relation, bound, "found {a}, bound {bound}, of {names}")
    broken_rules = list(broken([rule], values))
    assert (not broken_rules) == holds
    if broken_rules:
        assert broken_rules[0][0] == "a"
        assert broken_rules[0][1].endswith(", of p, q")


def test_items_that_must_differ_name_the_one_that_is_there_twice():
    assert list(broken([Rule("a", "differ")], {"a": [1.0, 2.0, 1.0]})) == [
        ("a", "must differ; found 1 twice")
    ]
    assert not list(broken([Rule("a", "differ")], {"a": [1, 2]}))


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "[x for x in a]", "a[0]", "lambda: 1", "max(*a)"]
)
def test_a_rule_runs_no_code(text: str):
    with pytest.raises(ValueError, match="a rule cannot say"):
        list(broken([Rule("a", "<", text, "")], {"a": [1]}))


def test_a_remark_is_no_refusal():
    rule = Rule("a", "<", "1", "found {a}", warns=True)
    assert not list(broken([rule], {"a": 2}))
    assert list(broken([rule], {"a": 2}, warns=True)) == [("a", "found 2")]


def test_every_rule_holds_at_the_defaults_and_survives_the_catalogue():
    with_rules = [entry for entry in ENTRIES if entry.rules]
    assert len(with_rules) >= 4
    for entry in with_rules:
        assert not list(broken(entry.rules, entry.defaults()))
        assert not list(broken(entry.rules, entry.defaults(), warns=True))
        assert Entry.from_json(json.loads(json.dumps(entry.to_json()))) == entry
