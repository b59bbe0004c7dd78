"""Forms are made from schemas and give back what was put in."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import number, schema
from workbench.spec.experiment import Optimizer, Training
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.setup.weight import position_of, weight_at
from workbench.ui.widgets.editors import TextEditor
from workbench.ui.widgets.form import Form, title_of, titled

FIELDS = schema(
    memory=number(200, "How many.", minimum=1, maximum=1000, unit="examples"),
    strength=number(0.5, "How much.", exclusiveMinimum=0, maximum=10),
    balanced={"type": "boolean", "default": True, "description": "Same for each."},
    scenario={"enum": ["class", "task"], "default": "class", "description": "Which."},
    hidden={"type": "array", "items": {"type": "integer"}, "default": [8, 8], "description": ""},
    rates={"type": "array", "items": {"type": "number"}, "default": [0.5], "description": ""},
    path={"type": "string", "default": "", "description": "A file."},
    threads={"anyOf": [{"type": "integer"}, {"const": "auto"}], "default": "auto"},
)

CHANGES: list[tuple[str, Any]] = [
    ("memory", 50),
    ("strength", 2.5),
    ("balanced", False),
    ("scenario", "task"),
    ("hidden", [64, 32, 16]),
    ("rates", [0.1, 2.0]),
    ("path", "data.csv"),
    ("threads", 4),
]


def test_labels_of_one_form_are_not_those_of_the_next():
    plain = titled(Optimizer, {})
    named = titled(Optimizer, {"lr": "Lernrate"})
    named["properties"]["lr"]["unit"] = "steps"
    assert named["properties"]["lr"]["title"] == "Lernrate"
    assert titled(Optimizer, {}) == plain == Optimizer.model_json_schema()


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(FIELDS, LIGHT, "retention")
    qtbot.addWidget(made)
    made.set_values({})
    return made


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_what_is_typed_is_told(form: Form, name: str, value: Any) -> None:
    received: list[tuple[str, Any]] = []
    form.edited.connect(lambda key, new: received.append((key, new)))
    editor = form.editors[name]
    if isinstance(editor, TextEditor):
        editor.setText(", ".join(map(str, value)) if isinstance(value, list) else str(value))
        editor.editingFinished.emit()
    elif name == "balanced":
        editor.setChecked(value)  # type: ignore[union-attr]
    elif name == "scenario":
        editor.setCurrentIndex(1)  # type: ignore[union-attr]
        editor.activated.emit(1)  # type: ignore[union-attr]
    else:
        editor.setValue(value)  # type: ignore[union-attr]
    assert received == [(name, value)]
    assert type(received[0][1]) is type(value)


def test_showing_values_tells_nobody(form: Form, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.edited):
        form.set_values(dict(CHANGES))


def test_reset_shows_only_where_something_was_changed(form: Form) -> None:
    form.set_values({"memory": 50})
    resets = form._resets
    assert not resets["memory"].isHidden()
    assert resets["strength"].isHidden()
    received: list[tuple[str, Any]] = []
    form.edited.connect(lambda key, new: received.append((key, new)))
    resets["memory"].click()
    assert received == [("memory", 200)]


def test_text_that_is_no_number_is_marked_and_not_told(form: Form, qtbot: QtBot) -> None:
    editor = form.editors["hidden"]
    assert isinstance(editor, TextEditor)
    with qtbot.assertNotEmitted(form.edited):
        editor.setText("8, x")
        editor.editingFinished.emit()
    assert editor.property("invalid") is True


def test_bounds_unit_and_hint_come_from_the_schema(form: Form) -> None:
    memory = form.editors["memory"]
    assert (memory.minimum(), memory.maximum()) == (1, 1000)  # type: ignore[union-attr]
    assert memory.suffix() == " examples"  # type: ignore[union-attr]
    assert "at least 1" in memory.toolTip()
    assert "How many." in memory.toolTip()
    assert memory.accessibleName() == "Memory"


def test_titles_are_words() -> None:
    assert title_of("batch_size", {"title": "Batch Size"}) == "Batch size"
    assert title_of("lr", {"title": "Learning rate"}) == "Learning rate"


def test_the_forms_of_training_have_every_field(qtbot: QtBot) -> None:
    for model, names in (
        (Training, {"epochs", "steps", "batch_size", "evaluate_every", "clip", "threads"}),
        (Optimizer, {"kind", "lr", "weight_decay", "momentum", "reset"}),
    ):
        form = Form(model.model_json_schema(), LIGHT, "x")
        qtbot.addWidget(form)
        assert set(form.editors) == names


def test_the_slider_of_weights_has_numbers_that_its_box_can_show() -> None:
    result = [weight_at(position) for position in range(201)]
    assert result == sorted(result)
    assert [result[0], result[1], result[100], result[200]] == [0.0, 0.01, 1.0, 10.0]
    assert all(len(f"{weight:g}") <= 4 for weight in result)
    assert all(weight_at(position_of(weight)) == weight for weight in result)
