"""Sharing: the strategy, and the size it is allowed."""

from workbench.spec.experiment import Budget
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.setup.choice import ChoiceSection
from workbench.ui.panels.setup.task_overrides import heads_schema
from workbench.ui.widgets.form import Form, titled
from workbench.ui.words.language import translator

tr = translator("Budget")


class SharingSection(ChoiceSection):
    """The choice of a strategy, with the layers of heads and the budget of parameters under it."""

    def __init__(
        self, number: int, role: str, title: str, question: str, presenter: Presenter, theme: Theme
    ) -> None:
        super().__init__(number, role, title, question, presenter, theme)
        titles = {
            "match_parameters": tr("Match parameters"),
            "parameters": tr("Parameters"),
            "tolerance": tr("Tolerance"),
        }
        self.budget = Form(titled(Budget, titles), theme, "budget")
        self.budget.edited.connect(self._set_budget)
        self.budget.refused.connect(presenter.refuse_entry)
        self.heads = Form(heads_schema(), theme, "heads")
        self.heads.edited.connect(self._set_heads)
        self.heads.refused.connect(presenter.refuse_entry)
        for form in (self.heads, self.budget):
            self.body.insertWidget(self.body.indexOf(self.note), form)

    def refresh(self) -> None:
        """Show the setup."""
        super().refresh()
        budget = self._presenter.spec.budget
        if self.form is not None:  # it was made anew: the budget stays under it
            self.body.insertWidget(self.body.indexOf(self.heads), self.form)
        spec = self._presenter.spec
        self.heads.setEnabled(not self._presenter.is_live)
        self.heads.set_values(spec.heads.model_dump(), self._presenter.refused)
        has_layers = bool(spec.heads.hidden) or any(choice.head for choice in spec.tasks)
        more = ("activation", "norm", "dropout") if has_layers else ()
        self.heads.set_shown(("hidden", *more))
        self.budget.setEnabled(not self._presenter.is_live)
        self.budget.set_values(budget.model_dump(), self._presenter.refused)
        kind = budget.match_parameters
        more = {"off": (), "hard": ("tolerance",), "number": ("parameters", "tolerance")}[kind]
        self.budget.set_shown(("match_parameters", *more))

    def _set_budget(self, name: str, value: object) -> None:
        self._presenter.set_part("budget", name, value)

    def _set_heads(self, name: str, value: object) -> None:
        self._presenter.set_part("heads", name, value)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.heads.set_theme(theme)
        self.budget.set_theme(theme)
