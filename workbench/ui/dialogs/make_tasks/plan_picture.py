"""PlanPicture: which examples each task would have, a row for each task."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.spec.question import TaskPreview
from workbench.spec.shown.samples import Pictures, Points, Samples
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.field_image import picture
from workbench.ui.words.language import translator

#: Pixels of a row, of a picture in it, and between them; and of the place of the words.
_ROW, _PICTURE, _GAP, _WORDS = 64, 44, 4, 214
#: Rows that are drawn; more are counted.
_MOST = 60
#: Different answers that are named.
_NAMED = 12

tr = translator("PlanPicture")


class PlanPicture(QWidget):
    """The tasks in their order: name, number of examples, answers, and some pictures of each."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tasks: tuple[TaskPreview, ...] = ()
        self._images: list[list[QImage]] = []
        self.setAccessibleName(tr("The tasks that would be made"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tasks(self, tasks: Sequence[TaskPreview]) -> None:
        """Show these tasks; none where there are none yet."""
        self._tasks = tuple(tasks)
        self._images = [_images(task) for task in self._tasks[:_MOST]]
        lines = [f"{task.name}: {answers_of(task)}" for task in self._tasks]
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each task, and one for those that are not drawn."""
        n_rows = len(self._images) + (len(self._tasks) > _MOST)
        return QSize(420, max(n_rows, 1) * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a row for each task."""
        painter = QPainter(self)
        bold, small = QFont(self.font()), QFont(self.font())
        bold.setBold(True)
        small.setPixelSize(11)
        for i, (task, images) in enumerate(zip(self._tasks, self._images, strict=False)):
            top = i * _ROW
            painter.setPen(QColor(self._theme.line))
            painter.drawLine(0, top + _ROW - 1, self.width(), top + _ROW - 1)
            painter.setFont(bold)
            painter.setPen(QColor(self._theme.text))
            self._line(painter, QRect(0, top + 6, _WORDS, 20), task.name)
            painter.setFont(small)
            painter.setPen(QColor(self._theme.muted))
            counts = tr("{} to learn from · {} to test").format(
                f"{task.n_train:,}", f"{task.n_test:,}"
            )
            self._line(painter, QRect(0, top + 27, _WORDS, 18), counts)
            right = QRect(_WORDS + 12, top, max(self.width() - _WORDS - 12, 1), _ROW)
            if images:
                self._draw_images(painter, right, images)
                right = QRect(0, top + 43, _WORDS, 16)
            self._line(painter, right, answers_of(task))
        if len(self._tasks) > _MOST:
            rest = QRect(0, _MOST * _ROW, self.width(), _ROW)
            self._line(painter, rest, tr("and {} more tasks").format(len(self._tasks) - _MOST))

    def _draw_images(self, painter: QPainter, area: QRect, images: Sequence[QImage]) -> None:
        x = area.left()
        for image in images:
            width = max(_PICTURE * image.width() // max(image.height(), 1), 1)
            if x + width > area.right():
                break
            place = QRect(x, area.top() + (_ROW - _PICTURE) // 2, width, _PICTURE)
            painter.drawImage(place, image)
            x += width + _GAP

    def _line(self, painter: QPainter, area: QRect, text: str) -> None:
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(visible(text), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def answers_of(task: TaskPreview) -> str:
    """The different answers among the examples of a task that are looked at."""
    found = [answer for samples in task.samples for answer in _answers(samples)]
    distinct = sorted({answer for answer in found if answer}, key=lambda text: (len(text), text))
    more = "…" if len(distinct) > _NAMED else ""
    return ", ".join(distinct[:_NAMED]) + more


def _answers(samples: Samples) -> Sequence[str]:
    if isinstance(samples, Points):
        return [samples.names[int(code)] for code in samples.classes]
    return getattr(samples, "answers", ())


def _images(task: TaskPreview) -> list[QImage]:
    for samples in task.samples:
        if isinstance(samples, Pictures):
            return [picture(image) for image in samples.images]
    return []
