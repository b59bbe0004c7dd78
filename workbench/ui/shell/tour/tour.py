"""Tour: five steps through the real window, once at the first start, and from Help."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.startup import Startup
from workbench.ui.shell.tab_area import TabArea
from workbench.ui.shell.tour.bubble import TourBubble
from workbench.ui.shell.tour.steps import TourStep, tour_steps
from workbench.ui.words.language import translator

#: The one thing that is remembered: the tour was seen.
SEEN = "tour/seen"
#: How often the bubble looks whether its step is done and where its control stands by now.
_LOOK_MS = 150

tr = translator("Tour")


class Tour(QObject):
    """Points from step to step; what the user does himself moves it on, and nothing waits for it.

    It changes nothing of its own: its buttons do what the controls do that it points at.
    """

    def __init__(self, window: MainWindow, context: TabContext, tab_area: TabArea) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._tab_area = tab_area
        self._steps: list[TourStep] = []
        self._at = 0
        self._model_before: RunModel | None = None
        self.bubble: TourBubble | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        window.actions_["tour"].triggered.connect(self.start)

    @property
    def at(self) -> int | None:
        """The position of the step that is shown, from 0; None where there is no tour."""
        return self._at if self._steps else None

    def offer_after(self, startup: Startup) -> None:
        """Offer itself once the window is complete, where it opens with nothing asked for."""
        startup.completed.connect(self.offer)

    def offer(self) -> None:
        """Begin where nothing was ever done in this window: at the first start, once."""
        settings = self._window.settings
        is_new = not settings.contains(SEEN) and not settings.contains("window/state")
        has_gallery = self._window.tab_area.currentWidget() is self._window.gallery
        if is_new and has_gallery:
            self.start()

    def start(self) -> None:
        """From the first step, whatever was open; a run that goes on is taken as it is."""
        self.end()
        window = self._window
        window.settings.setValue(SEEN, True)
        if not self._context.presenter.is_live:
            window.actions_["gallery"].trigger()
        self._steps = tour_steps(window, self._context, self._tab_area)
        presenter, session = self._context.presenter, self._context.session
        # a run that ended before the tour is not the tour's
        self._model_before = None if presenter.is_live else session.model
        self._at = 0
        self.bubble = TourBubble(window.look, window)
        self.bubble.acted.connect(self.act)
        self.bubble.left.connect(self.end)
        window.installEventFilter(self)
        self._timer.start()
        self._tell()
        self.bubble.act.setFocus()
        self.look()

    def act(self) -> None:
        """Do the step for the user, and go on."""
        step, is_last = self._steps[self._at], self._at == len(self._steps) - 1
        bubble = self.bubble
        if is_last:
            self.end()
            return
        step.act()
        is_still_here = self.at is not None and self._steps[self._at] is step
        if is_still_here and (step.is_only_told or step.is_done()):
            self._go_on()
        if bubble is not None and bubble is self.bubble:
            bubble.act.setFocus()  # who came by the keyboard goes on by it
            self.look()

    def _is_done(self) -> bool:
        """Whether the step that is shown is done, by a run that is not an old one."""
        step = self._steps[self._at]
        is_old = self._context.session.model is self._model_before
        return step.is_done() and not (step.is_of_run and is_old)

    def look(self) -> None:
        """Go on where the step is done; stand where its control stands."""
        if not self._steps or self.bubble is None:
            return
        while self._is_done():
            self._go_on()
        widget, part = self._steps[self._at].target()
        inside = part if not part.isNull() else widget.rect()
        target = QRect(widget.mapTo(self._window, QPoint()), inside.size())
        target.translate(inside.topLeft())
        self.bubble.point_at(target, self._window.rect())

    def _go_on(self) -> None:
        self._at += 1
        self._tell()

    def _tell(self) -> None:
        if self.bubble is None:
            return
        step, n_steps = self._steps[self._at], len(self._steps)
        count = tr("Step {} of {}").format(self._at + 1, n_steps)
        is_last = self._at == n_steps - 1
        self.bubble.tell(count, step.title, step.text, step.act_words, is_last)

    def end(self) -> None:
        """Leave nothing behind."""
        self._timer.stop()
        self._steps = []
        self._window.removeEventFilter(self)
        if self.bubble is not None:
            self.bubble.leave()
            self.bubble = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc that nothing else takes ends the tour; the bubble moves with the window's size."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.end()
                return True
        elif event.type() == QEvent.Type.Resize:
            self.look()
        return super().eventFilter(watched, event)
