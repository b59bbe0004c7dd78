"""Settings: the small model each method describes itself with."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from workbench.spec.rules import Rule


class Frozen(BaseModel):
    """A value: strict about types, closed to unknown keys, unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Settings(Frozen):
    """Settings of one method; its fields become the form, the schema and the help.

    `rules` say what they ask of each other.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()


def setting(
    default: Any, description: str, *, unit: str = "", title: str = "", **bounds: Any
) -> Any:
    """A settings field.

    `bounds` are pydantic's (`ge`, `gt`, `le`, `lt`, `max_length`); `unit` is shown behind the
    editor; `title` is the label where the field's own name reads badly.
    """
    extra: dict[str, Any] = {"unit": unit} if unit else {}
    return Field(
        default,
        description=description,
        title=title or None,
        json_schema_extra=extra or None,
        **bounds,
    )
