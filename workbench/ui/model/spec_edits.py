"""Edits of a setup's fields, each giving a new value; those of its tasks are beside (Qt-free)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.text import number_text
from workbench.ui.model.task_edits import with_setting


class NotChangedError(ValueError):
    """The format refuses a value; `reasons` are the fields and why."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in reasons))
        self.reasons = reasons

    def about(self, typed: Any) -> tuple[str, str]:
        """What was typed, as text, and why it is no value."""
        text, words = written(typed), dict.fromkeys(words for _, words in self.reasons)
        return text, f"{text}: {'; '.join(words)}"


def blank_spec() -> Spec:
    """What a new, empty window starts from."""
    task = TaskChoice(family="digits-attributes", task="digit", weight=1.0)
    return Spec(tasks=(task,), name="Untitled")


def written(value: Any) -> str:
    """A value as it may be typed."""
    if isinstance(value, list | tuple):
        return ", ".join(written(item) for item in value)
    return number_text(value) if isinstance(value, float) else str(value)


def with_fields(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """The setup with other values of some fields. Raises NotChangedError."""
    data: dict[str, Any] = {name: getattr(spec, name) for name in Spec.model_fields}
    try:
        return Spec.model_validate({**data, **values})
    except ValidationError as error:
        reasons = [
            (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
            for one in error.errors()
        ]
        raise NotChangedError(reasons) from None


def choice_with(spec: Spec, catalogue: Catalogue, role: str, name: str, value: Any) -> Choice:
    """The choice of `role` with one setting changed."""
    choice = spec.choice(role)
    settings = with_setting(choice.settings, catalogue.get((role, choice.kind)), name, value)
    return Choice(kind=choice.kind, **settings)


def part_with(spec: Spec, part: str, name: str, value: Any) -> dict[str, Any]:
    """The data of a part, such as `training`, with one field changed; `schedule.kind` is deeper."""
    data: dict[str, Any] = getattr(spec, part).model_dump()
    outer, dot, inner = name.partition(".")
    data[outer] = {**data[outer], inner: value} if dot else value
    return data
