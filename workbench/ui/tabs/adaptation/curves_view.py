"""CurvesView: loss or score against inner steps, of all overlaid runs, and what they mean."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.model.adaptation_record import TaskMoment
from workbench.ui.tabs.adaptation.step_plot import LOSS, SCORE, Series, StepPlot
from workbench.ui.widgets.basics import column, keep_whole, label, row
from workbench.ui.widgets.segmented_control import SegmentedControl
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, set_hint
from workbench.ui.words.spread_words import band_words

tr = translator("Adaptation")


class CurvesView(QWidget):
    """The plot under its choices and legend, over a note of what was left out."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.measure = SegmentedControl(
            tr("What is drawn against the inner steps"),
            [
                (LOSS, tr("Loss"), tr("The mean loss on the queries, with a band")),
                (SCORE, tr("Score"), tr("The metric over the queries of all held-out tasks")),
            ],
        )
        self.log_scale = QCheckBox(tr("log scale"))
        set_hint(self.log_scale, tr("A logarithmic scale for the loss"))
        self.plot = StepPlot(theme)
        self.legend = html_label("hint")
        self.legend.setWordWrap(True)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.note = label("", "hint", wraps=True)
        layout = column(self, (8, 0, 0, 0), 4)
        layout.addLayout(row(self.measure, 1, self.log_scale))
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.note)
        self.measure.chosen.connect(self.changed)
        self.log_scale.toggled.connect(self.changed)

    def show_runs(
        self,
        series: Sequence[Series],
        task_moment: TaskMoment | None,
        metric: str,
        kind: Spread = Spread.INTERVAL,
    ) -> None:
        """Draw these runs; `task_moment` is of the one on the screen, which comes first."""
        measure = self.measure.current
        self.log_scale.setEnabled(measure == LOSS)
        is_log = measure == LOSS and self.log_scale.isChecked()
        self.plot.set_title(tr("loss") if measure == LOSS else metric)
        references = task_moment.references if task_moment is not None else ()
        lines = [value for _, value in references] if measure == SCORE else []
        self.plot.show_series(series, measure, lines, is_log=is_log)
        self.legend.setText(self.plot.legend())
        keep_whole(self.legend)
        n_seeds = series[0].curve.n_seeds if series else 1
        notes = _notes(task_moment, metric, n_seeds, kind)
        self.note.setText(" ".join(notes))
        keep_whole(self.note)
        self.plot.set_summary(" ".join([*_last(series), *notes]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its texts take the lines that they need at this width."""
        super().resizeEvent(event)
        keep_whole(self.note)
        keep_whole(self.legend)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.plot.set_theme(theme)


def _last(series: Sequence[Series]) -> list[str]:
    """Each run's loss after its last step."""
    text = tr("{}: loss {} after {} inner steps.")
    return [
        text.format(one.name, f"{one.curve.mean[-1]:.3g}", one.curve.steps[-1]) for one in series
    ]


def _notes(task_moment: TaskMoment | None, metric: str, n_seeds: int, kind: Spread) -> list[str]:
    """What the curve of the run on the screen is made of, and what it is to be better than."""
    if task_moment is None:
        return []
    curve = task_moment.curve
    notes = [tr("Mean over {} held-out tasks, with its 95 % interval.").format(curve.n_tasks)]
    if n_seeds > 1:
        each = tr("The loss of each seed is its mean over {} held-out tasks.")
        notes = [f"{band_words(n_seeds, kind)}.", each.format(curve.n_tasks)]
    elif curve.n_tasks == 1:
        notes = [tr("One held-out task: there is no interval.")]
    if len(curve.steps) == 1:
        words = tr("This learner takes no inner steps: one mark, loss {}, and no curve.")
        notes.insert(0, words.format(f"{curve.mean[0]:.3g}"))
    worst = max(range(len(curve.steps)), key=lambda k: curve.n_left_out[k])
    left_out = curve.n_left_out[worst]
    if left_out and left_out == curve.n_tasks:
        notes.append(tr("After {} inner steps none is finite.").format(curve.steps[worst]))
    elif left_out:
        text = tr("After {} inner steps {} of them were not finite and are left out.")
        notes.append(text.format(curve.steps[worst], left_out))
    notes += [
        tr("With nothing learned, the {} has {} {}.").format(_named(name), metric, f"{value:.3f}")
        for name, value in task_moment.references
    ]
    return notes


def _named(reference: str) -> str:
    """What learns nothing, in the language that is spoken; an unknown one as it is told."""
    known = {"nearest mean of the raw inputs": tr("nearest mean of the raw inputs")}
    return known.get(reference, reference)
