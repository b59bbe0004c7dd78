"""Tab: what every panel of the centre is, and what it is given to work with."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QPoint, QRect, QRectF, Signal
from PySide6.QtWidgets import QWidget

from workbench.spec.experiment import Spec
from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.figure import Entry, Figure, Panel
from workbench.ui.services.tab_context import TabContext


class Tab(QWidget):
    """A panel of the centre. A module of `workbench.ui.panels` that holds one is found by itself.

    `order` is its place among the others. Asked to refresh, a tab draws what is new, and only
    where it can be seen: with every new curve where `is_quick`, else twice a second.
    """

    name: ClassVar[str] = ""
    order: ClassVar[int] = 100
    is_quick: ClassVar[bool] = False
    #: Whether the colours of its plots are those of the tasks.
    is_by_task: ClassVar[bool] = False

    #: Bring the editor of this field of the setup into view.
    go_wanted = Signal(str)
    #: Bring this tab to the front.
    show_wanted = Signal()

    context: TabContext

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @classmethod
    def title(cls) -> str:
        """What its tab says; the letter after & is its mnemonic in the menu."""
        raise NotImplementedError

    @property
    def theme(self) -> Theme:
        """The colours it has."""
        return self._theme

    @property
    def has_joined(self) -> bool:
        """Whether there is a session to follow; before, there is no `context`."""
        return hasattr(self, "context")

    @property
    def spread(self) -> Spread:
        """What is drawn around a mean over seeds, in the whole window."""
        return self.context.spread.kind if self.has_joined else Spread.INTERVAL

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        self.context = context
        session = context.session
        (session.curves_due if self.is_quick else session.matrix_due).connect(self.refresh)
        session.model_changed.connect(self._show_session)
        session.seed_ended.connect(self._show_session)
        session.ended.connect(self.redraw)
        context.spread.changed.connect(self.redraw)
        self._show_session()

    def _show_session(self, *_: object) -> None:
        self.set_models(self.context.session.model, self.context.session.models)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Whether this setup, or this run, has something for the tab to show."""
        del spec, model
        return True

    @classmethod
    def absence(cls) -> tuple[str, str] | None:
        """What is said in its place where it does not apply: a title, and what would fill it.

        None where it says so itself.
        """
        return None

    def legend_entries(self) -> Sequence[Entry]:
        """What the colours of its plots mean, in those of its theme; the tasks, where they do."""
        if not (self.is_by_task and self.has_joined):
            return ()
        model = self.context.session.model
        numbers = zip(model.tasks, model.colours, strict=True)
        return [(task.name, self.theme.task_colour(n), n) for task, n in numbers]

    def as_figure(self, only: QWidget | None = None) -> Figure | None:
        """Its plots that can be seen, or one of them, for a page; None where there are none."""
        seen = [only] if only is not None else self.findChildren(QWidget)
        panels = [
            (part, QRectF(QRect(part.mapTo(self, QPoint()), part.size())))
            for part in seen
            if isinstance(part, Panel) and part.isVisible()
        ]
        if not panels:
            return None
        return Figure(self, panels, self._page_title(), self.legend_entries)

    def _page_title(self) -> str:
        if not self.has_joined:
            return ""
        spec = self.context.session.model.spec or self.context.presenter.spec
        return spec.name

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """Show other runs: `models`, the seeds of one setup as they train, or one that was picked.

        Where one alone can be shown it is `current`, which is one of them.
        """
        raise NotImplementedError

    def refresh(self) -> None:
        """Draw what is new, where the tab can be seen."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw everything again."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
