"""FamilyForm: the settings of the family that takes a file, and entries that are no values."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.spec.entry import Catalogue
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import column
from workbench.ui.widgets.form import Form


class FamilyForm(QWidget):
    """A form that is made again when another family takes the file."""

    edited = Signal(str, object)
    #: An entry became a value, or none.
    turned = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme) -> None:
        super().__init__()
        self._catalogue, self._theme = catalogue, theme
        self.form: Form | None = None
        self._family = ""
        #: Entries that are no values, by field, and why.
        self._refused: dict[str, str] = {}
        self._holder = column(self, (0, 0, 0, 0), 0)

    @property
    def refused(self) -> str:
        """Why an entry is no value; empty where all are."""
        return next(iter(self._refused.values()), "")

    def show_family(
        self, family: str, settings: Mapping[str, Any], leave_out: tuple[str, ...]
    ) -> None:
        """Show the settings of a family, without those that are chosen elsewhere."""
        if self.form is not None and self._family == family:
            self.form.set_values(settings)
            return
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        entry = self._catalogue.get(("tasks", family))
        if entry is None:
            return
        self._family = family
        self._refused.clear()
        self.form = Form(entry.settings, self._theme, "data", leave_out=leave_out)
        self.form.set_values(settings)
        self.form.edited.connect(self._edit)
        self.form.refused.connect(self._refuse)
        self._holder.addWidget(self.form)

    def _edit(self, name: str, value: object) -> None:
        self._refused.pop(f"data.{name}", None)
        self.edited.emit(name, value)

    def _refuse(self, field: str, _text: str, why: str) -> None:
        """Nothing is brought with what was typed and is no value; it stays where it is."""
        self._refused[field] = why
        self.turned.emit()
