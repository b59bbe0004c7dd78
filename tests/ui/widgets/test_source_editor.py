"""A family within another is chosen and set where the other is."""

from typing import Any

from pytestqt.qtbot import QtBot

from tests.contracts.faces import CATALOGUE
from workbench.ui.look.theme import LIGHT
from workbench.ui.widgets.editors import IntEditor
from workbench.ui.widgets.source_editor import SourcesEditor, sources_for

DIGITS = {"family": "digits-attributes", "task": "digit"}
DEEP = {"family": "split", "n_tasks": 2, "of": {"family": "rotated", "of": DIGITS}}


def editor(qtbot: QtBot, family: str, value: Any) -> tuple[SourcesEditor, list[Any]]:
    """The editor of what a family is made of, and what it tells."""
    made = sources_for(CATALOGUE["tasks", family], CATALOGUE, LIGHT, f"tasks.{family}")
    qtbot.addWidget(made)
    told: list[Any] = []
    made.edited.connect(told.append)
    made.set_value(value)
    return made, told


def test_families_within_each_other_are_shown_and_changed_where_they_stand(qtbot: QtBot):
    made, told = editor(qtbot, "subset", DEEP)
    (outer,) = made.editors
    assert outer.family.currentData() == "split"
    assert outer.form is not None
    assert outer.inner is not None
    n_tasks = outer.form.editors["n_tasks"]
    assert isinstance(n_tasks, IntEditor)
    n_tasks.edited.emit(3)
    assert told == [{**DEEP, "n_tasks": 3}]
    n_tasks.edited.emit(5)  # its default is left out
    assert "n_tasks" not in told[-1]
    (inner,) = outer.inner.editors
    assert inner.inner is not None
    (innermost,) = inner.inner.editors
    assert innermost.task.currentData() == "digit"
    innermost.task.activated.emit(innermost.task.findData("parity"))
    assert told[-1]["of"]["of"] == {"family": "digits-attributes", "task": "parity"}


def test_another_family_begins_at_its_defaults(qtbot: QtBot):
    made, told = editor(qtbot, "split", DIGITS)
    (one,) = made.editors
    one.family.activated.emit(one.family.findData("mnist"))
    assert told == [{"family": "mnist"}]
    assert one.form is not None
    assert "folder" in one.form.editors


def test_only_families_with_examples_are_offered(qtbot: QtBot):
    made, _ = editor(qtbot, "split", DIGITS)
    (one,) = made.editors
    keys = {one.family.itemData(i) for i in range(one.family.count())}
    assert {"mnist", "table", "permuted"} <= keys
    assert not {"few-shot-digits", "landscape", "glyphs"} & keys


def test_sources_are_added_and_left_out(qtbot: QtBot):
    made, told = editor(qtbot, "joined", [DIGITS])
    made.add.click()
    assert told[-1] == [DIGITS, DIGITS]
    made.editors[1].family.activated.emit(made.editors[1].family.findData("kmnist"))
    assert told[-1] == [DIGITS, {"family": "kmnist"}]
    made._removers[0].click()  # pyright: ignore[reportPrivateUsage]  # what a user clicks
    assert told[-1] == [{"family": "kmnist"}]
    assert made.editors[0].family.currentData() == "kmnist"
