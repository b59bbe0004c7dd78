"""PlanBar: what is learned now, what comes and what waits, to be changed while it runs."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from workbench.ui.look.icons import pixmap
from workbench.ui.look.theme import Theme
from workbench.ui.panels.plan import edits as plan_edits
from workbench.ui.panels.plan.edits import Groups
from workbench.ui.panels.plan.task_pill import TaskPill, dragged
from workbench.ui.widgets.basics import FlowLayout, column, label, row, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

#: Room for three lines; more of them scroll.
_HEIGHT = 116
_MARGINS = (12, 6, 12, 6)

tr = translator("Plan")


class DropTarget(QFrame):
    """A place where a task can be dropped; it is marked while one is held over it."""

    dropped = Signal(str, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAcceptDrops(True)

    def _mark(self, is_on: bool) -> None:
        self.setProperty("drop", is_on)
        self.style().unpolish(self)
        self.style().polish(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take tasks alone."""
        if dragged(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, event: QEvent) -> None:
        """It was carried on."""
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which task came, and from which stage."""
        self._mark(False)
        task_and_stage = dragged(event.mimeData())
        if task_and_stage is not None:
            event.acceptProposedAction()
            self.dropped.emit(*task_and_stage)


class StageBox(DropTarget):
    """The tasks of one stage; under those that are learned now, how far the stage is."""

    def __init__(self, is_now: bool, theme: Theme) -> None:
        super().__init__("stage")
        self.setProperty("now", is_now)
        self._theme = theme
        self._share = 0.0
        self.inner = QHBoxLayout(self)
        self.inner.setContentsMargins(3, 4, 3, 4)
        self.inner.setSpacing(4)

    def set_share(self, share: float) -> None:
        """Show how much of the stage is done, 0 to 1."""
        if round(share * self.width()) != round(self._share * self.width()):
            self._share = share
            self.update()
        self._share = share

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line that grows along the lower edge."""
        super().paintEvent(event)
        if self._share <= 0:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        room = self.width() - 28
        painter.drawRoundedRect(QRectF(14, self.height() - 3, room * self._share, 2), 1, 1)


class StageGap(DropTarget):
    """Between two stages: a task that is dropped here is a stage of its own."""

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__("gap")
        arrow = label("")
        arrow.setPixmap(pixmap("chevron-right", theme.muted, 14, view.devicePixelRatioF()))
        arrow.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(self, (1, 0, 1, 0), 0).addWidget(arrow)
        self.setFixedHeight(34)
        set_hint(self, tr("Drop a task here to learn it by itself at this place"))


def beside(*parts: QWidget) -> QWidget:
    """Parts that stay in one line: an arrow alone in a line would point at nothing."""
    result = QWidget()
    result.setLayout(row(*parts, spacing=2))
    return result


