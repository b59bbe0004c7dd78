"""Inspect: what the thing just chosen is, its formula, its paper and when it helps."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from workbench.spec.check import FACTS
from workbench.spec.entry import Entry
from workbench.spec.structure import Structure
from workbench.ui.look.theme import Theme
from workbench.ui.panels.inspect.samples_card import SamplesCard
from workbench.ui.plots.diagram import Diagram
from workbench.ui.widgets.basics import EmptyState, column, label, scrolling
from workbench.ui.widgets.form import hint_of, resolved, title_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html, set_hint

tr = translator("Inspect")


class InspectPanel(QWidget):
    """The facts of one catalogue entry; of a task family, some of its data too."""

    #: A card that waits for samples was made.
    samples_wanted = Signal()
    #: What the button in that card offers was asked for.
    remedy_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self.entry: Entry | None = None
        self.samples: SamplesCard | None = None
        self._drawn: tuple[str, Structure, Mapping[str, int]] | None = None
        self._retained = ("", "")
        empty = EmptyState(
            tr("Nothing chosen yet"),
            tr("Choose a method on the left to read its formula, its paper and when it helps."),
        )
        self._stack = QStackedWidget()
        column(self, (1, 1, 1, 1)).addWidget(self._stack)
        self._stack.addWidget(empty)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a line of words."""
        return QSize(220, super().minimumSizeHint().height())

    def show_entry(self, entry: Entry | None) -> None:
        """Explain `entry`."""
        if entry is None or entry == self.entry:
            return
        self.entry = entry
        self.samples = None
        inner = QWidget()
        layout = column(inner, (16, 14, 16, 16), 6)
        self._head(layout, entry)
        self._facts(layout, entry)
        self._paper(layout, entry)
        self._settings(layout, entry)
        layout.addStretch(1)
        old = self._stack.widget(1)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(scrolling(inner))
        self._stack.setCurrentIndex(1)
        if entry.role == "tasks":
            self.samples_wanted.emit()

    def _head(self, layout: QVBoxLayout, entry: Entry) -> None:
        """Its name, what it is, and where there are some its samples or its diagram."""
        roles = {
            "tasks": tr("TASK FAMILY"),
            "curriculum": tr("CURRICULUM"),
            "encoder": tr("ENCODER"),
            "sharing": tr("SHARING"),
            "balancing": tr("BALANCING"),
            "retention": tr("RETENTION"),
            "learner": tr("LEARNER"),
        }
        layout.addWidget(label(roles.get(entry.role, entry.role.upper()), "overline"))
        layout.addWidget(label(entry.title, "title", wraps=True))
        layout.addWidget(label(entry.summary, wraps=True))
        for warning in entry.warnings:
            layout.addWidget(label(warning, "reason", wraps=True))
        if entry.broken:
            layout.addWidget(label(entry.broken, "reason", wraps=True))
        elif entry.role == "tasks":
            self.samples = SamplesCard(self._theme)
            self.samples.remedy_wanted.connect(self.remedy_wanted)
            layout.addWidget(self.samples)
        if self._drawn is not None and (entry.role, entry.key) == ("sharing", self._drawn[0]):
            layout.addSpacing(4)
            layout.addWidget(self._diagram(self._drawn[1], self._drawn[2]))

    def _facts(self, layout: QVBoxLayout, entry: Entry) -> None:
        """Formula, use and needs, each under its heading."""
        if entry.formula:
            self._part(layout, tr("FORMULA"))
            formula = label(entry.formula, "formula", wraps=True)
            formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(formula)
        if entry.helps:
            self._part(layout, tr("WHEN IT HELPS"))
            layout.addWidget(label(entry.helps, wraps=True))
        if entry.needs:
            self._part(layout, tr("NEEDS"))
            for need in entry.needs:
                text = FACTS.get(need, need).removeprefix("needs ")
                layout.addWidget(label(text[:1].upper() + text[1:], wraps=True))
        if entry.is_task_free:
            self._part(layout, tr("TASK-FREE"))
            layout.addWidget(label(tr("Works where nobody says where a stage ends"), wraps=True))
        if entry.role == "retention" and self._retained[1] and entry.key == self._retained[0]:
            self._part(layout, tr("IN THIS SETUP"))
            layout.addWidget(label(self._retained[1], wraps=True))

    def _diagram(self, structure: Structure, colours: Mapping[str, int]) -> Diagram:
        diagram = Diagram(self._theme, is_small=True)
        diagram.setFixedHeight(150)
        diagram.set_structure(structure, colours)
        return diagram

    def set_model(self, kind: str, structure: Structure | None, colours: Mapping[str, int]) -> None:
        """The setup's model, of sharing strategy `kind`, is drawn where that is explained."""
        drawn = None if structure is None else (kind, structure, colours)
        if drawn != self._drawn:
            self._drawn = drawn
            if self.entry is not None and self.entry.role == "sharing":
                self.set_theme(self._theme)

    def set_retained(self, kind: str, line: str) -> None:
        """What the setup's retention method, `kind`, will hold, where that is explained."""
        if (kind, line) != self._retained:
            self._retained = kind, line
            if self.entry is not None and self.entry.role == "retention":
                self.set_theme(self._theme)

    def _part(self, layout: QVBoxLayout, title: str) -> None:
        layout.addSpacing(8)
        layout.addWidget(label(title, "overline"))

    def _paper(self, layout: QVBoxLayout, entry: Entry) -> None:
        if not entry.paper:
            return
        self._part(layout, tr("PAPER"))
        paper = html_label()
        words = in_html(entry.paper)
        style = f"color:{self._theme.accent}"
        paper.setText(
            f'<a href="{in_html(entry.link)}" style="{style}">{words}</a>' if entry.link else words
        )
        paper.setWordWrap(True)
        paper.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        paper.setOpenExternalLinks(True)
        set_hint(paper, entry.link)
        paper.setAccessibleName(tr("Paper: {}").format(entry.paper))
        layout.addWidget(paper)

    def _settings(self, layout: QVBoxLayout, entry: Entry) -> None:
        properties = entry.settings.get("properties", {})
        if not properties:
            return
        self._part(layout, tr("SETTINGS"))
        for name, raw in properties.items():
            schema = resolved(raw, entry.settings)
            layout.addWidget(label(title_of(name, schema), "section"))
            words = label(hint_of(schema), "muted", wraps=True)
            layout.addWidget(words)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        entry, self.entry = self.entry, None
        self.show_entry(entry)
