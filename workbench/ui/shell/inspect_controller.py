"""InspectController: what Inspect explains and shows, as the setup is looked at and changed."""

from PySide6.QtCore import QObject

from workbench.spec.entry import Entry
from workbench.spec.experiment import DEFAULTS
from workbench.ui.panels.inspect.previews import Previews
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow

#: The choices that say nothing of what a setup is about.
_PLAIN = {"retention": "none", "balancing": "fixed", "curriculum": "joint"}


class InspectController(QObject):
    """Follows the setup's choices, the tasks looked at, and what the model would cost."""

    def __init__(self, window: MainWindow, context: TabContext) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = context.presenter
        self._cost_estimator = context.cost_estimator
        self._explained_in = context.presenter.spec
        self.previews = Previews(context.presenter, context.questions, window.inspect)
        window.setup.entry_asked.connect(self.explain)
        window.setup.tasks.looked.connect(self.previews.look)
        window.setup.tasks.hovered.connect(self.previews.hover)
        context.cost_estimator.changed.connect(self._show_cost)

    def explain(self, entry: Entry | None) -> None:
        """Show a catalogue entry."""
        self.previews.leave()
        self._window.inspect.show_entry(entry)

    def explain_setup(self) -> None:
        """Show what makes the setup special: the first choice that is not plain."""
        spec = self._presenter.spec
        special = [role for role, kind in _PLAIN.items() if spec.choice(role).kind != kind]
        role = special[0] if special else "sharing"
        self.explain(self._presenter.catalogue.get((role, spec.choice(role).kind)))

    def follow_choice(self) -> None:
        """What is explained, where it was chosen, gives way to what is chosen instead of it."""
        before, self._explained_in = self._explained_in, self._presenter.spec
        shown = self._window.inspect.entry
        if shown is None or shown.role not in DEFAULTS:
            return
        kind = self._presenter.spec.choice(shown.role).kind
        if shown.key == before.choice(shown.role).kind != kind:
            self.explain(self._presenter.catalogue.get((shown.role, kind)))

    def _show_cost(self) -> None:
        estimator, window, spec = self._cost_estimator, self._window, self._presenter.spec
        window.setup.set_note("sharing", estimator.line, estimator.details)
        window.setup.set_note("retention", estimator.retained, estimator.retained_details)
        structure = estimator.cost.structure if estimator.cost else None
        window.inspect.set_model(spec.sharing.kind, structure, estimator.colours)
        window.inspect.set_retained(spec.retention.kind, estimator.retained)