class PlanBar(QFrame):
    """Stages in their order and the tasks that wait. Each change asks for the whole new plan."""

    #: The tasks of the stage that is on, then of those that follow.
    plan_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Groups, tuple[str, ...]] = ((), ())
        self._colours: Mapping[str, int] = {}
        self.boxes: list[StageBox] = []
        self.pills: list[TaskPill] = []
        self.setObjectName("planBar")
        self.setAccessibleName(tr("Plan of what is learned"))
        self._inside = QWidget()
        self._flow = FlowLayout(self._inside, 4)
        self._area = scrolling(self._inside)
        column(self, _MARGINS, 0).addWidget(self._area)
        self.hide()

    def show_plan(self, groups: Groups, waiting: Sequence[str], colours: Mapping[str, int]) -> None:
        """Show a plan, the tasks that are not in it, and each task's colour by number."""
        if (groups, tuple(waiting)) == self._shown and dict(colours) == dict(self._colours):
            return
        focused = next((p.task for p in self.pills if p.hasFocus()), None)
        self._shown, self._colours = (groups, tuple(waiting)), colours
        self._clear()
        self._add(self._words(tr("Learned now")))
        for i, group in enumerate(groups):
            before = [self._gap(i)] if i > 0 else []
            after = [self._gap(len(groups))] if i == len(groups) - 1 else []
            self._add(beside(*before, self._stage(i, group), *after))
        if waiting:
            self._add_waiting(waiting)
        self._fit()
        for pill in self.pills:
            if pill.task == focused:
                pill.setFocus()
                break

    def set_share(self, share: float) -> None:
        """Show how much of what is learned now is done, 0 to 1."""
        if self.boxes:
            self.boxes[0].set_share(share)

    def _clear(self) -> None:
        while self._flow.count():
            item = self._flow.takeAt(0)
            part = item.widget() if item is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()
        self.boxes, self.pills = [], []

    def _add(self, part: QWidget) -> None:
        """Its size counts from now on, not only once it is on the screen."""
        self._flow.addWidget(part)
        part.show()

    def _words(self, text: str) -> QLabel:
        result = label(text, "hint")
        result.setFixedHeight(34)
        result.setContentsMargins(2, 0, 4, 0)
        return result

    def _stage(self, stage: int, group: Sequence[str]) -> StageBox:
        box = StageBox(stage == 0, self._theme)
        box.dropped.connect(lambda task, source: self._put(task, source, stage))
        for task in group:
            box.inner.addWidget(self._pill(task, stage))
        self.boxes.append(box)
        return box

    def _gap(self, before: int) -> StageGap:
        gap = StageGap(self._theme, self)
        gap.dropped.connect(lambda task, source: self._put(task, source, before, is_new=True))
        return gap

    def _add_waiting(self, waiting: Sequence[str]) -> None:
        place = DropTarget("stage")
        place.dropped.connect(lambda task, source: self._take_out(task, source))
        inner = QHBoxLayout(place)
        inner.setContentsMargins(6, 4, 4, 4)
        inner.setSpacing(4)
        inner.addWidget(label(tr("Waits:"), "hint"))
        set_hint(place, tr("Drop a task here to take it out of the plan"))
        for task in waiting:
            inner.addWidget(self._pill(task, -1))
        place.setMinimumHeight(34)
        self._add(place)

    def _pill(self, task: str, stage: int) -> TaskPill:
        groups, _ = self._shown
        is_last = len(groups) == 1 and len(groups[0]) == 1
        pill = TaskPill(task, stage, self._colours.get(task, 0), self._theme, not is_last)
        pill.clicked.connect(lambda: self.menu(pill).popup(self._below(pill)))
        pill.taken_out.connect(lambda: self._take_out(task, stage))
        pill.shifted.connect(lambda by: self._shift(task, stage, by))
        self.pills.append(pill)
        return pill

    def _below(self, pill: TaskPill) -> QPoint:
        return pill.mapToGlobal(QPoint(0, pill.height() + 2))

    def menu(self, pill: TaskPill) -> QMenu:
        """What can be done with a task."""
        groups, _ = self._shown
        task, source = pill.task, pill.stage if pill.stage >= 0 else None
        menu = QMenu(pill)

        def offer(words: str, made: Callable[[], Groups]) -> None:
            menu.addAction(without_mnemonic(words)).triggered.connect(lambda: self._ask(made()))

        def put(target: int, *, is_new: bool = False) -> Callable[[], Groups]:
            return lambda: plan_edits.moved(groups, task, source, target, is_new=is_new)

        if task not in groups[0]:
            offer(tr("Learn it now, with the others"), put(0))
            offer(tr("Learn it now, alone"), put(0, is_new=True))
            offer(tr("Learn it next"), put(1, is_new=True))
        if source is None or len(groups) > 1:
            offer(tr("Learn it last"), put(len(groups), is_new=True))
        if source is not None and pill.cross.isVisibleTo(pill):
            menu.addSeparator()
            offer(tr("Take it out"), lambda: plan_edits.taken_out(groups, task, pill.stage))
        return menu

    def _put(self, task: str, source: int | None, target: int, *, is_new: bool = False) -> None:
        self._ask(plan_edits.moved(self._shown[0], task, source, target, is_new=is_new))

    def _take_out(self, task: str, source: int | None) -> None:
        if source is not None and source >= 0:
            self._ask(plan_edits.taken_out(self._shown[0], task, source))

    def _shift(self, task: str, stage: int, by: int) -> None:
        if stage >= 0:
            edit = plan_edits.earlier if by < 0 else plan_edits.later
            self._ask(edit(self._shown[0], task, stage))

    def _ask(self, groups: Groups) -> None:
        if groups != self._shown[0]:
            self.plan_asked.emit(groups)

    def _fit(self) -> None:
        room = self.width() - _MARGINS[0] - _MARGINS[2]
        needed = self._flow.heightForWidth(max(room, 200))
        self._area.setFixedHeight(min(needed, _HEIGHT))

    def resizeEvent(self, event: object) -> None:
        """A new width gives the stages other lines."""
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        (groups, waiting), self._shown = self._shown, ((), ())
        if groups:
            self.show_plan(groups, waiting, self._colours)
